"""The gaps of a generated country: exactly which documents are not in order, at which slot, and for which cause.

All nine causes are planted; ``gaps`` plants the three that people can act out in a rehearsal.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from sekaps.demo.chance import Flags, Places, apportioned, draws
from sekaps.demo.duties import Duties, Seats, Small, runs
from sekaps.demo.gaps import HEAD_SLOT, LEAVERS, LEFT_BY_ONE, NATIONAL_GAPS, OFFICE_GAPS
from sekaps.domain.gaps import Cause

SHARES = {
    Cause.WAITING: 34,
    Cause.NOT_STARTED: 26,
    Cause.POST_VACANT: 12,
    Cause.MANDATE_EXPIRED: 8,
    Cause.RETURNED: 8,
    Cause.OUT_OF_ORDER: 3,
    Cause.BYTES_CHANGED: 3,
    Cause.CERTIFICATE_EXPIRED: 3,
    Cause.CERTIFICATE_REVOKED: 3,
}
"""The causes' shares of the gaps in percent."""
SEALED_CAUSES = (Cause.BYTES_CHANGED, Cause.CERTIFICATE_EXPIRED, Cause.CERTIFICATE_REVOKED)
"""Causes that only evidence can show."""
VACATED = (Cause.POST_VACANT, Cause.MANDATE_EXPIRED)
ANYWHERE = (Cause.OUT_OF_ORDER, *SEALED_CAUSES)
"""Causes of documents whose every slot is signed."""
CAUSES = tuple(SHARES)
NONE = -1
OFFICE_SHARES = {Cause.WAITING: 60, Cause.NOT_STARTED: 40}


@dataclass(frozen=True)
class Planted:
    """By document the place of its cause among ``CAUSES`` and its slot; the posts that are left, by cause."""

    cause: Small
    slot: Small
    vacated: dict[Cause, list[int]] = field(default_factory=dict)

    def has(self, *causes: Cause) -> Flags:
        """Tell of each document whether one of the causes was planted in it."""
        return np.isin(self.cause, [CAUSES.index(cause) for cause in causes])


@dataclass(frozen=True)
class Field:
    """Where gaps can be planted: the documents, who signs them, which of them everybody meant to have signed by now."""

    duties: Duties
    seats: Seats
    finished: Flags
    unit_kinds: Sequence[str]
    seed: int


def wanted_gaps(scale: float, *, sealed: bool) -> dict[str, dict[Cause, int]]:
    """Return how many gaps of each cause each kind of document has at a scale, to the document."""
    shares = SHARES if sealed else {cause: share for cause, share in SHARES.items() if cause not in SEALED_CAUSES}
    wanted = {kind: _shared_out(round(count * scale), shares) for kind, count in NATIONAL_GAPS.items()}
    return wanted | {kind: _shared_out(count, OFFICE_SHARES) for kind, count in OFFICE_GAPS.items()}


def _shared_out(total: int, shares: Mapping[Cause, float]) -> dict[Cause, int]:
    """Return every cause's part of a total; each once at the least where there are enough of them."""
    least = 1 if total >= len(shares) else 0
    return dict(zip(shares, apportioned(total, list(shares.values()), least=least), strict=True))


def plant(field: Field, wanted: Mapping[str, Mapping[Cause, int]]) -> Planted:
    """Return where the gaps are; where too little work is finished by now there are fewer."""
    count = len(field.duties)
    planted = Planted(np.full(count, NONE, dtype=np.int32), np.zeros(count, dtype=np.int32))
    left = {kind: dict(causes) for kind, causes in wanted.items()}
    for kind in LEAVERS:
        heads = _heads(field, kind)
        for cause in VACATED:
            _vacate(planted, field, kind, cause, left[kind], heads)
    for kind, causes in left.items():
        _scatter(planted, field, kind, causes)
    return planted


def _heads(field: Field, kind: str) -> list[tuple[int, Places]]:
    """Return, in an order of chance, heads whose posts have finished all their work, each with documents of a kind."""
    duties, seats = field.duties, field.seats
    leaving = np.array([kind_of in LEAVERS[kind] for kind_of in field.unit_kinds])[duties.unit]
    theirs = np.flatnonzero(leaving)
    post = seats.post[duties.chain[theirs], HEAD_SLOT - 1]
    unfinished = set(post[~field.finished[theirs]].tolist())
    own = theirs[duties.of_kind(kind)[theirs]]
    own = own[np.argsort(seats.post[duties.chain[own], HEAD_SLOT - 1], kind="stable")]
    posts = seats.post[duties.chain[own], HEAD_SLOT - 1]
    found = [(int(posts[first]), own[first:last]) for first, last in runs(posts)] if len(own) else []
    order = draws(field.seed, f"leaver {kind}", np.array([post for post, _ in found]))
    return [found[place] for place in np.argsort(order, kind="stable") if found[place][0] not in unfinished]


def _vacate(
    planted: Planted, field: Field, kind: str, cause: Cause, left: dict[Cause, int], heads: list[tuple[int, Places]]
) -> None:
    """Let heads go until so many documents hang; what finds no head waits for somebody who could sign."""
    most = max(2, round(left[cause] * LEFT_BY_ONE))
    while left[cause] and heads:
        post, documents = heads.pop(0)
        hanging = documents[: min(left[cause], most, max(1, len(documents) // 2))]
        planted.cause[hanging], planted.slot[hanging] = CAUSES.index(cause), HEAD_SLOT
        planted.vacated.setdefault(cause, []).append(post)
        left[cause] -= len(hanging)
    left[Cause.WAITING] += left.pop(cause)


def _scatter(planted: Planted, field: Field, kind: str, causes: Mapping[Cause, int]) -> None:
    """Plant the other causes in documents drawn one by one, none of whose posts was left."""
    duties, seats = field.duties, field.seats
    vacated = [post for posts in planted.vacated.values() for post in posts]
    free = field.finished & (planted.cause == NONE) & duties.of_kind(kind)
    places = np.flatnonzero(free)
    places = places[~np.isin(seats.post[duties.chain[places]], vacated).any(axis=1)]
    places = places[np.argsort(draws(field.seed, "gap", places), kind="stable")]
    lengths = seats.lengths(duties.chain)
    for cause, count in causes.items():
        chosen, places = places[:count], places[count:]
        planted.cause[chosen] = CAUSES.index(cause)
        planted.slot[chosen] = _slots(cause, lengths[chosen], draws(field.seed, "gap slot", chosen))


def _slots(cause: Cause, lengths: Small, fractions: Iterable[float]) -> Places:
    """Return the slot of each gap: the one waited for, or the one whose signature does not hold."""
    drawn = np.asarray(fractions)
    if cause is Cause.NOT_STARTED:
        return np.ones(len(lengths), dtype=np.int64)
    if cause in SEALED_CAUSES:
        return 1 + (drawn * lengths).astype(np.int64)
    return 2 + (drawn * (lengths - 1)).astype(np.int64)
