"""Resources that become local by a commission's decision only, such as those of agriculture and forestry."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from sekaps.calendar.instants import local_day
from sekaps.domain.allocation import RULES, Stage, StageRule
from sekaps.domain.signatures import DocumentState
from sekaps.models.allocation import Item, Resource
from sekaps.models.documents import Document
from sekaps.services.decision_bodies import Body, Deciding, deciding, lock_bodies
from sekaps.services.decision_records import Paper, paper_refusal, record_decision, sitting_facts
from sekaps.services.editions import EditionView
from sekaps.services.gates import gate_of
from sekaps.services.lines import activity_of, log_act
from sekaps.services.outcomes import Outcome
from sekaps.services.requests import LocalResourceRequest
from sekaps.services.writing import chunked
from sekaps.texts import Text, text

VERB, LOCAL = "decide_local", "local"
FORMS = "resource_determination", "3.b"
"""Activity and step in which the forms of agriculture and forestry are signed."""
STAGES = (Stage.DISTRICT, Stage.PROVINCE)
"""The stages whose commissions decide it."""
NAMED = 20
"""A refusal on the trail names up to so many resources."""


def decide_local_resources(
    session: Session, edition: EditionView, request: LocalResourceRequest, as_of: datetime
) -> Outcome:
    """Make signed resources of a commission's place, of local scope, local by its numbered decision: all, or none.

    It may while the forms are signed (row 3) and as long as the commission itself may allocate from them (row 5).
    """
    body = lock_bodies(session, edition, [request.body_id], as_of).get(request.body_id)
    kind = body.kind if body else ""
    rule = next((RULES[stage] for stage in STAGES if RULES[stage].body_kind == kind), None)
    if body is None or rule is None:
        refusal = text("only a commission of the place decides which resources are local")
        return _refused(session, edition, request, as_of, refusal)
    case = _Case(session, edition, body, rule, request, as_of)
    made = case.seated()
    if isinstance(made, Text):
        return _refused(session, edition, request, as_of, made)
    resources = case.lock()
    if problem := case.problem(resources):
        return _refused(session, edition, request, as_of, problem)
    case.write(made, [row.id for row in resources.values()])
    return Outcome(body.id)


@dataclass(frozen=True, slots=True)
class _Case:
    """One such request before its commission."""

    session: Session
    edition: EditionView
    body: Body
    rule: StageRule
    request: LocalResourceRequest
    as_of: datetime

    def seated(self) -> Deciding | Text:
        """Return who decides, or why nobody does: no window is open, no such chair, no quorum, no majority."""
        keys = (FORMS, (activity_of(self.rule.step), self.rule.step))
        gates = [gate_of(self.session, self.edition, *key, self.as_of) for key in keys]
        closed = [gate.refusal(self.body.standing, local_day(self.as_of)) for gate in gates]
        if closed[-1] is not None and None not in closed:
            return closed[-1]
        made = deciding(self.session, self.body, self.request.person_id, self.request.votes)
        if isinstance(made, Text) or made.sitting is None:
            return made
        return made.sitting.refusal or made

    def lock(self) -> Mapping[str, Any]:
        """Return the resources named, locked, by their numbers."""
        found: dict[str, Any] = {}
        for part in chunked(sorted(set(self.request.resources))):
            query = (
                select(Document.id, Document.number, Document.state, Resource.scope, Item.sector)
                .add_columns(Resource.province_code, Resource.district_code, Resource.local_decision_id)
                .join(Resource, Resource.document_id == Document.id)
                .join(Item, Item.code == Resource.item_code)
                .where(Document.edition_id == self.edition.id, Document.number.in_(part))
                .order_by(Document.id)
            )
            found |= {row.number: row for row in self.session.execute(query.with_for_update(of=Resource))}
        return found

    def problem(self, resources: Mapping[str, Any]) -> Text | None:
        """Return why the decision cannot be made as asked, or None."""
        numbers = self.request.resources
        if not numbers:
            return text("name the resources that become local")
        twice = [number for number, count in Counter(numbers).items() if count > 1]
        if twice:
            return text("the resource {number} is named twice", number=twice[0])
        paper = paper_refusal(self.session, self.body, self._paper, self.as_of)
        unfit = (self._unfit(number, resources.get(number)) for number in numbers)
        return paper or next(filter(None, unfit), None)

    @property
    def _paper(self) -> Paper:
        return Paper(None, self.request.number, self.request.text)

    def _unfit(self, number: str, row: Any) -> Text | None:
        """Return why a resource cannot become local by this commission's decision, or None."""
        if row is None:
            return text("no resource has the number {number}", number=number)
        if row.state != DocumentState.COMPLETE:
            return text("the resource {number} is not signed", number=number)
        if row.sector not in self.edition.allocation_rules.local_by_decision:
            return text("the resource {number} is of a sector that needs no such decision", number=number)
        if not self._is_here(row):
            return text("the resource {number} is outside this body's place", number=number)
        if row.local_decision_id is not None:
            return text("the resource {number} was made local before", number=number)
        if row.scope != LOCAL:
            return text(
                "the resource {number} is in central planning, by its form or since the transfer", number=number
            )
        return None

    def _is_here(self, row: Any) -> bool:
        if self.rule.area == "district":
            return bool(row.district_code == self.body.standing.district)
        return bool(row.province_code == self.body.standing.province)

    def write(self, made: Deciding, ids: list[int]) -> None:
        """Record the decision and make the resources local."""
        kept = record_decision(self.session, self.edition, self.body, made, self._paper, self.as_of)
        for part in chunked(ids):
            theirs = update(Resource).where(Resource.document_id.in_(part))
            self.session.execute(theirs.values(local_decision_id=kept.id))
        facts = {"body": self.body.id, "number": str(kept.number), **sitting_facts(made.sitting)}
        mandate = made.chair.mandate_id
        log_act(self.session, self.edition, self.rule.step, VERB, self.as_of, len(ids), facts, mandate=mandate)


def _refused(
    session: Session, edition: EditionView, request: LocalResourceRequest, as_of: datetime, refusal: Text
) -> Outcome:
    """Put the refusal on the trail and return it."""
    asked = {"body": request.body_id, "by": request.person_id, "resources": list(request.resources[:NAMED])}
    step, facts = RULES[STAGES[0]].step, {**asked, "reason": refusal.say("en")}
    log_act(session, edition, step, VERB, as_of, 0, facts, outcome="refused")
    return Outcome(request.body_id, refusal)
