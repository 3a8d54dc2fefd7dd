"""The phases and steps of a year with everything that is counted of them."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sekaps.calendar.days import DayFact, Layer
from sekaps.calendar.instants import local_day
from sekaps.calendar.programme_values import Name
from sekaps.calendar.programmes import Phase, Step
from sekaps.domain.year_report import PhaseYear, SpecialDay, StepYear
from sekaps.models import programmes as stored
from sekaps.models.mail import ReminderClaim
from sekaps.services.editions import EditionView
from sekaps.services.progress import StepKey, StepProgress, step_progress
from sekaps.texts import Bilingual

SHOWN_LAYERS = (Layer.STATUTORY, Layer.LEAVE, Layer.CLOSURE)


@dataclass(frozen=True, slots=True)
class _Counted:
    """What was counted of an edition's steps, by step."""

    progress: Mapping[StepKey, StepProgress]
    reminders: Mapping[StepKey, int]
    escalations: Mapping[StepKey, int]
    extensions: Mapping[StepKey, int]


def year_phases(session: Session, edition: EditionView) -> tuple[PhaseYear, ...]:
    """Return every phase of the edition with its steps, in the calendar's order."""
    counted = _count(session, edition)
    query = select(stored.Phase).where(stored.Phase.edition_id == edition.id)
    rows = {row.code: row for row in session.scalars(query)}
    return tuple(_phase(edition, phase, rows[phase.code], counted) for phase in edition.programme.phases)


def year_phase(session: Session, edition: EditionView, phase: Phase) -> PhaseYear:
    """Return one phase of the edition with its steps."""
    return next(told for told in year_phases(session, edition) if told.code == phase.code)


def special_days(edition: EditionView) -> tuple[SpecialDay, ...]:
    """Return the nation's holidays, half days, leave and closures between the year's first and last day."""
    first = min(window.opens for window in edition.windows.values())
    last = max(window.closes for window in edition.windows.values())
    shown = [fact for fact in edition.days.facts if first <= fact.day <= last and _is_shown(fact)]
    found = (SpecialDay(fact.day, fact.layer.value, fact.name, not fact.is_whole_day) for fact in shown)
    return tuple(sorted(found, key=lambda special: (special.day, special.layer, special.name.tr)))


def wording(name: Name) -> Bilingual:
    """Return a programme's wording as a plain value."""
    return Bilingual(name.tr, name.en)


def _is_shown(fact: DayFact) -> bool:
    return fact.layer in SHOWN_LAYERS and fact.province is None


def _count(session: Session, edition: EditionView) -> _Counted:
    reminders, escalations = _claims(session, edition.id)
    return _Counted(step_progress(session, edition), reminders, escalations, _extensions(session, edition.id))


def _claims(session: Session, edition_id: int) -> tuple[Counter[StepKey], Counter[StepKey]]:
    """Count the reminders of each step, and those told to the head of the unit above."""
    by_step = (ReminderClaim.activity, ReminderClaim.step)
    escalated = func.count().filter(ReminderClaim.escalation)
    query = select(*by_step, func.count(), escalated).where(ReminderClaim.edition_id == edition_id).group_by(*by_step)
    reminders, escalations = Counter[StepKey](), Counter[StepKey]()
    for activity, step, total, above in session.execute(query):
        reminders[activity, step], escalations[activity, step] = total - above, above
    return reminders, escalations


def _extensions(session: Session, edition_id: int) -> Counter[StepKey]:
    by_step = (stored.Extension.activity, stored.Extension.step)
    query = select(*by_step, func.count()).where(stored.Extension.edition_id == edition_id).group_by(*by_step)
    return Counter({(activity, step): total for activity, step, total in session.execute(query)})


def _phase(edition: EditionView, phase: Phase, row: stored.Phase, counted: _Counted) -> PhaseYear:
    steps = tuple(_step(edition, phase.activity, step, counted) for step in edition.steps(phase))
    documents = edition.programme.documents
    return PhaseYear(
        code=phase.code,
        name=wording(phase.name),
        activity=phase.activity,
        opens=row.opens,
        closes=row.closes,
        state=row.state,
        opened_on=_day(row.opened_at),
        closed_on=_day(row.closed_at),
        gaps_at_close=row.gaps_at_close,
        signed=any(step.document in documents and documents[step.document].signed for step in edition.steps(phase)),
        owed=sum(step.owed for step in steps),
        done=sum(step.done for step in steps),
        open=sum(step.open for step in steps),
        late=sum(step.late for step in steps),
        refused=sum(step.refused for step in steps),
        extended=sum(step.extended for step in steps) + counted.extensions.get((phase.activity, stored.WHOLE_ROW), 0),
        reminders=sum(step.reminders for step in steps),
        escalations=sum(step.escalations for step in steps),
        steps=steps,
    )


def _step(edition: EditionView, activity: str, step: Step, counted: _Counted) -> StepYear:
    key = (activity, step.key)
    window, progress = edition.window(*key), counted.progress[key]
    return StepYear(
        activity=activity,
        step=step.key,
        does=wording(step.does),
        opens=window.opens,
        closes=window.closes,
        owed=progress.total,
        done=progress.done,
        open=progress.open,
        late=progress.late,
        refused=progress.refused,
        extended=counted.extensions.get(key, 0),
        reminders=counted.reminders.get(key, 0),
        escalations=counted.escalations.get(key, 0),
    )


def _day(instant: datetime | None) -> date | None:
    return None if instant is None else local_day(instant)
