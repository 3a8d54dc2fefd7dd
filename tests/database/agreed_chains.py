"""Agreeing on chains and signing by them in the small country."""

from datetime import datetime

from small_country import ADANA, SEYHAN, Country, on
from sqlalchemy import insert, select

from sekaps.domain.stage_grammar import parse_stage
from sekaps.models.allocation import Need, Resource
from sekaps.models.documents import Chain, Document
from sekaps.models.registry import Person
from sekaps.services.chains import approve_chain, propose_chain
from sekaps.services.edition_work import open_work
from sekaps.services.requests import ChainDecision, ChainProposal, SignRequest
from sekaps.services.signing import sign

MARCH, LATER, APRIL = on(2023, 3, 1), on(2023, 3, 2), on(2023, 4, 3)
MINISTRY, ENERGY, GOVERNORATE, MILITARY, INSTITUTION = 20000002, 20000003, 20000004, 20000009, 20000010
APPROVED = f"approver@{MINISTRY}"


def propose(
    country: Country,
    *stages: str,
    kind: str = "need_form",
    unit: int = MILITARY,
    who: str = "military officer",
    variant: str = "",
) -> int:
    proposal = ChainProposal(unit, kind, tuple(map(parse_stage, stages)), variant)
    return propose_chain(country.session, country.edition.programme, proposal, country.people[who], MARCH)


def agree(country: Country, *stages: str) -> int:
    """Return a chain of the military unit's need forms, proposed by its officer and approved by its ministry."""
    chain_id = propose(country, *stages)
    approve(country, chain_id)
    return chain_id


def approve(country: Country, chain_id: int, who: str = "ministry head") -> int | None:
    return approve_chain(country.session, ChainDecision(chain_id, country.people[who]), MARCH)


def ask(country: Country, form: int, who: str, as_of: datetime = MARCH) -> str:
    [outcome] = sign(country.session, country.edition, [SignRequest(form, country.people[who])], as_of)
    return outcome.refusal.say("en") if outcome.refusal else "signed"


def standing(country: Country, form: int) -> tuple[str, int, int, int]:
    """Return a document's state, the slot it waits for, its round and its chain."""
    query = select(Document.state, Document.next_slot, Document.round, Document.chain_id).where(Document.id == form)
    state, slot, round_, chain_id = country.session.execute(query).one()
    return state, slot, round_, chain_id


def states(country: Country) -> list[tuple[int, str]]:
    query = select(Chain.version, Chain.state).where(Chain.unit_id == country.units["military"]).order_by(Chain.version)
    return [tuple(row) for row in country.session.execute(query)]


def told_of(country: Country, as_of: datetime = LATER) -> dict[str, int]:
    """Return how many documents each person is told of, by name."""
    names = dict(country.session.execute(select(Person.id, Person.name)).tuples().all())
    work = open_work(country.session, country.edition, as_of)
    return {names[one.person_id]: one.documents for one in work if one.person_id is not None}


def need(country: Country, form: int, quantity: int, scope: str) -> None:
    place = {"province_code": ADANA, "district_code": SEYHAN, "scope": scope}
    row = {"item_code": "diesel", "quantity": quantity, "priority": 1, "beneficiary": "military", **place}
    country.session.execute(insert(Need).values(document_id=form, **row))


def resource(country: Country, form: int, capacity: int, scope: str) -> None:
    place = {"province_code": ADANA, "district_code": SEYHAN, "scope": scope, "recorded_scope": scope}
    row = {"item_code": "diesel", "capacity": capacity, "origin": "manual", "holder": "Deneme A.Ş.", **place}
    country.session.execute(insert(Resource).values(document_id=form, **row))
