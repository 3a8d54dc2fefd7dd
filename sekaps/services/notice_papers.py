"""A notice as it is read on paper: the decision, the line it binds, whom it is for, and until when to object."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from sekaps.calendar.instants import local_day
from sekaps.errors.contracts import NoticeUnknown
from sekaps.models.allocation import Allocation, Decision, Item, Need, Resource
from sekaps.models.contracts import Notice
from sekaps.models.documents import Document
from sekaps.models.registry import District, Province, Unit
from sekaps.services.editions import EditionView
from sekaps.services.legal_terms import last_days
from sekaps.services.papers import in_work
from sekaps.texts import Bilingual, Sayable


@dataclass(frozen=True, slots=True)
class NoticePaper:
    """What a notice says; the last moment to object is known once it was served."""

    number: str
    kind: str
    corrects: str
    prepared_on: date
    server: str
    recorder: str
    commission: str
    decision_number: str
    decided_on: date | None
    item: Sayable
    quantity: int
    measure: str
    resource_number: str
    holder: str
    resource_place: str
    delivery_place: str
    needed_from: date | None
    needed_until: date | None
    copies: int
    channel: str | None
    served_on: date | None
    last_moment: datetime | None


def notice_paper(session: Session, edition: EditionView, number: str) -> NoticePaper:
    """Return a notice of this year's work by its number; raise NoticeUnknown."""
    row = session.execute(_query(edition, number)).one_or_none()
    if row is None:
        raise NoticeUnknown(number=number)
    notice, decision, line = row.Notice, row.Decision, row.Allocation
    return NoticePaper(
        number=notice.number,
        kind=notice.kind,
        corrects=row.corrects or "",
        prepared_on=local_day(notice.prepared_at),
        server=row.server,
        recorder=row.recorder,
        commission=row.commission,
        decision_number=f"{decision.year}/{decision.sequence}" if decision else "",
        decided_on=local_day(decision.decided_at) if decision else None,
        item=Bilingual(row.Item.name_tr, row.Item.name_en),
        quantity=line.quantity,
        measure=row.Item.measure,
        resource_number=row.resource,
        holder=row.Resource.holder,
        resource_place=_place(row.Resource.address, row.resource_district, row.resource_province),
        delivery_place=_place(row.Need.place, row.need_district, row.need_province),
        needed_from=row.Need.needed_from,
        needed_until=row.Need.needed_until,
        copies=notice.copies,
        channel=notice.channel,
        served_on=notice.served_on,
        last_moment=last_days(session, "price_objection", [notice.id]).get(notice.id),
    )


def _query(edition: EditionView, number: str) -> Any:
    server, recorder, commission, earlier = aliased(Unit), aliased(Unit), aliased(Unit), aliased(Notice)
    offer = aliased(Document)
    here, there = (aliased(Province), aliased(District)), (aliased(Province), aliased(District))
    names = (server.name.label("server"), recorder.name.label("recorder"), commission.name.label("commission"))
    places = (
        here[0].name.label("resource_province"),
        here[1].name.label("resource_district"),
        there[0].name.label("need_province"),
        there[1].name.label("need_district"),
    )
    return (
        select(Notice, Allocation, Decision, Need, Resource, Item, *names, *places)
        .add_columns(offer.number.label("resource"), earlier.number.label("corrects"))
        .join(Allocation, Allocation.id == Notice.allocation_id)
        .join(Need, Need.document_id == Allocation.need_id)
        .join(Resource, Resource.document_id == Allocation.resource_id)
        .join(offer, offer.id == Allocation.resource_id)
        .join(Item, Item.code == Resource.item_code)
        .join(server, server.id == Notice.served_by_id)
        .join(recorder, recorder.id == Notice.recorded_by_id)
        .join(commission, commission.id == Allocation.body_id)
        .join(here[0], here[0].code == Resource.province_code)
        .join(here[1], here[1].code == Resource.district_code)
        .join(there[0], there[0].code == Need.province_code)
        .join(there[1], there[1].code == Need.district_code)
        .outerjoin(Decision, Decision.id == Allocation.decision_id)
        .outerjoin(earlier, earlier.id == Notice.corrects_id)
        .where(in_work(edition, Notice), Notice.number == number)
    )


def _place(address: str | None, district: str, province: str) -> str:
    return ", ".join(part for part in (address, district, province) if part)
