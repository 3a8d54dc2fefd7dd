"""Errors of dates: years, days, rules, windows and legal periods that cannot be answered for."""

from datetime import date

from sekaps.errors.base import SekapsError
from sekaps.texts import Text, text


class CalendarError(SekapsError):
    """A date cannot be answered for."""


class YearUnconfirmed(CalendarError):
    """The religious holidays of that year are not confirmed, so no calendar is drafted from them."""

    def __init__(self, *, year: int, first: int, last: int) -> None:
        self.year, self.first, self.last = year, first, last
        facts = {"year": year, "first": first, "last": last}
        if not 1000 <= year <= 9999:
            super().__init__(text("{year} is no year of four digits; calendars go from {first} to {last}", **facts))
            return
        super().__init__(
            text(
                "the religious holidays of {year} are not confirmed (confirmed: {first} to {last});"
                " a calendar is drafted only for a confirmed year",
                **facts,
            )
        )


class YearUnknown(CalendarError):
    """No holidays are known for that year."""

    def __init__(self, *, year: int, first: int, last: int) -> None:
        self.year, self.first, self.last = year, first, last
        super().__init__(
            text("no holidays are known for {year}; ask between {first} and {last}", year=year, first=first, last=last)
        )


class DayOutsideTable(CalendarError):
    """A day was asked for that the day table does not cover."""

    def __init__(self, *, day: date, first: date, last: date) -> None:
        self.day, self.first, self.last = day, first, last
        super().__init__(
            text("the day table covers {first} to {last}; {day} is outside it", day=day, first=first, last=last)
        )


class DayUnreadable(CalendarError):
    """What was given is not a date."""

    def __init__(self, *, asked: str) -> None:
        self.asked = asked
        super().__init__(text("'{asked}' is not a date; write year-month-day, such as 2023-06-30", asked=asked))


class PlaceUnknown(CalendarError):
    """No province or district of that code or name exists."""

    def __init__(self, *, asked: str, hint: Text) -> None:
        self.asked = asked
        super().__init__(text("unknown place '{asked}'; {hint}", asked=asked, hint=hint))


class RuleUnreadable(CalendarError):
    """A boundary rule is not one of the sentences the rule grammar knows."""

    def __init__(self, *, rule: str, column: int, problem: Text) -> None:
        self.rule, self.column, self.problem = rule, column, problem
        super().__init__(
            text("rule '{rule}', character {column}: {problem}", rule=rule, column=column, problem=problem)
        )


class RuleImpossible(CalendarError):
    """A boundary rule names a day that does not exist in that year."""

    def __init__(self, *, rule: str, year: int, problem: Text) -> None:
        self.rule, self.year, self.problem = rule, year, problem
        super().__init__(
            text("rule '{rule}' gives no date in the {year} edition: {problem}", rule=rule, year=year, problem=problem)
        )


class BoundaryUndated(CalendarError):
    """A boundary has neither a rule nor a published date for that year."""

    def __init__(self, *, code: str, year: int) -> None:
        self.code, self.year = code, year
        super().__init__(
            text(
                "boundary {code} has no rule and no date published for {year};"
                " add published: {{{year}: ...}} or a rule to the programme",
                code=code,
                year=year,
            )
        )


class BoundaryFarAway(CalendarError):
    """The rule of a boundary leads to a year that is neither the edition's nor beside it."""

    def __init__(self, *, code: str, year: int, day: date) -> None:
        self.code, self.year, self.day = code, year, day
        super().__init__(
            text(
                "boundary {code} of {year} would fall on {day}, too far away; correct its rule",
                code=code,
                year=year,
                day=day,
            )
        )


class WindowInverted(CalendarError):
    """A window would close before it opens."""

    def __init__(self, *, opens: date, closes: date, message: Text | None = None) -> None:
        self.opens, self.closes = opens, closes
        said = text("a window cannot open on {opens} and close before that, on {closes}", opens=opens, closes=closes)
        super().__init__(message or said)


class EditionWindowInverted(WindowInverted):
    """The dates of a year turn a window of the programme round."""

    def __init__(self, *, key: str, boundaries: tuple[str, str], opens: date, closes: date) -> None:
        self.key, self.boundaries = key, boundaries
        said = text(
            "{key} would open on {opens} ({opening}) and close before that, on {closes} ({closing});"
            " correct one of the two boundaries",
            key=key,
            opens=opens,
            closes=closes,
            opening=boundaries[0],
            closing=boundaries[1],
        )
        super().__init__(opens=opens, closes=closes, message=said)


class PeriodUnknown(CalendarError):
    """What was given is neither a period of the catalogue nor a length such as 15 days."""

    def __init__(self, *, asked: str, near: list[str]) -> None:
        self.asked, self.near = asked, near
        stated = {"asked": asked, "near": near}
        unlike = text("unknown period '{asked}'; write one such as '15 days', or see: sekaps deadline --list", **stated)
        like = text("unknown period '{asked}'; near it: {near}; or write one such as '15 days'", **stated)
        super().__init__(like if near else unlike)


class ServiceInapplicable(CalendarError):
    """A way of service was given for a period that no service starts."""

    def __init__(self, *, period: Text) -> None:
        self.period = period
        super().__init__(text("no service starts the period '{period}'; leave --service out", period=period))


class MomentUnreadable(CalendarError):
    """What was given is neither a date nor an instant."""

    def __init__(self, *, asked: str) -> None:
        self.asked = asked
        super().__init__(
            text("'{asked}' is neither a date nor a moment; write 2023-02-01 or 2023-02-01T10:30", asked=asked)
        )


class DeadlineIncomplete(CalendarError):
    """A period or the day it starts from was not given."""

    def __init__(self) -> None:
        super().__init__(
            text('give a period and its start: sekaps deadline "15 days" --from 2023-02-01; --list shows the periods')
        )
