"""One stage's part of the plan, made over everything outstanding and held against what others reserve meanwhile."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import numpy as np
from sqlalchemy.orm import Session

from sekaps.calendar.allocating import Method
from sekaps.domain.allocation import RULES, Stage
from sekaps.domain.allocation_columns import Bools, Ints, Lines, joined, merged, summed
from sekaps.domain.cascade import Plan, plan
from sekaps.domain.stage_first import stage_first
from sekaps.domain.substitution import Swap
from sekaps.models.allocation import Resource
from sekaps.services.editions import EditionView
from sekaps.services.outstanding import (
    NOBODY,
    Codebook,
    Held,
    Queue,
    barred_pairs,
    bodies_of,
    held_resources,
    ministries,
    queued_needs,
    substitutes,
)

Pairs = Collection[tuple[int, int]]
ATTEMPTS = 3
"""So often a plan is made while others reserve what it counted on; then everything is locked first."""
DETOURS = 5
"""So often another resource is looked for where the next best is barred too."""


@dataclass(frozen=True, slots=True, eq=False)
class StagePart:
    """The lines one stage proposes, by ids, with the body that decides each; and who decides about each need."""

    need: Ints
    resource: Ints
    body: Ints
    quantity: Ints
    body_of_need: Ints

    @property
    def reserved(self) -> tuple[Ints, Mapping[str, Ints], Mapping[str, str]]:
        """What it adds to the resources' allocations: their ids, and how much."""
        ids, place = np.unique(self.resource, return_inverse=True)
        return ids, {"allocated": summed(place, self.quantity, len(ids))}, {}


def stage_part(session: Session, edition: EditionView, stage: Stage, needs: Ints, book: Codebook) -> StagePart:
    """Return a stage's lines for needs it has taken up; the resources they take are locked and have that much free.

    Where somebody was quicker at one of them, the plan is made anew from what is left. Needs are read after resources:
    what another stage takes in between then shows in its needs, and in too little left of a resource when it is locked.
    The other way round its needs would be served a second time, and these would get nothing.
    """
    barred = barred_pairs(session, edition.id, stage)
    for attempt in range(ATTEMPTS + 1):
        held = _held(session, edition, stage, book, lock=attempt == ATTEMPTS)
        queue = queued_needs(session, edition, book)
        chosen, bodies = np.isin(queue.ids, needs), bodies_of(session, stage, queue, book)
        lines = _planned(edition, stage, queue, chosen, held, substitutes(session, book), barred)
        lines, body = _with_bodies(session, stage, lines, bodies, held)
        part = StagePart(queue.ids[lines.need], held.ids[lines.resource], body, lines.quantity, bodies[chosen])
        if attempt == ATTEMPTS or _still_free(session, part):
            break
    return part


def _with_bodies(session: Session, stage: Stage, lines: Lines, bodies: Ints, held: Held) -> tuple[Lines, Ints]:
    """Return the lines somebody is competent for, with who that is; for the nation the resource's own ministry."""
    nationwide = RULES[stage].area == "nation"
    body = ministries(session, held.ministry[lines.resource]) if nationwide else bodies[lines.need]
    return lines.where(body != NOBODY), body[body != NOBODY]


def _held(session: Session, edition: EditionView, stage: Stage, book: Codebook, *, lock: bool) -> Held:
    held = held_resources(session, edition, book, moved=stage is Stage.TRANSFERRED)
    if not lock:
        return held
    _lock(session, np.sort(held.ids))
    return held_resources(session, edition, book, moved=stage is Stage.TRANSFERRED)


def _still_free(session: Session, part: StagePart) -> bool:
    """Lock the resources a part takes, in one order, and tell whether they have as much left as it takes."""
    ids, changes, _ = part.reserved
    free = _lock(session, ids)
    return bool((free >= changes["allocated"]).all())


def _lock(session: Session, ids: Ints) -> Ints:
    """Lock resources until the transaction ends and return what is free of each; SQLite has one writer at a time."""
    connection = session.connection()
    if connection.dialect.name != "postgresql":
        return np.full(len(ids), np.iinfo(np.int64).max)
    table = Resource.__tablename__
    statement = (
        f"SELECT capacity - allocated FROM {table} WHERE document_id = ANY(%s::bigint[])"  # noqa: S608
        " ORDER BY document_id FOR UPDATE"
    )
    rows = connection.exec_driver_sql(statement, (ids.tolist(),))
    return np.array([free for (free,) in rows], dtype=np.int64)


def _planned(
    edition: EditionView,
    stage: Stage,
    queue: Queue,
    chosen: Bools,
    held: Held,
    swaps: Collection[Swap],
    barred: Pairs,
) -> Lines:
    """Return a stage's lines; where a pair is barred, what it would have had is looked for elsewhere."""
    if edition.allocation_rules.method is Method.STAGE_FIRST:
        queue = _left_with(queue, queue.columns.outstanding * chosen)
    lines = _made(edition, stage, queue, held, swaps)
    kept, free = [], held.columns.free.copy()
    for _ in range(DETOURS):
        mine = lines[stage].where(chosen[lines[stage].need])
        barred_here = _is_barred(mine, queue, held, barred)
        kept.append(mine.where(~barred_here))
        refused = mine.where(barred_here)
        missing = summed(refused.need, refused.quantity, len(queue.ids))
        if not len(refused):
            break
        for part in lines.values():
            free -= summed(part.resource, part.quantity, len(free))
        free[refused.resource] = 0
        queue = _left_with(queue, missing)
        held = replace(held, columns=replace(held.columns, free=free))
        lines = _made(edition, stage, queue, held, swaps)
    return merged(joined(kept))


def _left_with(queue: Queue, outstanding: Ints) -> Queue:
    return replace(queue, columns=replace(queue.columns, outstanding=outstanding))


def _made(edition: EditionView, stage: Stage, queue: Queue, held: Held, swaps: Collection[Swap]) -> Plan:
    rules = edition.allocation_rules
    if rules.method is Method.STAGE_FIRST:
        return stage_first(queue.columns, held.columns, rules.margin, (stage,))
    return plan(queue.columns, held.columns, swaps, rules.method, rules.margin)


def _is_barred(lines: Lines, queue: Queue, held: Held, barred: Pairs) -> Bools:
    if not barred:
        return np.zeros(len(lines), dtype=np.bool_)
    pairs = zip(queue.ids[lines.need].tolist(), held.ids[lines.resource].tolist(), strict=True)
    return np.fromiter((pair in barred for pair in pairs), dtype=np.bool_, count=len(lines))
