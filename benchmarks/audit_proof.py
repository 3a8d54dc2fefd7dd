"""Measures the counting proof against a recount of the same strength, in pairs, on the configured database.

The recount is the product's own (``services/slot_recount.py``): the rules of the proof asked of each document, round by
round. What a count by document alone costs, which misses a signature in another slot or round, is told beside it.
Fill a database first; how does not matter.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from results import PAIRS, Result, judged  # noqa: E402
from server_time import cpu  # noqa: E402
from sqlalchemy import case, func, select  # noqa: E402
from sqlalchemy.orm import Session  # noqa: E402

from sekaps.database import reading  # noqa: E402
from sekaps.models.documents import Chain, Document, Signature  # noqa: E402
from sekaps.services.counting_proof import prove_slots  # noqa: E402
from sekaps.services.slot_recount import recount_slots  # noqa: E402

TARGETS = {"sqlite": 50, "postgresql": 8}


def count_alone(session: Session) -> int:
    """Count the signatures of each document's present round; return how many documents hold fewer or more."""
    present = (Signature.document_id == Document.id) & (Signature.round == Document.round)
    held = select(func.count()).where(present).correlate(Document).scalar_subquery()
    expected = case((Document.next_slot == 0, Chain.length), else_=Document.next_slot - 1)
    asked = select(func.count()).select_from(Document).join(Chain, Chain.id == Document.chain_id)
    return session.scalar(asked.where(held != expected)) or 0


def measure(session: Session, share: str) -> Iterator[Result]:
    """Yield the proof against the recount; both are run once before, so that neither pays for a cold cache."""
    name = session.get_bind().dialect.name
    found, again = prove_slots(session).disagreeing, recount_slots(session)
    assert found == again == (), f"{found[:3]} and {again[:3]} do not agree with their signatures"
    alone = cpu(session, count_alone)
    pairs = [(cpu(session, prove_slots), cpu(session, recount_slots)) for _ in range(PAIRS)]
    note = f"a count by document alone, which misses what moved: {alone:.2f} s"
    yield judged(f"proof by counting, {share}: cheaper than a recount", pairs, cheaper=TARGETS[name], note=note)


def main() -> None:
    """Measure and tell."""
    with reading() as session:
        for result in measure(session, session.get_bind().dialect.name):
            print(result)


if __name__ == "__main__":
    main()
