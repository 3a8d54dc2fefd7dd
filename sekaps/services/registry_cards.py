"""Everything the registry holds of one unit, as plain values: its fields, addresses, people and history."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from sekaps.domain.signatories import right_begins, shown_curriculum_vitae
from sekaps.models.registry import Mandate, Person, Post, Responsible, Unit, UnitChange
from sekaps.services.kep_addresses import addresses_of
from sekaps.services.offices import is_current
from sekaps.services.registry import require_unit

OWN = ("number", "kind", "name", "province_code", "district_code", "tier", "letterhead", "addressee", "closing",
       "former_head", "active_from", "active_until")  # fmt: skip
ADDRESS = ("address", "state", "into_ebys", "registered_at", "sent_at", "verified_at", "ended_at")


def unit_card(session: Session, number: int, as_of: datetime) -> dict[str, Any]:
    """Return what is known of a unit as plain values, instants in ISO form; raise UnitUnknown."""
    unit = require_unit(session, number)
    others = {name: getattr(unit, f"{name}_id") for name in ("parent", "ministry", "successor")}
    numbers = {key: value for key, value in session.execute(select(Unit.id, Unit.number).where(Unit.id.in_(
        [unit_id for unit_id in others.values() if unit_id]
    )))}  # fmt: skip
    return _plain(
        {name: getattr(unit, name) for name in OWN}
        | {name: numbers.get(unit_id) for name, unit_id in others.items()}
        | {
            "kep": [_plain({name: getattr(row, name) for name in ADDRESS}) for row in addresses_of(session, unit.id)],
            "people": list(_people(session, unit.id)),
            "responsibles": list(_responsibles(session, unit.id, as_of)),
            "history": list(_history(session, unit.id)),
        }
    )


def _people(session: Session, unit_id: int) -> Iterator[dict[str, Any]]:
    query = (
        select(Post.kind.label("post"), Post.title, Mandate.kind.label("as"), Person.number.label("code"), Person.name)
        .add_columns(Person.curriculum_vitae, Mandate.from_at, Mandate.until_at, Mandate.recorded_at, Mandate.reason)
        .join(Mandate, Mandate.post_id == Post.id)
        .join(Person, Person.id == Mandate.person_id)
        .where(Post.unit_id == unit_id)
    )
    for row in session.execute(query.order_by(Post.kind, Mandate.from_at)).mappings():
        signs_from = right_begins(row["from_at"], row["recorded_at"])
        vita = shown_curriculum_vitae(row["curriculum_vitae"])
        yield _plain({**row, "curriculum_vitae": vita, "signs_from": signs_from})


def _responsibles(session: Session, unit_id: int, as_of: datetime) -> Iterator[dict[str, Any]]:
    query = (
        select(Person.number.label("code"), Person.name, Responsible.role, Responsible.granted_at)
        .join(Person, Person.id == Responsible.person_id)
        .where(Responsible.unit_id == unit_id, is_current(as_of))
    )
    for row in session.execute(query.order_by(Responsible.role, Person.number)).mappings():
        yield _plain(dict(row))


def _history(session: Session, unit_id: int) -> Iterator[dict[str, Any]]:
    query = select(UnitChange.at, UnitChange.what, UnitChange.before, UnitChange.after, UnitChange.source)
    for row in session.execute(query.where(UnitChange.unit_id == unit_id).order_by(UnitChange.id)).mappings():
        yield _plain(dict(row))


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in values.items()}
