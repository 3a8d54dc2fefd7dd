"""The bodies that have not finished: what each has left in which sector, who heads it, and until when it may act."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, literal, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from sekaps.domain.allocation import APPROVAL_STEP, RULES
from sekaps.domain.coverage import Task, Unfinished
from sekaps.domain.gates import Standing
from sekaps.domain.reminders import OpenWork
from sekaps.models.allocation import Allocation, Item, Need
from sekaps.models.contracts import Notice, Protocol
from sekaps.models.registry import Person, Post, Unit
from sekaps.services.coverage_part import Part, joined
from sekaps.services.due_work import DueItem, Timetable, read_timetable
from sekaps.services.editions import EditionView
from sekaps.services.lines import activity_of
from sekaps.services.open_work import HEAD, holders
from sekaps.services.papers import ACTIVITY, CONTRACT_STEP, RECORD_STEP, in_work
from sekaps.services.writing import Query, chunked

STEPS = {rule.stage.value: rule.step for rule in RULES.values()}


def unfinished_bodies(session: Session, edition: EditionView, as_of: datetime, part: Part) -> tuple[Unfinished, ...]:
    """Return the bodies with something left, by the day on which it must be done, step, unit and sector."""
    rows = list(_left(session, edition, part))
    units = {row.unit_id for _, _, row in rows}
    heads, due = _heads(session, units, as_of), _Due(read_timetable(session, edition, units, as_of))
    found = [
        _unfinished(task, item, row, heads, due.standing(row.unit_id))
        for task, step, row in rows
        if (item := due.item(task, step, row))
    ]
    return tuple(sorted(found, key=lambda one: (one.closes, one.step, one.unit, one.sector, one.task)))


@dataclass(slots=True)
class _Due:
    """The deadlines of units by step, each worked out once for all the sectors it has work in."""

    timetable: Timetable
    _items: dict[tuple[str, int], DueItem | None] = field(default_factory=dict)

    def item(self, task: Task, step: str, row: Any) -> DueItem | None:
        """Return the work with its deadline, or None before its window opens."""
        key = (step, row.unit_id)
        if key not in self._items:
            activity = ACTIVITY if task in (Task.CONCLUDE, Task.SERVE) else activity_of(step)
            work = OpenWork(activity, step, row.unit_id, None, row.lines, row.since)
            self._items[key] = self.timetable.item(work)
        return self._items[key]

    def standing(self, unit_id: int) -> Standing:
        """Return where a unit stands."""
        return self.timetable.units[unit_id].standing


def _left(session: Session, edition: EditionView, part: Part) -> Iterator[tuple[Task, str, Any]]:
    """Yield what is left: the task, the step, and (unit, sector, lines, needs, quantity, since)."""
    undecided = (Allocation.state == "lapsed", Allocation.decision_id.is_(None), Allocation.form_revision_id.is_(None))
    for task, conditions in ((Task.DECIDE, (Allocation.state == "proposed",)), (Task.LAPSED, undecided)):
        query = _lines(edition, part, Allocation.body_id, Allocation.proposed_at, *conditions)
        for row in session.execute(query.add_columns(Allocation.stage).group_by(Allocation.stage)):
            yield task, STEPS[row.stage], row
    yield from _approvals(session, edition, part)
    for row in session.execute(_papers(edition, part, Protocol, Protocol.need_side_id, Protocol.state == "open")):
        yield Task.CONCLUDE, CONTRACT_STEP, row
    for row in session.execute(_papers(edition, part, Notice, Notice.recorded_by_id, Notice.state == "prepared")):
        yield Task.SERVE, RECORD_STEP, row


def _approvals(session: Session, edition: EditionView, part: Part) -> Iterator[tuple[Task, str, Any]]:
    """Yield the decided lines that await the ministry of defence, and those that lapsed because it did not approve."""
    defence = session.scalar(select(Unit.ministry_id).where(Unit.kind == "military_unit").limit(1))
    unapproved = (
        Allocation.state == "lapsed",
        Allocation.decision_id.is_not(None),
        Allocation.form_revision_id.is_(None),
    )
    waiting = (Allocation.state == "awaiting_approval",)
    for task, conditions in ((Task.APPROVE, waiting), (Task.LAPSED, unapproved)) if defence is not None else ():
        for row in session.execute(_lines(edition, part, literal(defence), Allocation.settled_at, *conditions)):
            yield task, APPROVAL_STEP, row


def _lines(edition: EditionView, part: Part, unit: Any, since: Any, *conditions: ColumnElement[bool]) -> Query:
    return _counted(part, unit, since).where(Allocation.edition_id == edition.id, *conditions)


def _papers(
    edition: EditionView,
    part: Part,
    model: type[Protocol] | type[Notice],
    unit: InstrumentedAttribute[int],
    state: ColumnElement[bool],
) -> Query:
    query = _counted(part, unit, model.prepared_at).join(model, model.allocation_id == Allocation.id)
    return query.where(in_work(edition, model), state)


def _counted(part: Part, unit: Any, since: Any) -> Query:
    """Return lines counted by the unit that must act and the sector of what is needed."""
    amounts = (
        func.count().label("lines"),
        func.count(Allocation.need_id.distinct()).label("needs"),
        func.sum(Allocation.quantity).label("quantity"),
        func.min(since).label("since"),
    )
    needs = select(unit.label("unit_id"), Item.sector, *amounts).select_from(Allocation)
    query = joined(needs.join(Need, Need.document_id == Allocation.need_id))
    by = (Item.sector,) if not isinstance(unit, InstrumentedAttribute) else (unit, Item.sector)
    return query.where(*part.of_needs).group_by(*by)


def _heads(session: Session, units: set[int], as_of: datetime) -> dict[int, str]:
    """Return the name of whoever heads each unit, deputies before those they deputise for."""
    held = holders(as_of)
    query = (
        select(Post.unit_id, Person.name)
        .join(held, held.c.post_id == Post.id)
        .join(Person, Person.id == held.c.person_id)
        .where(Post.kind == HEAD)
    )
    return {
        unit_id: name
        for ids in chunked(sorted(units))
        for unit_id, name in session.execute(query.where(Post.unit_id.in_(ids)))
    }


def _unfinished(task: Task, due: DueItem, row: Any, heads: dict[int, str], standing: Standing) -> Unfinished:
    return Unfinished(
        task=task,
        activity=due.work.activity,
        step=due.work.step,
        unit=standing.unit_number,
        unit_name=due.unit,
        province=standing.province,
        head=heads.get(row.unit_id),
        sector=row.sector,
        lines=row.lines,
        needs=row.needs,
        quantity=int(row.quantity),
        closes=due.deadline.closes,
        days_left=due.deadline.days_left,
    )
