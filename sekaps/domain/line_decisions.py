"""What a body decides of the lines proposed to it: accepted, refused, or of another quantity or resource."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sekaps.texts import Text, text

LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class LineChange:
    """Another quantity, another resource (by the number of its form) or both for a proposed line, and why."""

    reason: str
    quantity: int | None = None
    resource: str | None = None


@dataclass(frozen=True, slots=True)
class ProposedLine:
    """A line as it was proposed."""

    id: int
    need_id: int
    resource_id: int
    quantity: int


@dataclass(frozen=True, slots=True)
class Offered:
    """A resource a body asks for or changes: its form's number, its item, what is free of it, and why not, if so."""

    id: int
    number: str
    item: str
    free: int
    problem: Text | None = None


@dataclass(frozen=True, slots=True)
class Room:
    """What the decision must stay within: what each need lacks, its lines decided before, and the resources named."""

    unmet: Mapping[int, int]
    """By need, what its stage has not allocated yet; these very proposals count as not allocated."""
    items: Mapping[int, frozenset[str]] = field(default_factory=dict)
    """By need, the item it asks for and those that may stand in for it."""
    offered: Mapping[str, Offered] = field(default_factory=dict)
    """The resources that changes name, and those of changed lines, by number."""
    served: frozenset[tuple[int, int]] = frozenset()
    """(need, resource) of decided lines of the stage: there is one line for each."""


@dataclass(frozen=True, slots=True)
class DecidedLine:
    """A line as it is decided; the reason says why it is not as it was proposed."""

    line: ProposedLine
    quantity: int
    resource_id: int
    reason: str = ""

    @property
    def is_moved(self) -> bool:
        """Whether it is another resource than was proposed."""
        return self.resource_id != self.line.resource_id

    @property
    def is_changed(self) -> bool:
        """Whether it differs from the proposal."""
        return self.is_moved or self.quantity != self.line.quantity


def named_lines_problem(
    lines: Sequence[ProposedLine], refused: Mapping[int, str], changed: Mapping[int, LineChange]
) -> Text | None:
    """Return why what is said of single lines cannot be taken, or None: unknown, named twice, or without reason."""
    known = {line.id for line in lines}
    reasons = {**refused, **{line: change.reason for line, change in changed.items()}}
    for line in sorted(reasons):
        if line not in known:
            return text("line {line} is no open proposal of this body at this stage", line=line)
        if line in refused and line in changed:
            return text("line {line} is both refused and changed", line=line)
        if not reasons[line].strip():
            return text("line {line}: a line is refused or changed with a reason", line=line)
        if len(reasons[line]) > LONGEST_REASON:
            return text("line {line}: a reason has at most {longest} letters", line=line, longest=LONGEST_REASON)
    return next(filter(None, (_change_problem(line, changed[line.id]) for line in lines if line.id in changed)), None)


def _change_problem(line: ProposedLine, change: LineChange) -> Text | None:
    if change.quantity is None and change.resource is None:
        return text("line {line}: say the other quantity or the other resource", line=line.id)
    if change.quantity is not None and change.quantity < 1:
        return text("line {line}: a quantity is at least 1, {quantity} is not", line=line.id, quantity=change.quantity)
    return None


def decide_lines(
    lines: Sequence[ProposedLine], refused: Mapping[int, str], changed: Mapping[int, LineChange], room: Room
) -> list[DecidedLine] | Text:
    """Return the lines that are decided, or why a change does not fit; what is said of single lines was taken before.

    No need gets more than it lacks, no resource gives more than is free of it, and a need has one line with each.
    """
    for line in lines:
        if line.id in changed and (problem := _offer_problem(line, changed[line.id], room)):
            return problem
    decided = [_decided(line, changed.get(line.id), room) for line in lines if line.id not in refused]
    freed = [line for line in lines if line.id in refused]
    problems = (_twice(decided, room), _over_need(decided, room), _over_resource(decided, freed, room))
    return next(filter(None, problems), decided)


def _offer_problem(line: ProposedLine, change: LineChange, room: Room) -> Text | None:
    if change.resource is None:
        return None
    offered = room.offered.get(change.resource)
    if offered is None:
        return text("line {line}: no resource has the number {number}", line=line.id, number=change.resource)
    if offered.problem is not None:
        return text("line {line}: {problem}", line=line.id, problem=offered.problem)
    if offered.item not in room.items[line.need_id]:
        return text("line {line}: {resource} is of another item than its need", line=line.id, resource=offered.number)
    return None


def _decided(line: ProposedLine, change: LineChange | None, room: Room) -> DecidedLine:
    if change is None:
        return DecidedLine(line, line.quantity, line.resource_id)
    resource_id = line.resource_id if change.resource is None else room.offered[change.resource].id
    quantity = line.quantity if change.quantity is None else change.quantity
    return DecidedLine(line, quantity, resource_id, change.reason)


def _twice(decided: Iterable[DecidedLine], room: Room) -> Text | None:
    held = set(room.served)
    for each in sorted(decided, key=lambda each: each.is_moved):
        pair = each.line.need_id, each.resource_id
        if pair in held:
            return text("line {line}: its need has a line with that resource already; change that one's quantity",
                        line=each.line.id)  # fmt: skip
        held.add(pair)
    return None


def _over_need(decided: Sequence[DecidedLine], room: Room) -> Text | None:
    totals: dict[int, int] = defaultdict(int)
    for each in decided:
        totals[each.line.need_id] += each.quantity
    for each in _raised(decided):
        unmet = room.unmet.get(each.line.need_id, 0)
        if totals[each.line.need_id] > unmet:
            return text(
                "line {line}: its need lacks {unmet} at this stage, and with {quantity} would be given {total}",
                line=each.line.id, unmet=unmet, quantity=each.quantity, total=totals[each.line.need_id],
            )  # fmt: skip
    return None


def _raised(decided: Iterable[DecidedLine]) -> Iterator[DecidedLine]:
    return (each for each in decided if each.quantity > each.line.quantity)


def _over_resource(decided: Sequence[DecidedLine], freed: Iterable[ProposedLine], room: Room) -> Text | None:
    taken = taken_of(decided, freed)
    free = {offered.id: offered for offered in room.offered.values()}
    for each in decided:
        offered = free.get(each.resource_id)
        if each.is_changed and offered is not None and taken[each.resource_id] > offered.free:
            asked = each.quantity if each.is_moved else each.quantity - each.line.quantity
            return text(
                "line {line}: {free} is left of {resource}, and {asked} more was asked",
                line=each.line.id, free=offered.free, resource=offered.number, asked=asked,
            )  # fmt: skip
    return None


def taken_of(decided: Iterable[DecidedLine], freed: Iterable[ProposedLine]) -> dict[int, int]:
    """Return by resource how much more than the proposals had reserved the decision takes of it, or less."""
    taken: dict[int, int] = defaultdict(int)
    for line in freed:
        taken[line.resource_id] -= line.quantity
    for each in decided:
        taken[each.line.resource_id] -= each.line.quantity
        taken[each.resource_id] += each.quantity
    return taken
