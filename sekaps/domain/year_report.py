"""A year as it is told to people: plain values, with every count already made; the same year gives the same text."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date

from sekaps.texts import Bilingual

Counts = Mapping[str, int]
"""How many of each, the names in order."""


@dataclass(frozen=True, slots=True)
class StepYear:
    """One step of the calendar: its days, and what came of the work owed in them."""

    activity: str
    step: str
    does: Bilingual
    opens: date
    closes: date
    owed: int = 0
    done: int = 0
    open: int = 0
    late: int = 0
    refused: int = 0
    extended: int = 0
    reminders: int = 0
    escalations: int = 0


@dataclass(frozen=True, slots=True)
class PhaseYear:
    """One phase of the year: its days and state, the sums of its steps, and the steps themselves."""

    code: str
    name: Bilingual
    activity: str
    opens: date
    closes: date
    state: str
    opened_on: date | None
    closed_on: date | None
    gaps_at_close: int | None
    signed: bool
    owed: int
    done: int
    open: int
    late: int
    refused: int
    extended: int
    reminders: int
    escalations: int
    steps: tuple[StepYear, ...]


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A day of the nation that is not worked as others are; half when only its afternoon or morning is not."""

    day: date
    layer: str
    name: Bilingual
    half: bool


@dataclass(frozen=True, slots=True)
class RemindersYear:
    """Digests by what became of them, the people they reached, and the claims behind them by rung."""

    digests: int
    sent: int
    waiting: int
    failed: int
    people: int
    claims: int
    escalations: int
    by_rung: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class GapLine:
    """One incomplete chain as the report lists it."""

    document: str
    kind: str
    activity: str
    step: str
    unit_name: str
    slot: int
    slots: int
    waits_at_name: str
    post: str
    person: str | None
    since: date
    overdue: bool
    cause: str
    ministry: str | None
    province: str | None


@dataclass(frozen=True, slots=True)
class GapsYear:
    """The signature gaps: how many in all and by each of their sides, the first of them, and how many more."""

    total: int
    by_cause: Counts
    by_kind: Counts
    by_activity: Counts
    by_ministry: Counts
    by_province: Counts
    listed: tuple[GapLine, ...]
    more: int


@dataclass(frozen=True, slots=True)
class StageYear:
    """One stage of the cascade in needs and in quantity; ``conserved``: needed = allocated + transferred + unmet."""

    stage: str
    needs: int
    needs_met: int
    needed: int
    allocated: int
    transferred: int
    unmet: int

    @property
    def conserved(self) -> bool:
        """Whether nothing was lost and nothing appeared."""
        return self.needed == self.allocated + self.transferred + self.unmet


@dataclass(frozen=True, slots=True)
class Handover:
    """What stages passed on to the next one, how much of it that one took up, and what is still on its way."""

    sources: tuple[str, ...]
    target: str
    passed_on: int
    taken_up: int

    @property
    def on_its_way(self) -> int:
        """What no stage has taken up yet."""
        return self.passed_on - self.taken_up


@dataclass(frozen=True, slots=True)
class CascadeYear:
    """Need through the whole cascade: entered = allocated + unmet + still on its way; and resources moved."""

    stages: tuple[StageYear, ...]
    handovers: tuple[Handover, ...]
    entered: int
    allocated: int
    unmet: int
    on_its_way: int
    conserved: bool
    resources_moved: int


@dataclass(frozen=True, slots=True)
class MethodsYear:
    """The needs of one priority, and what each method of sharing out would leave of them unmet."""

    priority: int
    needs: int
    needed: int
    unmet: Counts


@dataclass(frozen=True, slots=True)
class PapersYear:
    """Contracts or notices: prepared, and of those succeeded, failed (with the reasons given) and still open."""

    prepared: int
    succeeded: int
    failed: int
    open: int
    reasons: Counts


@dataclass(frozen=True, slots=True)
class ExtensionYear:
    """One extension: for what and whom, its days, and by whose letter."""

    activity: str
    step: str
    scope: str
    scope_code: str
    since: date
    until: date
    authority: str
    reason: str
    letter_number: str
    revoked: bool


@dataclass(frozen=True, slots=True)
class RefusalYear:
    """Acts refused at one step for one kind of reason, and how many documents or decisions they were about."""

    activity: str
    step: str
    kind: str
    acts: int
    subjects: int


@dataclass(frozen=True, slots=True)
class VacancyYear:
    """A post of a signature chain that nobody holds, and the documents waiting for it."""

    unit: int
    unit_name: str
    post: str
    documents: int


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """The end of one week: documents completed and signatures made until then."""

    day: date
    documents: int
    signatures: int


@dataclass(frozen=True, slots=True)
class Curve:
    """How the work of one activity went, week by week."""

    activity: str
    name: Bilingual
    owed: int
    weeks: tuple[CurvePoint, ...]


@dataclass(frozen=True, slots=True)
class YearReport:
    """Everything that is told of one edition as of one day."""

    programme: str
    name: Bilingual
    year: int
    synthetic: bool
    day: date
    revision: int
    activities: Mapping[str, Bilingual]
    document_kinds: Mapping[str, Bilingual]
    phases: tuple[PhaseYear, ...]
    special_days: tuple[SpecialDay, ...]
    reminders: RemindersYear
    gaps: GapsYear
    cascade: CascadeYear
    contracts: PapersYear
    notices: PapersYear
    extensions: tuple[ExtensionYear, ...]
    refusals: tuple[RefusalYear, ...]
    vacancies: tuple[VacancyYear, ...]
    curves: tuple[Curve, ...]
    methods: tuple[MethodsYear, ...] = ()

    @property
    def allocates(self) -> bool:
        """Whether anything was asked of the cascade yet; a programme without allocation never does."""
        return self.cascade.entered > 0

    @property
    def concludes(self) -> bool:
        """Whether any contract or notice was prepared yet."""
        return self.contracts.prepared + self.notices.prepared > 0

    def to_json(self) -> str:
        """Return the report as JSON, the same bytes for the same content."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=2, default=date.isoformat) + "\n"
