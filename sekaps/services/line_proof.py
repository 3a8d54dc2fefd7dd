"""What the proof of conservation asks of lines and decisions: signed, in place, the competent body, a quorum."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, not_, or_, select
from sqlalchemy.orm import Session, aliased

from sekaps.calendar.allocating import AllocationRules
from sekaps.calendar.instants import local_day
from sekaps.domain.allocation import RULES, StageRule
from sekaps.domain.conservation import Law, Violation
from sekaps.domain.form_revisions import EFFECTIVE, LIVE
from sekaps.domain.signatures import DocumentState
from sekaps.models.allocation import Allocation, Decision, DecisionVote, Item, ItemSubstitute, Need, Resource
from sekaps.models.documents import Document
from sekaps.models.registry import Unit
from sekaps.services.editions import EditionView
from sekaps.services.writing import Query

NeedForm, ResourceForm = aliased(Document), aliased(Document)
ResourceItem = aliased(Item)


def line_violations(session: Session, edition: EditionView) -> Iterator[Violation]:
    """Yield every live line, and every decision, that breaks a law."""
    rules = edition.programme.allocation or AllocationRules()
    broken = {law: not_(func.coalesce(holds, False)) for law, holds in _laws(edition, rules).items()}
    named = [condition.label(law.value) for law, condition in broken.items()]
    decided = (Decision.year, Decision.sequence)
    query = _lines(edition).outerjoin(Decision, Decision.id == Allocation.decision_id).add_columns(*decided, *named)
    for row in session.execute(query.where(or_(*broken.values()))):
        for law in broken:
            if getattr(row, law.value):
                yield Violation(law, _line(row), law.value, _found(row, law))
    yield from _decisions(session, edition, rules)


def _laws(edition: EditionView, rules: AllocationRules) -> dict[Law, ColumnElement[bool]]:
    """Return the conditions a line meets; one that cannot be told does not hold."""
    of_local_decision = and_(ResourceItem.sector.in_(rules.local_by_decision), Allocation.stage.in_(_local_stages()))
    return {
        Law.SIGNED: _is_signed(edition),
        Law.SCOPE: and_(_can_serve(), or_(*(_at(rule, _is_within(rule)) for rule in RULES.values()))),
        Law.BODY: or_(*(_at(rule, _is_competent(rule)) for rule in RULES.values())),
        Law.LOCAL_DECISION: or_(not_(of_local_decision), _made_local()),
        Law.DECISION: _is_decided(),
    }


def _found(row: Any, law: Law) -> str:
    number = "-" if row.year is None else f"{row.year}/{row.sequence}"
    return number if law is Law.DECISION else str(row.state)


def _local_stages() -> list[str]:
    return [stage.value for stage, rule in RULES.items() if rule.area != "nation"]


def _line(row: Any) -> str:
    return f"{row.need} → {row.resource} · {row.stage} ({row.id})"


def _lines(edition: EditionView) -> Query:
    """Return the live lines of a year with everything they are judged by."""
    return (
        select(Allocation.id, Allocation.stage, Allocation.state)
        .add_columns(NeedForm.number.label("need"), ResourceForm.number.label("resource"))
        .join(Need, Need.document_id == Allocation.need_id)
        .join(NeedForm, NeedForm.id == Allocation.need_id)
        .join(Resource, Resource.document_id == Allocation.resource_id)
        .join(ResourceForm, ResourceForm.id == Allocation.resource_id)
        .join(ResourceItem, ResourceItem.code == Resource.item_code)
        .join(Unit, Unit.id == Allocation.body_id)
        .where(Allocation.edition_id == edition.id, Allocation.state.in_(LIVE))
        .order_by(Allocation.id)
    )


def _is_signed(edition: EditionView) -> ColumnElement[bool]:
    forms = (NeedForm, ResourceForm)
    signed = [and_(form.state == DocumentState.COMPLETE, form.edition_id == edition.id) for form in forms]
    return and_(*signed)


def _at(rule: StageRule, condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return and_(Allocation.stage == rule.stage.value, condition)


def _can_serve() -> ColumnElement[bool]:
    """Return the condition that a line's resource is of the item needed, or can stand in for it."""
    is_substitute = exists().where(
        ItemSubstitute.item_code == Need.item_code, ItemSubstitute.served_by_code == Resource.item_code
    )
    return or_(Need.item_code == Resource.item_code, is_substitute)


def _is_within(rule: StageRule) -> ColumnElement[bool]:
    """Return the condition that a line's need, resource and places are those of a stage."""
    is_central = rule.area == "nation" and not rule.takes_from
    of_need = and_(Need.beneficiary.in_(rule.beneficiaries), Need.scope == ("central" if is_central else "local"))
    return and_(of_need, _is_offered(rule), _is_inside(rule))


def _is_offered(rule: StageRule) -> ColumnElement[bool]:
    """Return the condition that a resource serves a stage: local ones do so before they move, moved ones after."""
    if rule.area != "nation":
        return or_(Resource.recorded_scope == "local", Resource.local_decision_id.is_not(None))
    if rule.takes_from:
        return Resource.scope == "central"
    return and_(Resource.recorded_scope == "central", Resource.local_decision_id.is_(None))


def _is_inside(rule: StageRule) -> ColumnElement[bool]:
    same_district = Need.district_code == Resource.district_code
    same_province = Need.province_code == Resource.province_code
    return {"district": and_(same_district, same_province), "province": same_province}.get(rule.area, Need.quantity > 0)


def _is_competent(rule: StageRule) -> ColumnElement[bool]:
    """Return the condition that a line's body is that of the resource's place, or for the nation its own ministry."""
    place = {
        "district": Unit.district_code == Resource.district_code,
        "province": Unit.province_code == Resource.province_code,
    }
    return and_(Unit.kind == rule.body_kind, place.get(rule.area, Unit.id == ResourceItem.ministry_id))


def _made_local() -> ColumnElement[bool]:
    made = aliased(Decision)
    return exists().where(made.id == Resource.local_decision_id, made.kind == "local_resource")


def _is_decided() -> ColumnElement[bool]:
    """Return the condition that a decided line has a decision of its own body, stage and year, and a proposal none."""
    own = and_(
        Decision.body_id == Allocation.body_id,
        Decision.stage == Allocation.stage,
        Decision.edition_id == Allocation.edition_id,
        Decision.kind == "allocation",
    )
    return case((Allocation.state.in_(EFFECTIVE), own), else_=Decision.id.is_(None))


def _decisions(session: Session, edition: EditionView, rules: AllocationRules) -> Iterator[Violation]:
    """Yield decisions of another year than their day's, and commissions' without quorum, majority or votes."""
    votes = (
        select(DecisionVote.decision_id, func.count().label("cast"))
        .add_columns(func.count().filter(DecisionVote.vote == "for").label("votes_for"))
        .add_columns(func.count().filter(DecisionVote.vote == "against").label("votes_against"))
        .group_by(DecisionVote.decision_id)
        .subquery()
    )
    query = (
        select(Decision, Unit.number, Unit.kind.label("body_kind"), votes)
        .join(Unit, Unit.id == Decision.body_id)
        .outerjoin(votes, votes.c.decision_id == Decision.id)
        .where(Decision.edition_id == edition.id)
        .order_by(Decision.id)
    )
    for row in session.execute(query):
        made = row.Decision
        name = f"{row.number} · {made.year}/{made.sequence}"
        if made.year != local_day(made.decided_at).year or made.sequence < 1:
            yield Violation(Law.DECISION, name, str(local_day(made.decided_at).year), str(made.year))
        if row.body_kind in rules.commissions and not _is_carried(made, row):
            yield Violation(Law.QUORUM, name, str(made.seats), f"{made.present}, {made.in_favour}, {made.against}")


def _is_carried(made: Decision, row: Any) -> bool:
    told = (made.present, made.in_favour, made.against)
    if made.seats is None or told != (row.cast, row.votes_for, row.votes_against) or 2 * row.cast <= made.seats:
        return False
    return bool(row.votes_for > row.votes_against or (row.votes_for == row.votes_against and made.by_chair))
