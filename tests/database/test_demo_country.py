from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sekaps.calendar.editions import draft
from sekaps.database import transaction
from sekaps.demo.country import CountryCounts, build_country
from sekaps.models.allocation import Need, Resource
from sekaps.models.contracts import Protocol
from sekaps.models.documents import ChainSlot, Document
from sekaps.models.registry import Mandate, Person, Post, Unit
from sekaps.services.editions import EditionView, load_edition, publish
from sekaps.services.programmes import days_of_edition, programme_text, read_programme

pytestmark = pytest.mark.usefixtures("database")
CREATED_AT = datetime(2023, 1, 2, 6, tzinfo=UTC)


def build(session: Session, *, scale: float, seed: int = 7) -> tuple[EditionView, CountryCounts]:
    days = days_of_edition(2023)
    year = draft(read_programme("sekaps"), 2023, days)
    publish(session, year, programme_text("sekaps"), days, decided_by="MGK", as_of=CREATED_AT, synthetic=True)
    edition = load_edition(session, "sekaps", 2023)
    counts = build_country(session, edition.id, edition.windows, scale=scale, seed=seed, created_at=CREATED_AT)
    return edition, counts


def contents(session: Session) -> Sequence[Any]:
    people = session.execute(select(Person.number, Person.name, Person.email).order_by(Person.number)).all()
    forms = session.execute(
        select(Document.number, Document.step, Unit.number, Need.item_code, Need.quantity, Resource.capacity)
        .join(Unit, Unit.id == Document.unit_id)
        .outerjoin(Need, Need.document_id == Document.id)
        .outerjoin(Resource, Resource.document_id == Document.id)
        .order_by(Document.number)
    ).all()
    return [tuple(row) for row in (*people, *forms)]


def test_a_hundredth_of_the_country_has_the_counts_of_the_running_system() -> None:
    with transaction() as session:
        _, counts = build(session, scale=0.01)
        stored = {
            kind: count for kind, count in session.execute(select(Document.kind, func.count()).group_by(Document.kind))
        }
        lines = [session.scalar(select(func.count()).select_from(model)) for model in (Need, Resource, Protocol)]
    assert stored == counts.documents
    assert (counts.documents["need_form"], counts.documents["resource_form"]) == (1_379, 12_993)
    assert lines == [1_379, 12_993, counts.documents["framework_protocol"]]


def test_the_same_seed_builds_the_same_country() -> None:
    countries = []
    for _ in range(2):
        with transaction() as session:
            build(session, scale=0.001)
            countries.append(contents(session))
            session.rollback()
    assert countries[0] == countries[1]


def test_another_seed_builds_another_country() -> None:
    countries = []
    for seed in (7, 8):
        with transaction() as session:
            build(session, scale=0.001, seed=seed)
            countries.append(contents(session))
            session.rollback()
    assert countries[0] != countries[1]


def test_every_post_of_every_chain_is_filled_by_somebody_else() -> None:
    with transaction() as session:
        build(session, scale=0.01)
        held = func.count(Mandate.id).label("held")
        people = func.count(Mandate.person_id.distinct())
        query = (
            select(ChainSlot.chain_id, func.count(), held, people)
            .outerjoin(Mandate, Mandate.post_id == ChainSlot.post_id)
            .group_by(ChainSlot.chain_id)
        )
        odd = [row for row in session.execute(query) if len(set(row[1:])) != 1]
        vacant = session.scalars(
            select(Post.id).outerjoin(Mandate, Mandate.post_id == Post.id).where(Mandate.id.is_(None))
        )
        assert (odd, list(vacant)) == ([], [])


def test_everybody_is_marked_as_invented() -> None:
    with transaction() as session:
        build(session, scale=0.001)
        real = [session.scalar(select(func.count()).where(~model.synthetic)) for model in (Unit, Person)]
    assert real == [0, 0]


def test_documents_wait_from_the_opening_of_their_window() -> None:
    with transaction() as session:
        edition, _ = build(session, scale=0.001)
        rows = session.execute(
            select(Document.activity, Document.step, Document.waiting_since, Document.state).distinct()
        )
        found = [(activity, step, since.isoformat(), state) for activity, step, since, state in rows]
    assert {state for *_, state in found} == {"expected"}
    assert ("needs_entry", "4.a", "2023-01-31T21:00:00+00:00", "expected") in found
