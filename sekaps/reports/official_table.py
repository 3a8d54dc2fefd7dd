"""A published year as the official table (faaliyet takvimi): titles, rows and notes as plain Turkish text.

The table is an official document of the state and is Turkish; how it is laid out on a sheet or page is its writers'.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from babel.dates import format_date

from sekaps.calendar.days import DayTable
from sekaps.calendar.instants import local_day
from sekaps.calendar.programme_values import Name
from sekaps.calendar.programmes import Activity, Step
from sekaps.calendar.windows import Window
from sekaps.reports.words import PLANNING, SYNTHETIC
from sekaps.services.editions import EditionView
from sekaps.services.revisions import RevisionLine
from sekaps.texts import word

COLUMNS = ("SIRA NO", "TARİH ARALIĞI", "FAALİYET", "SORUMLU", "AÇIKLAMA")
DATES = COLUMNS[1]
HEADLINES = COLUMNS[:3]
"""What stands in bold on a row that is no sub-row."""
STATE = "T.C."
NO_LETTER = "–"
MOST_SPANNED, LONGEST_SPANNED = 5, 300
"""Rows one date cell stands beside at most, and the characters of their cells: what is kept together fits on a page."""


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row or lettered sub-row; dates are printed where they differ from those above, the days are always there."""

    number: str
    dates: str
    activity: str
    actor: str
    remarks: str
    opens: date
    closes: date
    is_sub: bool

    @property
    def cells(self) -> tuple[str, ...]:
        """What stands in the columns."""
        return (self.number, self.dates, self.activity, self.actor, self.remarks)


@dataclass(frozen=True, slots=True)
class OfficialTable:
    """The table with what stands above and below it."""

    masthead: tuple[str, ...]
    title: str
    issue: str
    """The revision, the day it was decided and its letter."""
    warning: str
    """That the year is not a real one; empty for a real one."""
    note: str
    coordinator: str
    decided_at: datetime
    rows: tuple[TableRow, ...]

    @property
    def spanned_rows(self) -> tuple[tuple[TableRow, int], ...]:
        """Each row with how many rows its date cell stands beside: itself and those below that print no dates.

        A row whose dates stand in the cell of a row above has 0.
        """
        spans: list[int] = []
        start = 0
        for place, row in enumerate(self.rows):
            if row.dates or spans[start] == MOST_SPANNED or max(map(len, row.cells)) > LONGEST_SPANNED:
                start = place
            spans.append(0)
            spans[start] += 1
        return tuple(zip(self.rows, spans, strict=True))


def official_table(edition: EditionView, revision: RevisionLine) -> OfficialTable:
    """Return the official table of an edition at its current revision."""
    programme = edition.programme
    coordinator = programme.coordinator.tr if programme.coordinator else ""
    return OfficialTable(
        masthead=(STATE, upper(coordinator)) if coordinator else (),
        title=f"{edition.year} YILI {upper(programme.name.tr)}",
        issue=_issue(revision),
        warning=SYNTHETIC.tr if edition.synthetic else "",
        note=PLANNING.tr,
        coordinator=coordinator,
        decided_at=revision.decided_at,
        rows=tuple(row for place, each in enumerate(programme.activities, 1) for row in _rows(edition, each, place)),
    )


def printed_window(window: Window) -> str:
    """Return a window as calendars print it: what both ends share is printed once, at the end."""
    opens, closes = window.opens, window.closes
    if opens == closes:
        return _printed(closes, "dd MMMM y")
    shared = "dd MMMM y"
    if opens.year == closes.year:
        shared = "dd" if opens.month == closes.month else "dd MMMM"
    return f"{_printed(opens, shared)} - {_printed(closes, 'dd MMMM y')}"


def upper(said: str) -> str:
    """Return a text in Turkish capitals (i to İ, ı to I)."""
    return said.replace("i", "İ").upper()


def _printed(day: date, pattern: str) -> str:
    return format_date(day, pattern, locale="tr")


def _issue(revision: RevisionLine) -> str:
    decided = word(local_day(revision.decided_at), "tr")
    letter = revision.letter_number or NO_LETTER
    return f"Sürüm No: {revision.number}  ·  Karar tarihi: {decided}  ·  Yazı No: {letter}"


def _rows(edition: EditionView, activity: Activity, place: int) -> Iterator[TableRow]:
    """Yield a row and its sub-rows; a lone step without a letter is told in the row itself."""
    window = edition.window(activity.code)
    number = activity.row or str(place)
    alone = _lone_step(activity)
    yield TableRow(
        number=number,
        dates=printed_window(window),
        activity=activity.name.tr,
        actor=_actor(edition, alone) if alone else "",
        remarks=_joined(alone.does.tr if alone else "", _remarks(_consequence(activity, alone), window, edition.days)),
        opens=window.opens,
        closes=window.closes,
        is_sub=False,
    )
    yield from () if alone else _sub_rows(edition, activity, number)


def _lone_step(activity: Activity) -> Step | None:
    """Return the only step of a row when neither a letter nor dates of its own set it apart."""
    first = activity.steps[0] if len(activity.steps) == 1 else None
    return first if first and not (first.id or first.window) else None


def _sub_rows(edition: EditionView, activity: Activity, number: str) -> Iterator[TableRow]:
    around = above = edition.window(activity.code)
    for position, step in enumerate(activity.steps, start=1):
        window = edition.window(activity.code, step.key)
        yield TableRow(
            number=step.id if step.id and step.id.startswith(f"{number}.") else f"({position})",
            dates=printed_window(window) if window != above else "",
            activity=step.does.tr,
            actor=_actor(edition, step),
            remarks=_remarks(step.consequence, window if window != around else None, edition.days),
            opens=window.opens,
            closes=window.closes,
            is_sub=True,
        )
        above = window


def _actor(edition: EditionView, step: Step) -> str:
    return edition.programme.actors[step.actor].name.tr if step.actor else ""


def _consequence(activity: Activity, alone: Step | None) -> Name | None:
    return (alone.consequence if alone else None) or activity.consequence


def _remarks(consequence: Name | None, window: Window | None, days: DayTable) -> str:
    """Return what happens after the window, and that its last day is no whole working day where that is so."""
    return _joined(consequence.tr if consequence else "", _holiday_note(window.closes, days) if window else "")


def _holiday_note(closes: date, days: DayTable) -> str:
    if days.is_full_working_day(closes):
        return ""
    names = ", ".join(fact.name.tr for fact in days.facts_on(closes))
    full = _printed(days.last_full_working_day(closes), "d MMMM y")
    return f"Son gün tatile rastlar ({names}); önceki son tam iş günü: {full}."


def _joined(*paragraphs: str) -> str:
    return "\n".join(filter(None, paragraphs))
