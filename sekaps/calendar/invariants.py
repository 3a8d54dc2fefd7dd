"""The conditions a programme lays down for every edition, held against the dates of one year."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from sekaps.calendar.days import DayTable
from sekaps.calendar.edition_warnings import EditionWarning, WarningCode
from sekaps.calendar.programmes import Inside, Invariant, Programme, WindowCodes
from sekaps.texts import Text, text

Dates = Mapping[str, date]


@dataclass(frozen=True, slots=True)
class Broken:
    """A broken invariant: its sentence and the boundaries whose dates break it."""

    text: Text
    boundaries: frozenset[str]

    @property
    def warning(self) -> EditionWarning:
        """The warning shown at the windows concerned."""
        return EditionWarning(WarningCode.INVARIANT_BROKEN, self.text)


def broken_invariants(programme: Programme, dates: Dates, days: DayTable) -> tuple[Broken, ...]:
    """Return every invariant of a programme that the dates of a year break, each with the dates that do."""
    return tuple(broken for each in programme.invariants for broken in _broken(each, programme, dates, days))


def _broken(invariant: Invariant, programme: Programme, dates: Dates, days: DayTable) -> Iterator[Broken]:
    if invariant.abut is not None:
        yield from _not_abutting(invariant.abut, dates, days)
    if invariant.order is not None:
        yield from _out_of_order(invariant.order, dates)
    if invariant.inside is not None:
        yield from _outside(invariant.inside, programme, dates)


def _not_abutting(pair: WindowCodes, dates: Dates, days: DayTable) -> Iterator[Broken]:
    closes, opens = pair
    expected = days.next_working_day(dates[closes])
    if dates[opens] != expected:
        said = text(
            "{opens} is {opening}, but the next working day after {closes} ({closing}) is {expected}",
            opens=opens,
            opening=dates[opens],
            closes=closes,
            closing=dates[closes],
            expected=expected,
        )
        yield Broken(said, frozenset(pair))


def _out_of_order(codes: tuple[str, ...], dates: Dates) -> Iterator[Broken]:
    for earlier, later in pairwise(codes):
        if dates[earlier] >= dates[later]:
            said = text(
                "{later} ({later_day}) has to come after {earlier} ({earlier_day})",
                later=later,
                later_day=dates[later],
                earlier=earlier,
                earlier_day=dates[earlier],
            )
            yield Broken(said, frozenset({earlier, later}))


def _outside(inside: Inside, programme: Programme, dates: Dates) -> Iterator[Broken]:
    inner, outer = programme.window_codes(inside.window), programme.window_codes(inside.of)
    if not dates[outer[0]] <= dates[inner[0]] <= dates[inner[1]] <= dates[outer[1]]:
        said = text(
            "the window of {window} ({opens} to {closes}) has to lie inside that of {of} ({first} to {last})",
            window=inside.window,
            opens=dates[inner[0]],
            closes=dates[inner[1]],
            of=inside.of,
            first=dates[outer[0]],
            last=dates[outer[1]],
        )
        yield Broken(said, frozenset(inner))
