"""The laws allocations obey, and what is said of a row that breaks one."""

from dataclasses import dataclass
from enum import StrEnum

from sekaps.texts import Text, text


class Law(StrEnum):
    """What must hold of every row, after every act."""

    BALANCED = "balanced"
    """needed = allocated + transferred + unmet."""
    STAGE_SUM = "stage_sum"
    """What a stage allocated to a need is the sum of its decided lines."""
    ASKED_ONCE = "asked_once"
    """A need's first stage is asked for what the need states, and no stage that is not its own."""
    PASSED_ON = "passed_on"
    """What one stage passes on, the next one takes up."""
    RESOURCE_SUM = "resource_sum"
    """What a resource has allocated is the sum of its live lines."""
    CAPACITY = "capacity"
    """No resource is promised twice."""
    NEVER_MORE = "never_more"
    """No need is promised, or proposed, more than it asks for."""
    SIGNED = "signed"
    """Both forms of a line are signed, and of the line's year."""
    SCOPE = "scope"
    """A line stays inside its stage's needs, resources and area, and its resource can stand for what is needed."""
    BODY = "body"
    """A line lies with the body that is competent there."""
    LOCAL_DECISION = "local_decision"
    """Resources of some sectors become local by a commission's decision only."""
    DECISION = "decision"
    """A decided line has a decision of its own body, stage and year."""
    QUORUM = "quorum"
    """A commission decides with more than half its seats, by a majority, and its votes are there."""
    PAPERS = "papers"
    """A protocol or notice stands for an allocation in force."""
    REVISION = "revision"
    """What a form holds now follows from its revisions, and each of them from its act on the trail."""

    @property
    def meaning(self) -> Text:
        """The law as people read it."""
        return _MEANINGS[self]


_MEANINGS = {
    Law.BALANCED: text("needed = allocated + transferred + unmet"),
    Law.STAGE_SUM: text("what a stage allocated to a need is the sum of its decided lines"),
    Law.ASKED_ONCE: text("a need's first stage is asked for what the need states"),
    Law.PASSED_ON: text("what one stage passes on, the next one takes up"),
    Law.RESOURCE_SUM: text("what a resource has allocated is the sum of its live lines"),
    Law.CAPACITY: text("no resource gives more than it has"),
    Law.NEVER_MORE: text("no need is promised more than it lacks"),
    Law.SIGNED: text("both forms of a line are signed, and of its year"),
    Law.SCOPE: text("a line stays inside its stage's needs, resources and area"),
    Law.BODY: text("a line lies with the competent body"),
    Law.LOCAL_DECISION: text("such a resource becomes local by a commission's decision only"),
    Law.DECISION: text("a decided line has a decision of its own body, stage and year"),
    Law.QUORUM: text("a commission decides with a quorum and a majority, and its votes are there"),
    Law.PAPERS: text("a protocol or notice stands for an allocation in force"),
    Law.REVISION: text("what a form holds follows from its revisions, and each of them from its act"),
}


@dataclass(frozen=True, slots=True)
class Violation:
    """One row that breaks a law: which row, what should hold there, and what does."""

    law: Law
    row: str
    expected: str
    found: str


@dataclass(frozen=True, slots=True)
class AllocationProof:
    """How much was looked at, and every row that breaks a law."""

    needs: int
    resources: int
    lines: int
    violations: tuple[Violation, ...]
