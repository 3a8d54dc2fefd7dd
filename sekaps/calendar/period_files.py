"""The catalogue of statutory periods as a file: what it may say of each period, and every error with its line."""

from datetime import date
from typing import Annotated, Self

from pydantic import PlainValidator, ValidationError, model_validator

from sekaps.calendar.legal_clock import Recess
from sekaps.calendar.period_grammar import parse_period
from sekaps.calendar.periods import MonthDay, Period
from sekaps.calendar.programme_files import read_yaml
from sekaps.calendar.programme_values import Code, Frozen, Name, Printed, flaw
from sekaps.errors.programmes import ProgrammeInvalid
from sekaps.texts import text


def _read_period(value: object) -> Period:
    period = parse_period(value) if isinstance(value, str) else None
    if period is None:
        raise flaw(text("a period is a phrase, such as '15 days', '48 hours before' or 'lasts 5 years'"))
    return period


def _read_month_day(value: object) -> MonthDay:
    try:
        day = date.fromisoformat(f"2001-{value}")
    except ValueError:
        raise flaw(text("a day of the year is expected, such as 07-20")) from None
    return MonthDay(day.month, day.day)


WrittenPeriod = Annotated[Period, PlainValidator(_read_period)]
"""A period as the file words it."""
WrittenDay = Annotated[MonthDay, PlainValidator(_read_month_day)]
"""A day of every year, month first."""


class WrittenRecess(Frozen):
    """A recess in which no period of a law ends."""

    opens: WrittenDay
    closes: WrittenDay
    extension_days: int
    source: str
    confirmed: bool

    @property
    def recess(self) -> Recess:
        """The recess as the legal clock takes it."""
        return Recess(self.opens, self.closes, self.extension_days, self.source)


class StatutoryPeriod(Frozen):
    """One period: the law that sets it, its length, what starts it, and what follows when it has run out."""

    code: Code
    name: Name
    law: Name
    article: Printed
    source: str
    """Where it is restated from."""
    period: WrittenPeriod
    starts: Name
    """The event it is counted from."""
    then: Name | None = None
    """What follows when it is over."""
    recess: Code | None = None
    """The recess that prolongs it."""
    confirmed: bool = True
    """Whether the text says all of it; otherwise part of it is a reading, told in the note."""
    note: Name | None = None
    """The reading taken, or the question left open."""

    @model_validator(mode="after")
    def _unconfirmed_is_explained(self) -> Self:
        if not self.confirmed and self.note is None:
            raise flaw(text("a period that is not confirmed needs a note that tells the reading taken"))
        return self


class Catalogue(Frozen):
    """The periods of a file, the recesses they name, and the wordings that several of them share."""

    laws: tuple[Name, ...] = ()
    sources: tuple[str, ...] = ()
    notes: tuple[Name, ...] = ()
    recesses: dict[Code, WrittenRecess] = {}
    periods: tuple[StatutoryPeriod, ...]

    @model_validator(mode="after")
    def _recesses_are_declared(self) -> Self:
        for period in self.periods:
            if period.recess is not None and period.recess not in self.recesses:
                raise flaw(text("{code}: unknown recess '{name}'", code=period.code, name=period.recess))
        return self


def read_catalogue(written: str, source: str) -> Catalogue:
    """Return the catalogue of a file; raise with the line of every error in it."""
    file = read_yaml(written, source)
    try:
        return Catalogue.model_validate(file.data)
    except ValidationError as invalid:
        flaws = file.flaws(invalid.errors(include_url=False))
        raise ProgrammeInvalid(source=source, flaws=flaws) from None
