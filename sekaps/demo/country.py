"""Building the demo country: every row of a year's registry and forms, in the caller's one transaction."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time

import polars as pl
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from sekaps.calendar.instants import at
from sekaps.calendar.windows import Window
from sekaps.demo.forms import FormSize
from sekaps.demo.items import ITEMS
from sekaps.demo.paperwork import LINES, FormPart, Paperwork
from sekaps.demo.places import real_places
from sekaps.demo.population import Population, country_population, store
from sekaps.demo.readiness import make_ready
from sekaps.models.contracts import Protocol
from sekaps.models.documents import Chain, Document
from sekaps.models.programmes import WHOLE_ROW, Edition, Programme
from sekaps.services.bulk_rows import BulkWriter
from sekaps.services.editions import EditionView, load_edition
from sekaps.services.writing import table_of


@dataclass(frozen=True, slots=True)
class CountryCounts:
    """How many rows were made: units and documents by kind, and the rest."""

    units: Mapping[str, int]
    documents: Mapping[str, int]
    people: int
    posts: int
    chains: int
    items: int
    protocols: int


def build_country(
    session: Session,
    edition_id: int,
    windows: Mapping[tuple[str, str], Window],
    *,
    scale: float,
    seed: int,
    created_at: datetime,
) -> CountryCounts:
    """Insert the whole country with the forms an edition expects of it, and return what was made.

    The same seed and scale make the same rows. The database must hold no country yet.
    """
    edition = _edition(session, edition_id)
    people = country_population(real_places(), scale=scale, seed=seed)
    store(session, people, created_at)
    writer, documents = FormWriter(session, edition_id), Counter[str]()
    for part in Paperwork(people, edition.year, size=FormSize(scale), seed=seed).parts():
        writer.write(part, expected(part, windows))
        documents[part.kind] += part.frame.height
    writer.finish()
    protocols = insert_protocols(session, people, edition_id, created_at)
    make_ready(session, edition, created_at)
    return CountryCounts(
        units=Counter(unit.kind for unit in people.specs),
        documents=documents,
        people=len(people.person_ids),
        posts=len(people.posts),
        chains=len(people.chains),
        items=len(ITEMS),
        protocols=protocols,
    )


def _edition(session: Session, edition_id: int) -> EditionView:
    query = select(Programme.code, Edition.year).join(Edition, Edition.programme_id == Programme.id)
    code, year = session.execute(query.where(Edition.id == edition_id)).one()
    return load_edition(session, code, year)


def expected(part: FormPart, windows: Mapping[tuple[str, str], Window]) -> pl.DataFrame:
    """Return the standing of forms nobody has touched: they wait for their first slot since their window opened."""
    opened = {
        step: at((windows.get((part.activity, step)) or windows[part.activity, WHOLE_ROW]).opens, time(0))
        for step in part.frame["step"].unique()
    }
    since = part.frame["step"].replace_strict(opened, return_dtype=pl.Datetime("ms", "UTC"))
    return part.frame.select(
        state=pl.lit("expected"), round=pl.lit(1), next_slot=pl.lit(1), waiting_since=since,
        recorded_at=pl.lit(None, pl.Datetime("ms", "UTC")),
    )  # fmt: skip


class FormWriter:
    """Writes forms with their lines, and gives them their ids in the order they come."""

    def __init__(self, session: Session, edition_id: int) -> None:
        self._writer, self._edition_id = BulkWriter(session), edition_id
        self.first_id = self._next_id = self._writer.next_id(Document)

    def write(self, part: FormPart, standing: pl.DataFrame) -> None:
        """Append forms as they stand."""
        ids = pl.int_range(self._next_id, self._next_id + part.frame.height, eager=True).alias("id")
        head = part.frame.select(
            ids, pl.lit(self._edition_id).alias("edition_id"), pl.lit(part.kind).alias("kind"), "number",
            pl.lit(part.activity).alias("activity"), "step", "unit_id", "chain_id",
        )  # fmt: skip
        self._writer.write_frame(Document, head.hstack(standing))
        if part.kind in LINES:
            self._writer.write_frame(LINES[part.kind], part.lines.insert_column(0, ids.alias("document_id")))
        self._next_id += part.frame.height

    def finish(self) -> None:
        """Let the database number what comes after."""
        self._writer.ids_taken(Document)


def insert_protocols(session: Session, people: Population, edition_id: int, created_at: datetime) -> int:
    """Insert the protocol behind each framework protocol document, and return how many there are."""
    sides = {str(number): people.unit_ids[key] for key, number in people.numbers.items()}
    query = (
        select(Document.id, Document.number, Document.unit_id, Chain.variant)
        .join(Chain, Chain.id == Document.chain_id)
        .where(Document.edition_id == edition_id, Document.kind == "framework_protocol")
        .order_by(Document.id)
    )
    rows = [
        {
            "edition_id": edition_id,
            "kind": "framework",
            "number": row.number,
            "document_id": row.id,
            "need_side_id": row.unit_id,
            "resource_side_id": sides[row.variant],
            "state": "open",
            "prepared_at": created_at,
        }
        for row in session.execute(query)
    ]
    session.execute(insert(table_of(Protocol)), rows)
    return len(rows)
