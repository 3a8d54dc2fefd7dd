"""When open work is due: windows and extensions as stored, put together with the programme's ladders and words."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from sekaps.calendar.days import Place
from sekaps.calendar.instants import local_day
from sekaps.calendar.programmes import Ladder
from sekaps.calendar.windows import Window
from sekaps.domain.digests import Deadline, Section, StepWords, UnitWork, by_deadline
from sekaps.domain.gates import ExtensionTerms, Standing
from sekaps.domain.reminders import (
    REMINDED_OFFICE_DAYS,
    OpenWork,
    current_rung,
    deciding_place,
    escalates,
    last_office_day,
    office_distance,
)
from sekaps.models.registry import Unit
from sekaps.services.editions import EditionView
from sekaps.services.gates import openings
from sekaps.services.writing import chunked

StepKey = tuple[str, str]
"""An activity's code and a step's key."""


@dataclass(frozen=True, slots=True)
class StepTerms:
    """What a reminder must know of a step: its words, ladder and window."""

    words: StepWords
    ladder: Ladder | None
    window: Window


@dataclass(frozen=True, slots=True)
class UnitPlace:
    """A unit's name and where it stands."""

    name: str
    standing: Standing


@dataclass(frozen=True, slots=True)
class DueItem:
    """Open work with its deadline and the rung current today, if any."""

    work: OpenWork
    unit: str
    terms: StepTerms
    deadline: Deadline
    rung: int | None

    @property
    def step_key(self) -> StepKey:
        """The step it belongs to."""
        return (self.work.activity, self.work.step)

    @property
    def escalates(self) -> bool:
        """Whether the head of the parent unit is told of it too."""
        return self.rung is not None and self.terms.ladder is not None and escalates(self.rung, self.terms.ladder)

    @property
    def may_be_reminded(self) -> bool:
        """Whether reminding still helps; what closed longer ago belongs to the audit."""
        return self.deadline.days_left >= -REMINDED_OFFICE_DAYS

    def told_to(self, person_id: int) -> "DueItem":
        """Return the same work as another person's."""
        return replace(self, work=replace(self.work, person_id=person_id))

    def joined_with(self, other: "DueItem") -> "DueItem":
        """Return the two as one: the same work of the same unit, waiting in two places."""
        since = min(self.work.waiting_since, other.work.waiting_since)
        documents = self.work.documents + other.work.documents
        return replace(self, work=replace(self.work, documents=documents, waiting_since=since))


@dataclass(slots=True)
class Timetable:
    """The deadlines of an edition as they stand on one day; equal questions are worked out once."""

    edition: EditionView
    day: date
    units: Mapping[int, UnitPlace]
    extensions: tuple[ExtensionTerms, ...]
    _terms: dict[StepKey, StepTerms] = field(default_factory=dict)
    _timings: dict[tuple[Ladder | None, date, Place], tuple[Deadline, int | None]] = field(default_factory=dict)
    _places: dict[Place, Place] = field(default_factory=dict)

    def item(self, work: OpenWork) -> DueItem | None:
        """Return work with its deadline, or None while its window has not opened."""
        terms = self._terms_of(work.activity, work.step)
        if self.day < terms.window.opens:
            return None
        unit = self.units[work.unit_id]
        standing = unit.standing
        asked = Place(standing.province, standing.district, str(standing.unit_number), work.activity)
        place = self._deciding(asked)
        deadline, rung = self._timing(terms.ladder, self._closes(work, terms.window, standing), place)
        return DueItem(work, unit.name, terms, deadline, rung)

    def _closes(self, work: OpenWork, window: Window, standing: Standing) -> date:
        """Return the closing date, or the end of the longest extension that covers the unit."""
        granted = (
            extension.until
            for extension in self.extensions
            if extension.covers(work.activity, work.step, standing, extension.until)
        )
        return max((window.closes, *granted))

    def _timing(self, ladder: Ladder | None, closes: date, place: Place) -> tuple[Deadline, int | None]:
        key = (ladder, closes, place)
        if key not in self._timings:
            self._timings[key] = self._work_out(ladder, closes, place)
        return self._timings[key]

    def _work_out(self, ladder: Ladder | None, closes: date, place: Place) -> tuple[Deadline, int | None]:
        days = self.edition.days
        distance = office_distance(self.day, closes, days, place)
        left = min(-distance, -1) if self.day > closes else -distance
        deadline = Deadline(closes, last_office_day(closes, days, place), left)
        rung = None if ladder is None else current_rung(ladder, closes, self.day, days, place=place)
        return deadline, rung

    def _deciding(self, place: Place) -> Place:
        if place not in self._places:
            self._places[place] = deciding_place(place, self.edition.days)
        return self._places[place]

    def _terms_of(self, activity: str, step: str) -> StepTerms:
        if (activity, step) not in self._terms:
            self._terms[activity, step] = _read_terms(self.edition, activity, step)
        return self._terms[activity, step]


def read_timetable(session: Session, edition: EditionView, unit_ids: Iterable[int], as_of: datetime) -> Timetable:
    """Return the deadlines of an edition for those units, extensions included, as they stand on the local day."""
    return Timetable(edition, local_day(as_of), _units(session, unit_ids), openings(session, edition, as_of))


def due_items(session: Session, timetable: Timetable, work: Sequence[OpenWork]) -> Iterator[DueItem]:
    """Yield open work with its deadline; of units that the timetable has not read only a few are held at once."""
    for some in chunked(work):
        here = replace(timetable, units=_units(session, {one.unit_id for one in some}))
        yield from (item for one in some if (item := here.item(one)) is not None)


def sections(items: Iterable[DueItem]) -> tuple[Section, ...]:
    """Return items gathered by step and deadline, nearest deadline first."""
    gathered: dict[tuple[str, str, Deadline], list[DueItem]] = defaultdict(list)
    for item in items:
        gathered[item.work.activity, item.work.step, item.deadline].append(item)
    return by_deadline(_section(deadline, alike) for (_, _, deadline), alike in gathered.items())


def _section(deadline: Deadline, items: list[DueItem]) -> Section:
    documents: dict[tuple[int, str], int] = defaultdict(int)
    for item in items:
        documents[item.work.unit_id, item.unit] += item.work.documents
    units = tuple(UnitWork(unit, count) for (_, unit), count in documents.items())
    return Section(items[0].terms.words, deadline, units)


def _read_terms(edition: EditionView, activity: str, step: str) -> StepTerms:
    row, programme = edition.activity(activity), edition.programme
    part = next((part for part in row.steps if part.key == step), None)
    ladder = row.ladder if part is None else row.ladder_of(part)
    document = programme.documents.get(part.document) if part is not None and part.document is not None else None
    words = StepWords(
        place=step or row.row or "",
        activity=row.name,
        does=row.name if part is None else part.does,
        document=None if document is None else document.name,
        consequence=(None if part is None else part.consequence) or row.consequence,
    )
    return StepTerms(words, None if ladder is None else programme.ladders[ladder], edition.window(activity, step))


def _units(session: Session, unit_ids: Iterable[int]) -> dict[int, UnitPlace]:
    columns = select(Unit.id, Unit.name, Unit.number, Unit.province_code, Unit.district_code)
    return {
        row.id: UnitPlace(row.name, Standing(row.number, row.province_code, row.district_code))
        for ids in chunked(sorted(set(unit_ids)))
        for row in session.execute(columns.where(Unit.id.in_(ids)))
    }
