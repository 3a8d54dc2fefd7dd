"""Measures the counting proof against a plain recount of every document, in pairs, on the configured database.

Fill one first with ``benchmarks/generated.py``. Figures are CPU seconds, the server's included; read the ratios.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from server_time import paired  # noqa: E402
from sqlalchemy import case, func, select  # noqa: E402
from sqlalchemy.orm import Session  # noqa: E402

from sekaps.database import reading  # noqa: E402
from sekaps.models.documents import Chain, Document, Signature  # noqa: E402
from sekaps.services.counting_proof import prove_slots  # noqa: E402

TARGETS = {"sqlite": 50, "postgresql": 8}


def by_look_up(session: Session) -> int:
    """Count each document's signatures by its own key; return how many do not agree."""
    present = (Signature.document_id == Document.id) & (Signature.round == Document.round)
    held = select(func.count()).where(present).correlate(Document).scalar_subquery()
    return _differing(session, select(func.count()).select_from(Document), held)


def by_joining(session: Session) -> int:
    """Count all signatures by document and round first; return how many documents do not agree."""
    by = (Signature.document_id, Signature.round)
    counted = select(*by, func.count().label("held")).group_by(*by).subquery()
    present = (counted.c.document_id == Document.id) & (counted.c.round == Document.round)
    query = select(func.count()).select_from(Document).outerjoin(counted, present)
    return _differing(session, query, func.coalesce(counted.c.held, 0))


def _differing(session: Session, query: object, held: object) -> int:
    expected = case((Document.next_slot == 0, Chain.length), else_=Document.next_slot - 1)
    asked = query.join(Chain, Chain.id == Document.chain_id).where(held != expected)  # type: ignore[attr-defined]
    return session.scalar(asked) or 0


RECOUNTS = {"sqlite": by_look_up, "postgresql": by_joining}
"""The quicker plain recount on each."""


def main() -> None:
    """Measure and tell."""
    with reading() as session:
        name = session.get_bind().dialect.name
        proof = prove_slots(session)
        print(f"{name}: {proof.documents:,} documents, {proof.signatures:,} signatures, {proof.looked_at:,} looked at, "
              f"{len(proof.disagreeing)} disagree")  # fmt: skip
        mine, theirs, ratio = paired(session, prove_slots, RECOUNTS[name])
    verdict = "met" if ratio >= TARGETS[name] else "NOT met"
    print(f"proof {mine:.3f} s, recount {theirs:.3f} s: {ratio:.1f} times (target {TARGETS[name]}: {verdict})")


if __name__ == "__main__":
    main()
