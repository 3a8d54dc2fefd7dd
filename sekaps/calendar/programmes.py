"""A programme as data: what its file may say, and what its words mean."""

from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any, Literal, Self
from zoneinfo import available_timezones

from pydantic import (
    AfterValidator,
    Field,
    PlainSerializer,
    PlainValidator,
    PrivateAttr,
    ValidationError,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import ErrorDetails

from sekaps.calendar.allocating import AllocationRules
from sekaps.calendar.programme_files import read_yaml
from sekaps.calendar.programme_values import Code, Frozen, Name, Printed, flaw
from sekaps.calendar.readiness import Readiness
from sekaps.calendar.rules import Rule, parse_rule
from sekaps.errors.calendar import RuleUnreadable
from sekaps.errors.programmes import ProgrammeInvalid
from sekaps.texts import Text, text

INVARIANT_KINDS = ("abut", "order", "inside")


def _read_rule(value: object) -> Rule:
    if isinstance(value, Rule):
        return value
    if not isinstance(value, str):
        raise flaw(text("a rule is a sentence, such as 'last working day of April'"))
    try:
        return parse_rule(value)
    except RuleUnreadable as unreadable:
        raise flaw(unreadable.problem, offset=unreadable.column - 1) from None


def _at_least_one(rows: tuple[object, ...]) -> tuple[object, ...]:
    if not rows:
        raise flaw(text("at least one activity is needed"))
    return rows


def _known_zone(zone: str) -> str:
    if zone not in available_timezones():
        raise flaw(text("unknown time zone '{zone}'; write one such as Europe/Istanbul", zone=zone))
    return zone


def _ascending(rungs: tuple[int, ...]) -> tuple[int, ...]:
    if list(rungs) != sorted(set(rungs)):
        raise flaw(text("the rungs of a ladder go up, each once: {rungs}", rungs=sorted(set(rungs))))
    return rungs


WrittenRule = Annotated[
    Rule,
    PlainValidator(_read_rule),
    PlainSerializer(lambda rule: rule.text, return_type=str),
    WithJsonSchema({"type": "string", "description": "A boundary rule, such as 'last working day of April'."}),
]
WindowCodes = tuple[str, str]
"""The boundary a window opens on and the boundary it closes on."""


class Scope(StrEnum):
    """What an actor acts for: the whole nation, its own province, its own district, or its own unit."""

    NATION = "nation"
    PROVINCE = "province"
    DISTRICT = "district"
    UNIT = "unit"


class Boundary(Frozen):
    """A named date of the year: a rule that proposes it, the dates published so far, or both."""

    rule: WrittenRule | None = None
    """The sentence that proposes the date of a year."""
    alternatives: tuple[WrittenRule, ...] = ()
    """Other rules that fit the published dates as well."""
    published: dict[int, date] = {}
    """The dates announced, by edition year; a published date always wins over the rule."""
    confirmed_by: str | None = None
    """Who confirmed the published dates, when not the programme's own."""
    source: str | None = None
    """Where they were published, when not the programme's own."""
    note: Name | None = None
    """What a reader should know about the date."""


class Actor(Frozen):
    """Who does the work of a step."""

    name: Name
    kind: Code | None = None
    """The kind of unit that plays the part."""
    per: Scope | None = None
    """What it acts for."""


class Document(Frozen):
    """A kind of document the work produces."""

    name: Name
    signed: bool = False
    chain: tuple[Code, ...] = ()
    """The slots of its signature chain, first to last."""
    approved_by: Literal["ministry"] | None = None
    """Whose approval ends every chain of the kind: the ministry's of the unit, a ministry's own for its documents."""


class Ladder(Frozen):
    """When a step is called to mind: working days relative to its closing day."""

    rungs: Annotated[tuple[int, ...], AfterValidator(_ascending)]
    """Negative before the closing day, 0 on it, positive after it."""
    escalate_from: int | None = None
    """The first rung that also goes to the superior."""


class Step(Frozen):
    """A sub-row of the calendar."""

    id: Printed | None = None
    """The printed number or letter, such as 5.a."""
    actor: str | None = None
    does: Name
    document: str | None = None
    window: WindowCodes | None = None
    """A window narrower than the row's."""
    ladder: str | None = None
    consequence: Name | None = None
    """What happens once the window has closed."""
    after: Printed | None = None
    """The key of the step whose result it takes up."""
    _key: str = PrivateAttr(default="")

    @property
    def key(self) -> str:
        """The printed id, or the row and position where print gave none, such as 2(1)."""
        return self._key


class Mover(StrEnum):
    """The orders that may move a closing day."""

    CLOSURE = "closure"
    """Offices are shut on the closing day: it moves to the next day somebody is at work."""
    SUSPENSION = "suspension"
    """Legal clocks stood still: the window runs on by the days it lost."""


class Act(StrEnum):
    """The acts a programme reserves to named authorities."""

    EXTEND = "extend"
    """Extend a window."""
    LEAVE = "leave"
    """Give administrative leave."""
    CLOSURE = "closure"
    """Shut offices."""
    SUSPENSION = "suspension"
    """Stop legal clocks."""

    @property
    def meaning(self) -> Text:
        """The act as people read it."""
        return _ACTS[self]


_ACTS = {
    Act.EXTEND: text("extend windows"),
    Act.LEAVE: text("give administrative leave"),
    Act.CLOSURE: text("close offices"),
    Act.SUSPENSION: text("suspend legal periods"),
}


class Authority(Frozen):
    """Who may issue extensions and orders, and how far they reach."""

    name: Name
    also: tuple[str, ...] = ()
    """Other names it goes by."""
    may: tuple[Act, ...]
    """The acts it may do."""
    within: Literal["nation", "province"] = "nation"
    """An authority within a province orders for one province, its districts and its units only."""


class Activity(Frozen):
    """A row of the calendar."""

    code: Code
    row: Printed | None = None
    """The printed row number."""
    name: Name
    window: WindowCodes
    steps: tuple[Step, ...] = ()
    ladder: str | None = None
    consequence: Name | None = None
    moves_with: tuple[Mover, ...] = ()
    """The orders that move its closing day in their places; without any the published day stays everywhere."""
    needs_ready: bool = False
    """Whether its documents are first signed only by units that are ready, as the programme's readiness says."""

    @model_validator(mode="after")
    def _give_keys(self) -> Self:
        for position, step in enumerate(self.steps, start=1):
            step._key = step.id or f"{self.row or self.code}({position})"
        return self

    def window_of(self, step: Step) -> WindowCodes:
        """Return the step's own window, or the row's."""
        return step.window or self.window

    def ladder_of(self, step: Step) -> str | None:
        """Return the name of the step's ladder, or the row's."""
        return step.ladder or self.ladder


class Phase(Frozen):
    """A part of the year that one flow runs: an activity, or some of its steps."""

    code: Code
    name: Name
    activity: str
    flow: str | None = None
    """Dotted entrypoint of the flow; a phase without one needs nobody but the generic reminders."""
    steps: tuple[Printed, ...] | None = None
    """The keys of its steps; all of the activity when left out."""


class Inside(Frozen):
    """One window lies inside another."""

    window: Printed
    """The code of an activity or the key of a step."""
    of: Printed


class Invariant(Frozen):
    """A condition every edition keeps; exactly one of its kinds is stated."""

    abut: WindowCodes | None = None
    """The second boundary is the next working day after the first."""
    order: tuple[str, ...] | None = None
    """The boundaries follow one another, no two on one day."""
    inside: Inside | None = None
    note: Name | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if len([kind for kind in INVARIANT_KINDS if getattr(self, kind) is not None]) != 1:
            raise flaw(text("an invariant states exactly one of: {kinds}", kinds=INVARIANT_KINDS))
        return self


class Programme(Frozen):
    """A named body of annual work."""

    code: Code
    name: Name
    coordinator: Name | None = None
    zone: Annotated[str, AfterValidator(_known_zone)] = "Europe/Istanbul"
    confirmed_by: str | None = None
    """Who confirmed the published dates."""
    source: str | None = None
    """Where they were published."""
    boundaries: dict[Code, Boundary]
    actors: dict[Code, Actor] = {}
    authorities: dict[Code, Authority] = {}
    """Who may extend windows and order about days; without any, whoever is named with a letter."""
    documents: dict[Code, Document] = {}
    readiness: Readiness | None = None
    """What must be true of a unit before it takes part in activities that need it ready."""
    allocation: AllocationRules | None = None
    """How resource is shared out to need, in programmes that do."""
    ladders: dict[Code, Ladder] = {}
    activities: Annotated[tuple[Activity, ...], AfterValidator(_at_least_one), Field(json_schema_extra={"minItems": 1})]
    declared_phases: Annotated[tuple[Phase, ...], Field(alias="phases")] = ()
    invariants: tuple[Invariant, ...] = ()

    @cached_property
    def phases(self) -> tuple[Phase, ...]:
        """The phases declared, or one for each activity."""
        each = (Phase(code=row.code, name=row.name, activity=row.code) for row in self.activities)
        return self.declared_phases or tuple(each)

    def activity(self, code: str) -> Activity:
        """Return the activity of that code."""
        return next(activity for activity in self.activities if activity.code == code)

    def phase(self, code: str) -> Phase:
        """Return the phase of that code."""
        return next(phase for phase in self.phases if phase.code == code)

    def step(self, key: str) -> Step:
        """Return the step of that key."""
        return next(step for activity in self.activities for step in activity.steps if step.key == key)

    def steps_of(self, phase: Phase) -> tuple[Step, ...]:
        """Return the steps of a phase, in the order of the calendar."""
        steps = self.activity(phase.activity).steps
        return tuple(step for step in steps if phase.steps is None or step.key in phase.steps)

    def window_codes(self, key: str) -> WindowCodes:
        """Return the boundaries of the window of an activity (by code) or a step (by key)."""
        return window_codes(self.activities)[key]


def load_programme(written: str, source: str) -> Programme:
    """Return the programme written in YAML; source is how the list of its errors calls the file."""
    file = read_yaml(written, source)
    programme, errors = _validate(file.data)
    flaws = file.flaws(errors)
    if flaws or programme is None:
        raise ProgrammeInvalid(source=source, flaws=flaws)
    return programme


def _validate(data: object) -> tuple[Programme | None, list[ErrorDetails]]:
    try:
        return Programme.model_validate(data), []
    except ValidationError as invalid:
        return None, invalid.errors(include_url=False)


def window_codes(activities: tuple[Activity, ...]) -> dict[str, WindowCodes]:
    """Return the window of every activity by its code and of every step by its key."""
    rows = {activity.code: activity.window for activity in activities}
    return rows | {step.key: activity.window_of(step) for activity in activities for step in activity.steps}


def programme_schema() -> dict[str, Any]:
    """Return the JSON Schema of a programme file."""
    schema = Programme.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
