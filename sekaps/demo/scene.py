"""One stretch of the year being acted out: who plays, before which services, and what was done."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from sekaps.demo.year_plan import YearPlan
from sekaps.services.editions import EditionView
from sekaps.services.evidence import Seals
from sekaps.services.outcomes import Outcome


@dataclass(frozen=True, slots=True)
class Scene:
    """The caller's transaction, the edition and the plan of its year, and counts of the acts by kind."""

    session: Session
    edition: EditionView
    plan: YearPlan
    seed: int
    seals: Seals | None
    counts: Counter[str] = field(default_factory=Counter)

    def count(self, kind: str, outcomes: Sequence[Outcome]) -> None:
        """Count what came of acts of one kind."""
        done = sum(outcome.done for outcome in outcomes)
        self.counts[kind] += done
        self.counts["refusals"] += len(outcomes) - done

    @property
    def asked(self) -> int:
        """How many acts were asked of the services."""
        return self.counts.total()
