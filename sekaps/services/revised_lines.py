"""The lines a revision takes back, and what that leaves to the bodies that still decide."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session, aliased

from sekaps.calendar.allocating import AllocationRules
from sekaps.domain.allocation import RULES, Line, Stage
from sekaps.domain.form_revisions import LIVE, Asked, Cut, HeldLine, take_back
from sekaps.models.allocation import Allocation, ItemSubstitute, Need, Resource, StageBalance
from sekaps.models.documents import Document
from sekaps.services.allocations import pass_on_late_needs, propose, repropose
from sekaps.services.editions import EditionView
from sekaps.services.lines import reserve
from sekaps.services.need_balances import NeedNow, needs_now, write_balances
from sekaps.services.writing import Query, chunked

STAGES = tuple(RULES)


@dataclass(frozen=True, slots=True)
class TakenBack:
    """A line that lost something: of which need and resource, who decides there, and which stage decides again.

    ``again`` is None where nothing is needed any more, or where every stage of the need is over.
    """

    line_id: int
    need: str
    resource: str
    need_unit_id: int
    resource_unit_id: int
    stage: Stage
    body_id: int
    before: int
    after: int
    is_decided: bool
    is_needed: bool
    again: Stage | None

    @property
    def lost(self) -> int:
        """How much it lost."""
        return self.before - self.after


@dataclass(frozen=True, slots=True)
class Followed:
    """What followed: the lines that lost something, and how much open stages proposed at once."""

    lines: tuple[TakenBack, ...] = ()
    proposed: int = 0

    @property
    def unmet(self) -> int:
        """How much is still needed and nobody can decide again."""
        return sum(line.lost for line in self.lines if line.is_decided and line.is_needed and line.again is None)


def lines_to_cut(session: Session, edition: EditionView, document_id: int, asked: Asked) -> list[Cut]:
    """Return what the live lines of a form lose when it holds less; lines are locked, then resources.

    In that order a decision locks them too. All resources are locked that may be proposed in place of what is lost,
    before the trail is: whoever holds one of them and waits for the trail is not waited for. What was proposed while
    this waited is read with the rest.
    """
    query = _line_query(Allocation.need_id if asked.is_need else Allocation.resource_id, document_id)
    locked = session.execute(query.with_for_update(of=Allocation)).all()
    _lock_resources(session, edition, {row.resource_id for row in locked} | {document_id})
    rows = session.execute(query.with_for_update(of=Allocation)).all()
    return list(take_back((_held(row, edition, asked) for row in rows), asked.quantity_after))


def _lock_resources(session: Session, edition: EditionView, ids: Iterable[int]) -> None:
    """Lock those resources, and the edition's others that serve the same needs, in one order."""
    items = _items(session, ids)
    servants = select(ItemSubstitute.served_by_code).where(ItemSubstitute.item_code.in_(sorted(items)))
    query = (
        select(Resource.document_id)
        .join(Document, Document.id == Resource.document_id)
        .where(Document.edition_id == edition.id)
        .where(Resource.item_code.in_(sorted(items | set(session.scalars(servants)))))
        .order_by(Resource.document_id)
    )
    session.execute(query.with_for_update(of=Resource)).all()


def _line_query(column: Any, document_id: int) -> Query:
    return (
        select(Allocation.id, Allocation.need_id, Allocation.resource_id, Allocation.stage, Allocation.state)
        .add_columns(Allocation.quantity, Need.priority, Need.beneficiary, Need.necessity)
        .add_columns(Document.waiting_since, Document.number)
        .join(Need, Need.document_id == Allocation.need_id)
        .join(Document, Document.id == Allocation.need_id)
        .where(column == document_id, Allocation.state.in_(LIVE))
        .order_by(Allocation.id)
    )


def _held(row: Any, edition: EditionView, asked: Asked) -> HeldLine:
    stage = Stage(row.stage)
    own = (STAGES.index(stage), row.state == "proposed", row.id)
    place = own if asked.is_need else (*_declared(row, edition), *own)
    return HeldLine(row.id, row.need_id, row.resource_id, stage, row.state, row.quantity, place)


def _declared(row: Any, edition: EditionView) -> tuple[Any, ...]:
    """Return a need's place in the order the programme declares."""
    rules = edition.programme.allocation or AllocationRules()
    places = {
        "priority": row.priority,
        "beneficiary": rules.beneficiaries.index(row.beneficiary),
        "necessity": row.necessity == "secondary",
        "signed": row.waiting_since,
        "number": row.number,
    }
    return tuple(places[name] for name in rules.order)


def end_lines(session: Session, cuts: Sequence[Cut], asked: Asked, revision_id: int, as_of: datetime) -> None:
    """Write what lines lost: decided ones are revoked, open proposals lapse, a part left is kept with the reason."""
    for cut in cuts:
        values: dict[str, Any] = {"reason": asked.reason, "form_revision_id": revision_id}
        if cut.left:
            values |= {"quantity": cut.left}
        else:
            values |= {"state": "revoked" if cut.line.is_decided else "lapsed", "settled_at": as_of}
        session.execute(update(Allocation).where(Allocation.id == cut.line.id).values(values))
    reserve(session, [Line(cut.line.need_id, cut.line.resource_id, cut.lost) for cut in cuts], sign=-1)


def settle_balances(
    session: Session, edition: EditionView, document_id: int, asked: Asked, cuts: Sequence[Cut], as_of: datetime
) -> Followed:
    """Bring the balances of every need that lost something to what holds now, and let open stages propose anew."""
    ids = {document_id} if asked.is_need else {cut.line.need_id for cut in cuts}
    needs = needs_now(session, edition, ids, as_of)
    write_balances(session, needs)
    pass_on_late_needs(session, edition, as_of)
    lines = tuple(_taken_back(session, cuts, needs, still_needed=not asked.is_need))
    return Followed(lines, _propose_again(session, edition, cuts, lines, as_of) if cuts else 0)


def _taken_back(
    session: Session, cuts: Sequence[Cut], needs: Mapping[int, NeedNow], *, still_needed: bool
) -> Iterator[TakenBack]:
    named = _names(session, [cut.line.id for cut in cuts])
    for cut in cuts:
        row = named[cut.line.id]
        again = needs[cut.line.need_id].deciding(cut.line.stage) if still_needed else None
        yield TakenBack(
            line_id=cut.line.id,
            need=row.need,
            resource=row.resource,
            need_unit_id=row.need_unit,
            resource_unit_id=row.resource_unit,
            stage=cut.line.stage,
            body_id=row.body_id,
            before=cut.line.quantity,
            after=cut.left,
            is_decided=cut.line.is_decided,
            is_needed=still_needed,
            again=again,
        )


def _names(session: Session, ids: Sequence[int]) -> dict[int, Any]:
    need, resource = aliased(Document), aliased(Document)
    query = (
        select(Allocation.id, Allocation.body_id, need.number.label("need"), resource.number.label("resource"))
        .add_columns(need.unit_id.label("need_unit"), resource.unit_id.label("resource_unit"))
        .join(need, need.id == Allocation.need_id)
        .join(resource, resource.id == Allocation.resource_id)
    )
    return {row.id: row for part in chunked(ids) for row in session.execute(query.where(Allocation.id.in_(part)))}


def _propose_again(
    session: Session, edition: EditionView, cuts: Sequence[Cut], lines: Iterable[TakenBack], as_of: datetime
) -> int:
    """Let open stages propose for whoever still lacks what the lines were of; return how much they proposed."""
    moved_on = {line.again for line in lines if line.again is not line.stage}
    proposed = 0
    for stage in STAGES:
        needs = _lacking(session, edition, stage, cuts)
        proposed += repropose(session, edition, stage, as_of, needs).quantity
        if stage in moved_on:
            proposed += propose(session, edition, stage, as_of).quantity
    return proposed


def _lacking(session: Session, edition: EditionView, stage: Stage, cuts: Sequence[Cut]) -> set[int]:
    """Return the needs a stage leaves something unmet of, and which what the lines were of can serve."""
    items = _items(session, {cut.line.resource_id for cut in cuts})
    query = (
        select(StageBalance.need_id)
        .join(Need, Need.document_id == StageBalance.need_id)
        .where(StageBalance.edition_id == edition.id, StageBalance.stage == stage)
        .where(StageBalance.settled_at.is_(None), StageBalance.unmet > 0)
    )
    return set(session.scalars(query.where(Need.item_code.in_(sorted(items)))))


def _items(session: Session, resource_ids: Iterable[int]) -> set[str]:
    """Return the items of some resources, and those they can stand in for."""
    found: set[str] = set()
    for part in chunked(sorted(resource_ids)):
        found |= set(session.scalars(select(Resource.item_code).where(Resource.document_id.in_(part))))
    swaps = select(ItemSubstitute.item_code).where(ItemSubstitute.served_by_code.in_(sorted(found)))
    return found | set(session.scalars(swaps))
