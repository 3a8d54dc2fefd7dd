"""What a closing phase leaves undone besides signatures: proposals nobody decided, papers nobody recorded."""

from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sekaps.calendar.programmes import Phase
from sekaps.domain.allocation import RULES
from sekaps.models.allocation import Allocation
from sekaps.models.contracts import Notice, Protocol
from sekaps.services.editions import EditionView
from sekaps.services.papers import in_work

UNDECIDED = ("proposed", "awaiting_approval", "lapsed")


def count_undecided(session: Session, edition: EditionView, phase: Phase) -> int:
    """Return how many proposals of a phase no competent body decided: still open, or lapsed with the window."""
    stages = _stages({step.key for step in edition.steps(phase)})
    query = select(func.count()).where(
        Allocation.edition_id == edition.id, Allocation.stage.in_(stages), Allocation.state.in_(UNDECIDED)
    )
    return session.scalars(query).one()


def count_unrecorded(session: Session, edition: EditionView) -> int:
    """Return how many contracts and notices nobody has recorded."""
    contracts = select(func.count()).where(
        in_work(edition, Protocol), Protocol.kind == "detail", Protocol.state == "open"
    )
    notices = select(func.count()).where(in_work(edition, Notice), Notice.state == "prepared")
    return session.scalars(contracts).one() + session.scalars(notices).one()


def _stages(steps: Collection[str]) -> list[str]:
    return [rule.stage.value for rule in RULES.values() if rule.step in steps]
