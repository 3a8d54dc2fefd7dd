"""What the Prefect UI shows: an artifact for each question, under a key that stays the same and keeps a history."""

from dataclasses import asdict, dataclass

from prefect import task
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from slugify import slugify
from sqlalchemy import func, select

from sekaps.domain.allocation import RULES
from sekaps.models.allocation import Allocation
from sekaps.models.documents import Notice, Protocol
from sekaps.services.gaps import find_gaps, gap_rows
from sekaps.services.lines import stage_of
from sekaps.services.phases import phase_status
from sekaps.services.progress import StepProgress, coverage, phase_progress
from sekaps.tasks.ticks import Tick, consulting, phase_of

STAGE_STEPS = {rule.step for rule in RULES.values()}
GAPS_SHOWN = 200
"""A table artifact lists so many gaps; the rest is in the CSV of the command line."""


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
        steps = phase_progress(session, edition, phase_of(edition, tick))
        closed_at = phase_status(session, edition, tick.phase).closed_at
    rows = [f"| {step.step} | {step.total} | {step.done} | {step.open} | {step.refused} |" for step in steps]
    create_markdown_artifact(
        key=artifact_key(tick, tick.phase),
        markdown="\n".join(
            [
                f"# {tick.name} · {tick.day} · {state}",
                "",
                "| step | owed | done | open | refused |",
                "|---|---|---|---|---|",
                *rows,
            ]
        ),  # fmt: skip
        description=f"{tick.day}: {sum(s.done for s in steps)} / {sum(s.total for s in steps)}, {state}",
    )
    return PhaseReport(tick.phase, state, closed_at == tick.as_of, steps)


@task(task_run_name="count undecided of {tick.phase}")
def count_undecided(tick: Tick) -> int:
    """Return how many of the phase's proposals no competent body decided: still open, or lapsed with the window."""
    with consulting(tick) as (session, edition):
        stages = [stage_of(step.key) for step in edition.steps(phase_of(edition, tick)) if step.key in STAGE_STEPS]
        query = select(func.count()).where(
            Allocation.edition_id == edition.id,
            Allocation.stage.in_(stages),
            Allocation.state.in_(("proposed", "awaiting_approval", "lapsed")),
        )
        return session.scalar(query) or 0


@task(task_run_name="count unrecorded contracts and notices")
def count_unrecorded(tick: Tick) -> int:
    """Return how many contracts and notices nobody has recorded."""
    with consulting(tick) as (session, edition):
        contracts = select(func.count()).where(Protocol.edition_id == edition.id, Protocol.state == "open",
                                               Protocol.kind == "detail")  # fmt: skip
        notices = select(func.count()).where(Notice.edition_id == edition.id, Notice.state == "prepared")
        return (session.scalar(contracts) or 0) + (session.scalar(notices) or 0)


@task(task_run_name="publish allocation coverage")
def publish_coverage(tick: Tick) -> None:
    """Publish what each stage was asked for and what became of it."""
    with consulting(tick) as (session, edition):
        stages = coverage(session, edition)
    create_table_artifact(
        key=artifact_key(tick, "coverage"), table=[asdict(stage) for stage in stages], description=tick.day
    )


@task(task_run_name="publish contracts and notices")
def publish_contracts(tick: Tick) -> None:
    """Publish how many contracts and notices there are by state."""


@task(task_run_name="publish signature gaps")
def publish_gaps(tick: Tick) -> int:
    """Publish every signature gap, and return how many there are."""
    with consulting(tick) as (session, edition):
        gaps = find_gaps(session, edition, tick.as_of)
    create_table_artifact(
        key=artifact_key(tick, "signature gaps"), table=gap_rows(gaps[:GAPS_SHOWN]), description=f"{len(gaps)}"
    )
    return len(gaps)


@task(task_run_name="publish reminders")
def publish_reminders(tick: Tick) -> None:
    """Publish whom the digests of the edition reached."""


@task(task_run_name="publish the year at a glance")
def publish_year(tick: Tick) -> None:
    """Publish every phase of the year with its window, state and progress."""


def artifact_key(tick: Tick, subject: str) -> str:
    """Return the key of an artifact: programme, year and subject."""
    return slugify(f"{tick.programme} {tick.year} {subject}")
