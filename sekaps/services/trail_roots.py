"""The signed roots of the audit trail: one a day over all acts since the one before, and what they find when checked.

A trail hashed anew from some act to its end fits itself; it does not fit a root that was signed before.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from pyhanko.sign.timestamps import TimeStamper
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sekaps.domain.trail import GENESIS
from sekaps.errors.evidence import ActNotUnderRoot, SignatureUnreadable
from sekaps.evidence.keys import Signer
from sekaps.evidence.merkle import tree_root
from sekaps.evidence.roots import FIRST, DailyRoot, Inclusion, prove, sign_root, verify_root
from sekaps.evidence.trust import Trust
from sekaps.evidence.verdicts import SENTENCES, Verdict
from sekaps.models.evidence import TrailRoot
from sekaps.models.trail import Act
from sekaps.services.trail import STREAM, trail_head
from sekaps.services.writing import insert_new
from sekaps.texts import Text, text


@dataclass(frozen=True, slots=True)
class RootFlaw:
    """A signed root that does not hold, or that the acts under it no longer fit."""

    day: date
    first: int
    last: int
    problem: Text


@dataclass(frozen=True, slots=True)
class RootCheck:
    """What came of checking the roots: how many there are, the last act under one, and the flaws."""

    roots: int
    last: int
    flaws: Sequence[RootFlaw]


def next_root(session: Session, day: date) -> DailyRoot | None:
    """Return the root over all acts since the last one; none when the day, or a later one, has its root already."""
    before = session.execute(
        select(TrailRoot.day, TrailRoot.last, TrailRoot.statement)
        .where(TrailRoot.stream == STREAM)
        .order_by(TrailRoot.day.desc())
        .limit(1)
    ).one_or_none()
    if before is not None and before.day >= day:
        return None
    first = 1 if before is None else before.last + 1
    head = trail_head(session)
    hashes = _hashes(session, first, head.sequence)
    previous = FIRST if before is None else hashlib.sha256(before.statement).digest()
    return DailyRoot.over(STREAM, day, first=first, hashes=hashes, previous=previous, head=head.hash)


def keep_root(session: Session, root: DailyRoot, signer: Signer, timestamper: TimeStamper, as_of: datetime) -> None:
    """Sign a root, have it time-stamped and keep it; one kept meanwhile for the day stays as it is."""
    row = {
        "stream": root.stream,
        "day": root.day,
        "first": root.first,
        "last": root.first + root.count - 1,
        "root": root.root,
        "previous": root.previous,
        "statement": root.statement,
        "signature": sign_root(root, signer, as_of, timestamper),
        "made_at": as_of,
    }
    insert_new(session, TrailRoot, [row])


def judged_at(session: Session, now: datetime) -> datetime | None:
    """Return the instant to check the roots at: now, or that of the last one, as a rehearsed year may lie ahead."""
    last = session.scalar(select(func.max(TrailRoot.made_at)))
    return None if last is None else max(now, last)


def check_roots(session: Session, trust: Trust, at: datetime) -> RootCheck:
    """Check every root at an instant: its signature and time stamp, its place in their chain, the acts under it."""
    roots = session.scalars(select(TrailRoot).where(TrailRoot.stream == STREAM).order_by(TrailRoot.day)).all()
    flaws: list[RootFlaw] = []
    expected, previous = 1, FIRST
    for row in roots:
        problems = _problems(session, row, expected, previous, trust, at)
        flaws.extend(RootFlaw(row.day, row.first, row.last, problem) for problem in problems)
        expected, previous = row.last + 1, hashlib.sha256(row.statement).digest()
    return RootCheck(len(roots), expected - 1, tuple(flaws))


def _problems(
    session: Session, row: TrailRoot, expected: int, previous: bytes, trust: Trust, at: datetime
) -> Iterator[Text]:
    try:
        told = DailyRoot.read(row.statement)
    except SignatureUnreadable as error:
        yield text("its statement cannot be read: {reason}", reason=error.message)
        return
    if (told.stream, told.day, told.first, told.count, told.root, told.previous) != (
        *(row.stream, row.day, row.first, row.last - row.first + 1, row.root, row.previous),
    ):
        yield text("it is not kept as its statement says")
    verdict = verify_root(row.statement, row.signature, trust, at)
    if verdict is not Verdict.VALID:
        yield SENTENCES[verdict]
    if told.first != expected or told.previous != previous:
        yield text("it does not follow the root before: one was removed or changed")
    hashes = _hashes(session, told.first, told.first + told.count - 1)
    if len(hashes) != told.count or tree_root(hashes) != told.root:
        yield text("the acts under it are not those that were signed")
    elif told.head != (hashes[-1] if hashes else _hash_before(session, told.first)):
        yield text("the trail's last act under it is not the one that was signed")


def _hashes(session: Session, first: int, last: int) -> list[bytes]:
    query = select(Act.hash).where(Act.stream == STREAM, Act.sequence.between(first, last))
    return list(session.scalars(query.order_by(Act.sequence)))


def _hash_before(session: Session, sequence: int) -> bytes:
    found = session.scalar(select(Act.hash).where(Act.stream == STREAM, Act.sequence == sequence - 1))
    return GENESIS if found is None else found


def prove_act(session: Session, sequence: int) -> tuple[TrailRoot, bytes, Inclusion]:
    """Return the root an act is under, its hash and the proof of it; raise ActNotUnderRoot."""
    covering = (TrailRoot.stream == STREAM, TrailRoot.first <= sequence, TrailRoot.last >= sequence)
    root = session.scalars(select(TrailRoot).where(*covering)).first()
    if root is None:
        last = session.scalar(select(func.max(TrailRoot.last)).where(TrailRoot.stream == STREAM))
        raise ActNotUnderRoot(sequence=sequence, last=last or 0)
    hashes, place = _hashes(session, root.first, root.last), sequence - root.first
    return root, hashes[place], prove(hashes, place)
