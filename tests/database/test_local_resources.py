"""Resources of agriculture and forestry become local by a commission's decision only, and only those of its place."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from decided_country import JULY, MAY, add_item
from small_country import CEYHAN, Country, make_country, on
from sqlalchemy import select, update

from sekaps.database import transaction
from sekaps.domain.commissions import Vote
from sekaps.domain.decision_numbers import DecisionNumber
from sekaps.models.allocation import Decision, DecisionVote, Resource
from sekaps.models.documents import Document
from sekaps.models.trail import Act
from sekaps.services.local_resources import decide_local_resources
from sekaps.services.requests import LocalResourceRequest

APRIL, OCTOBER = on(2023, 4, 20), on(2023, 10, 2)


@pytest.fixture
def country(database: object) -> Iterator[Country]:
    with transaction() as session:
        made = make_country(session)
        add_item(made, "wheat", "agriculture")
        yield made


def wheat(country: Country, number: str = "KSC-1", **values: Any) -> int:
    return country.signed_resource(number, 30, **{"item_code": "wheat", **values})


def localised(
    country: Country, *numbers: str, body: str = "district_commission", as_of: datetime = APRIL, **asked: Any
) -> str:
    asked = {"person_id": country.people[f"{body} head"], "votes": country.votes(body), **asked}
    request = LocalResourceRequest(country.units[body], resources=numbers, **asked)
    outcome = decide_local_resources(country.session, country.edition, request, as_of)
    return outcome.refusal.say("en") if outcome.refusal else "decided"


def made_by(country: Country) -> list[int | None]:
    return list(country.session.scalars(select(Resource.local_decision_id).order_by(Resource.document_id)))


def test_a_commission_makes_resources_of_its_place_local_by_a_numbered_decision(country: Country) -> None:
    wheat(country)
    wheat(country, "KSC-2")
    assert localised(country, "KSC-1", "KSC-2", number=DecisionNumber(2023, 4)) == "decided"
    made = country.session.scalars(select(Decision)).one()
    assert (made.kind, made.stage, made.sequence, made.seats, made.in_favour) == ("local_resource", None, 4, 5, 5)
    assert made_by(country) == [made.id, made.id]
    assert len(country.session.scalars(select(DecisionVote.vote)).all()) == 5
    acts = select(Act.outcome, Act.documents).where(Act.verb == "decide_local")
    assert [tuple(act) for act in country.session.execute(acts)] == [("done", 2)]


@pytest.mark.parametrize(
    ("body", "as_of", "told"),
    [
        ("district_commission", on(2023, 1, 5), "opens on"),
        ("district_commission", MAY, "decided"),
        ("district_commission", JULY, "closed on 30 June 2023"),
        ("province_commission", APRIL, "decided"),
        ("province_commission", on(2023, 5, 3), "opens on 3 July 2023"),
        ("province_commission", JULY, "decided"),
        ("province_commission", OCTOBER, "closed on 1 September 2023"),
    ],
)
def test_it_decides_while_forms_are_signed_and_while_it_allocates(
    country: Country, body: str, as_of: datetime, told: str
) -> None:
    wheat(country)
    assert told in localised(country, "KSC-1", body=body, as_of=as_of)


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"district_code": CEYHAN}, "the resource KSC-1 is outside this body's place"),
        ({"item_code": "diesel"}, "the resource KSC-1 is of a sector that needs no such decision"),
        ({"scope": "central"}, "the resource KSC-1 is in central planning, by its form or since the transfer"),
    ],
)
def test_it_decides_of_its_place_and_of_those_sectors_only(country: Country, values: dict[str, Any], told: str) -> None:
    wheat(country, "KSC-0")
    wheat(country, **values)
    assert localised(country, "KSC-0", "KSC-1") == told
    assert made_by(country) == [None, None]
    assert country.session.scalars(select(Act.outcome).where(Act.verb == "decide_local")).all() == ["refused"]


def test_the_province_commission_decides_of_the_whole_province(country: Country) -> None:
    wheat(country, district_code=CEYHAN)
    assert localised(country, "KSC-1", body="province_commission") == "decided"


def test_a_resource_becomes_local_once_and_signed(country: Country) -> None:
    unsigned = update(Document).where(Document.id == wheat(country))
    country.session.execute(unsigned.values(state="recorded", next_slot=1))
    assert localised(country, "KSC-1") == "the resource KSC-1 is not signed"
    country.session.execute(unsigned.values(state="complete", next_slot=0))
    assert localised(country, "KSC-1") == "decided"
    assert localised(country, "KSC-1") == "the resource KSC-1 was made local before"


def test_somebody_else_no_quorum_no_majority_or_a_number_used_before_make_nothing_local(country: Country) -> None:
    wheat(country)
    chair = country.people["district_commission head"]
    against = country.votes("district_commission", Vote.AGAINST)
    governor = LocalResourceRequest(country.units["governorate"], country.people["governorate head"], ("KSC-1",))
    outcome = decide_local_resources(country.session, country.edition, governor, APRIL)
    assert outcome.refusal is not None
    assert outcome.refusal.say("en") == "only a commission of the place decides which resources are local"
    assert "1 of 5 members" in localised(country, "KSC-1", votes={chair: Vote.FOR})
    assert "not carried" in localised(country, "KSC-1", votes=against)
    assert "head's post" in localised(country, "KSC-1", person_id=country.people["afad head"])
    assert "no resource has the number KSC-9" in localised(country, "KSC-1", "KSC-9")
    assert "named twice" in localised(country, "KSC-1", "KSC-1")
    assert "name the resources" in localised(country)
    assert "is no number of 2023" in localised(country, "KSC-1", number=DecisionNumber(2024, 1))
    assert made_by(country) == [None]
