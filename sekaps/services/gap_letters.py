"""Writing to those who can close signature gaps: one letter for each person, cause and day; one act on the trail."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from sekaps.calendar.instants import local_day
from sekaps.domain.digests import Recipient
from sekaps.domain.gap_letters import GapLetter, GapWork
from sekaps.domain.gaps import Cause
from sekaps.domain.observatory import Pile
from sekaps.domain.trail import Entry, digest_of
from sekaps.models.mail import OutboxMessage
from sekaps.services import trail
from sekaps.services.editions import EditionView
from sekaps.services.gaps import standing_at
from sekaps.services.observatory import EVERYWHERE, Selection, read_piles
from sekaps.services.outbox import post
from sekaps.services.reminders import issuer_of, outbox_row, recipients
from sekaps.services.writing import chunked

LETTER_PREFIX = "gaps:"


@dataclass(frozen=True, slots=True)
class SentLetters:
    """What a round wrote: people and the documents they were told of; who had today's letter; what nobody hears of."""

    people: int
    documents: int
    told_today: int
    unheard: int


def send_gap_letters(
    session: Session,
    edition: EditionView,
    cause: Cause,
    as_of: datetime,
    *,
    selection: Selection = EVERYWHERE,
    is_trial: bool = False,
) -> SentLetters:
    """Write one letter to each person who can close gaps of a cause; on the same day nobody gets a second one.

    The selection says whose gaps call for a letter; a letter then names all its reader's gaps of the cause.
    """
    standing = standing_at(session, edition.id, as_of)
    piles = [pile for pile in read_piles(session, edition, standing, as_of) if pile.cause is cause]
    called = [pile for pile in piles if selection.has(pile.owner, pile.waits_at)]
    people = {pile.closer.id for pile in called if pile.closer is not None}
    told = _told_today(session, edition, cause, as_of) & people
    gathered = _by_closer(piles, people - told)
    written = set(gathered) if is_trial else _write(session, edition, cause, gathered, as_of)
    sent = SentLetters(
        people=len(written),
        documents=sum(pile.documents for person_id in written for pile in gathered[person_id]),
        told_today=len(people) - len(written),
        unheard=sum(pile.documents for pile in called if pile.closer is None),
    )
    if written and not is_trial:
        _note(session, edition, cause, sent, written, as_of)
    return sent


def _by_closer(piles: Iterable[Pile], people: set[int]) -> dict[int, list[Pile]]:
    """Return the piles of these people by person, in the order in which everyone writes them."""
    gathered: dict[int, list[Pile]] = defaultdict(list)
    for pile in piles:
        if pile.closer is not None and pile.closer.id in people:
            gathered[pile.closer.id].append(pile)
    return dict(sorted(gathered.items()))


def _key(edition: EditionView, cause: Cause, as_of: datetime) -> str:
    return f"{LETTER_PREFIX}{edition.id}:{cause.value}:{local_day(as_of)}:"


def _told_today(session: Session, edition: EditionView, cause: Cause, as_of: datetime) -> set[int]:
    today = OutboxMessage.key.startswith(_key(edition, cause, as_of), autoescape=True)
    return set(session.scalars(select(OutboxMessage.person_id).where(OutboxMessage.edition_id == edition.id, today)))


def _write(
    session: Session, edition: EditionView, cause: Cause, gathered: Mapping[int, Sequence[Pile]], as_of: datetime
) -> set[int]:
    """Write the letters whose key is new, and return whom they are to."""
    written: set[int] = set()
    for ids in chunked(list(gathered)):
        people = recipients(session, ids)
        rows = [_letter(edition, cause, people[one], gathered[one], as_of) for one in ids]
        written |= {person_id for person_id, _ in post(session, rows)}
    return written


def _letter(
    edition: EditionView, cause: Cause, recipient: Recipient, piles: Sequence[Pile], as_of: datetime
) -> dict[str, Any]:
    letter = GapLetter(issuer_of(edition), recipient, local_day(as_of), cause, _work(piles))
    return outbox_row(f"{_key(edition, cause, as_of)}{recipient.id}", edition, letter, as_of)


def _work(piles: Sequence[Pile]) -> tuple[GapWork, ...]:
    """Return piles gathered by the unit that owes the documents and the post they wait for."""
    groups: dict[tuple[int, int], list[Pile]] = defaultdict(list)
    for pile in piles:
        groups[pile.owner.id, pile.post_id].append(pile)
    return tuple(
        GapWork(
            unit=alike[0].owner.name,
            post=alike[0].post,
            post_at=alike[0].waits_at.name,
            documents=sum(pile.documents for pile in alike),
            since=local_day(min(pile.since for pile in alike)),
        )
        for alike in groups.values()
    )


def _note(
    session: Session, edition: EditionView, cause: Cause, sent: SentLetters, people: Iterable[int], as_of: datetime
) -> None:
    facts = {"cause": cause.value, "people": sent.people, "digest": digest_of(people)}
    entry = Entry(
        at=as_of,
        verb="send_gap_letters",
        edition_id=edition.id,
        revision=edition.revision,
        documents=sent.documents,
        facts=facts,
    )
    trail.append(session, entry)
