"""A generated country stands as people would have left it: the audits find what was planted, and nothing else."""

from collections import Counter
from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sekaps.calendar.instants import at, local_day
from sekaps.database import reading, transaction
from sekaps.demo.generating import CountryOrder, Generated, generate
from sekaps.demo.planted_check import EVENING, require_as_planted
from sekaps.demo.planting import SHARES
from sekaps.demo.stages import SIGNATURES
from sekaps.errors.editions import AuditMismatch, GenerationRefused, RehearsalRefused
from sekaps.keyring import keyring
from sekaps.models.documents import Document, Signature
from sekaps.models.programmes import Edition
from sekaps.models.registry import Unit
from sekaps.models.trail import Act
from sekaps.services.counting_proof import prove_slots
from sekaps.services.editions import load_edition
from sekaps.services.evidence_audit import audit_doubts
from sekaps.services.evidence_doubts import suspects
from sekaps.services.publication import planned_year
from sekaps.services.rehearsals import require_playable
from sekaps.services.trail import broken_links
from sekaps.settings import settings

pytestmark = pytest.mark.usefixtures("database")
SMALL, EVERY_CAUSE = 0.001, 0.005
"""The least scale that has a gap of every cause among its needs is the second."""


def quietly(_stage: str, _done: int, _total: int) -> None:
    """Hear how far it is."""


def made_in(session: Session, *, scale: float, through: date | None = None, sealed: bool = False) -> Generated:
    order = CountryOrder(scale, seed=7, through=through, sealed=sealed)
    return generate(session, planned_year(settings().home, "sekaps", 2023), order, quietly)


def test_gaps_of_every_cause_are_planted_to_the_document_and_the_audits_find_exactly_those() -> None:
    with transaction() as session:
        made = made_in(session, scale=EVERY_CAUSE, sealed=True)
        require_as_planted(session, made, thoroughly=True)
        proof = prove_slots(session)
        noted = suspects(session, load_edition(session, "sekaps", made.year).id)
        found = audit_doubts(session, noted, keyring().trust(at(made.through, EVENING)))
    assert {flaw.signature for flaw in found.flaws} == noted.signatures != frozenset()
    assert {kind: sum(made.planted[kind].values()) for kind in ("need_form", "resource_form")} == {
        "need_form": 9,
        "resource_form": 26,
    }
    assert set(made.planted["need_form"]) == set(made.planted["resource_form"]) == {cause.value for cause in SHARES}
    assert (proof.signatures, proof.disagreeing) == (made.signatures, ())


def test_the_rows_are_as_many_as_the_generation_says() -> None:
    with transaction() as session:
        made = made_in(session, scale=SMALL)
        kinds = session.execute(select(Document.kind, func.count()).group_by(Document.kind))
        stored = {kind: count for kind, count in kinds}
        signatures = session.scalar(select(func.count()).select_from(Signature))
    assert (stored, signatures) == (made.documents, made.signatures)


def test_the_same_seed_generates_the_same_state() -> None:
    states = []
    for _ in range(2):
        with transaction() as session:
            made = made_in(session, scale=SMALL)
            columns = (Signature.document_id, Signature.slot, Signature.person_id, Signature.at)
            acts = (
                select(Act.at, Act.verb, Act.mandate_id, Act.facts).where(Act.verb != "publish").order_by(Act.sequence)
            )
            signed = select(*columns).order_by(Signature.document_id, Signature.slot)
            states.append((made, *([tuple(row) for row in session.execute(query)] for query in (acts, signed))))
            session.rollback()
    assert states[0] == states[1]


def test_on_an_earlier_evening_the_rest_is_unfinished_and_told_apart_from_what_was_planted() -> None:
    evening = date(2023, 3, 15)
    with transaction() as session:
        made = made_in(session, scale=SMALL, through=evening)
        require_as_planted(session, made, thoroughly=False)
        last = session.scalar(select(func.max(Signature.at)))
        broken = list(broken_links(session))
    assert made.unfinished > sum(sum(causes.values()) for causes in made.planted.values())
    assert last is not None
    assert (local_day(last) <= evening, broken) == (True, [])


def test_work_is_done_by_day_and_half_of_it_in_the_last_days() -> None:
    with transaction() as session:
        made_in(session, scale=SMALL)
        days = Counter(session.scalars(select(Signature.at)))
    late = sum(count for at, count in days.items() if at.date() >= date(2023, 4, 17))
    assert 0.35 < late / sum(days.values()) < 0.65


def test_what_was_not_planted_is_told() -> None:
    with transaction() as session:
        made = made_in(session, scale=SMALL)
        document = session.scalars(select(Document).where(Document.state == "complete").limit(1)).one()
        document.state, document.next_slot = "recorded", 1
        session.flush()
        with pytest.raises(AuditMismatch):
            require_as_planted(session, made, thoroughly=False)


def test_a_database_that_holds_anything_is_refused_and_no_rehearsal_goes_on_in_a_generated_country() -> None:
    with transaction() as session:
        made_in(session, scale=SMALL)
    with transaction() as session, pytest.raises(GenerationRefused):
        made_in(session, scale=SMALL)
    with reading() as session, pytest.raises(RehearsalRefused):
        require_playable(session, 2023)


def test_a_generation_that_is_cut_short_leaves_nothing() -> None:
    def cut(stage: str, _done: int, _total: int) -> None:
        if stage == SIGNATURES:
            raise KeyboardInterrupt

    order = CountryOrder(SMALL, seed=7)
    with pytest.raises(KeyboardInterrupt), transaction() as session:
        generate(session, planned_year(settings().home, "sekaps", 2023), order, cut)
    with reading() as session:
        assert [session.scalar(select(func.count()).select_from(model)) for model in (Edition, Unit)] == [0, 0]
