"""Storing who there is in the demo country: places, units, people, posts, items and signature chains."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from sekaps.demo.chains import country_chains
from sekaps.demo.chance import draw
from sekaps.demo.items import ITEMS, SUBSTITUTES
from sekaps.demo.names import mail_address, person_name
from sekaps.demo.people import PostSpec, country_posts
from sekaps.demo.places import Places
from sekaps.demo.units import UnitSpec, country_units, registry_number
from sekaps.models.allocation import Item, ItemSubstitute
from sekaps.models.base import Base
from sekaps.models.documents import Chain, ChainSlot
from sekaps.models.registry import District, Mandate, Person, Post, Province, Unit
from sekaps.services.writing import table_of

FIRST_PERSON_NUMBER = 10_000
LONGEST_SERVICE_DAYS = 2_000


@dataclass(slots=True)
class Stored:
    """The ids of what is stored so far, by the keys the specifications use."""

    units: dict[str, int] = field(default_factory=dict)
    posts: dict[str, int] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)
    chains: dict[tuple[str, str, str], int] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    """Registry numbers of the units."""
    specs: list[UnitSpec] = field(default_factory=list)
    """The units themselves."""


def populate(session: Session, places: Places, *, scale: float, seed: int, created_at: datetime) -> Stored:
    """Insert everybody and everything but the year's forms, and return what the forms refer to."""
    stored = Stored()
    _insert_places(session, places)
    _insert_units(session, stored, places, scale=scale, seed=seed)
    posts = country_posts(stored.specs)
    _insert_people(session, stored, posts, seed)
    _insert_posts(session, stored, posts, created_at=created_at, seed=seed)
    _insert_items(session, stored)
    _insert_chains(session, stored)
    return stored


def insert_ids(session: Session, model: type[Base], rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Insert rows and return their ids in the same order."""
    if not rows:
        return []
    table = table_of(model)
    statement = insert(table).returning(table.c.id, sort_by_parameter_order=True)
    return list(session.scalars(statement, list(rows)))


def _insert_places(session: Session, places: Places) -> None:
    provinces = [{"code": province.code, "name": province.name} for province in places.provinces]
    session.execute(insert(table_of(Province)), provinces)
    districts = [{"code": d.code, "province_code": d.province, "name": d.name} for d in places.districts]
    session.execute(insert(table_of(District)), districts)


def _insert_units(session: Session, stored: Stored, places: Places, *, scale: float, seed: int) -> None:
    for wave in country_units(places, scale=scale, seed=seed):
        for unit in wave:
            stored.numbers[unit.key] = registry_number(len(stored.numbers))
        ids = insert_ids(session, Unit, [_unit_row(unit, stored) for unit in wave])
        stored.units.update(zip((unit.key for unit in wave), ids, strict=True))
        stored.specs += wave


def _unit_row(unit: UnitSpec, stored: Stored) -> dict[str, Any]:
    return {
        "number": stored.numbers[unit.key],
        "kind": unit.kind,
        "name": unit.name,
        "parent_id": stored.units[unit.parent] if unit.parent else None,
        "ministry_id": stored.units[unit.ministry] if unit.ministry else None,
        "province_code": unit.province,
        "district_code": unit.district,
        "synthetic": True,
    }


def _insert_people(session: Session, stored: Stored, posts: Iterable[PostSpec], seed: int) -> None:
    keys = list(dict.fromkeys(post.person for post in posts))
    rows = [_person_row(key, FIRST_PERSON_NUMBER + serial, seed) for serial, key in enumerate(keys)]
    stored.people.update(zip(keys, insert_ids(session, Person, rows), strict=True))


def _person_row(key: str, number: int, seed: int) -> dict[str, Any]:
    name = person_name(seed, key)
    return {"number": number, "name": name, "email": mail_address(name, number), "language": "tr", "synthetic": True}


def _insert_posts(
    session: Session, stored: Stored, posts: Sequence[PostSpec], *, created_at: datetime, seed: int
) -> None:
    rows = [{"unit_id": stored.units[post.unit], "kind": post.kind, "title": post.title} for post in posts]
    stored.posts.update(zip((post.key for post in posts), insert_ids(session, Post, rows), strict=True))
    mandates = [
        {
            "post_id": stored.posts[post.key],
            "person_id": stored.people[post.person],
            "kind": "own",
            "from_at": created_at - timedelta(days=int(draw(seed, "service", post.key) * LONGEST_SERVICE_DAYS)),
        }
        for post in posts
    ]
    session.execute(insert(table_of(Mandate)), mandates)


def _insert_items(session: Session, stored: Stored) -> None:
    rows = [
        {
            "code": item.code,
            "name_tr": item.name_tr,
            "name_en": item.name_en,
            "module": item.module,
            "sector": item.sector,
            "measure": item.measure,
            "ministry_id": stored.units[item.ministry],
        }
        for item in ITEMS
    ]
    session.execute(insert(table_of(Item)), rows)
    pairs = [{"item_code": item, "served_by_code": other} for item, other in SUBSTITUTES.items()]
    session.execute(insert(table_of(ItemSubstitute)), pairs)


def _insert_chains(session: Session, stored: Stored) -> None:
    specs = list(country_chains(stored.specs, stored.numbers))
    rows = [
        {
            "unit_id": stored.units[spec.unit],
            "document_kind": spec.kind,
            "variant": spec.variant,
            "version": 1,
            "length": len(spec.posts),
        }
        for spec in specs
    ]
    stored.chains.update(zip((spec.key for spec in specs), insert_ids(session, Chain, rows), strict=True))
    slots = [
        {"chain_id": stored.chains[spec.key], "slot": slot, "post_id": stored.posts[post]}
        for spec in specs
        for slot, post in enumerate(spec.posts, start=1)
    ]
    session.execute(insert(table_of(ChainSlot)), slots)
