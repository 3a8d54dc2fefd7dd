"""What people ask the services to do, as plain values; one request for each subject."""

from dataclasses import dataclass
from datetime import date, time


@dataclass(frozen=True, slots=True)
class SignRequest:
    """A person signs the slot a document waits for; an expected document is recorded by its first signature."""

    document_id: int
    person_id: int


@dataclass(frozen=True, slots=True)
class DocumentRequest:
    """A person sends a document back, resubmits or withdraws it; all but resubmitting ask for a reason."""

    document_id: int
    person_id: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class DecideRequest:
    """The chair of a competent body decides its open proposals of one stage, refusing some with a reason."""

    body_id: int
    person_id: int
    refused: frozenset[int] = frozenset()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ApproveRequest:
    """The ministry of defence approves (or refuses, with a reason) one allocation made to a military unit."""

    allocation_id: int
    person_id: int
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class ConcludeRequest:
    """The need owner records a detail protocol as concluded, or with a reason as not concluded."""

    protocol_id: int
    person_id: int
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class ServeRequest:
    """The provincial AFAD records a notice as served on a day, or with a reason as not served."""

    notice_id: int
    person_id: int
    served_on: date | None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class ExtensionOrder:
    """An authorised exception to a gate; scope is nation, province, district or unit, its code empty for the nation.

    A unit's scope code is its registry number.
    """

    activity: str
    step: str
    scope: str
    scope_code: str
    until: date
    authority: str
    reason: str
    letter_number: str


@dataclass(frozen=True, slots=True)
class DayOrderRequest:
    """An order about days: leave, closure or suspension from first to last, in (scope, code) places.

    With ``starts`` the mornings are worked, with ``ends`` the afternoons; an activity narrows it to one row.
    """

    kind: str
    since: date
    until: date
    places: tuple[tuple[str, str], ...]
    authority: str
    reason: str
    letter_number: str
    activity: str = ""
    starts: time | None = None
    ends: time | None = None
