"""The report of a year: every count of an edition as of one instant, put together from set-based queries."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from sekaps.calendar.instants import local_day
from sekaps.domain.gaps import Cause, Gap, totals
from sekaps.domain.year_report import GapLine, GapsYear, VacancyYear, YearReport
from sekaps.services.editions import EditionView
from sekaps.services.gaps import each_gap
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
    told, cascade = tell_gaps(each_gap(session, edition, as_of)), year_cascade(session, edition)
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
        gaps=told.gaps,
        cascade=cascade,
        contracts=year_contracts(session, edition),
        notices=year_notices(session, edition),
        extensions=year_extensions(session, edition),
        refusals=year_refusals(session, edition),
        vacancies=told.vacancies,
        curves=year_curves(session, edition, as_of),
        methods=year_methods(session, edition) if cascade.entered else (),
    )


@dataclass(frozen=True, slots=True)
class GapsTold:
    """The gaps of a year as they are told: by each of their sides, and the vacant posts that documents wait for."""

    gaps: GapsYear
    vacancies: tuple[VacancyYear, ...]


def tell_gaps(gaps: Iterable[Gap], listed: int = GAPS_LISTED) -> GapsTold:
    """Return gaps, which come in document order, by each of their sides, with the first of them one by one.

    They are read once and none is kept. Vacant posts are told by unit number and title.
    """
    lines: list[GapLine] = []
    waiting: Counter[tuple[int, str, str]] = Counter()
    sides = totals(_noted(gaps, lines, listed, waiting))
    total = sum(sides["by_kind"].values())
    posts = tuple(VacancyYear(*post, documents) for post, documents in sorted(waiting.items()))
    return GapsTold(GapsYear(total=total, **sides, listed=tuple(lines), more=total - len(lines)), posts)


def _noted(
    gaps: Iterable[Gap], lines: list[GapLine], listed: int, waiting: Counter[tuple[int, str, str]]
) -> Iterator[Gap]:
    """Pass gaps on, the first of them written down and those of vacant posts counted."""
    for gap in gaps:
        if len(lines) < listed:
            lines.append(_line(gap))
        if gap.cause in (Cause.POST_VACANT, Cause.MANDATE_EXPIRED):
            waiting[gap.waits_at, gap.waits_at_name, gap.post] += 1
        yield gap


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
