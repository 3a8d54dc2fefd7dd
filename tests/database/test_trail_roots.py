"""The trail's signed roots: one a day, and a trail hashed anew to its very end no longer fits them."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from small_country import on, publish
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from sekaps.calendar.instants import local_day
from sekaps.cli.main import run
from sekaps.database import transaction
from sekaps.domain.trail import GENESIS, Entry, chain_hash
from sekaps.errors.evidence import ActNotUnderRoot
from sekaps.evidence.roots import DailyRoot, is_proven
from sekaps.keyring import keyring
from sekaps.models.evidence import TrailRoot
from sekaps.models.trail import Act, TrailHead
from sekaps.services.trail import HASHED, STREAM, append_all, broken_links, trail_head
from sekaps.services.trail_roots import check_roots, keep_root, next_root, prove_act

DAYS = [on(2023, 2, day, 23) for day in (6, 7, 8)]
JUNE, JULY = on(2023, 6, 1), on(2023, 7, 1)


def sign_root_of(session: Session, at: Any) -> DailyRoot | None:
    root, keys = next_root(session, local_day(at)), keyring()
    if root is not None:
        keep_root(session, root, keys.own(at), keys.timestamper(at), at)
    return root


@pytest.fixture
def session(database: object) -> Iterator[Session]:
    """Three days with two acts each, their roots signed, and one act after them."""
    with transaction() as session:
        publish(session)
        for at in DAYS:
            append_all(session, [Entry(at=at, verb="sign", documents=number) for number in (1, 2)])
            assert sign_root_of(session, at) is not None
        append_all(session, [Entry(at=JUNE, verb="sign")])
        yield session


def problems(session: Session) -> list[tuple[date, str]]:
    session.expire_all()
    found = check_roots(session, keyring().full_trust(JULY), JULY)
    return [(flaw.day, flaw.problem.say("en")) for flaw in found.flaws]


def test_roots_nobody_touched_hold_and_tell_how_far_they_reach(session: Session) -> None:
    found = check_roots(session, keyring().full_trust(JUNE), JUNE)
    assert (found.roots, found.last, found.flaws) == (3, trail_head(session).sequence - 1, ())


def test_a_day_has_one_root_and_a_day_before_it_none(session: Session) -> None:
    assert sign_root_of(session, DAYS[-1]) is None
    assert sign_root_of(session, DAYS[0]) is None
    assert len(session.scalars(select(TrailRoot)).all()) == len(DAYS)


def test_a_day_without_acts_says_where_the_trail_stands(session: Session) -> None:
    sign_root_of(session, JUNE)
    root = sign_root_of(session, JUNE + timedelta(days=1))
    assert root is not None
    assert (root.count, root.head) == (0, trail_head(session).hash)
    assert problems(session) == []


def test_of_two_that_sign_the_same_day_the_first_stands(session: Session) -> None:
    root, keys = next_root(session, local_day(JUNE)), keyring()
    assert root is not None
    for _ in range(2):
        keep_root(session, root, keys.own(JUNE), keys.timestamper(JUNE), JUNE)
    assert problems(session) == []


def hash_anew(session: Session) -> None:
    """Hash every act and the head anew, as whoever owns the database can."""
    previous = GENESIS
    for act in session.scalars(select(Act).order_by(Act.sequence)):
        entry = Entry(**{name: getattr(act, name) for name in HASHED})
        act.previous_hash, act.hash = previous, chain_hash(previous, STREAM, act.sequence, entry)
        previous = act.hash
    session.execute(update(TrailHead).values(hash=previous))
    session.flush()


def test_a_trail_written_anew_to_its_end_is_found_by_its_roots(session: Session) -> None:
    session.execute(update(Act).where(Act.documents == 2, Act.at == DAYS[1]).values(documents=9))
    hash_anew(session)
    assert list(broken_links(session)) == []
    changed = "the acts under it are not those that were signed"
    assert problems(session) == [(local_day(at), changed) for at in DAYS[1:]]


def test_acts_taken_from_the_end_are_missed(session: Session) -> None:
    session.execute(delete(Act).where(Act.at >= DAYS[2]))
    assert problems(session) == [(local_day(DAYS[2]), "the acts under it are not those that were signed")]


def test_a_root_taken_away_is_missed(session: Session) -> None:
    session.execute(delete(TrailRoot).where(TrailRoot.day == local_day(DAYS[1])))
    assert problems(session) == [(local_day(DAYS[2]), "it does not follow the root before: one was removed or changed")]


@pytest.mark.parametrize(
    ("column", "value", "problem"),
    [
        ("first", 2, "it is not kept as its statement says"),
        ("last", 99, "it is not kept as its statement says"),
        ("root", bytes(32), "it is not kept as its statement says"),
        ("previous", b"\7" * 32, "it is not kept as its statement says"),
        ("statement", b"{}", "its statement cannot be read: the signature cannot be used: no daily root: 'root'"),
        ("signature", b"{}", "it is not a signature of the accepted kind"),
    ],
)
def test_a_root_with_another_value_in_any_column_is_found(
    session: Session, column: str, value: Any, problem: str
) -> None:
    mine = TrailRoot.day == local_day(DAYS[1])
    session.execute(update(TrailRoot).where(mine).values({column: value}))
    assert (local_day(DAYS[1]), problem) in problems(session)


def test_a_root_stated_anew_does_not_bear_the_signature(session: Session) -> None:
    [row] = session.scalars(select(TrailRoot).where(TrailRoot.day == local_day(DAYS[2])))
    told = replace(DailyRoot.read(row.statement), head=b"\7" * 32)
    row.statement = told.statement
    session.flush()
    assert [problem for _, problem in problems(session)] == [
        "the document was changed after it was signed",
        "the trail's last act under it is not the one that was signed",
    ]


def test_an_act_is_proven_under_its_root_without_the_database(session: Session) -> None:
    root, hashed, inclusion = prove_act(session, trail_head(session).sequence - 2)
    told = DailyRoot.read(root.statement)
    assert is_proven(hashed, inclusion, told)
    assert not is_proven(bytes(32), inclusion, told)
    with pytest.raises(ActNotUnderRoot):
        prove_act(session, trail_head(session).sequence)


def test_the_verbs_check_the_roots_too_and_leave_with_one(
    sqlite_database: object, capsys: pytest.CaptureFixture[str]
) -> None:
    with transaction() as session:
        publish(session)
        sign_root_of(session, DAYS[0])
    assert run(["--lang", "en", "audit", "trail", "verify"]) == 0
    assert "1 signed roots" in capsys.readouterr().out
    assert run(["--lang", "en", "audit", "roots", "prove", "1"]) == 0
    assert json.loads(capsys.readouterr().out)["day"] == "2023-02-06"
    with transaction() as session:
        session.execute(update(Act).values(documents=7))
        hash_anew(session)
    assert run(["--lang", "en", "audit", "roots", "verify", "--json"]) == 1
    [flaw] = json.loads(capsys.readouterr().out)["flaws"]
    assert flaw["problem"] == "the acts under it are not those that were signed"
    assert run(["--lang", "en", "audit", "trail", "verify"]) == 1
