"""What people ask the services to do, as plain values; one request for each subject."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time

from sekaps.domain.agreements import Agreement
from sekaps.domain.commissions import Vote
from sekaps.domain.decision_numbers import DecisionNumber
from sekaps.domain.line_decisions import LineChange
from sekaps.domain.notices import Delivery
from sekaps.domain.stage_grammar import StageOrder


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
    """Whoever chairs a competent body decides its open proposals of one stage; all that is not named is accepted.

    Lines are refused with a reason each, or changed. A commission's members vote, by person; a stated number is
    the one the decision has on paper, otherwise it gets the next of its body's year.
    """

    body_id: int
    person_id: int
    refused: Mapping[int, str] = field(default_factory=dict)
    changed: Mapping[int, LineChange] = field(default_factory=dict)
    votes: Mapping[int, Vote] = field(default_factory=dict)
    number: DecisionNumber | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class LocalResourceRequest:
    """A commission decides that resources of its place, by the numbers of their forms, are local ones."""

    body_id: int
    person_id: int
    resources: tuple[str, ...]
    votes: Mapping[int, Vote] = field(default_factory=dict)
    number: DecisionNumber | None = None
    text: str = ""


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
    agreement: Agreement | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ServeRequest:
    """The provincial AFAD records how a notice was served, or with a reason that it was not."""

    notice_id: int
    person_id: int
    delivery: Delivery | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class FileObjection:
    """Somebody of the commission, or of the provincial AFAD, records an addressee's objection; price in kuruş."""

    notice_id: int
    person_id: int
    filed_on: date
    reasons: str
    declared_price: int | None = None


@dataclass(frozen=True, slots=True)
class TellPrice:
    """Somebody of the military unit tells the commission the price it sets, in kuruş, for what was objected to."""

    notice_id: int
    person_id: int
    price: int


@dataclass(frozen=True, slots=True)
class DecideObjection:
    """The commission's decision about an objection, and the day it was served; price in kuruş where one was set."""

    notice_id: int
    person_id: int
    accepted: bool
    decided_on: date
    served_on: date
    price: int | None = None


@dataclass(frozen=True, slots=True)
class EndObjection:
    """Somebody records that an objection was taken back, or taken to court, on a day."""

    notice_id: int
    person_id: int
    on: date


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


@dataclass(frozen=True, slots=True)
class ChainProposal:
    """The chain a unit asks for its documents of one kind; the unit by its registry number, the stages in order.

    A variant tells chains of one kind apart; one that is a registry number lets posts of that unit sign too.
    """

    unit: int
    kind: str
    stages: tuple[StageOrder, ...]
    variant: str = ""


@dataclass(frozen=True, slots=True)
class ChainDecision:
    """A person of the ministry approves a proposed chain, or refuses it with a reason."""

    chain_id: int
    person_id: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ChainMigration:
    """Documents under way go from one chain to another, under a name that is used once in an edition.

    With ``restart`` those that cannot keep their signatures begin a new round; otherwise they keep their chain.
    """

    name: str
    from_chain: int
    to_chain: int
    person_id: int
    reason: str
    restart: bool = False
