"""Who there is in the demo country: places, units, people, posts, items and signature chains, numbered and stored."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from sekaps.demo.chains import ChainSpec, country_chains
from sekaps.demo.chance import draw
from sekaps.demo.items import ITEMS, SUBSTITUTES
from sekaps.demo.names import mail_address, person_name
from sekaps.demo.people import PostSpec, country_posts
from sekaps.demo.places import Places
from sekaps.demo.units import UnitSpec, country_units, registry_number
from sekaps.models.allocation import Item, ItemSubstitute
from sekaps.models.documents import Chain, ChainSlot
from sekaps.models.registry import District, Mandate, Person, Post, Province, Unit
from sekaps.services.bulk_rows import BulkWriter

FIRST_PERSON_NUMBER = 10_000
LONGEST_SERVICE_DAYS = 2_000


@dataclass(frozen=True, slots=True)
class Population:
    """Everybody and everything but the year's forms, with the ids they have by the keys the specifications use.

    A mandate has the id of its post: everybody is in office.
    """

    places: Places
    seed: int
    specs: Sequence[UnitSpec]
    posts: Sequence[PostSpec]
    chains: Sequence[ChainSpec]
    numbers: dict[str, int]
    """Registry numbers of the units."""
    unit_ids: dict[str, int]
    post_ids: dict[str, int]
    person_ids: dict[str, int]
    chain_ids: dict[tuple[str, str, str], int]

    def person(self, key: str) -> tuple[int, str, str]:
        """Return a person's manager code, name and address."""
        number, name = FIRST_PERSON_NUMBER + self.person_ids[key] - 1, person_name(self.seed, key)
        return number, name, mail_address(name, number)

    def in_office_since(self, post: PostSpec, created_at: datetime) -> datetime:
        """Return since when a post is held."""
        return created_at - timedelta(days=int(draw(self.seed, "service", post.key) * LONGEST_SERVICE_DAYS))


def country_population(places: Places, *, scale: float, seed: int) -> Population:
    """Return who there is at a scale; ids are given from 1 on, in the order of storing."""
    specs = [unit for wave in country_units(places, scale=scale, seed=seed) for unit in wave]
    numbers = {unit.key: registry_number(serial) for serial, unit in enumerate(specs)}
    posts, chains = country_posts(specs), list(country_chains(specs, numbers))
    return Population(
        places=places,
        seed=seed,
        specs=specs,
        posts=posts,
        chains=chains,
        numbers=numbers,
        unit_ids={unit.key: serial for serial, unit in enumerate(specs, 1)},
        post_ids={post.key: serial for serial, post in enumerate(posts, 1)},
        person_ids={key: serial for serial, key in enumerate(dict.fromkeys(post.person for post in posts), 1)},
        chain_ids={chain.key: serial for serial, chain in enumerate(chains, 1)},
    )


def store(session: Session, population: Population, created_at: datetime) -> None:
    """Insert everybody into a database that holds nobody yet."""
    writer = BulkWriter(session)
    _store_places(writer, population.places)
    _store_units(writer, population)
    _store_people(writer, population, created_at)
    _store_items(writer, population)
    _store_chains(writer, population)
    for model in (Unit, Person, Post, Mandate, Chain):
        writer.ids_taken(model)


def _store_places(writer: BulkWriter, places: Places) -> None:
    writer.write_rows(Province, ("code", "name"), ((each.code, each.name) for each in places.provinces))
    districts = ((each.code, each.province, each.name) for each in places.districts)
    writer.write_rows(District, ("code", "province_code", "name"), districts)


def _store_units(writer: BulkWriter, population: Population) -> None:
    columns = (
        "id",
        "number",
        "kind",
        "name",
        "parent_id",
        "ministry_id",
        "province_code",
        "district_code",
        "synthetic",
    )
    ids = population.unit_ids
    rows = (
        (ids[unit.key], population.numbers[unit.key], unit.kind, unit.name, ids.get(unit.parent or ""),
         ids.get(unit.ministry or ""), unit.province, unit.district, True)
        for unit in population.specs
    )  # fmt: skip
    writer.write_rows(Unit, columns, rows)


def _store_people(writer: BulkWriter, population: Population, created_at: datetime) -> None:
    columns = ("id", "number", "name", "email", "language", "synthetic")
    people = ((serial, *population.person(key), "tr", True) for key, serial in population.person_ids.items())
    writer.write_rows(Person, columns, people)
    posts = (
        (population.post_ids[post.key], population.unit_ids[post.unit], post.kind, post.title)
        for post in population.posts
    )
    writer.write_rows(Post, ("id", "unit_id", "kind", "title"), posts)
    writer.write_rows(
        Mandate, ("id", "post_id", "person_id", "kind", "from_at"), _mandates(writer, population, created_at)
    )


def _mandates(writer: BulkWriter, population: Population, created_at: datetime) -> Iterator[tuple[Any, ...]]:
    for post in population.posts:
        serial = population.post_ids[post.key]
        since = writer.instant(population.in_office_since(post, created_at))
        yield serial, serial, population.person_ids[post.person], "own", since


def _store_items(writer: BulkWriter, population: Population) -> None:
    columns = ("code", "name_tr", "name_en", "module", "sector", "measure", "ministry_id")
    rows = (
        (item.code, item.name_tr, item.name_en, item.module, item.sector, item.measure,
         population.unit_ids[item.ministry])
        for item in ITEMS
    )  # fmt: skip
    writer.write_rows(Item, columns, rows)
    writer.write_rows(ItemSubstitute, ("item_code", "served_by_code"), SUBSTITUTES.items())


def _store_chains(writer: BulkWriter, population: Population) -> None:
    chains = (
        (population.chain_ids[spec.key], population.unit_ids[spec.unit], spec.kind, spec.variant, 1, len(spec.posts))
        for spec in population.chains
    )
    writer.write_rows(Chain, ("id", "unit_id", "document_kind", "variant", "version", "length"), chains)
    slots = (
        (population.chain_ids[spec.key], slot, population.post_ids[post], slot)
        for spec in population.chains
        for slot, post in enumerate(spec.posts, start=1)
    )
    writer.write_rows(ChainSlot, ("chain_id", "slot", "post_id", "stage"), slots)
