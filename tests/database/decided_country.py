"""Lines laid before bodies by hand, and what bodies decide of them; how stages propose is not asked here."""

from datetime import datetime
from typing import Any

from small_country import Country, on
from sqlalchemy import insert, select, update

from sekaps.domain.allocation import RULES, Stage
from sekaps.models.allocation import Allocation, Item, Resource, StageBalance
from sekaps.services.decisions import decide
from sekaps.services.requests import DecideRequest

MAY, JULY, AUGUST = on(2023, 5, 2), on(2023, 7, 3), on(2023, 8, 1)
BODIES = {
    Stage.DISTRICT: "district_commission",
    Stage.PROVINCE: "province_commission",
    Stage.GOVERNOR: "governorate",
    Stage.CENTRAL: "energy",
}


def lay(
    country: Country, need: int, resource: int, quantity: int, stage: Stage = Stage.DISTRICT, lacks: int = 0
) -> int:
    """Lay a line before the stage's body, reserved and balanced as proposing does, and return its id."""
    session, edition = country.session, country.edition.id
    key = {"need_id": need, "stage": stage.value}
    if not session.scalar(select(StageBalance.need_id).filter_by(**key)):
        balance = {"edition_id": edition, "needed": lacks or quantity, "allocated": 0, "transferred": 0}
        session.execute(insert(StageBalance).values(**key, **balance, unmet=lacks or quantity))
    taken = Resource.allocated + quantity
    session.execute(update(Resource).where(Resource.document_id == resource).values(allocated=taken))
    row = {
        "edition_id": edition,
        "resource_id": resource,
        "body_id": country.units[BODIES[stage]],
        "quantity": quantity,
    }
    made = insert(Allocation).values(**key, **row, state="proposed", proposed_at=MAY)
    return session.scalars(made.returning(Allocation.id)).one()


def decided(country: Country, stage: Stage = Stage.DISTRICT, as_of: datetime = MAY, **asked: Any) -> str:
    """Let the stage's body decide, everybody present in favour unless said, and return its refusal or 'decided'."""
    body = BODIES[stage]
    asked = {"person_id": country.people[f"{body} head"], "votes": country.votes(body), **asked}
    request = DecideRequest(country.units[body], **asked)
    [outcome] = decide(country.session, country.edition, RULES[stage].step, [request], as_of)
    return outcome.refusal.say("en") if outcome.refusal else "decided"


def lines(country: Country) -> list[tuple[int, str, int | None]]:
    """Return quantity, state and what was proposed of every line."""
    query = select(Allocation.quantity, Allocation.state, Allocation.proposed_quantity).order_by(Allocation.id)
    return [(quantity, state, proposed) for quantity, state, proposed in country.session.execute(query)]


def reserved(country: Country, resource: int) -> int:
    """Return what a resource has promised."""
    return country.session.scalars(select(Resource.allocated).where(Resource.document_id == resource)).one()


def balance(country: Country, need: int) -> tuple[int, int]:
    """Return what the only stage of a need allocated to it and left unmet."""
    query = select(StageBalance.allocated, StageBalance.unmet).where(StageBalance.need_id == need)
    allocated, unmet = country.session.execute(query).one()
    return allocated, unmet


def add_item(country: Country, code: str, sector: str) -> None:
    """Make another item of the ministry of energy."""
    row = {"code": code, "name_tr": code, "name_en": code, "module": "goods_services", "sector": sector}
    country.session.execute(insert(Item).values(**row, measure="tonne", ministry_id=country.units["energy"]))
