"""The signature observatory: what waits, by whose pen, for how long, and what will soon hold up more.

Documents that are alike are counted together in the database; nothing is listed one by one but what nobody can finish.
An instant in the past is answered as the gap audit answers it: from signatures and returns, and from the mandates as
they were recorded then.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Subquery, case, func, select
from sqlalchemy.orm import Session, aliased

from sekaps.calendar.instants import at, local_day
from sekaps.domain.gaps import cause_of
from sekaps.domain.observatory import (
    HORIZON_DAYS,
    Observatory,
    Pile,
    Place,
    endings_in_order,
    stuck_in_order,
)
from sekaps.models.allocation import Item, Need, Resource
from sekaps.models.documents import ChainSlot, Document
from sekaps.models.registry import Person, Post, Province, Unit
from sekaps.services.chain_ends import find_endings, pending_by_post
from sekaps.services.editions import EditionView
from sekaps.services.gaps import standing_at
from sekaps.services.observed_places import holder_columns, holder_from, ministry_of, place_columns, place_from
from sekaps.services.open_work import HEAD, holders, ran_out
from sekaps.services.registry import require_unit, subtree
from sekaps.services.stuck_chains import find_stuck, layouts_of
from sekaps.services.writing import Query

Owner, WaitsAt, Ministry = aliased(Unit), aliased(Unit), aliased(Unit)
Pen, Closer = aliased(Person), aliased(Person)


@dataclass(frozen=True, slots=True)
class Selection:
    """Which part of the country is looked at: a ministry's units, a province, a unit and those below it; or all."""

    ministry_id: int | None = None
    province_code: str | None = None
    family: frozenset[int] | None = None

    def has(self, owner: Place, waits_at: Place) -> bool:
        """Tell whether a document of a unit that waits at a unit belongs to it."""
        return (
            self.ministry_id in (None, owner.ministry_id)
            and self.province_code in (None, owner.province_code)
            and (self.family is None or owner.id in self.family or waits_at.id in self.family)
        )


EVERYWHERE = Selection()


def select_part(
    session: Session, *, ministry: int | None = None, province: str | None = None, unit: int | None = None
) -> Selection:
    """Return the part of the country named by registry numbers and a plate code; raise UnitUnknown."""
    return Selection(
        ministry_id=None if ministry is None else require_unit(session, ministry).id,
        province_code=province,
        family=None if unit is None else frozenset(subtree(session, require_unit(session, unit).id)),
    )


def observe(
    session: Session,
    edition: EditionView,
    as_of: datetime,
    *,
    selection: Selection = EVERYWHERE,
    horizon_days: int = HORIZON_DAYS,
) -> Observatory:
    """Return everything the observatory shows of an edition as of an instant."""
    standing = standing_at(session, edition.id, as_of)
    waiting = read_piles(session, edition, standing, as_of)
    piles = tuple(pile for pile in waiting if selection.has(pile.owner, pile.waits_at))
    layouts = layouts_of(session, standing)
    pending = pending_by_post(piles, layouts)
    endings = find_endings(session, pending, as_of, horizon_days)
    return Observatory(
        programme=edition.programme.code,
        year=edition.year,
        synthetic=edition.synthetic,
        day=local_day(as_of),
        horizon_days=horizon_days,
        piles=piles,
        endings=tuple(endings_in_order(one for one in endings if selection.has(one.unit, one.unit))),
        stuck=tuple(stuck_in_order(find_stuck(session, standing, piles, layouts, as_of))),
    )


def read_piles(session: Session, edition: EditionView, standing: Subquery, as_of: datetime) -> Iterator[Pile]:
    """Yield the documents that wait and whose window has opened, those that are alike together."""
    day = local_day(as_of)
    for row in session.execute(_named(_alike(standing), as_of)):
        window = edition.window(row.activity, row.step)
        if window.opens <= day:
            yield _pile(row, row.since or at(window.opens))


def _alike(standing: Subquery) -> Subquery:
    by = (
        Document.activity,
        Document.step,
        Document.unit_id,
        Document.chain_id,
        Item.module,
        standing.c.slot,
        standing.c.state,
        standing.c.since,
    )
    return (
        select(*by, func.count().label("documents"), func.min(Document.number).label("example"))
        .select_from(standing)
        .join(Document, Document.id == standing.c.document_id)
        .outerjoin(Need, Need.document_id == Document.id)
        .outerjoin(Resource, Resource.document_id == Document.id)
        .outerjoin(Item, Item.code == func.coalesce(Need.item_code, Resource.item_code))
        .group_by(*by)
        .subquery()
    )


def _named(alike: Subquery, as_of: datetime) -> Query:
    """Return the piles with their units, the post each waits for, who holds it and who else could close the gap."""
    held = holders(as_of)
    own, head, above = aliased(held), aliased(held), aliased(held)
    unit_head, parent_head = aliased(Post), aliased(Post)
    closer = func.coalesce(own.c.person_id, head.c.person_id, above.c.person_id)
    return (
        select(
            alike,
            *place_columns("owner", Owner),
            *place_columns("at", WaitsAt),
            *holder_columns("pen", Pen),
            *holder_columns("closer", Closer),
            Post.id.label("post_id"),
            Post.title,
            case((Pen.id.is_(None), ran_out(Post.id, as_of))).label("ran_out"),
            Ministry.name.label("ministry"),
            Province.name.label("province"),
        )
        .select_from(alike)
        .join(Owner, Owner.id == alike.c.unit_id)
        .join(ChainSlot, (ChainSlot.chain_id == alike.c.chain_id) & (ChainSlot.slot == alike.c.slot))
        .join(Post, Post.id == ChainSlot.post_id)
        .join(WaitsAt, WaitsAt.id == Post.unit_id)
        .outerjoin(Ministry, Ministry.id == ministry_of(Owner))
        .outerjoin(Province, Province.code == Owner.province_code)
        .outerjoin(own, own.c.post_id == Post.id)
        .outerjoin(unit_head, (unit_head.unit_id == WaitsAt.id) & (unit_head.kind == HEAD))
        .outerjoin(head, head.c.post_id == unit_head.id)
        .outerjoin(parent_head, (parent_head.unit_id == WaitsAt.parent_id) & (parent_head.kind == HEAD))
        .outerjoin(above, above.c.post_id == parent_head.id)
        .outerjoin(Pen, Pen.id == own.c.person_id)
        .outerjoin(Closer, Closer.id == closer)
        .order_by(alike.c.example)
    )


def _pile(row: Any, since: datetime) -> Pile:
    person = holder_from(row, "pen")
    return Pile(
        cause=cause_of(state=row.state, slot=row.slot, held=person is not None, ran_out=bool(row.ran_out)),
        activity=row.activity,
        step=row.step,
        owner=place_from(row, "owner"),
        ministry=row.ministry,
        province=row.province,
        module=row.module,
        chain_id=row.chain_id,
        slot=row.slot,
        post_id=row.post_id,
        post=row.title,
        waits_at=place_from(row, "at"),
        person=person,
        closer=holder_from(row, "closer"),
        since=since,
        documents=row.documents,
        example=row.example,
    )
