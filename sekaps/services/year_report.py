"""The report of a year: every count of an edition as of one instant, put together from set-based queries."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from sekaps.calendar.instants import local_day
from sekaps.domain.gaps import Cause, Gap, totals
from sekaps.domain.year_report import GapLine, GapsYear, VacancyYear, YearReport
from sekaps.services.editions import EditionView
from sekaps.services.gaps import find_gaps
from sekaps.services.year_counts import (
    year_cascade,
    year_contracts,
    year_extensions,
    year_methods,
    year_notices,
    year_refusals,
    year_reminders,
)
from sekaps.services.year_curves import year_curves
from sekaps.services.year_phases import special_days, wording, year_phases

GAPS_LISTED = 100
"""So many gaps are listed one by one; the rest is counted."""


def year_report(session: Session, edition: EditionView, as_of: datetime) -> YearReport:
    """Return everything told of an edition as of an instant; the same rows give the same report."""
    programme = edition.programme
    gaps, cascade = find_gaps(session, edition, as_of), year_cascade(session, edition)
    return YearReport(
        programme=programme.code,
        name=wording(programme.name),
        year=edition.year,
        synthetic=edition.synthetic,
        day=local_day(as_of),
        revision=edition.revision,
        activities={activity.code: wording(activity.name) for activity in programme.activities},
        document_kinds={code: wording(kind.name) for code, kind in programme.documents.items()},
        phases=year_phases(session, edition),
        special_days=special_days(edition),
        reminders=year_reminders(session, edition),
        gaps=year_gaps(gaps),
        cascade=cascade,
        contracts=year_contracts(session, edition),
        notices=year_notices(session, edition),
        extensions=year_extensions(session, edition),
        refusals=year_refusals(session, edition),
        vacancies=vacancies(gaps),
        curves=year_curves(session, edition, as_of),
        methods=year_methods(session, edition) if cascade.entered else (),
    )


def year_gaps(gaps: Sequence[Gap], listed: int = GAPS_LISTED) -> GapsYear:
    """Return gaps by each of their sides, with the first of them one by one."""
    lines = tuple(_line(gap) for gap in sorted(gaps, key=lambda gap: gap.document)[:listed])
    return GapsYear(total=len(gaps), **totals(gaps), listed=lines, more=len(gaps) - len(lines))


def vacancies(gaps: Sequence[Gap]) -> tuple[VacancyYear, ...]:
    """Return the vacant posts that documents wait for, by unit number and title."""
    vacant = [gap for gap in gaps if gap.cause in (Cause.POST_VACANT, Cause.MANDATE_EXPIRED)]
    waiting = Counter((gap.waits_at, gap.waits_at_name, gap.post) for gap in vacant)
    return tuple(VacancyYear(*post, documents) for post, documents in sorted(waiting.items()))


def _line(gap: Gap) -> GapLine:
    return GapLine(
        document=gap.document,
        kind=gap.kind,
        activity=gap.activity,
        step=gap.step,
        unit_name=gap.unit_name,
        slot=gap.slot,
        slots=gap.slots,
        waits_at_name=gap.waits_at_name,
        post=gap.post,
        person=gap.person,
        since=local_day(gap.since),
        overdue=gap.overdue,
        cause=gap.cause.value,
        ministry=gap.ministry,
        province=gap.province,
    )
