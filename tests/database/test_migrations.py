"""The schema goes back and forth under a filled database, and its rows stay."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from small_country import make_country, on
from sqlalchemy import func, insert, inspect, select, update

from sekaps import database
from sekaps.domain.evidence import Doubts, SignatureKey
from sekaps.models.documents import ChainSlot, Signature
from sekaps.models.evidence import SuspectAct, SuspectSignature
from sekaps.models.schema import metadata
from sekaps.services.evidence_doubts import suspects
from sekaps.services.requests import SignRequest
from sekaps.services.signing import sign

FIRST = "0001"
BY_ACTS = "0011"
"""The last schema that suspected whole acts."""


def counts() -> dict[str, int]:
    with database.reading() as session:
        return {table.name: session.scalar(select(func.count()).select_from(table)) or 0
                for table in metadata.sorted_tables}  # fmt: skip


@pytest.mark.usefixtures("database")
def test_a_filled_database_keeps_its_rows_back_to_the_first_schema_and_forth() -> None:
    with database.transaction() as session:
        country = make_country(session)
        form = country.document("IBC-1", "military", country.chains["need"])
        request = SignRequest(form, country.people["military officer"])
        assert sign(session, country.edition, [request], on(2023, 3, 1))[0].done
    held = counts()
    database.unmigrate(FIRST)
    with database.connected() as connection:
        kept = set(inspect(connection).get_table_names())
    database.migrate()
    assert {name: count for name, count in counts().items() if name in kept} == {
        name: count for name, count in held.items() if name in kept
    }
    assert {"documents", "signatures", "chain_slots", "mandates"} <= kept


@pytest.mark.usefixtures("database")
def test_chains_of_the_first_schema_are_signed_one_after_another() -> None:
    with database.transaction() as session:
        make_country(session)
    database.unmigrate(FIRST)
    database.migrate()
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(ChainSlot).where(ChainSlot.stage != ChainSlot.slot)) == 0


@pytest.mark.usefixtures("database")
def test_threads_that_ask_for_the_database_at_once_share_one_engine() -> None:
    database.engine().dispose()
    database._made_engine.cache_clear()
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(lambda _: id(database.engine()), range(64)))) == 1


@pytest.mark.usefixtures("database")
def test_of_an_act_under_suspicion_every_signature_is_until_the_next_night() -> None:
    with database.transaction() as session:
        country = make_country(session)
        forms = [country.document(f"IBC-{number}", "military", country.chains["need"]) for number in (1, 2)]
        requests = [SignRequest(form, country.people["military officer"]) for form in forms]
        assert [one.done for one in sign(session, country.edition, requests, on(2023, 3, 1))] == [True, True]
        act_id = session.scalars(select(Signature.act_id).distinct()).one()
        found = {"act_id": act_id, "edition_id": country.edition.id, "found_at": on(2023, 3, 1, 23)}
        session.execute(insert(SuspectSignature).values(document_id=forms[0], **found))
    keys = {SignatureKey(form, act_id) for form in forms}
    database.unmigrate(BY_ACTS)
    database.migrate()
    with database.transaction() as session:
        assert suspects(session, country.edition.id) == Doubts(frozenset(keys), frozenset({act_id}))
        for model in (SuspectSignature, SuspectAct):
            session.execute(update(model).values(cleared_at=on(2023, 3, 2, 23)))
    database.unmigrate(BY_ACTS)
    database.migrate()
    with database.reading() as session:
        assert suspects(session, country.edition.id) == Doubts()
        assert session.scalars(select(SuspectAct.cleared_at)).all() == [on(2023, 3, 2, 23)]
