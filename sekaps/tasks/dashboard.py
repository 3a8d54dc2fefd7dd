"""What the Prefect UI shows: an artifact for each question, under a key that stays the same and keeps a history."""

from dataclasses import dataclass

from prefect import task
from prefect.artifacts import create_markdown_artifact

from sekaps.calendar.instants import local_day
from sekaps.domain.evidence import EvidenceCount
from sekaps.reports import pages
from sekaps.reports.markdown import Masthead, Page
from sekaps.reports.observatory_page import observatory_page
from sekaps.services.allocation_proof import prove_allocations
from sekaps.services.coverage import measure_coverage
from sekaps.services.editions import EditionView
from sekaps.services.gaps import each_gap
from sekaps.services.mail_domains import waiting_domains
from sekaps.services.observatory import observe
from sekaps.services.phases import phase_status
from sekaps.services.progress import StepProgress
from sekaps.services.readiness import ready_for_page
from sekaps.services.unfinished import count_undecided as undecided
from sekaps.services.unfinished import count_unrecorded as unrecorded
from sekaps.services.year_counts import year_cascade, year_contracts, year_notices, year_reminders
from sekaps.services.year_phases import special_days, wording, year_phase, year_phases
from sekaps.services.year_report import tell_gaps
from sekaps.tasks.ticks import Tick, consulting, phase_of

GAPS_SHOWN = 200
"""The gaps' page lists so many one by one; all of them are in the command line's CSV."""


@dataclass(frozen=True, slots=True)
class PhaseReport:
    """A phase after its tick: its state, its steps' progress, and whether it closed in this tick."""

    phase: str
    state: str
    closed_today: bool
    steps: list[StepProgress]


@task(task_run_name="publish progress of {tick.phase}")
def publish_progress(tick: Tick, state: str) -> PhaseReport:
    """Publish how far the phase has come, and return it."""
    with consulting(tick) as (session, edition):
        phase = year_phase(session, edition, phase_of(edition, tick))
        closed_at = phase_status(session, edition, tick.phase).closed_at
        ready = ready_for_page(session, edition, phase.activity, tick.as_of)
    publish(pages.phase_page(masthead(tick, edition), phase, ready))
    steps = [StepProgress(s.activity, s.step, s.owed, s.done, s.refused, s.late) for s in phase.steps]
    return PhaseReport(tick.phase, state, closed_at == tick.as_of, steps)


@task(task_run_name="count undecided of {tick.phase}")
def count_undecided(tick: Tick) -> int:
    """Return how many of the phase's proposals no competent body decided: still open, or lapsed with the window."""
    with consulting(tick) as (session, edition):
        return undecided(session, edition, phase_of(edition, tick))


@task(task_run_name="count unrecorded contracts and notices")
def count_unrecorded(tick: Tick) -> int:
    """Return how many contracts and notices nobody has recorded."""
    with consulting(tick) as (session, edition):
        return unrecorded(session, edition)


@task(task_run_name="publish allocation coverage")
def publish_coverage(tick: Tick) -> None:
    """Publish what became of each stage, by every side, who has not finished, and the proof that all rows agree."""
    with consulting(tick) as (session, edition):
        cascade = year_cascade(session, edition)
        coverage = measure_coverage(session, edition, tick.as_of)
        proof = prove_allocations(session, edition, tick.as_of)
    publish(pages.coverage_page(masthead(tick, edition), cascade, coverage, proof))


@task(task_run_name="publish contracts and notices")
def publish_contracts(tick: Tick) -> None:
    """Publish how many contracts and notices there are by what became of them."""
    with consulting(tick) as (session, edition):
        contracts, notices = year_contracts(session, edition), year_notices(session, edition)
    publish(pages.contracts_page(masthead(tick, edition), contracts, notices))


@task(task_run_name="publish signature gaps")
def publish_gaps(tick: Tick, evidence: EvidenceCount | None = None) -> int:
    """Publish the signature gaps, with what came of verifying signatures, and return how many gaps there are."""
    with consulting(tick) as (session, edition):
        told = tell_gaps(each_gap(session, edition, tick.as_of), GAPS_SHOWN)
    kinds = {code: wording(kind.name) for code, kind in edition.programme.documents.items()}
    publish(pages.gaps_page(masthead(tick, edition), told.gaps, told.vacancies, kinds, evidence))
    return told.gaps.total


@task(task_run_name="publish the observatory")
def publish_observatory(tick: Tick) -> None:
    """Publish what waits by cause, by pen and by age, and what is about to hold up more."""
    with consulting(tick) as (session, edition):
        seen = observe(session, edition, tick.as_of)
    publish(observatory_page(masthead(tick, edition), seen))


@task(task_run_name="publish reminders")
def publish_reminders(tick: Tick) -> None:
    """Publish whom the digests of the edition reached, and the mail domains that take nothing for now."""
    with consulting(tick) as (session, edition):
        reminders, domains = year_reminders(session, edition), waiting_domains(session)
    publish(pages.reminders_page(masthead(tick, edition), reminders, domains))


@task(task_run_name="publish the year at a glance")
def publish_year(tick: Tick) -> None:
    """Publish every phase of the year with its window, state and progress."""
    with consulting(tick) as (session, edition):
        phases = year_phases(session, edition)
    publish(pages.year_page(masthead(tick, edition), phases, special_days(edition)))


def publish(page: Page) -> None:
    """Put a page on the dashboard; its earlier versions stay in its history."""
    create_markdown_artifact(key=page.key, markdown=page.markdown, description=page.description)


def masthead(tick: Tick, edition: EditionView) -> Masthead:
    """Return what stands at the head of the tick's pages."""
    programme = edition.programme
    return Masthead(
        programme=tick.programme,
        name=wording(programme.name),
        year=tick.year,
        day=local_day(tick.as_of),
        synthetic=edition.synthetic,
        phases={phase.code: wording(phase.name) for phase in programme.phases},
    )
