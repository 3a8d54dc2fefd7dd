"""Reminders: one digest for each person and day, each rung claimed once; the claim's row is the right to send it.

A claim that is already there was somebody else's and is not sent again; a person who already has today's digest is
told of a new claim on the next office day.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import delete, func, select, tuple_
from sqlalchemy.orm import Session

from sekaps.calendar.instants import local_day
from sekaps.domain.digests import Digest, Issuer, Recipient
from sekaps.domain.reminders import OpenWork
from sekaps.models.mail import OutboxMessage, ReminderClaim
from sekaps.models.registry import Person
from sekaps.services.digests import Letter, render
from sekaps.services.due_work import DueItem, StepKey, Timetable, due_items, read_timetable, sections
from sekaps.services.editions import EditionView
from sekaps.services.open_work import superiors
from sekaps.services.outbox import post
from sekaps.services.writing import chunked, insert_returning

KEY_PREFIX = "digest:"
PEOPLE_AT_ONCE = 250
"""People whose letters are put together, rendered and written at once."""
T = TypeVar("T")
ClaimKey = tuple[str, str, int, int, date]
"""What a rung is claimed for: activity, step, unit, person, and the deadline it counts to."""
Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class DigestCounts:
    """What a round wrote: people told, rungs claimed, escalations among them; and documents nobody was told of."""

    people: int = 0
    claims: int = 0
    escalations: int = 0
    unheard: int = 0

    def __add__(self, other: "DigestCounts") -> "DigestCounts":
        """Return both rounds as one."""
        return DigestCounts(*(mine + theirs for mine, theirs in zip(astuple(self), astuple(other), strict=True)))


@dataclass(slots=True)
class DueDigest:
    """What one person is to be told today; nothing in it is claimed yet."""

    person_id: int
    due: list[DueItem] = field(default_factory=list)
    other: list[DueItem] = field(default_factory=list)
    below: list[DueItem] = field(default_factory=list)


def claim_digests(
    session: Session,
    edition: EditionView,
    work: Sequence[OpenWork],
    as_of: datetime,
    *,
    steps: Collection[StepKey] | None = None,
) -> DigestCounts:
    """Claim every rung due on the local day and write one digest to each person; the same again writes nothing.

    A person is told when a rung of one of the named steps is due (of any step when none are named), and then of
    everything due that day: nobody gets two digests a day. The person's other open work is listed as well.
    """
    unheard = (item for item in work if item.person_id is None and _is_among(item, steps))
    counts = DigestCounts(unheard=sum(item.documents for item in unheard))
    for digests in due_digests(session, edition, work, as_of, steps=steps):
        counts += _write(session, edition, digests, as_of)
    return counts


def _is_among(item: OpenWork, steps: Collection[StepKey] | None) -> bool:
    return steps is None or (item.activity, item.step) in steps


def due_digests(
    session: Session,
    edition: EditionView,
    work: Sequence[OpenWork],
    as_of: datetime,
    *,
    steps: Collection[StepKey] | None = None,
) -> Iterator[list[DueDigest]]:
    """Yield who is to be told of what today, by person id: those with an unclaimed rung and no digest of today.

    They come some at a time, so that what is put together for them does not grow with the nation.
    """
    timetable = read_timetable(session, edition, (), as_of)
    own = sorted((item for item in work if item.person_id is not None), key=_person)
    raised, due_steps = _raised(session, timetable, work, as_of)
    claimed, told = _claimed(session, edition.id, due_steps), _told_today(session, edition.id, as_of)
    people = sorted({_person(item) for item in own} | {_person(item.work) for item in raised})
    for some in chunked(people, PEOPLE_AT_ONCE):
        items = list(due_items(session, timetable, _of(some, own, _person)))
        theirs = _unclaimed((item for item in items if item.rung is not None), claimed)
        below = _unclaimed(_of(some, raised, lambda item: _person(item.work)), claimed)
        called = {key[3] for key in (*theirs, *below) if steps is None or key[:2] in steps}
        gathered = _gather(called - told, items, theirs, below)
        yield [gathered[person_id] for person_id in sorted(gathered)]


def _person(work: OpenWork) -> int:
    assert work.person_id is not None
    return work.person_id


def _of(people: Sequence[int], ordered: Sequence[T], person: Callable[[T], int]) -> Sequence[T]:
    """Return, of what is ordered by person, the part of a run of people."""
    first = bisect_left(ordered, people[0], key=person)
    return ordered[first : bisect_right(ordered, people[-1], lo=first, key=person)]


def _raised(
    session: Session, timetable: Timetable, work: Sequence[OpenWork], as_of: datetime
) -> tuple[list[DueItem], set[StepKey]]:
    """Return the late items that escalate, as work of the head of the parent unit; and the steps with a rung due."""
    late, due_steps = list[DueItem](), set[StepKey]()
    for item in due_items(session, timetable, work):
        if item.rung is not None:
            due_steps.add(item.step_key)
        if item.escalates:
            late.append(item)
    heads = superiors(session, {item.work.unit_id for item in late}, as_of)
    raised = [item.told_to(heads[item.work.unit_id]) for item in late if item.work.unit_id in heads]
    return sorted(raised, key=lambda item: _person(item.work)), due_steps


def _unclaimed(items: Iterable[DueItem], claimed: Mapping[ClaimKey, int]) -> dict[ClaimKey, DueItem]:
    """Return by claim the items whose rung is later than any claimed for the same work and person."""
    found: dict[ClaimKey, DueItem] = {}
    for item in items:
        key = _claim_key(item)
        if key is None or item.rung is None or claimed.get(key, item.rung - 1) >= item.rung:
            continue
        found[key] = item if key not in found else found[key].joined_with(item)
    return found


def _gather(
    people: Iterable[int],
    items: Iterable[DueItem],
    own: Mapping[ClaimKey, DueItem],
    below: Mapping[ClaimKey, DueItem],
) -> dict[int, DueDigest]:
    """Gather by person, for these people, all that is due to them; their other open work is told along with it."""
    gathered = {person_id: DueDigest(person_id) for person_id in people}
    for key, item in own.items():
        if key[3] in gathered:
            gathered[key[3]].due.append(item)
    for key, item in below.items():
        if key[3] in gathered and key not in own:
            gathered[key[3]].below.append(item)
    for item in items:
        if item.work.person_id in gathered and item.may_be_reminded and _claim_key(item) not in own:
            gathered[item.work.person_id].other.append(item)
    return gathered


def _claim_key(item: DueItem) -> ClaimKey | None:
    work = item.work
    if work.person_id is None:
        return None
    return work.activity, work.step, work.unit_id, work.person_id, item.deadline.closes


def _claimed(session: Session, edition_id: int, steps: set[StepKey]) -> dict[ClaimKey, int]:
    """Return the latest rung claimed for those steps, by what it was claimed for."""
    about = (ReminderClaim.activity, ReminderClaim.step, ReminderClaim.unit_id)
    by = (*about, ReminderClaim.person_id, ReminderClaim.closes)
    latest = (
        select(*by, func.max(ReminderClaim.rung))
        .where(ReminderClaim.edition_id == edition_id)
        .where(tuple_(ReminderClaim.activity, ReminderClaim.step).in_(sorted(steps)))
        .group_by(*by)
    )
    return {(row[0], row[1], row[2], row[3], row[4]): row[5] for row in session.execute(latest)} if steps else {}


def _told_today(session: Session, edition_id: int, as_of: datetime) -> set[int]:
    """Return the people who already have a digest of the local day."""
    today = (OutboxMessage.edition_id == edition_id) & (OutboxMessage.day == local_day(as_of))
    return set(session.scalars(select(OutboxMessage.person_id).where(today, OutboxMessage.key.startswith(KEY_PREFIX))))


def _write(session: Session, edition: EditionView, digests: Sequence[DueDigest], as_of: datetime) -> DigestCounts:
    """Write digests and claims, and count those won; a digest that won none is taken back.

    Everyone writes people in the same order, so two writers wait for one another and never in a circle.
    """
    people = recipients(session, [one.person_id for one in digests])
    letters = [_letter(edition, people[one.person_id], one, as_of) for one in digests]
    outbox_ids = dict(post(session, letters))
    rows = [row for one in digests if one.person_id in outbox_ids for row in _claims(edition.id, one, as_of)]
    claims = [row | {"outbox_id": outbox_ids[row["person_id"]]} for row in rows]
    won = insert_returning(session, ReminderClaim, claims, ("outbox_id", "escalation"))
    told = {outbox_id for outbox_id, _ in won}
    if lost := set(outbox_ids.values()) - told:
        session.execute(delete(OutboxMessage).where(OutboxMessage.id.in_(lost)))
    return DigestCounts(len(told), len(won), sum(escalation for _, escalation in won))


def recipients(session: Session, person_ids: Sequence[int]) -> dict[int, Recipient]:
    """Return whom letters are addressed to, by person id."""
    columns = select(Person.id, Person.name, Person.email, Person.language, Person.synthetic)
    return {
        row.id: Recipient(row.id, row.name, row.email, "en" if row.language == "en" else "tr", row.synthetic)
        for row in session.execute(columns.where(Person.id.in_(person_ids)))
    }


def _letter(edition: EditionView, recipient: Recipient, one: DueDigest, as_of: datetime) -> dict[str, Any]:
    day = local_day(as_of)
    due, other, below = sections(one.due), sections(one.other), sections(one.below)
    letter = Digest(issuer_of(edition), recipient, day, due, other, below)
    return outbox_row(f"{KEY_PREFIX}{edition.id}:{recipient.id}:{day}", edition, letter, as_of)


def outbox_row(key: str, edition: EditionView, letter: Letter, as_of: datetime) -> dict[str, Any]:
    """Return the outbox row of a letter, to be delivered from that instant on."""
    rendered = render(letter)
    return {
        "key": key,
        "edition_id": edition.id,
        "person_id": letter.recipient.id,
        "day": letter.day,
        "subject": rendered.subject,
        "plain": rendered.plain,
        "html": rendered.html,
        "state": "waiting",
        "attempts": 0,
        "next_attempt_at": as_of,
    }


def issuer_of(edition: EditionView) -> Issuer:
    """Return in whose name the letters of an edition speak."""
    programme = edition.programme
    short = programme.code.replace("_", " ").upper()
    return Issuer(programme.name, short, edition.year, programme.coordinator)


def _claims(edition_id: int, one: DueDigest, as_of: datetime) -> Iterator[dict[str, Any]]:
    """Yield the claims of one digest, in the order of their key."""
    items = [*((item, False) for item in one.due), *((item, True) for item in one.below)]
    for item, escalation in sorted(items, key=lambda pair: (*pair[0].step_key, pair[0].work.unit_id)):
        yield {
            "edition_id": edition_id,
            "activity": item.work.activity,
            "step": item.work.step,
            "closes": item.deadline.closes,
            "rung": item.rung,
            "unit_id": item.work.unit_id,
            "person_id": one.person_id,
            "escalation": escalation,
            "open_documents": item.work.documents,
            "outbox_id": 0,
            "claimed_at": as_of,
        }
