"""Publishing an edition and reading it back: the year as the engine works with it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from sekaps.calendar.allocating import AllocationRules
from sekaps.calendar.day_orders import DayOrder
from sekaps.calendar.days import DayFact, DayTable, Layer
from sekaps.calendar.editions import Draft
from sekaps.calendar.programmes import Activity, Phase, Programme, Step
from sekaps.calendar.windows import Window
from sekaps.domain.gates import ExtensionTerms
from sekaps.domain.trail import Entry
from sekaps.errors.editions import EditionUnknown, InvariantsBroken
from sekaps.models import programmes as stored
from sekaps.services import trail
from sekaps.services.day_orders import moved_ends, orders_in_force
from sekaps.services.programmes import parsed
from sekaps.services.writing import insert_new
from sekaps.texts import Bilingual

FIRST_PUBLICATION = "first publication"
"""Reason of a revision that nobody gave another one for."""


@dataclass(frozen=True, slots=True)
class EditionView:
    """One published edition: its programme, windows by (activity, step key; '' for the row) and days.

    ``snapshot`` holds the days as its revision froze them, ``days`` also what orders have made of them since;
    ``moved`` the last days those orders moved in their places.
    """

    id: int
    programme: Programme
    year: int
    revision: int
    state: str
    synthetic: bool
    windows: Mapping[tuple[str, str], Window]
    snapshot: DayTable
    days: DayTable
    moved: tuple[ExtensionTerms, ...] = ()

    def under(self, orders: tuple[DayOrder, ...]) -> "EditionView":
        """Return the edition as it stands under those orders, and no others."""
        days = self.snapshot.with_facts(fact for order in orders for fact in order.facts())
        return replace(self, days=days, moved=moved_ends(self.programme, self.windows, days, orders))

    @property
    def allocation_rules(self) -> AllocationRules:
        """How resource is shared out to need; the usual rules where the programme does not say."""
        return self.programme.allocation or AllocationRules()

    def window(self, activity: str, step: str = stored.WHOLE_ROW) -> Window:
        """Return a step's window, or the row's when the step has none of its own."""
        return self.windows.get((activity, step)) or self.windows[(activity, stored.WHOLE_ROW)]

    def phase(self, code: str) -> Phase:
        """Return one phase of the programme."""
        return self.programme.phase(code)

    def activity(self, code: str) -> Activity:
        """Return one activity of the programme."""
        return self.programme.activity(code)

    def steps(self, phase: Phase) -> tuple[Step, ...]:
        """Return the steps a phase is made of, in the calendar's order."""
        return self.programme.steps_of(phase)

    def phase_window(self, phase: Phase) -> Window:
        """Return the days a phase lasts: from its first step's opening to its last step's closing."""
        own = [self.window(phase.activity, step.key) for step in self.steps(phase)]
        windows = own or [self.window(phase.activity)]
        return Window(min(w.opens for w in windows), max(w.closes for w in windows))


def find_edition(session: Session, programme: str, year: int) -> stored.Edition | None:
    """Return the stored edition of a programme's year, if there is one."""
    query = select(stored.Edition).join(stored.Programme, stored.Programme.id == stored.Edition.programme_id)
    return session.scalars(query.where(stored.Programme.code == programme, stored.Edition.year == year)).one_or_none()


def latest_year(session: Session, programme: str) -> int:
    """Return the latest year published of a programme; raise EditionUnknown when there is none."""
    query = select(func.max(stored.Edition.year)).join(
        stored.Programme, stored.Programme.id == stored.Edition.programme_id
    )
    year = session.scalar(query.where(stored.Programme.code == programme, stored.Edition.revision > 0))
    if year is None:
        raise EditionUnknown(programme=programme, year=None)
    return year


def load_edition(session: Session, programme: str, year: int, as_of: datetime | None = None) -> EditionView:
    """Return an edition at its current revision; raise EditionUnknown when none was published.

    Orders about days hold as of the instant; with none given, all that were not revoked.
    """
    edition = find_edition(session, programme, year)
    if edition is None or edition.revision == 0:
        raise EditionUnknown(programme=programme, year=year)
    revision = session.scalars(
        select(stored.Revision).where(
            stored.Revision.edition_id == edition.id, stored.Revision.number == edition.revision
        )
    ).one()
    dates = _dates_of(session, revision)
    found = EditionView(
        id=edition.id,
        programme=parsed(revision.programme_text, programme),
        year=year,
        revision=revision.number,
        state=edition.state,
        synthetic=edition.synthetic,
        windows=dates.windows,
        snapshot=dates.days,
        days=dates.days,
    )
    return _ordered(found, orders_in_force(session, as_of), dates)


@dataclass(frozen=True, slots=True)
class RevisionDates:
    """The windows and days of a revision; like the revision itself they never change."""

    windows: Mapping[tuple[str, str], Window]
    days: DayTable
    under: dict[tuple[DayOrder, ...], EditionView] = field(default_factory=dict)
    """The edition as it stood under orders met before; only its days and what follows from them are taken."""


_DATES: dict[tuple[str, int, bytes], RevisionDates] = {}
"""Dates already read in this process, by database, revision and programme digest."""
DATES_KEPT = 16


def _dates_of(session: Session, revision: stored.Revision) -> RevisionDates:
    key = (str(session.get_bind().engine.url), revision.id, revision.programme_digest)
    if key not in _DATES:
        if len(_DATES) >= DATES_KEPT:
            _DATES.clear()
        days = DayTable(revision.days_from, revision.days_until, _facts(session, revision.id))
        _DATES[key] = RevisionDates(_windows(session, revision.id), days)
    return _DATES[key]


def _ordered(edition: EditionView, orders: tuple[DayOrder, ...], dates: RevisionDates) -> EditionView:
    if not orders:
        return edition
    if orders not in dates.under:
        dates.under[orders] = edition.under(orders)
    known = dates.under[orders]
    return replace(edition, days=known.days, moved=known.moved)


def publish(
    session: Session,
    draft: Draft,
    programme_text: str,
    days: DayTable,
    *,
    decided_by: str,
    as_of: datetime,
    synthetic: bool = False,
    reason: str = FIRST_PUBLICATION,
    letter_number: str | None = None,
    facts: Mapping[str, object] | None = None,
) -> int:
    """Store a draft as the edition's first revision and return the edition's id; published before, it stays as it is.

    Facts are what the trail tells of the act besides the programme and year. Raises InvariantsBroken when the draft
    breaks an invariant of its programme.
    """
    require_whole(draft)
    edition = edition_of(session, draft, synthetic=synthetic)
    if edition.revision > 0:
        return edition.id
    edition_id = edition.id
    decision = {"reason": reason, "letter_number": letter_number, "decided_by": decided_by}
    insert_revision(session, edition_id, draft, programme_text, days, number=1, as_of=as_of, decision=decision)
    session.execute(update(stored.Edition).where(stored.Edition.id == edition_id).values(revision=1, state="published"))
    _insert_phases(session, load_edition(session, draft.programme.code, draft.year))
    trail.append(
        session,
        Entry(
            at=as_of,
            verb="publish",
            authority=decided_by,
            edition_id=edition_id,
            revision=1,
            facts={"programme": draft.programme.code, "year": draft.year, **(facts or {})},
        ),
    )
    return edition_id


def require_whole(draft: Draft) -> None:
    """Raise InvariantsBroken when a draft breaks an invariant of its programme."""
    if draft.violations:
        raise InvariantsBroken(programme=draft.programme.code, year=draft.year, violations=list(draft.violations))


def edition_of(session: Session, draft: Draft, *, synthetic: bool) -> stored.Edition:
    """Return the draft's edition under lock; where there is none yet, one in state draft at revision 0."""
    programme = draft.programme
    names = {"code": programme.code, "name_tr": programme.name.tr, "name_en": programme.name.en}
    insert_new(session, stored.Programme, [names])
    programme_id = session.scalar(select(stored.Programme.id).where(stored.Programme.code == programme.code))
    edition = {"programme_id": programme_id, "year": draft.year, "state": "draft", "synthetic": synthetic}
    insert_new(session, stored.Edition, [edition])
    held = lock_edition(session, programme.code, draft.year)
    assert held is not None
    return held


def lock_edition(session: Session, programme: str, year: int) -> stored.Edition | None:
    """Return an edition as it stands now, its row locked until the transaction ends, so that decisions on it queue."""
    query = select(stored.Edition).join(stored.Programme, stored.Programme.id == stored.Edition.programme_id)
    mine = query.where(stored.Programme.code == programme, stored.Edition.year == year)
    locked = mine.with_for_update(of=stored.Edition, key_share=True).execution_options(populate_existing=True)
    return session.scalars(locked).one_or_none()


def insert_revision(
    session: Session,
    edition_id: int,
    draft: Draft,
    programme_text: str,
    days: DayTable,
    *,
    number: int,
    as_of: datetime,
    decision: Mapping[str, str | None],
) -> None:
    """Store a revision whole: the programme's text, the boundaries and windows of its draft, the days it knew."""
    row = {
        "edition_id": edition_id,
        "number": number,
        "programme_text": programme_text,
        "programme_digest": hashlib.sha256(programme_text.encode()).digest(),
        "days_from": days.first,
        "days_until": days.last,
        "decided_at": as_of,
        **decision,
    }
    revision_id = session.scalars(insert(stored.Revision).values(row).returning(stored.Revision.id)).one()
    _insert_dates(session, revision_id, draft)
    _insert_days(session, revision_id, days)


def _insert_dates(session: Session, revision_id: int, draft: Draft) -> None:
    boundaries = [
        {
            "revision_id": revision_id,
            "code": boundary.code,
            "rule": boundary.rule,
            "proposed": boundary.proposed,
            "published": boundary.published,
            "day": boundary.date,
        }
        for boundary in draft.boundaries
    ]
    windows = [
        {
            "revision_id": revision_id,
            "activity": window.activity,
            "step": window.key,
            "opens": window.opens,
            "closes": window.closes,
        }
        for window in draft.windows
    ]
    session.execute(insert(stored.BoundaryDate), boundaries)
    session.execute(insert(stored.EditionWindow), windows)


def _insert_days(session: Session, revision_id: int, days: DayTable) -> None:
    rows = [
        {
            "revision_id": revision_id,
            "day": fact.day,
            "layer": fact.layer.value,
            "name_tr": fact.name.tr,
            "name_en": fact.name.en,
            "starts": fact.starts,
            "ends": fact.ends,
            "province_code": fact.province,
            "district_code": fact.district,
            "source": fact.source,
            "estimated": fact.estimated,
        }
        for fact in days.facts
    ]
    session.execute(insert(stored.EditionDay), rows)


def _insert_phases(session: Session, edition: EditionView) -> None:
    windows = {phase.code: edition.phase_window(phase) for phase in edition.programme.phases}
    rows = [
        {"edition_id": edition.id, "code": code, "opens": window.opens, "closes": window.closes, "state": "planned"}
        for code, window in windows.items()
    ]
    session.execute(insert(stored.Phase), rows)


def _windows(session: Session, revision_id: int) -> dict[tuple[str, str], Window]:
    rows = session.scalars(select(stored.EditionWindow).where(stored.EditionWindow.revision_id == revision_id))
    return {(row.activity, row.step): Window(row.opens, row.closes) for row in rows}


def _facts(session: Session, revision_id: int) -> tuple[DayFact, ...]:
    query = select(stored.EditionDay).where(stored.EditionDay.revision_id == revision_id)
    return tuple(
        DayFact(
            day=row.day,
            layer=Layer(row.layer),
            name=Bilingual(row.name_tr, row.name_en),
            starts=row.starts,
            ends=row.ends,
            province=row.province_code,
            district=row.district_code,
            source=row.source,
            estimated=row.estimated,
        )
        for row in session.scalars(query.order_by(stored.EditionDay.id))
    )
