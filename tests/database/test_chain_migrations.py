"""Documents under way keep their chain, or change it by a named migration that loses no signature."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from agreed_chains import APPROVED, LATER, MARCH, MINISTRY, agree, ask, need, propose, standing
from small_country import Country, make_country, on
from sqlalchemy import event, func, select, update

from sekaps.database import transaction
from sekaps.errors.chains import ChainMigrationRefused, ChainUnknown
from sekaps.models.documents import Document, DocumentReturn, Signature
from sekaps.models.trail import Act
from sekaps.services.chain_migrations import Migrated, foresee_migration, migrate_documents
from sekaps.services.gaps import find_gaps
from sekaps.services.requests import ChainMigration, DocumentRequest, SignRequest
from sekaps.services.returning import send_back
from sekaps.services.signing import sign
from sekaps.services.trail import broken_links


@pytest.fixture
def under_way(country: Country) -> dict[str, int]:
    """Documents of the chain officer, head, ministry: with no signature, one, two, sent back, done, taken back."""
    chain_id = country.chains["need"]
    forms = {name: country.document(f"IBC-{place}", "military", chain_id) for place, name in enumerate(
        ("none", "one", "two", "returned", "complete", "withdrawn"), 1)}  # fmt: skip
    for name, signers in {"one": 1, "two": 2, "returned": 1, "complete": 3}.items():
        for who in ("military officer", "military head", "ministry approver")[:signers]:
            assert ask(country, forms[name], who) == "signed"
    back = DocumentRequest(forms["returned"], country.people["military head"], "yanlış")
    assert send_back(country.session, country.edition, [back], MARCH)[0].done
    taken = update(Document).where(Document.id == forms["withdrawn"]).values(state="withdrawn")
    country.session.execute(taken)
    return forms


def order(country: Country, to_chain: int, name: str = "yeni zincir", **values: object) -> ChainMigration:
    asked = {"from_chain": country.chains["need"], "person_id": country.people["ministry head"], "reason": "yeni usul"}
    return ChainMigration(**{"name": name, "to_chain": to_chain, **asked, **values})  # type: ignore[arg-type]


def migrate(country: Country, to_chain: int, **values: object) -> Migrated:
    return migrate_documents(country.session, country.edition, order(country, to_chain, **values), LATER)


def left(migrated: Migrated) -> dict[str, str]:
    return {one.number: one.reason.say("en") for one in migrated.left}


def test_documents_under_way_keep_the_chain_they_began_with(country: Country, under_way: dict[str, int]) -> None:
    former = country.chains["need"]
    agree(country, "head", APPROVED)
    assert standing(country, under_way["one"]) == ("recorded", 2, 1, former)
    assert ask(country, under_way["one"], "military head") == "signed"


def test_those_whose_signatures_fit_move_and_the_others_stay_and_say_why(
    country: Country, under_way: dict[str, int]
) -> None:
    new = agree(country, "officer", f"approver, head@{MINISTRY}", APPROVED)
    done = migrate(country, new)
    assert (done.moved, done.restarted, done.done_before) == (3, 0, False)
    assert left(done) == {"IBC-3": "what is signed does not stand in the other chain at the same places"}
    assert {name: standing(country, form) for name, form in under_way.items()} == {
        "none": ("expected", 1, 1, new),
        "one": ("recorded", 2, 1, new),
        "two": ("recorded", 3, 1, country.chains["need"]),
        "returned": ("returned", 1, 1, new),
        "complete": ("complete", 0, 1, country.chains["need"]),
        "withdrawn": ("withdrawn", 1, 1, country.chains["need"]),
    }
    for who in ("ministry head", "military approver", "ministry approver"):
        assert ask(country, under_way["one"], who, LATER) == "signed"


def test_with_restart_those_that_do_not_fit_begin_anew_and_their_signatures_stay_as_history(
    country: Country, under_way: dict[str, int]
) -> None:
    new = agree(country, "approver", APPROVED)
    done = migrate(country, new, restart=True)
    assert (done.moved, done.restarted, done.left) == (2, 2, ())
    assert standing(country, under_way["two"]) == ("recorded", 1, 2, new)
    rounds = select(Signature.round, func.count()).where(Signature.document_id == under_way["two"])
    assert country.session.execute(rounds.group_by(Signature.round)).tuples().all() == [(1, 2)]
    kept = select(DocumentReturn.slot, DocumentReturn.reason, DocumentReturn.resubmitted_at)
    assert country.session.execute(kept.where(DocumentReturn.document_id == under_way["two"])).one() == (
        3, "yeni usul", LATER,
    )  # fmt: skip
    for who in ("military approver", "ministry approver"):
        assert ask(country, under_way["two"], who, LATER) == "signed"


def test_the_audit_of_the_day_before_still_tells_where_a_restarted_document_stood(
    country: Country, under_way: dict[str, int]
) -> None:
    migrate(country, agree(country, "officer", "approver", APPROVED), restart=True)
    [then], [now] = (
        [gap.slot for gap in find_gaps(country.session, country.edition, when) if gap.document == "IBC-3"]
        for when in (on(2023, 3, 1, 12), LATER)
    )
    assert (then, now) == (3, 1)


def test_a_document_waits_anew_only_where_others_have_to_act_now(country: Country, under_way: dict[str, int]) -> None:
    began = dict(country.session.execute(select(Document.number, Document.waiting_since)).tuples().all())
    migrate(country, agree(country, "officer", "head, approver", APPROVED))
    since = dict(country.session.execute(select(Document.number, Document.waiting_since)).tuples().all())
    assert (since["IBC-1"], since["IBC-2"]) == (began["IBC-1"], LATER)


def test_a_condition_of_the_new_chain_decides_where_a_document_goes_on(country: Country) -> None:
    forms = [country.document(f"IBC-{quantity}", "military", country.chains["need"]) for quantity in (99, 100)]
    for form, quantity in zip(forms, (99, 100), strict=True):
        need(country, form, quantity, "local")
        ask(country, form, "military officer")
    new = agree(country, "officer", "approver if quantity >= 100", APPROVED)
    assert migrate(country, new).moved == 2
    assert [standing(country, form)[1] for form in forms] == [3, 2]


def test_nobody_is_passed_over_and_nothing_is_completed_by_moving(country: Country) -> None:
    held = agree(country, "officer", "approver if quantity >= 1000", "head", APPROVED)
    form = country.document("IBC-1", "military", held)
    need(country, form, 100, "local")
    for who in ("military officer", "military head"):
        ask(country, form, who)
    asked = agree(country, "officer", "approver if quantity >= 100", "head", APPROVED)
    done = migrate(country, asked, from_chain=held)
    assert (done.moved, left(done)) == (0, {"IBC-1": "the other chain asks approver before what is signed"})


def test_the_same_name_again_does_nothing_more(country: Country, under_way: dict[str, int]) -> None:
    new = agree(country, "officer", "approver", APPROVED)
    first = migrate(country, new)
    late = country.document("IBC-9", "military", country.chains["need"])
    again = migrate(country, new, restart=True)
    assert (again.moved, again.restarted, again.done_before) == (first.moved, 0, True)
    assert standing(country, late)[3] == country.chains["need"]
    assert standing(country, under_way["two"])[2] == 1
    with pytest.raises(ChainMigrationRefused, match="the name was used for documents of chain"):
        migrate(country, agree(country, "head", APPROVED), from_chain=new)


def test_a_migration_is_one_act_on_the_trail_with_its_counts(country: Country, under_way: dict[str, int]) -> None:
    new = agree(country, "officer", "approver", APPROVED)
    migrate(country, new, restart=True)
    migrate(country, new, restart=True)
    act = country.session.scalars(select(Act).where(Act.verb == "migrate_documents")).one()
    counts = {name: act.facts[name] for name in ("name", "from", "to", "moved", "restarted", "left", "reason")}
    assert counts == {
        "name": "yeni zincir", "from": country.chains["need"], "to": new, "moved": 3, "restarted": 1, "left": 0,
        "reason": "yeni usul",
    }  # fmt: skip
    assert act.facts["anew"] == [under_way["two"]]
    assert (act.documents, act.mandate_id) == (4, country.mandates["ministry head"])
    assert list(broken_links(country.session)) == []


def test_asking_what_it_would_do_tells_the_same_and_does_nothing(country: Country, under_way: dict[str, int]) -> None:
    new = agree(country, "officer", "approver", APPROVED)
    asked = order(country, new, restart=True)
    foreseen = foresee_migration(country.session, country.edition, asked, LATER)
    assert standing(country, under_way["one"])[3] == country.chains["need"]
    assert country.session.scalar(select(Act).where(Act.verb == "migrate_documents")) is None
    assert migrate_documents(country.session, country.edition, asked, LATER) == foreseen
    assert foresee_migration(country.session, country.edition, asked, LATER).done_before


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"name": " "}, "it needs a name"),
        ({"reason": ""}, "a reason must be given"),
        ({"who": "military head"}, "holds a post of the unit's ministry"),
        ({"to": "need"}, "both chains are the same one"),
        ({"to": "resource"}, "not versions of one"),
        ({"to": "proposed"}, "is proposed; documents move to a chain in force only"),
    ],
)
def test_what_makes_no_migration_is_refused_with_its_reason(
    country: Country, under_way: dict[str, int], values: dict[str, str], says: str
) -> None:
    new, proposed = agree(country, "officer", "approver", APPROVED), propose(country, "head", APPROVED)
    chains = {"new": new, "proposed": proposed, **country.chains}
    asked = dict(values)
    person = country.people[asked.pop("who", "ministry head")]
    with pytest.raises(ChainMigrationRefused) as refused:
        migrate(country, chains[asked.pop("to", "new")], person_id=person, **asked)
    assert says in str(refused.value)
    assert standing(country, under_way["one"])[3] == country.chains["need"]


def test_a_migration_names_chains_that_exist(country: Country) -> None:
    with pytest.raises(ChainUnknown, match="no chain has the number 999"):
        migrate(country, 999)


def test_hundreds_move_in_few_statements(country: Country) -> None:
    forms = [country.document(f"IBC-{place}", "military", country.chains["need"]) for place in range(1100)]
    signer = country.people["military officer"]
    sign(country.session, country.edition, [SignRequest(form, signer) for form in forms[:600]], MARCH)
    new = agree(country, "officer", "approver", APPROVED)
    with counted_statements(country) as statements:
        assert migrate(country, new).moved == 1100
    assert len(statements) < 40
    assert country.session.scalar(select(func.count()).where(Document.chain_id == new)) == 1100


@contextmanager
def counted_statements(country: Country) -> Iterator[list[str]]:
    """Give the statements executed while the block runs."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    engine = country.session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_of_two_who_migrate_at_once_one_moves_and_the_other_is_told(database: object) -> None:
    with transaction() as session:
        country = make_country(session)
        for place in range(30):
            country.document(f"IBC-{place}", "military", country.chains["need"])
        new = agree(country, "officer", "approver", APPROVED)
        asked = order(country, new)

    def work(_: int) -> Migrated:
        with transaction() as session:
            return migrate_documents(session, country.edition, asked, LATER)

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(work, range(2)))
    assert sorted(result.done_before for result in results) == [False, True]
    assert [result.moved for result in results] == [30, 30]
    with transaction() as session:
        assert session.scalar(select(func.count()).select_from(Act).where(Act.verb == "migrate_documents")) == 1
        assert list(broken_links(session)) == []


def test_signing_and_migrating_at_once_lose_no_signature(database: object) -> None:
    with transaction() as session:
        country = make_country(session)
        forms = [country.document(f"IBC-{place}", "military", country.chains["need"]) for place in range(20)]
        new = agree(country, "officer", "approver", APPROVED)
        asked = order(country, new)

    def act(verb: str) -> None:
        for form in forms if verb == "sign" else forms[:1]:
            with transaction() as session:
                if verb == "sign":
                    request = SignRequest(form, country.people["military officer"])
                    assert sign(session, country.edition, [request], MARCH)[0].done
                else:
                    migrate_documents(session, country.edition, asked, LATER)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(act, ["sign", "migrate"]))
    with transaction() as session:
        columns = select(Document.state, Document.next_slot, Document.chain_id).distinct()
        assert set(session.execute(columns).tuples()) == {("recorded", 2, new)}
