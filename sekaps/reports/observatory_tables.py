"""The observatory as tables of plain values: terminal, workbook, CSV file and dashboard write the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sekaps.calendar.instants import local_day
from sekaps.domain.closing_acts import CLOSING_ACTS
from sekaps.domain.gaps import Cause
from sekaps.domain.observatory import (
    AGE_CLASSES,
    Block,
    Hold,
    Line,
    Observatory,
    Pen,
    Side,
    Waiting,
    breakdown,
    count_ages,
    count_causes,
    crossings,
    pens,
    vacancies,
)
from sekaps.reports.words import day, number
from sekaps.texts import Bilingual, Language, Sayable, text, word


class Identifier(int):
    """A number that names something: it is never written with its thousands apart."""


Cell = str | int | date | Sayable | None


@dataclass(frozen=True, slots=True)
class Joined:
    """Two cells told as one."""

    one: Cell
    other: Cell

    def say(self, language: Language) -> str:
        """Return the two in that language; the same thing is said once."""
        return ", ".join(dict.fromkeys((told(self.one, language), told(self.other, language))))


MODULES = {
    "goods_services": Bilingual("Mal ve hizmet", "Goods and services"),
    "vehicles": Bilingual("Araç", "Vehicles"),
    "manpower": Bilingual("İnsan gücü", "Manpower"),
}
WITHOUT = text("none named")
VACANT = text("vacant post")
NOBODY = text("nobody")
WAITING = (text("documents"), text("oldest since"), text("median days"), text("longest days"))
SIDES = {
    Side.CAUSE: text("cause"),
    Side.PERSON: text("person"),
    Side.MINISTRY: text("ministry"),
    Side.PROVINCE: text("province"),
    Side.MODULE: text("module"),
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: its title, its headings, and rows of text, whole numbers and days."""

    title: Sayable
    headings: tuple[Sayable, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def first(self, count: int) -> "Sheet":
        """Return the table with its first rows only."""
        return Sheet(self.title, self.headings, self.rows[:count])

    def joined(self, place: int) -> "Sheet":
        """Return the table with two neighbouring columns of text as one, for pages that are narrow."""
        rows = tuple((*row[:place], Joined(row[place], row[place + 1]), *row[place + 2 :]) for row in self.rows)
        heading = Joined(self.headings[place], self.headings[place + 1])
        return Sheet(self.title, (*self.headings[:place], heading, *self.headings[place + 2 :]), rows)


def sheets(observatory: Observatory) -> list[Sheet]:
    """Return every table, in the order they are read."""
    sides = [side_sheet(observatory, side) for side in (Side.MINISTRY, Side.PROVINCE, Side.MODULE)]
    return [
        cause_sheet(observatory),
        age_sheet(observatory),
        people_sheet(observatory),
        vacancy_sheet(observatory),
        ending_sheet(observatory, Hold.OWN),
        ending_sheet(observatory, Hold.DEPUTY),
        stuck_sheet(observatory),
        *sides,
        crossing_sheet(observatory),
    ]


def cause_sheet(observatory: Observatory) -> Sheet:
    """Return the causes that occur, each with the act that closes it."""
    lines = breakdown(observatory.piles, Side.CAUSE, observatory.day)
    causes = [Cause(line.name or "") for line in lines]
    rows = tuple(
        (cause.meaning, *_waiting(line.waiting), CLOSING_ACTS[cause].does)
        for cause, line in zip(causes, lines, strict=True)
    )
    return Sheet(text("Gaps by cause"), (SIDES[Side.CAUSE], *WAITING, text("what closes them")), rows)


def age_sheet(observatory: Observatory) -> Sheet:
    """Return how many documents of each cause have waited how long, in calendar days."""
    counts = count_ages(observatory.piles, observatory.day)
    found = {cause: classes for cause, classes in counts.items() if any(classes.values())}
    rows: list[tuple[Cell, ...]] = [(cause.meaning, *classes.values()) for cause, classes in found.items()]
    sums = [sum(classes[each] for classes in found.values()) for each in AGE_CLASSES]
    headings = (SIDES[Side.CAUSE], *(each.name for each in AGE_CLASSES))
    rows.extend([(text("in all"), *sums)] if rows else [])
    return Sheet(text("How long they have waited"), headings, tuple(rows))


def people_sheet(observatory: Observatory) -> Sheet:
    """Return the people documents wait for, who holds up most first."""
    headings = (SIDES[Side.PERSON], text("code"), text("post"), text("unit"), *WAITING, text("all days together"))
    rows = tuple(_person(pen) for pen in pens(observatory.piles, observatory.day))
    return Sheet(text("Who holds up most"), headings, rows)


def vacancy_sheet(observatory: Observatory) -> Sheet:
    """Return the vacant posts documents wait for, and who can have them filled."""
    headings = (text("registry number"), text("unit"), text("post"), text("who can have it filled"), *WAITING)
    rows = tuple(
        (
            Identifier(one.unit.number),
            one.unit.name,
            one.post,
            one.closer.name if one.closer else NOBODY,
            *_waiting(one.waiting),
        )
        for one in vacancies(observatory.piles, observatory.day)
    )
    return Sheet(text("Vacant posts that documents wait for"), headings, rows)


def ending_sheet(observatory: Observatory, hold: Hold) -> Sheet:
    """Return the posts about to fall vacant, or the deputies about to end, with what waits for their posts."""
    is_own = hold is Hold.OWN
    days = observatory.horizon_days
    vacant = text("Posts that fall vacant within {days} days", days=days)
    title = vacant if is_own else text("Deputies whose time ends within {days} days", days=days)
    falls = () if is_own else (text("falls back to"),)
    headings = (text("registry number"), text("unit"), text("post"), text("person"), text("last day"), *falls,
                text("wait now"), text("will wait"))  # fmt: skip
    rows = tuple(
        (
            Identifier(one.unit.number),
            one.unit.name,
            one.post,
            one.person.name,
            local_day(one.until),
            *(() if is_own else (one.back_to or NOBODY,)),
            one.waiting_now,
            one.coming,
        )
        for one in observatory.endings
        if one.hold is hold
    )
    return Sheet(title, headings, rows)


def stuck_sheet(observatory: Observatory) -> Sheet:
    """Return the chains nobody can finish as posts are held now."""
    headings = (text("unit"), text("slot"), text("post"), text("unit of the post"), text("why"), text("documents"),
                text("oldest since"), text("such as"))  # fmt: skip
    rows = tuple(
        (one.unit.name, one.slot, one.post, one.post_at, Block(one.block).meaning, one.documents,
         local_day(one.since), one.example)
        for one in observatory.stuck
    )  # fmt: skip
    return Sheet(text("Chains nobody can finish"), headings, rows)


def side_sheet(observatory: Observatory, side: Side) -> Sheet:
    """Return the gaps by one side, all of them and by cause; the cause itself with the act that closes it."""
    if side is Side.CAUSE:
        return cause_sheet(observatory)
    if side is Side.PERSON:
        return people_sheet(observatory)
    causes = [cause for cause, count in count_causes(observatory.piles).items() if count]
    headings = (SIDES[side], *WAITING, *(cause.meaning for cause in causes))
    lines = breakdown(observatory.piles, side, observatory.day)
    rows = tuple((side_name(side, line.name), *_waiting(line.waiting), *_counts(line, causes)) for line in lines)
    return Sheet(text("Gaps by {side}", side=SIDES[side]), headings, rows)


def crossing_sheet(observatory: Observatory) -> Sheet:
    """Return the gaps by cause, ministry, province and module together."""
    sides = (Side.CAUSE, Side.MINISTRY, Side.PROVINCE, Side.MODULE)
    rows = tuple(
        (
            one.cause.meaning,
            side_name(Side.MINISTRY, one.ministry),
            side_name(Side.PROVINCE, one.province),
            side_name(Side.MODULE, one.module),
            *_waiting(one.waiting),
        )
        for one in crossings(observatory.piles, observatory.day)
    )
    return Sheet(text("Cause, ministry, province, module"), (*(SIDES[side] for side in sides), *WAITING), rows)


def side_name(side: Side, name: str | None) -> Sayable | str:
    """Return what people call one row of a side; what has no name is said to have none."""
    if name is None:
        return VACANT if side is Side.PERSON else WITHOUT
    return MODULES.get(name, name) if side is Side.MODULE else name


def told(cell: Cell, language: Language) -> str:
    """Return a cell as people read it: counts with their thousands apart, days in figures."""
    if isinstance(cell, Identifier):
        return str(int(cell))
    if isinstance(cell, int):
        return number(cell, language)
    return day(cell, language) if cell is None or isinstance(cell, date) else word(cell, language)


def is_count(cell: Cell) -> bool:
    """Tell whether a cell is an amount, which stands right."""
    return isinstance(cell, int) and not isinstance(cell, Identifier)


def _waiting(waiting: Waiting) -> tuple[int, date, int, int]:
    return waiting.documents, waiting.oldest, waiting.median_days, waiting.longest_days


def _counts(line: Line, causes: Sequence[Cause]) -> list[int]:
    return [line.by_cause[cause] for cause in causes]


def _person(pen: Pen) -> tuple[Cell, ...]:
    posts, units = ", ".join(pen.posts), ", ".join(pen.units)
    return (
        pen.person.name,
        Identifier(pen.person.number),
        posts,
        units,
        *_waiting(pen.waiting),
        pen.waiting.total_days,
    )
