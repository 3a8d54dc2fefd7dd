"""Why a need got what it got: its place in the order, who came before, what was left, who decides, in sentences."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sekaps.domain.allocation import RULES, Stage
from sekaps.texts import Sayable, Text, text

ORDER_WORDS: dict[str, Text] = {
    "priority": text("priority"),
    "beneficiary": text("beneficiary"),
    "necessity": text("class of need"),
    "signed": text("day of the last signature"),
    "number": text("number"),
}
STAGE_NAMES: dict[Stage, Text] = {
    Stage.DISTRICT: text("the district commission"),
    Stage.PROVINCE: text("the province commission"),
    Stage.GOVERNOR: text("the governor"),
    Stage.CENTRAL: text("the resource-owner ministry, for central needs"),
    Stage.TRANSFERRED: text("the resource-owner ministry, for transferred needs"),
}


@dataclass(frozen=True, slots=True)
class QueueFacts:
    """A need's place in the declared order of its pool, and what those before it took of what the pool holds."""

    area: Sayable
    order: tuple[str, ...]
    turn: int
    needs: int
    held: int
    taken_before: int


@dataclass(frozen=True, slots=True)
class LineFacts:
    """One line: what it takes of which resource, what others have of it, who decides by when, and what was decided."""

    line: int
    stage: Stage
    state: str
    quantity: int
    resource: str
    place: str
    capacity: int
    others: int
    body: str
    closes: date
    decision: str | None = None
    reason: str | None = None

    @property
    def free(self) -> int:
        """What nobody has of the resource."""
        return self.capacity - self.others - (self.quantity if self.is_live else 0)

    @property
    def is_live(self) -> bool:
        """Whether the line still holds its quantity."""
        return self.state not in ("refused", "lapsed", "revoked")


@dataclass(frozen=True, slots=True)
class StageFacts:
    """What one stage left of a need."""

    stage: Stage
    unmet: int
    transferred: int
    settled: bool
    closes: date


@dataclass(frozen=True, slots=True)
class NeedFacts:
    """A need, where it stands, its lines and its stages."""

    number: str
    item: Sayable
    measure: str
    quantity: int
    priority: int
    signed: date
    outstanding: int
    queue: QueueFacts
    lines: tuple[LineFacts, ...]
    stages: tuple[StageFacts, ...]


def need_reasons(need: NeedFacts) -> Iterator[Text]:
    """Yield what a need asks for, its turn, and what those before it took."""
    yield text(
        "{number} asks for {quantity} {measure} of {item}; priority {priority}, signed on {day}.",
        number=need.number,
        quantity=need.quantity,
        measure=need.measure,
        item=need.item,
        priority=need.priority,
        day=need.signed,
    )
    queue = need.queue
    yield text(
        "It is number {turn} of {count} needs for it in {area}; the declared order is: {order}.",
        turn=queue.turn,
        count=queue.needs,
        area=queue.area,
        order=[ORDER_WORDS[word] for word in queue.order],
    )
    yield text(
        "Those before it have {taken} of the {held} that stand there; {left} were left for it and those behind it.",
        taken=queue.taken_before,
        held=queue.held,
        left=max(0, queue.held - queue.taken_before),
    )


def line_reasons(line: LineFacts, need: NeedFacts) -> Iterator[Text]:
    """Yield why a line takes this resource, why not more of it, and who decides by when."""
    yield text(
        "Line {line}: {quantity} of {resource}, in {place}. The nearest come first: the district's own, then the"
        " province's, then the others; among them the largest, then the lowest number.",
        line=line.line,
        quantity=line.quantity,
        resource=line.resource,
        place=line.place,
    )
    if line.is_live:
        yield _limit(line, need)
    yield _standing(line)


def _limit(line: LineFacts, need: NeedFacts) -> Text:
    if need.outstanding == 0:
        return text("Not more: the need is met in full with it.")
    facts = {"resource": line.resource, "capacity": line.capacity, "others": line.others, "free": line.free}
    if line.free == 0:
        return text("Not more: of the {capacity} of {resource} others have {others}, and nothing is left.", **facts)
    return text(
        "Not more: {free} of {resource} are free; they are kept for needs that come first and are served at a later"
        " stage, or were freed since.",
        **facts,
    )


def _standing(line: LineFacts) -> Text:
    facts = {"body": line.body, "day": line.closes, "decision": line.decision or "", "reason": line.reason or ""}
    if line.state == "proposed":
        return text("{body} decides it by {day}.", **facts)
    if line.state == "awaiting_approval":
        return text("{body} decided it ({decision}); the ministry of defence approves it by {day}.", **facts)
    if line.state == "lapsed":
        return text("Nobody decided it in time; what it held is free again.")
    if line.state == "refused":
        return text("It was refused: {reason}", **facts)
    if line.state == "revoked":
        return text("It was taken back: {reason}", **facts)
    return text("{body} decided it ({decision}).", **facts)


def unmet_reasons(need: NeedFacts) -> Iterator[Text]:
    """Yield what is not met, and who looks at it next or that nobody does."""
    if need.outstanding == 0:
        return
    facts: dict[str, object] = {"outstanding": need.outstanding}
    if not need.stages:
        yield text("{outstanding} are not met: no stage has taken the need up yet.", **facts)
        return
    last = need.stages[-1]
    after = next((rule.stage for rule in RULES.values() if last.stage in rule.takes_from), None)
    facts |= {"stage": STAGE_NAMES[last.stage], "day": last.closes}
    if last.settled and after is not None and last.transferred:
        yield text("{outstanding} are not met and wait for {after}.", **facts, after=STAGE_NAMES[after])
    elif last.settled:
        yield text("{outstanding} stay unmet: {stage} was the last to look, until {day}.", **facts)
    elif after is None:
        yield text("{outstanding} are not met; {stage} may still act until {day}, and no stage follows.", **facts)
    else:
        yield text(
            "{outstanding} are not met so far; after {day} what {stage} leaves goes to {after}.",
            **facts,
            after=STAGE_NAMES[after],
        )
