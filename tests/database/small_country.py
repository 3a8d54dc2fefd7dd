"""A country small enough to follow by hand: one province, two districts, a unit for each part that is played."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from sekaps.calendar.editions import draft
from sekaps.calendar.instants import at
from sekaps.demo.readiness import make_ready
from sekaps.domain.commissions import Vote
from sekaps.models.allocation import Item, Need, Resource
from sekaps.models.documents import Chain, ChainSlot, Document
from sekaps.models.registry import District, Mandate, Person, Post, Province, Unit
from sekaps.services import editions
from sekaps.services.editions import EditionView, load_edition
from sekaps.services.programmes import days_of_edition, programme_text, read_programme

NEW_YEAR = at(date(2023, 1, 1))
ADANA, SEYHAN, CEYHAN = "01", "1104", "1219"


def on(year: int, month: int, day: int, hour: int = 10) -> datetime:
    """Return the instant of a local hour."""
    return at(date(year, month, day), time(hour))


def publish(session: Session, *, synthetic: bool = True) -> EditionView:
    """Publish the 2023 edition and return it."""
    days = days_of_edition(2023)
    planned = draft(read_programme("sekaps"), 2023, days)
    editions.publish(
        session, planned, programme_text("sekaps"), days, decided_by="test", as_of=NEW_YEAR, synthetic=synthetic
    )
    return load_edition(session, "sekaps", 2023)


@dataclass
class Country:
    """Units, people and posts by name; makes documents on demand."""

    session: Session
    edition: EditionView
    units: dict[str, int]
    people: dict[str, int]
    posts: dict[tuple[str, str], int]
    mandates: dict[str, int]

    def chain(self, unit: str, kind: str, slots: Iterable[tuple[str, str]]) -> int:
        """Make a chain of (unit, post kind) slots and return its id."""
        held = list(slots)
        row = {"unit_id": self.units[unit], "document_kind": kind, "variant": "", "version": 1, "length": len(held)}
        chain_id = self.session.scalars(insert(Chain).values(row).returning(Chain.id)).one()
        rows = [
            {"chain_id": chain_id, "slot": place, "post_id": self.posts[post]} for place, post in enumerate(held, 1)
        ]
        self.session.execute(insert(ChainSlot), rows)
        return chain_id

    def document(self, number: str, unit: str, chain_id: int, **values: Any) -> int:
        """Make an expected document of step 4.a, or as the values say, and return its id."""
        row = {
            "edition_id": self.edition.id,
            "kind": "need_form",
            "number": number,
            "activity": "needs_entry",
            "step": "4.a",
            "unit_id": self.units[unit],
            "chain_id": chain_id,
            "state": "expected",
            "next_slot": 1,
            "round": 1,
            "waiting_since": on(2023, 2, 1, 0),
            **values,
        }
        return self.session.scalars(insert(Document).values(row).returning(Document.id)).one()

    def signed_need(self, number: str, quantity: int, **values: Any) -> int:
        """Make a completely signed local need of a military unit for diesel in Seyhan, or as the values say."""
        document_id = self.document(number, "military", self.chains["need"], **SIGNED)
        row = {
            "document_id": document_id,
            "item_code": "diesel",
            "quantity": quantity,
            "priority": 1,
            "scope": "local",
            "beneficiary": "military",
            "province_code": ADANA,
            "district_code": SEYHAN,
            **values,
        }
        self.session.execute(insert(Need).values(row))
        return document_id

    def signed_resource(self, number: str, capacity: int, **values: Any) -> int:
        """Make a completely signed local resource of diesel in Seyhan, or as the values say."""
        step = {"activity": "resource_determination", "step": "3.c", "kind": "resource_form"}
        document_id = self.document(number, "industry", self.chains["resource"], **SIGNED, **step)
        scope = values.get("scope", "local")
        row = {
            "document_id": document_id,
            "item_code": "diesel",
            "capacity": capacity,
            "allocated": 0,
            "scope": scope,
            "recorded_scope": scope,
            "origin": "manual",
            "holder": "Deneme Akaryakıt A.Ş.",
            "province_code": ADANA,
            "district_code": SEYHAN,
            **values,
        }
        self.session.execute(insert(Resource).values(row))
        return document_id

    def votes(self, body: str, vote: Vote = Vote.FOR) -> dict[int, Vote]:
        """Return everybody's vote in a commission, one and the same; none for a body that does not vote."""
        return {self.people[f"{body} {seat}"]: vote for seat in ("head", *SEATS[body])} if body in SEATS else {}

    @property
    def chains(self) -> dict[str, int]:
        """Ids of the chains made for needs and resources."""
        return self._chains

    def __post_init__(self) -> None:
        approver = ("ministry", "approver")
        self._chains = {
            "need": self.chain("military", "need_form", [("military", "officer"), ("military", "head"), approver]),
            "resource": self.chain("industry", "resource_form", [("industry", "officer"), ("industry", "head")]),
        }


SIGNED = {"state": "complete", "next_slot": 0, "waiting_since": on(2023, 4, 20), "recorded_at": on(2023, 3, 1)}
UNITS: dict[str, tuple[str, str | None, str | None, str | None]] = {
    # name: kind, place's district (None: the province), and the units above: parent and ministry
    "coordinator": ("coordinator", None, None, None),
    "ministry": ("ministry", None, None, None),
    "energy": ("ministry", None, None, None),
    "governorate": ("governorate", None, "coordinator", None),
    "afad": ("il_afad", None, "governorate", None),
    "province_commission": ("mmm_province", None, "governorate", None),
    "kaymakam": ("civil_administration", SEYHAN, "governorate", None),
    "district_commission": ("mmm_district", SEYHAN, "governorate", None),
    "military": ("military_unit", SEYHAN, "ministry", "ministry"),
    "institution": ("institution", CEYHAN, "energy", "energy"),
    "industry": ("il_sanayi", None, "governorate", "energy"),
}
POSTS = ("officer", "head", "approver")
MEMBERS = ("finance_officer", "recruiting_officer", "municipality_member", "chamber_member")
SEATS = {"district_commission": MEMBERS, "province_commission": (*MEMBERS, "mobilization_officer")}
"""The seats of the commissions besides the chair's."""


def make_country(session: Session) -> Country:
    """Publish 2023 and make the country: every unit has an officer, a head and an approver, each a person."""
    edition = publish(session)
    session.execute(insert(Province), [{"code": ADANA, "name": "Adana"}])
    districts = [
        {"code": code, "province_code": ADANA, "name": name} for code, name in ((SEYHAN, "Seyhan"), (CEYHAN, "Ceyhan"))
    ]
    session.execute(insert(District), districts)
    units: dict[str, int] = {}
    for place, (name, (kind, district, parent, ministry)) in enumerate(UNITS.items()):
        national = kind in ("coordinator", "ministry")
        row = {
            "number": 20000001 + place,
            "kind": kind,
            "name": name,
            "parent_id": units.get(parent or ""),
            "ministry_id": units.get(ministry or ""),
            "province_code": None if national else ADANA,
            "district_code": district,
            "synthetic": True,
        }
        units[name] = session.scalars(insert(Unit).values(row).returning(Unit.id)).one()
    item = {"code": "diesel", "name_tr": "Motorin", "name_en": "Diesel", "module": "goods_services"}
    session.execute(insert(Item).values(**item, sector="energy", measure="litre", ministry_id=units["energy"]))
    staff = _staff(session, units)
    make_ready(session, edition, NEW_YEAR)
    return Country(session, edition, units, *staff)


def _staff(
    session: Session, units: dict[str, int]
) -> tuple[dict[str, int], dict[tuple[str, str], int], dict[str, int]]:
    people: dict[str, int] = {}
    posts: dict[tuple[str, str], int] = {}
    mandates: dict[str, int] = {}
    ordinary = [(name, kind) for name in units for kind in POSTS]
    for name, kind in (*ordinary, *((name, kind) for name, kinds in SEATS.items() for kind in kinds)):
        unit_id = units[name]
        who, number = f"{name} {kind}", 1000 + len(people)
        row = {"number": number, "name": who, "email": f"p{number}@people.invalid", "language": "tr"}
        people[who] = session.scalars(insert(Person).values(**row, synthetic=True).returning(Person.id)).one()
        post = {"unit_id": unit_id, "kind": kind, "title": kind}
        posts[name, kind] = session.scalars(insert(Post).values(post).returning(Post.id)).one()
        mandate = {"post_id": posts[name, kind], "person_id": people[who], "kind": "own", "from_at": NEW_YEAR}
        mandates[who] = session.scalars(insert(Mandate).values(mandate).returning(Mandate.id)).one()
    return people, posts, mandates
