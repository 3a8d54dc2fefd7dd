"""What keeps a quick signature right: nothing is signed by what was read before somebody else wrote."""

from contextlib import suppress
from pathlib import Path

import pytest
from small_country import Country, make_country, on
from sqlalchemy import URL, delete, func, select, text, update
from sqlalchemy.orm import Session

from sekaps import database as store
from sekaps.database import transaction
from sekaps.errors.documents import DocumentsMoved
from sekaps.models.documents import ChainSlot, Document, Signature
from sekaps.models.registry import Post
from sekaps.models.trail import Act, TrailHead
from sekaps.services.document_acts import DocumentAct, entry_of
from sekaps.services.requests import SignRequest
from sekaps.services.signing import VERB, sign
from sekaps.services.signing_at_once import write_at_once
from sekaps.services.trail import broken_links
from sekaps.services.waiting import find_document

MARCH = on(2023, 3, 1)


@pytest.fixture
def form(country: Country) -> int:
    return country.document("IBC-1", "military", country.chains["need"])


def ask(session: Session, country: Country, form: int, who: str) -> str:
    [outcome] = sign(session, country.edition, [SignRequest(form, country.people[who])], MARCH)
    return outcome.refusal.say("en") if outcome.refusal else "signed"


def count(session: Session, model: type) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_a_chain_is_read_anew_for_each_signature_however_often_it_was_read(country: Country, form: int) -> None:
    other = country.document("IBC-2", "military", country.chains["need"])
    ask(country.session, country, form, "military officer")
    approver = country.posts["military", "approver"]
    first = (ChainSlot.chain_id == country.chains["need"], ChainSlot.slot == 1)
    country.session.execute(update(ChainSlot).where(*first).values(post_id=approver))
    assert "does not hold that post" in ask(country.session, country, other, "military officer")
    assert ask(country.session, country, other, "military approver") == "signed"


def test_a_post_that_was_renamed_is_told_by_its_new_name(country: Country, form: int) -> None:
    assert "by officer; the signer" in ask(country.session, country, form, "military head")
    post = country.posts["military", "officer"]
    country.session.execute(update(Post).where(Post.id == post).values(title="registrar"))
    assert "by registrar; the signer" in ask(country.session, country, form, "military head")


def test_a_chain_of_one_database_is_not_taken_for_that_of_another(
    sqlite_template: Path, sqlite_database: URL, tmp_path: Path
) -> None:
    elsewhere = URL.create("sqlite", database=str(tmp_path / "other.db"))
    Path(str(elsewhere.database)).write_bytes(sqlite_template.read_bytes())
    for url, who in ((sqlite_database, "officer"), (elsewhere, "approver")):
        with store.engine_for(url).begin() as connection, Session(connection) as session:
            country = make_country(session)
            chain = country.chain("military", "need_form_2", [("military", who), ("military", "head")])
            form = country.document("IBC-1", "military", chain)
            others = {"officer": "approver", "approver": "officer"}
            assert "does not hold that post" in ask(session, country, form, f"military {others[who]}")
            assert ask(session, country, form, f"military {who}") == "signed"
    store.engine_for(elsewhere).dispose()


def write(session: Session, country: Country, form: int, version: str | None) -> bool:
    """Write the first signature of a form at once, as it was read under that version."""
    person, mandate = country.people["military officer"], country.mandates["military officer"]
    found, _ = find_document(session, country.edition, form, person, MARCH)
    acts = [DocumentAct(found.documents[0], person, mandate, 1, None)]
    values = {"document_id": form, "version": version, "slot": 1, "person_id": person, "mandate_id": mandate,
              "at": MARCH, "since": None, "next_slot": 2, "state": "recorded"}  # fmt: skip
    return write_at_once(session, entry_of(country.edition, VERB, acts, MARCH), values)


def version_of(session: Session, country: Country, form: int) -> str | None:
    return find_document(session, country.edition, form, country.people["military officer"], MARCH)[1]


def written(session: Session, form: int) -> tuple[int, int, int]:
    """Return how many acts and signatures there are, and the slot the form waits for."""
    slot = session.scalar(select(Document.next_slot).where(Document.id == form))
    return count(session, Act), count(session, Signature), slot or 0


@pytest.mark.postgresql
def test_a_document_that_changed_since_it_was_read_is_not_written_at_once(postgres_database: URL) -> None:
    with transaction() as session:
        country = make_country(session)
        form = country.document("IBC-1", "military", country.chains["need"])
    with transaction() as session:
        version = version_of(session, country, form)
        with transaction() as another:
            another.execute(update(Document).where(Document.id == form).values(next_slot=Document.next_slot))
        before = written(session, form)
        assert not write(session, country, form, version)
        assert written(session, form) == before
        assert write(session, country, form, version_of(session, country, form))
        assert written(session, form) == (before[0] + 1, 1, 2)
        assert list(broken_links(session)) == []


@pytest.mark.postgresql
def test_without_a_head_of_the_trail_nothing_is_written_at_once(postgres_database: URL) -> None:
    with transaction() as session:
        country = make_country(session)
        form = country.document("IBC-1", "military", country.chains["need"])
        session.execute(delete(TrailHead))
        before = written(session, form)
        assert not write(session, country, form, version_of(session, country, form))
        assert written(session, form) == before


def test_what_moves_between_judgement_and_writing_is_signed_by_nobody(sqlite_database: URL) -> None:
    with transaction() as session:
        country = make_country(session)
        form = country.document("IBC-1", "military", country.chains["need"])
        session.execute(
            text(
                "CREATE TRIGGER meddler AFTER INSERT ON acts BEGIN"
                " UPDATE documents SET next_slot = 3, state = 'recorded'; END"
            )
        )
    with pytest.raises(DocumentsMoved, match="nothing was signed"), transaction() as session:
        ask(session, country, form, "military officer")
    with transaction() as session:
        assert count(session, Signature) == 0
        assert session.scalar(select(Document.next_slot)) == 1


@pytest.mark.postgresql
def test_a_connection_the_server_ended_is_replaced_without_a_word(postgres_database: URL) -> None:
    with transaction() as session:
        pid = session.scalar(text("SELECT pg_backend_pid()"))
    admin = postgres_database.set(database="postgres")
    with store.engine_for(admin).connect() as connection:
        assert connection.scalar(text(f"SELECT pg_terminate_backend({pid}, 5000)"))
    store.engine_for(admin).dispose()
    with transaction() as session:
        assert session.scalar(text("SELECT pg_backend_pid()")) != pid


def test_a_transaction_keeps_what_its_session_was_given_or_nothing_of_it(database: object) -> None:
    with transaction() as session:
        session.add(TrailHead(stream="kept", sequence=0, hash=bytes(32)))
    with suppress(ZeroDivisionError), transaction() as session:
        session.add(TrailHead(stream="lost", sequence=0, hash=bytes(32)))
        session.flush()
        raise ZeroDivisionError
    with transaction() as session:
        assert session.scalars(select(TrailHead.stream)).all() == ["kept"]
