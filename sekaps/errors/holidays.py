"""Errors of the holiday check: a list that cannot be read, and sources that do not say the same."""

from sekaps.errors.base import SekapsError
from sekaps.texts import Sayable, text


class HolidayError(SekapsError):
    """The holidays of a year cannot be taken as agreed."""

    exit_code = 1


class HolidayListUnreadable(HolidayError):
    """The file is not a list of holidays, is damaged, or cannot be opened."""

    exit_code = 2

    def __init__(self, *, path: str, problem: Sayable | str) -> None:
        self.path, self.problem = path, problem
        super().__init__(text("{path} cannot be read: {problem}", path=path, problem=problem))


class HolidayListEmpty(HolidayError):
    """The file names no day of the year asked for."""

    def __init__(self, *, path: str, year: int) -> None:
        self.path, self.year = path, year
        super().__init__(
            text("{path} names no holiday of {year}; give the calendar of that year", path=path, year=year)
        )


class HolidayListFlawed(HolidayError):
    """The sources agree, but rows of the file could not be read."""

    def __init__(self, *, path: str, flaws: int) -> None:
        self.path, self.flaws = path, flaws
        super().__init__(text("{path}: {count} row(s) could not be read and were not compared", path=path, count=flaws))


class HolidaysDisagree(HolidayError):
    """Sources of a year's holidays differ about some days."""

    def __init__(self, *, year: int, days: int) -> None:
        self.year, self.days = year, days
        super().__init__(
            text(
                "the holiday sources do not agree on {count} day(s) of {year}; ask Diyanet's announcement and law 2429"
                " which one is right before the year is published",
                count=days,
                year=year,
            )
        )
