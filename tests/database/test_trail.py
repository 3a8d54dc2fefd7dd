"""The audit trail: whoever changes, removes, re-orders or adds a row is found, and the row is named."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from small_country import on, publish
from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.orm import Session

from sekaps.cli.main import run
from sekaps.database import transaction
from sekaps.domain.trail import Entry, chain_hash
from sekaps.domain.trail_check import Harm
from sekaps.models.trail import Act, TrailHead
from sekaps.services.trail import STREAM, append_all, broken_links, trail_head

LAST = 8
OTHER: dict[str, Any] = {
    "at": on(2023, 2, 7, 11),
    "verb": "decide",
    "outcome": "refused",
    "authority": "somebody",
    "revision": 7,
    "activity": "preparations",
    "step": "1.a",
    "documents": 99,
    "facts": {"documents": [1, 2]},
    "edition_id": None,
    "hash": b"\7" * 32,
    "previous_hash": b"\7" * 32,
}
"""Another value for each column of an act but its place and its stream."""
Found = list[tuple[Harm, int | None, int | None]]


@pytest.fixture
def session(database: object) -> Iterator[Session]:
    """A trail of eight acts: those of a publication, and signatures after it."""
    with transaction() as session:
        edition = publish(session)
        begun = trail_head(session).sequence
        days = range(1, LAST - begun + 1)
        append_all(
            session, [Entry(at=on(2023, 2, day), verb="sign", edition_id=edition.id, documents=day) for day in days]
        )
        assert trail_head(session).sequence == LAST
        yield session


def found(session: Session) -> Found:
    return [(one.harm, one.first, one.last) for one in broken_links(session)]


def place(session: Session, was: int, becomes: int) -> None:
    session.execute(update(Act).where(Act.sequence == was).values(sequence=becomes))


def row(session: Session, sequence: int) -> dict[str, Any]:
    columns = Act.__table__.c
    stored = session.execute(select(*columns).where(columns.sequence == sequence)).one()
    return {name: value for name, value in stored._mapping.items() if name != "id"}


def test_a_trail_nobody_touched_is_whole(session: Session) -> None:
    assert found(session) == []


def test_every_column_of_an_act_is_tried() -> None:
    assert OTHER.keys() | {"id", "stream", "sequence", "mandate_id"} == set(Act.__table__.c.keys())


@pytest.mark.parametrize("sequence", [1, 5, LAST])
@pytest.mark.parametrize("column", OTHER)
def test_an_act_with_another_value_in_any_column_is_found_and_named(
    session: Session, column: str, sequence: int
) -> None:
    session.execute(update(Act).where(Act.sequence == sequence).values({column: OTHER[column]}))
    [one] = broken_links(session)
    assert (one.harm, one.first, one.last) == (Harm.CHANGED, sequence, sequence)
    assert one.id == session.scalar(select(Act.id).where(Act.sequence == sequence))
    assert one.verb == (OTHER["verb"] if column == "verb" else session.scalar(select(Act.verb).where(Act.id == one.id)))


@pytest.mark.parametrize(
    ("taken", "harms"),
    [
        ([4], [(Harm.REMOVED, 4, 4)]),
        ([1], [(Harm.REMOVED, 1, 1)]),
        ([LAST], [(Harm.REMOVED, LAST, LAST)]),
        ([3, 4, 6], [(Harm.REMOVED, 3, 4), (Harm.REMOVED, 6, 6)]),
        (range(1, LAST + 1), [(Harm.REMOVED, 1, LAST)]),
    ],
)
def test_a_removed_act_leaves_its_place_empty(session: Session, taken: list[int], harms: Found) -> None:
    session.execute(delete(Act).where(Act.sequence.in_(taken)))
    assert found(session) == harms


def test_an_act_removed_with_the_rest_moved_up_is_still_missing(session: Session) -> None:
    session.execute(delete(Act).where(Act.sequence == 4))
    for sequence in range(5, LAST + 1):
        place(session, sequence, sequence - 1)
    moved: Found = [(Harm.REORDERED, sequence, sequence) for sequence in range(4, LAST)]
    assert sorted(found(session)) == sorted([*moved, (Harm.REMOVED, 4, 4)])


@pytest.mark.parametrize(("one", "other"), [(3, 4), (1, LAST), (4, 7)])
def test_two_acts_that_changed_places_are_both_named(session: Session, one: int, other: int) -> None:
    for was, becomes in ((one, 99), (other, one), (99, other)):
        place(session, was, becomes)
    assert found(session) == [(Harm.REORDERED, one, one), (Harm.REORDERED, other, other)]
    assert [str(link.problem.facts["place"]) for link in broken_links(session)] == [str(other), str(one)]


def test_an_act_moved_beyond_the_end_is_told_with_where_it_belongs(session: Session) -> None:
    place(session, 4, 99)
    assert found(session) == [(Harm.REORDERED, 99, 99)]


def test_an_act_put_between_others_is_told_from_those_it_pushed_down(session: Session) -> None:
    for sequence in range(LAST, 3, -1):
        place(session, sequence, sequence + 1)
    session.execute(insert(Act).values({**row(session, 3), "sequence": 4, "documents": 1000}))
    pushed: Found = [(Harm.REORDERED, sequence, sequence) for sequence in range(5, LAST + 2)]
    assert found(session) == [(Harm.ADDED, 4, 4), *pushed]


@pytest.mark.parametrize("is_hashed", [True, False])
def test_an_act_put_at_the_end_is_unknown_to_the_head(session: Session, is_hashed: bool) -> None:
    entry, previous = Entry(at=on(2023, 3, 1), verb="sign"), trail_head(session).hash
    digest = chain_hash(previous, STREAM, LAST + 1, entry) if is_hashed else b"\7" * 32
    added = {"at": entry.at, "verb": "sign", "sequence": LAST + 1, "previous_hash": previous, "hash": digest}
    values = {**row(session, LAST), "edition_id": None, "documents": 0, "authority": "system", **added}
    session.execute(insert(Act).values(values))
    assert found(session) == [(Harm.ADDED, LAST + 1, LAST + 1)]


def test_an_act_written_anew_with_a_hash_of_its_own_no_longer_carries_the_next(session: Session) -> None:
    stored = row(session, 5)
    entry = Entry(at=stored["at"], verb="sign", edition_id=stored["edition_id"], documents=77)
    anew = {"documents": 77, "hash": chain_hash(stored["previous_hash"], STREAM, 5, entry)}
    session.execute(update(Act).where(Act.sequence == 5).values(anew))
    assert found(session) == [(Harm.CHANGED, 5, 5)]


@pytest.mark.parametrize("values", [{"sequence": LAST + 2}, {"sequence": LAST - 2}, {"hash": b"\7" * 32}])
def test_a_changed_head_is_found(session: Session, values: dict[str, Any]) -> None:
    session.execute(update(TrailHead).values(values))
    assert found(session) == [(Harm.CHANGED, None, None)]


def test_a_removed_head_is_found(session: Session) -> None:
    session.execute(delete(TrailHead))
    assert found(session) == [(Harm.REMOVED, None, None)]


def test_an_act_moved_to_another_stream_is_missing_in_its_own(session: Session) -> None:
    session.execute(update(Act).where(Act.sequence == 4).values(stream="other"))
    assert (Harm.REMOVED, 4, 4) in found(session)
    assert {one.stream for one in broken_links(session)} == {"main", "other"}


def test_ids_that_changed_places_are_found(session: Session) -> None:
    ids = {sequence: session.scalar(select(Act.id).where(Act.sequence == sequence)) for sequence in (5, 6)}
    highest = session.scalar(select(func.max(Act.id))) or 0
    for sequence, becomes in ((5, highest + 9), (6, ids[5]), (5, ids[6])):
        session.execute(update(Act).where(Act.sequence == sequence).values(id=becomes))
    assert found(session) == [(Harm.CHANGED, 6, 6)]


@pytest.mark.parametrize(
    ("column", "value"), [("at", "yesterday"), ("facts", "{no json"), ("hash", "text"), ("verb", b"\0"), ("at", 10**18)]
)
def test_what_no_act_ever_holds_is_found_and_stops_nothing(sqlite_database: object, column: str, value: object) -> None:
    with transaction() as session:
        publish(session)
        entries = [Entry(at=on(2023, 2, day), verb="sign") for day in range(1, 6)]
        sequence = trail_head(session).sequence + 2
        append_all(session, entries)
        session.execute(text(f"UPDATE acts SET {column} = :value WHERE sequence = {sequence}"), {"value": value})
        assert found(session) == [(Harm.CHANGED, sequence, sequence)]


def test_the_verb_names_what_was_touched_and_leaves_with_one(
    database: object, capsys: pytest.CaptureFixture[str]
) -> None:
    with transaction() as session:
        publish(session)
        append_all(session, [Entry(at=on(2023, 2, day), verb="sign", documents=day) for day in range(1, 6)])
    assert run(["--lang", "en", "audit", "trail", "verify"]) == 0
    assert "the audit trail is whole" in capsys.readouterr().out
    with transaction() as session:
        session.execute(update(Act).where(Act.sequence == 4).values(documents=9))
    assert run(["--lang", "en", "audit", "trail", "verify", "--json"]) == 1
    [one] = json.loads(capsys.readouterr().out)["findings"]
    assert (one["harm"], one["first"], one["verb"]) == ("changed", 4, "sign")
    assert run(["--lang", "en", "audit", "trail"]) == 1
    told = capsys.readouterr()
    assert "its content is not what" in told.out
    assert "the audit trail was changed" in told.err
