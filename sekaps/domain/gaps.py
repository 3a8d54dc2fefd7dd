"""Signature gaps: why a document's chain is incomplete, in one table of causes."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sekaps.domain.signatures import DocumentState
from sekaps.texts import Text, text


class Cause(StrEnum):
    """Why a document waits."""

    RETURNED = "returned"
    """It was sent back and not resubmitted."""
    POST_VACANT = "post_vacant"
    """Nobody holds the post whose signature is next."""
    NOT_STARTED = "not_started"
    """Nobody has signed it yet."""
    WAITING = "waiting"
    """It waits for the next slot's holder, who could sign."""

    @property
    def meaning(self) -> Text:
        """The cause as people read it."""
        return _MEANINGS[self]


_MEANINGS = {
    Cause.RETURNED: text("returned and not resubmitted"),
    Cause.POST_VACANT: text("the post is vacant"),
    Cause.NOT_STARTED: text("not started"),
    Cause.WAITING: text("waits for a signature"),
}


@dataclass(frozen=True, slots=True)
class Gap:
    """One incomplete chain: the document, the slot it waits for, where, since when and why."""

    document: str
    kind: str
    activity: str
    step: str
    unit: int
    unit_name: str
    slot: int
    slots: int
    waits_at: int
    waits_at_name: str
    post: str
    person: str | None
    since: datetime
    closes: date
    overdue: bool
    cause: Cause
    ministry: str | None
    province: str | None


def cause_of(*, state: str, slot: int, held: bool) -> Cause:
    """Return why a document waits, the cause someone must act on first."""
    if state == DocumentState.RETURNED:
        return Cause.RETURNED
    if not held:
        return Cause.POST_VACANT
    return Cause.NOT_STARTED if slot == 1 else Cause.WAITING


def totals(gaps: Iterable[Gap]) -> dict[str, dict[str, int]]:
    """Return how many gaps there are by activity, kind, cause, ministry and province; '-' where there is none."""
    listed = list(gaps)
    groups = ("activity", "kind", "cause", "ministry", "province")
    return {f"by_{name}": dict(sorted(Counter(_label(gap, name) for gap in listed).items())) for name in groups}


def _label(gap: Gap, name: str) -> str:
    return str(getattr(gap, name) or "-")
