"""The states a window went through: what revisions, extensions and orders about days made of it, instant by instant."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import dropwhile, pairwise

from sqlalchemy import select
from sqlalchemy.orm import Session

from sekaps.calendar.days import DayTable
from sekaps.calendar.programmes import Programme, Step
from sekaps.calendar.windows import Window
from sekaps.domain.gates import ExtensionTerms, Scope, Standing
from sekaps.models.orders import DayOrder
from sekaps.models.programmes import WHOLE_ROW, EditionWindow, Extension, Revision
from sekaps.services.day_orders import moved_ends, orders_in_force
from sekaps.services.editions import EditionView
from sekaps.services.extensions import list_extensions
from sekaps.services.programmes import parsed

StepKey = tuple[str, str]
"""An activity's code and a step's key; empty for the row itself."""


@dataclass(frozen=True, slots=True)
class PastRevision:
    """A revision as it was decided: its programme and its windows."""

    decided_at: datetime
    programme: Programme
    windows: Mapping[StepKey, Window]

    def steps(self) -> dict[StepKey, Step | None]:
        """Return every row (no step) and every step of the programme, in the calendar's order."""
        found: dict[StepKey, Step | None] = {}
        for activity in self.programme.activities:
            found[activity.code, WHOLE_ROW] = None
            found |= {(activity.code, step.key): step for step in activity.steps}
        return found

    def window(self, key: StepKey) -> Window | None:
        """Return the window of a step, or of its row when it has none of its own; none for what is not there."""
        return self.windows.get(key) or (self.windows.get((key[0], WHOLE_ROW)) if key in self.steps() else None)


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant from which a revision was in force, under orders that moved last days of it."""

    at: datetime
    revision: PastRevision
    moved: tuple[ExtensionTerms, ...]


@dataclass(frozen=True, slots=True)
class Past:
    """What an edition went through up to an instant: its moments, oldest first, and every extension given in it."""

    moments: tuple[Moment, ...]
    extensions: tuple[Extension, ...]
    as_of: datetime

    @property
    def programmes(self) -> list[Programme]:
        """The programmes of its revisions."""
        return [moment.revision.programme for moment in self.moments]


@dataclass(frozen=True, slots=True)
class WindowHistory:
    """One window as it last stood for somebody, and how often and when it changed."""

    revision: PastRevision
    window: Window
    extension: ExtensionTerms | None
    """What now ends it later than the calendar does."""
    changes: int
    changed_at: datetime
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class _State:
    """A window from one instant on, with what keeps it open longer; no window where it is not there."""

    at: datetime
    revision: PastRevision
    window: Window | None
    openings: frozenset[ExtensionTerms]

    def is_like(self, other: "_State") -> bool:
        return (self.window, self.openings) == (other.window, other.openings)


def read_past(session: Session, edition: EditionView, as_of: datetime) -> Past:
    """Return the past of an edition up to an instant; its first publication is always part of it."""
    revisions = _revisions(session, edition)
    first = revisions[0].decided_at
    decided = {*(revision.decided_at for revision in revisions), *_order_instants(session, edition.snapshot)}
    instants = {first, *(at for at in decided if first <= at <= as_of)}
    moments = tuple(_moment(session, edition, revisions, at) for at in sorted(instants))
    return Past(moments, tuple(list_extensions(session, edition)), as_of)


def in_calendar_order(past: Past, keys: Iterable[StepKey]) -> list[StepKey]:
    """Return the keys as the newest revision orders them, those it no longer has at the end."""
    places: dict[StepKey, int] = {}
    for moment in reversed(past.moments):
        for key in moment.revision.steps():
            places.setdefault(key, len(places))
    return sorted(places.keys() & set(keys), key=places.__getitem__)


def history_of(past: Past, key: StepKey, standing: Standing) -> WindowHistory:
    """Return what became of one window for one unit; to withdraw it, or to take it up again, is a change too."""
    states = list(dropwhile(lambda state: state.window is None, _states(past, key, standing)))
    changed = [after for before, after in pairwise(states) if not after.is_like(before)]
    revision, window, openings = next(
        (state.revision, state.window, state.openings) for state in reversed(states) if state.window is not None
    )
    longest = max(openings, key=lambda terms: (terms.until, terms.letter_number), default=None)
    return WindowHistory(
        revision=revision,
        window=window,
        extension=longest if longest and longest.until > window.closes else None,
        changes=len(changed),
        changed_at=(states[:1] + changed)[-1].at,
        withdrawn=states[-1].window is None,
    )


def _states(past: Past, key: StepKey, standing: Standing) -> Iterator[_State]:
    """Yield the window at each instant at which something was decided that may reach the unit."""
    given = [row for row in past.extensions if row.issued_at <= past.as_of and _reaches(_terms(row), key, standing)]
    ended = [row.revoked_at for row in given if row.revoked_at is not None and row.revoked_at <= past.as_of]
    instants = {*(moment.at for moment in past.moments), *(row.issued_at for row in given), *ended}
    for at in sorted(instants):
        moment = next((each for each in reversed(past.moments) if each.at <= at), past.moments[0])
        moved = (terms for terms in moment.moved if _reaches(terms, key, standing))
        in_force = (
            _terms(row) for row in given if row.issued_at <= at and not (row.revoked_at and row.revoked_at <= at)
        )
        window = moment.revision.window(key)
        yield _State(at, moment.revision, window, frozenset((*moved, *in_force)) if window else frozenset())


def _reaches(terms: ExtensionTerms, key: StepKey, standing: Standing) -> bool:
    return terms.covers(*key, standing, terms.until)


def _terms(row: Extension) -> ExtensionTerms:
    return ExtensionTerms(
        row.activity, row.step, Scope(row.scope), row.scope_code, row.since, row.until, row.letter_number
    )


def _revisions(session: Session, edition: EditionView) -> list[PastRevision]:
    windows: dict[int, dict[StepKey, Window]] = {}
    stored = select(EditionWindow).join(Revision, Revision.id == EditionWindow.revision_id)
    for row in session.scalars(stored.where(Revision.edition_id == edition.id)):
        windows.setdefault(row.revision_id, {})[row.activity, row.step] = Window(row.opens, row.closes)
    revisions = session.scalars(select(Revision).where(Revision.edition_id == edition.id).order_by(Revision.number))
    return [
        PastRevision(row.decided_at, parsed(row.programme_text, edition.programme.code), windows[row.id])
        for row in revisions
    ]


def _order_instants(session: Session, days: DayTable) -> Iterator[datetime]:
    """Yield when an order about some of these days was issued or revoked."""
    about = select(DayOrder.issued_at, DayOrder.revoked_at).where(
        DayOrder.since <= days.last, DayOrder.until >= days.first
    )
    for issued_at, revoked_at in session.execute(about):
        yield from (issued_at, *((revoked_at,) if revoked_at else ()))


def _moment(session: Session, edition: EditionView, revisions: Sequence[PastRevision], at: datetime) -> Moment:
    revision = next(each for each in reversed(revisions) if each.decided_at <= at)
    orders = orders_in_force(session, at)
    days = edition.snapshot.with_facts(fact for order in orders for fact in order.facts())
    return Moment(at, revision, moved_ends(revision.programme, revision.windows, days, orders))
