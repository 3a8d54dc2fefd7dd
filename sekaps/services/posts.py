"""Posts of units and the terms held in them, as the signatory module reads and changes them."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from sekaps.domain.offices import Offices
from sekaps.domain.signatories import wipes_former_heads
from sekaps.domain.terms import Placement, Term
from sekaps.models.registry import Mandate, Person, Post, Unit
from sekaps.services.responsibles import refuse
from sekaps.services.writing import chunked, insert_new, rows_changed
from sekaps.texts import text

HEAD, DEPUTY_HEAD = "head", "deputy_head"
TITLES = {
    HEAD: "Birim amiri",
    DEPUTY_HEAD: "Amir yardımcısı",
    "officer": "Görevli",
    "approver": "Onay makamı",
    "finance_officer": "Maliye üyesi",
    "recruiting_officer": "Askerlik şubesi üyesi",
    "municipality_member": "Belediyece seçilen üye",
    "chamber_member": "Odaca seçilen üye",
    "mobilization_officer": "Seferberlik müdürü",
}
"""The kinds of post the module keeps, a commission's seats among them, and what one is called without a title."""
FURTHER_DEPUTY = re.compile(r"deputy_head_[2-9]")
"""The second to ninth deputy head of a unit."""


def is_post(kind: str) -> bool:
    """Tell whether the module keeps posts of a kind."""
    return kind in TITLES or FURTHER_DEPUTY.fullmatch(kind) is not None


def default_title(kind: str) -> str:
    """Return what a post of a kind is called where no title is given."""
    return TITLES.get(kind, TITLES[DEPUTY_HEAD])


def post_of(session: Session, unit: int, kind: str, title: str = "") -> int:
    """Return the id of a unit's post under lock, made if it is not there; two who change its terms queue."""
    if not is_post(kind):
        refuse(text("'{kind}' is no post; give one of: {posts}", kind=kind, posts=list(TITLES)))
    unit_id = select(Unit.id).where(Unit.number == unit).scalar_subquery()
    found = select(Post.id).where(Post.unit_id == unit_id, Post.kind == kind).with_for_update(of=Post)
    post_id = session.scalar(found)
    if post_id is None:
        row = {"unit_id": session.scalar(select(unit_id)), "kind": kind, "title": title or default_title(kind)}
        insert_new(session, Post, [row])
        post_id = session.scalars(found).one()
    return post_id


def terms_of(session: Session, post_id: int, kind: str) -> dict[int, Term]:
    """Return the terms held in a post, in one's own right or as deputy, by the mandate's id."""
    query = (
        select(Mandate.id, Person.number, Mandate.from_at, Mandate.until_at)
        .join(Person, Person.id == Mandate.person_id)
        .where(Mandate.post_id == post_id, Mandate.kind == kind)
    )
    return {mandate_id: Term(*term) for mandate_id, *term in session.execute(query.order_by(Mandate.from_at))}


def end_term(
    session: Session, post_id: int, held: Mapping[int, Term], placement: Placement, recorded_at: datetime
) -> None:
    """End the term a placement ends, and whoever acts for its holder with it."""
    if placement.ends is None:
        return
    mandate_id = next(key for key, term in held.items() if term == placement.ends)
    ending = {"until_at": placement.ends_at, "end_recorded_at": recorded_at}
    session.execute(update(Mandate).where(Mandate.id == mandate_id).values(ending))
    acting = terms_of(session, post_id, "deputy")
    stopped = [key for key, term in acting.items() if placement.ends_at and term.holds(placement.ends_at)]
    still = Mandate.id.in_(stopped) & (Mandate.from_at < placement.ends_at)
    session.execute(update(Mandate).where(still).values(ending))


def wipe_former_heads(session: Session, offices: Offices, units: Iterable[int]) -> int:
    """Wipe the former names of heads of the institutions that record their first head now (rule 11)."""
    wanted = {offices.institution(unit).number for unit in units}
    query = (
        select(Unit.number, func.count())
        .join(Post, Post.unit_id == Unit.id)
        .join(Mandate, Mandate.post_id == Post.id)
        .where(Post.kind == HEAD, Mandate.recorded_at.is_not(None))
        .group_by(Unit.number)
    )
    before = dict.fromkeys(wanted, 0)
    for number, count in session.execute(query):
        institution = offices.institution(number).number
        if institution in before:
            before[institution] += count
    firsts = {institution for institution, count in before.items() if wipes_former_heads(count)}
    theirs = [number for number in offices.units if offices.institution(number).number in firsts] if firsts else []
    return sum(
        rows_changed(
            session.execute(
                update(Unit).where(Unit.number.in_(part), Unit.former_head.is_not(None)).values(former_head=None)
            )
        )
        for part in chunked(theirs)
    )
