"""Building the demo country: every row of a year's registry and forms, in the caller's one transaction."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from itertools import chain, islice
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from sekaps.calendar.instants import at
from sekaps.calendar.windows import Window
from sekaps.demo.forms import FormSpec, document_number, office_forms
from sekaps.demo.items import ITEMS
from sekaps.demo.needs import need_forms
from sekaps.demo.places import real_places
from sekaps.demo.population import Stored, insert_ids, populate
from sekaps.demo.readiness import make_ready
from sekaps.demo.resources import resource_forms
from sekaps.models.allocation import Need, Resource
from sekaps.models.base import Base
from sekaps.models.contracts import Protocol
from sekaps.models.documents import Chain, Document
from sekaps.models.programmes import WHOLE_ROW, Edition, Programme
from sekaps.services.editions import EditionView, load_edition
from sekaps.services.writing import table_of

CHUNK_FORMS = 2_000
LINES: dict[str, type[Base]] = {"need_form": Need, "resource_form": Resource}


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
    places = real_places()
    stored = populate(session, places, scale=scale, seed=seed, created_at=created_at)
    units = stored.specs
    forms = chain(
        office_forms(places, stored.numbers),
        need_forms(units, places, scale=scale, seed=seed),
        resource_forms(units, places, scale=scale, seed=seed),
    )
    documents = _insert_forms(session, stored, forms, edition_id, windows)
    protocols = _insert_protocols(session, stored, edition_id, created_at)
    make_ready(session, _edition(session, edition_id), created_at)
    return CountryCounts(
        units=Counter(unit.kind for unit in units),
        documents=documents,
        people=len(stored.people),
        posts=len(stored.posts),
        chains=len(stored.chains),
        items=len(ITEMS),
        protocols=protocols,
    )


def _edition(session: Session, edition_id: int) -> EditionView:
    query = select(Programme.code, Edition.year).join(Edition, Edition.programme_id == Programme.id)
    code, year = session.execute(query.where(Edition.id == edition_id)).one()
    return load_edition(session, code, year)


def _insert_forms(
    session: Session,
    stored: Stored,
    forms: Iterator[FormSpec],
    edition_id: int,
    windows: Mapping[tuple[str, str], Window],
) -> Counter[str]:
    year = session.scalars(select(Edition.year).where(Edition.id == edition_id)).one()
    serials: Counter[str] = Counter()
    while part := list(islice(forms, CHUNK_FORMS)):
        rows = []
        for form in part:
            serials[form.kind] += 1
            number = document_number(form.kind, year, serials[form.kind])
            rows.append(_document_row(form, number, stored, edition_id, windows))
        _insert_lines(session, part, insert_ids(session, Document, rows))
    return serials


def _document_row(
    form: FormSpec, number: str, stored: Stored, edition_id: int, windows: Mapping[tuple[str, str], Window]
) -> dict[str, Any]:
    window = windows.get((form.activity, form.step)) or windows[form.activity, WHOLE_ROW]
    return {
        "edition_id": edition_id,
        "kind": form.kind,
        "number": number,
        "activity": form.activity,
        "step": form.step,
        "unit_id": stored.units[form.unit],
        "chain_id": stored.chains[form.chain],
        "state": "expected",
        "round": 1,
        "next_slot": 1,
        "waiting_since": at(window.opens, time(0)),
    }


def _insert_lines(session: Session, forms: Sequence[FormSpec], ids: Sequence[int]) -> None:
    for kind, model in LINES.items():
        lines = [
            {"document_id": document_id, **form.line}
            for form, document_id in zip(forms, ids, strict=True)
            if form.kind == kind and form.line is not None
        ]
        if lines:
            session.execute(insert(table_of(model)), lines)


def _insert_protocols(session: Session, stored: Stored, edition_id: int, created_at: datetime) -> int:
    """Insert the protocol behind each framework protocol document, and return how many there are."""
    sides = {str(number): stored.units[key] for key, number in stored.numbers.items()}
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
