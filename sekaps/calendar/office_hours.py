"""Office hours by province, and the hour at which a day closes; read from YAML, the hours themselves are data."""

from datetime import date, time
from typing import Self

from pydantic import ValidationError, model_validator

from sekaps.calendar.days import DayTable, Layer, Place
from sekaps.calendar.programme_files import read_yaml
from sekaps.calendar.programme_values import Frozen, flaw
from sekaps.errors.programmes import ProgrammeInvalid
from sekaps.texts import text


class OfficeDay(Frozen):
    """When offices open and close, and where that was decided."""

    opens: time
    closes: time
    source: str
    confirmed: bool

    @model_validator(mode="after")
    def _opens_first(self) -> Self:
        if self.closes <= self.opens:
            raise flaw(text("an office closes after it opens"))
        return self


class OfficeHours(Frozen):
    """The hours of the country and of the provinces that have their own (law 657, article 100)."""

    default: OfficeDay
    provinces: dict[str, OfficeDay] = {}

    def at(self, place: Place) -> OfficeDay:
        """Return the hours of a place."""
        return self.provinces.get(place.province or "", self.default)

    def closing(self, day: date, place: Place, days: DayTable) -> time:
        """Return the hour at which a day closes at a place: the office's, or the hour its holiday begins."""
        holidays = (fact.starts for fact in days.facts_on(day, place) if fact.layer is Layer.STATUTORY)
        return min([self.at(place).closes, *(starts for starts in holidays if starts is not None)])


def read_office_hours(written: str, source: str) -> OfficeHours:
    """Return the hours of a file; raise with the line of every error in it."""
    file = read_yaml(written, source)
    try:
        return OfficeHours.model_validate(file.data)
    except ValidationError as invalid:
        flaws = file.flaws(invalid.errors(include_url=False))
        raise ProgrammeInvalid(source=source, flaws=flaws) from None
