"""The counting proof holds for whatever people do, and any single row changed behind its back is found."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from small_country import Country, make_country, on
from sqlalchemy import Delete, Insert, Update, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from sekaps.cli.main import run
from sekaps.database import transaction
from sekaps.models.allocation import Need, Resource
from sekaps.models.documents import Chain, ChainSlot, Document, DocumentReturn, Signature
from sekaps.models.trail import Act
from sekaps.services.counting_proof import Proof, prove_slots
from sekaps.services.evidence_doubts import miscounted_acts
from sekaps.services.requests import DocumentRequest, SignRequest
from sekaps.services.returning import resubmit, send_back, withdraw
from sekaps.services.signing import sign
from sekaps.services.slot_recount import recount_slots

MARCH = on(2023, 3, 1)
POSTS = [("military", "officer"), ("military", "head"), ("military", "approver"), ("ministry", "head"),
         ("ministry", "approver")]  # fmt: skip
PLAIN = [1, 1, 1, 1, 1]
DONE, OPEN = "complete", "recorded"


def chain(country: Country, variant: str, *stages: tuple[int, int]) -> int:
    """Make a chain of stages, each (slots, how many are needed), over the posts in their order."""
    chain_id = country.chain("military", variant, POSTS[: sum(members for members, _ in stages)])
    first = 1
    for members, needed in stages:
        slots = (ChainSlot.chain_id == chain_id) & ChainSlot.slot.between(first, first + members - 1)
        country.session.execute(update(ChainSlot).where(slots).values(stage=first, needed=needed))
        first += members
    return chain_id


def signed(country: Country, number: str, chain_id: int, *places: int) -> int:
    """Make a document and let the holders of the posts at these places of its chain sign it."""
    form = country.document(number, "military", chain_id)
    query = select(ChainSlot.slot, ChainSlot.post_id).where(ChainSlot.chain_id == chain_id)
    posts = dict(country.session.execute(query).tuples().all())
    holders = {post: country.people[f"{unit} {kind}"] for (unit, kind), post in country.posts.items()}
    for place in places:
        request = SignRequest(form, holders[posts[place]])
        assert sign(country.session, country.edition, [request], MARCH)[0].done
    return form


def ask(country: Country, do: Any, form: int, who: str) -> None:
    request = DocumentRequest(form, country.people[who], "Miktar fazla.")
    assert do(country.session, country.edition, [request], MARCH)[0].done


@pytest.fixture
def country(database: object) -> Iterator[Country]:
    """Documents of every kind of chain, wherever they may stand: open, complete, sent back, resubmitted, withdrawn."""
    with transaction() as session:
        country = make_country(session)
        need = country.chains["need"]
        for number in range(3):
            signed(country, f"IBC-{number}", need, *range(1, number + 1))
            signed(country, f"IBC-DONE-{number}", need, 1, 2, 3)
        short, long = chain(country, "short", (1, 1), (1, 1)), chain(country, "long", *[(1, 1)] * 5)
        signed(country, "SHORT", short, 1, 2)
        signed(country, "SHORT-OPEN", short, 1)
        signed(country, "LONG", long, 1, 2, 3, 4, 5)
        signed(country, "LONG-OPEN", long, 1, 2, 3)
        some = chain(country, "some", (1, 1), (3, 2), (1, 1))
        signed(country, "SOME", some, 1, 4, 2, 5)
        signed(country, "SOME-OPEN", some, 1, 3)
        both = chain(country, "both", (1, 1), (2, 2))
        signed(country, "BOTH", both, 1, 3, 2)
        signed(country, "BOTH-OPEN", both, 1, 2)
        ask(country, send_back, signed(country, "BACK", need, 1), "military head")
        again = signed(country, "AGAIN", need, 1, 2)
        ask(country, send_back, again, "ministry approver")
        ask(country, resubmit, again, "military officer")
        assert sign(session, country.edition, [SignRequest(again, country.people["military officer"])], MARCH)[0].done
        ask(country, withdraw, signed(country, "GONE", need, 1), "military officer")
        yield country


def proof(country: Country) -> Proof:
    country.session.expire_all()
    return prove_slots(country.session)


def test_whatever_people_did_agrees(country: Country) -> None:
    assert proof(country) == Proof(17, 39, 15, ())
    assert miscounted_acts(country.session) == []


def signatures(country: Country) -> list[Any]:
    columns = select(Signature.document_id, Signature.round, Signature.slot, Signature.person_id, Signature.mandate_id)
    ordered = columns.add_columns(Signature.act_id).order_by(Signature.document_id, Signature.round, Signature.slot)
    return list(country.session.execute(ordered))


def documents(country: Country) -> list[Any]:
    columns = (Document.id, Document.number, Document.state, Document.round, Document.next_slot)
    return list(country.session.execute(select(*columns).order_by(Document.id)))


def id_of(country: Country, number: str) -> int:
    return country.session.scalars(select(Document.id).where(Document.number == number)).one()


def one(row: Any) -> Any:
    is_it = (Signature.document_id == row.document_id, Signature.round == row.round, Signature.slot == row.slot)
    return is_it[0] & is_it[1] & is_it[2]


def losses(country: Country) -> Iterator[Delete]:
    """Yield the loss of every signature, but for the one in an unfinished stage that waits for an earlier place."""
    unfinished = id_of(country, "SOME-OPEN")
    for row in signatures(country):
        if (row.document_id, row.slot) != (unfinished, 3):
            yield delete(Signature).where(one(row))


def moves(country: Country) -> Iterator[Update]:
    """Yield every signature in every other document, slot and round; inside a stage side by side no count can tell."""
    side_by_side = {form.id: {2, 3, 4} for form in documents(country) if form.number.startswith("SOME")}
    side_by_side |= {form.id: {2, 3} for form in documents(country) if form.number == "BOTH-OPEN"}
    for row in signatures(country):
        for form in documents(country):
            if form.id != row.document_id:
                yield update(Signature).where(one(row)).values(document_id=form.id)
        for slot in range(1, 7):
            if slot != row.slot and not {slot, row.slot} <= side_by_side.get(row.document_id, set()):
                yield update(Signature).where(one(row)).values(slot=slot)
        for number in {0, 1, 2, 3} - {row.round}:
            yield update(Signature).where(one(row)).values(round=number)


def additions(country: Country) -> Iterator[Insert]:
    some = signatures(country)[0]
    for form in documents(country):
        for number in range(3):
            for slot in range(1, 7):
                row = {"document_id": form.id, "round": number, "slot": slot, "mandate_id": some.mandate_id}
                yield insert(Signature).values(
                    **row, person_id=country.people["afad head"], act_id=some.act_id, at=MARCH
                )


def changes(country: Country) -> Iterator[Update]:
    """Yield every document closed early, opened again, in another slot, round or state that allows other signatures."""
    for form in documents(country):
        this = update(Document).where(Document.id == form.id)
        for slot in set(range(7)) - {form.next_slot}:
            state = DONE if slot == 0 else OPEN if form.state == DONE else form.state
            yield this.values(next_slot=slot, state=state)
        for number in {1, 2, 3} - {form.round}:
            yield this.values(round=number)
        if form.state in ("recorded", "returned"):
            yield this.values(state=OPEN if form.state == "returned" else "returned")


def other_chains(country: Country) -> Iterator[Update]:
    """Yield every document put under a chain of another length or other stages."""
    chains = country.session.scalars(select(Chain.id).where(Chain.id.in_(select(Document.chain_id)))).all()
    lengths = dict(country.session.execute(select(Chain.id, Chain.length)).tuples().all())
    for form in country.session.execute(select(Document.id, Document.state, Document.chain_id)).all():
        if form.state == DONE:
            for chain_id in chains:
                if lengths[chain_id] != lengths[form.chain_id]:
                    yield update(Document).where(Document.id == form.id).values(chain_id=chain_id)


def forged_documents(country: Country) -> Iterator[Insert]:
    """Yield documents nobody signed that say they were: complete, or waiting for a later slot, in every chain."""
    form = country.session.scalars(select(Document).limit(1)).one()
    kept = {name: getattr(form, name) for name in ("edition_id", "kind", "activity", "step", "unit_id")}
    for chain_id, length in country.session.execute(select(Chain.id, Chain.length)):
        for slot in {*range(length + 1)} - {1}:
            state = OPEN if slot else DONE
            row = kept | {"chain_id": chain_id, "number": "FORGED", "state": state, "next_slot": slot}
            yield insert(Document).values(**row, waiting_since=MARCH)


def lost_documents(country: Country) -> Iterator[Delete]:
    """Yield the loss of every document that was signed; the signatures' foreign key refuses each."""
    for form in country.session.scalars(select(Signature.document_id).distinct()):
        yield delete(Document).where(Document.id == form)


def returns(country: Country) -> list[Any]:
    columns = (DocumentReturn.document_id, DocumentReturn.round, DocumentReturn.slot, DocumentReturn.resubmitted_at)
    return list(country.session.execute(select(*columns)))


def changed_returns(country: Country) -> Iterator[Delete | Update]:
    """Yield every return lost, in every other document, round and slot, and resubmitted otherwise than it was."""
    for row in returns(country):
        of_round = DocumentReturn.round == row.round
        this = update(DocumentReturn).where(DocumentReturn.document_id == row.document_id, of_round)
        yield delete(DocumentReturn).where(DocumentReturn.document_id == row.document_id, of_round)
        for form in {form.id for form in documents(country)} - {row.document_id}:
            yield this.values(document_id=form)
        for number in {-1, 0, 1, 2, 3} - {row.round}:
            yield this.values(round=number)
        for slot in {0, 1, 2, 3, 4} - {row.slot}:
            yield this.values(slot=slot)
        yield this.values(resubmitted_at=None if row.resubmitted_at else MARCH)


def forged_returns(country: Country) -> Iterator[Insert]:
    some = signatures(country)[0]
    kept = {"person_id": some.person_id, "mandate_id": some.mandate_id, "act_id": some.act_id, "at": MARCH}
    for form in documents(country):
        for number in range(4):
            for slot in range(1, 4):
                row = kept | {"document_id": form.id, "round": number, "slot": slot, "reason": "Miktar fazla."}
                yield insert(DocumentReturn).values(**row)
                yield insert(DocumentReturn).values(**row, resubmitted_at=MARCH)


def changed_chains(country: Country) -> Iterator[Delete | Update]:
    """Yield every chain a document was completed in shorter and longer, and its slots in other stages or counts."""
    used = select(Document.chain_id).where(Document.state == DONE)
    for chain_id, length in country.session.execute(select(Chain.id, Chain.length).where(Chain.id.in_(used))).all():
        for other in (length - 1, length + 1):
            yield update(Chain).where(Chain.id == chain_id).values(length=other)
        for slot in range(2, length + 1):
            this = update(ChainSlot).where(ChainSlot.chain_id == chain_id, ChainSlot.slot == slot)
            yield this.values(needed=ChainSlot.needed + 1)
            yield this.values(stage=1)


SIGNATURES, DOCUMENTS = [losses, moves, additions], [changes, other_chains, forged_documents, lost_documents]


@pytest.mark.parametrize("harm", [*SIGNATURES, *DOCUMENTS, changed_returns, forged_returns, changed_chains])
def test_every_single_change_is_found_by_counting_and_by_recounting_or_refused(country: Country, harm: Any) -> None:
    session, missed = country.session, []
    for statement in list(harm(country)):
        with session.begin_nested() as point:
            try:
                session.execute(statement)
            except IntegrityError:
                continue
            else:
                found = proof(country).disagreeing
                missed += [] if found and found == recount_slots(session) else [str(statement.compile().params)]
            finally:
                point.rollback()
    assert (missed, proof(country).disagreeing, recount_slots(session)) == ([], (), ())


def test_what_the_schema_itself_refuses_is_a_signature_or_a_return_of_no_document(country: Country) -> None:
    """No count could tell an orphan that makes up for a lost one: the foreign keys do, and lose no document either."""
    for statement in (update(Signature).values(document_id=999), update(DocumentReturn).values(document_id=999)):
        with pytest.raises(IntegrityError), country.session.begin_nested():
            country.session.execute(statement)
    for statement in lost_documents(country):
        with pytest.raises(IntegrityError), country.session.begin_nested():
            country.session.execute(statement)


def test_the_document_that_lost_its_signature_is_named_though_nobody_looked_at_it(country: Country) -> None:
    lost = Signature.document_id == id_of(country, "IBC-DONE-1")
    country.session.execute(delete(Signature).where(lost, Signature.slot == 2))
    assert proof(country).disagreeing == ("IBC-DONE-1",)


def test_a_signature_lost_from_an_unfinished_stage_is_missed_by_its_act(country: Country) -> None:
    lost = (Signature.document_id == id_of(country, "SOME-OPEN"), Signature.slot == 3)
    act = country.session.scalars(select(Act.sequence).join(Signature, Signature.act_id == Act.id).where(*lost)).one()
    country.session.execute(delete(Signature).where(*lost))
    assert (proof(country).disagreeing, miscounted_acts(country.session)) == ((), [act])


def test_a_condition_asked_of_the_form_as_it_was_recorded_agrees(country: Country) -> None:
    chain_id = chain(country, "big", (1, 1), (1, 1), (1, 1))
    big = {"field": "quantity", "value": 100}
    country.session.execute(
        update(ChainSlot).where(ChainSlot.chain_id == chain_id, ChainSlot.slot == 2).values(condition=big)
    )
    small = country.signed_need("SMALL", 99)
    waiting = {"chain_id": chain_id, "state": "expected", "next_slot": 1, "recorded_at": None}
    country.session.execute(update(Document).where(Document.id == small).values(waiting))
    for who in ("military officer", "military approver"):
        assert sign(country.session, country.edition, [SignRequest(small, country.people[who])], MARCH)[0].done
    assert proof(country).disagreeing == ()
    country.session.execute(update(Need).values(quantity=100))
    assert proof(country).disagreeing == ("SMALL",)


def test_a_resource_moved_to_central_planning_is_asked_by_the_scope_it_was_recorded_with(country: Country) -> None:
    chain_id = country.chain("industry", "scoped", [("industry", "officer"), ("industry", "head")])
    central = {"field": "scope", "value": "central"}
    slot = (ChainSlot.chain_id == chain_id) & (ChainSlot.slot == 2)
    country.session.execute(update(ChainSlot).where(slot).values(condition=central))
    form = country.signed_resource("KSC-MOVED", 10)
    start = {"chain_id": chain_id, "state": "expected", "next_slot": 1, "recorded_at": None}
    country.session.execute(update(Document).where(Document.id == form).values(start))
    request = SignRequest(form, country.people["industry officer"])
    assert sign(country.session, country.edition, [request], MARCH)[0].done
    country.session.execute(update(Resource).where(Resource.document_id == form).values(scope="central"))
    assert proof(country).disagreeing == recount_slots(country.session) == ()


def test_the_command_proves_and_leaves_with_one_when_something_disagrees(
    country: Country, capsys: pytest.CaptureFixture[str]
) -> None:
    country.session.commit()
    assert run(["--lang", "en", "audit", "signatures", "--prove"]) == 0
    assert "17 documents and 39 signatures counted; 15 looked up one by one" in capsys.readouterr().out
    with transaction() as session:
        session.execute(update(Document).where(Document.number == "IBC-DONE-1").values(state=OPEN, next_slot=2))
    assert run(["--lang", "en", "audit", "signatures", "--prove"]) == 1
    assert "IBC-DONE-1 does not agree with its signatures" in capsys.readouterr().out
    assert run(["audit", "signatures", "--prove", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["disagreeing"] == ["IBC-DONE-1"]
