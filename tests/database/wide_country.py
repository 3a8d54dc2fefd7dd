"""The small country with a second province: four districts, three of them with a commission, and two items."""

from collections.abc import Sequence

from small_country import CEYHAN, MEMBERS, NEW_YEAR, SEYHAN, Country, make_country
from sqlalchemy import insert
from sqlalchemy.orm import Session

from sekaps.models.allocation import Item
from sekaps.models.registry import District, Mandate, Person, Post, Province, Unit

ANKARA, CANKAYA, ETIMESGUT = "06", "1231", "1922"
DISTRICTS = (SEYHAN, CEYHAN, CANKAYA, ETIMESGUT)
PROVINCES = ("01", "01", ANKARA, ANKARA)
"""The province of each district."""
HAS_COMMISSION = (True, False, True, True)
ITEMS = ("diesel", "bread")
BODIES = {
    # name: kind, district, seats besides the head's
    "governorate of Ankara": ("governorate", None, ()),
    "province_commission of Ankara": ("mmm_province", None, (*MEMBERS, "mobilization_officer")),
    "district_commission of Çankaya": ("mmm_district", CANKAYA, MEMBERS),
    "district_commission of Etimesgut": ("mmm_district", ETIMESGUT, MEMBERS),
}


def make_wide_country(session: Session) -> Country:
    """Make the small country and put the second province beside the first."""
    country = make_country(session)
    session.execute(insert(Province).values(code=ANKARA, name="Ankara"))
    places = [{"code": code, "province_code": ANKARA, "name": code} for code in (CANKAYA, ETIMESGUT)]
    session.execute(insert(District), places)
    bread = {"code": "bread", "name_tr": "Ekmek", "name_en": "Bread", "module": "goods_services", "sector": "food"}
    session.execute(insert(Item).values(**bread, measure="tonne", ministry_id=country.units["energy"]))
    for name, (kind, district, seats) in BODIES.items():
        number = 20000101 + len(country.units)
        place = {"province_code": ANKARA, "district_code": district, "synthetic": True}
        unit = insert(Unit).values(number=number, kind=kind, name=name, **place).returning(Unit.id)
        country.units[name] = session.scalars(unit).one()
        _seat(country, name, ("head", *seats))
    return country


def _seat(country: Country, body: str, seats: Sequence[str]) -> None:
    for kind in seats:
        who, number = f"{body} {kind}", 5000 + len(country.people)
        person = {"number": number, "name": who, "email": f"p{number}@people.invalid", "language": "tr"}
        made = insert(Person).values(**person, synthetic=True).returning(Person.id)
        country.people[who] = country.session.scalars(made).one()
        post = insert(Post).values(unit_id=country.units[body], kind=kind, title=kind).returning(Post.id)
        country.posts[body, kind] = country.session.scalars(post).one()
        held = {"post_id": country.posts[body, kind], "person_id": country.people[who]}
        country.session.execute(insert(Mandate).values(**held, kind="own", from_at=NEW_YEAR))
