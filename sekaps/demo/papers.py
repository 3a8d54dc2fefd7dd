"""How the demo country's contracts and notices end: under which number, through which channel, and who objects."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from sekaps.calendar.instants import local_day
from sekaps.demo.bodies import served_on
from sekaps.demo.chance import Lottery, draw, pick
from sekaps.domain.agreements import Agreement
from sekaps.domain.notices import COPIES, Channel, Delivery
from sekaps.models.allocation import Allocation
from sekaps.models.contracts import Notice, Objection
from sekaps.models.documents import Document

YEARS_HELD = (1, 2, 3)
CHANNELS = {Channel.HAND: 45, Channel.POST: 25, Channel.UETS: 18, Channel.CHAMBER: 8, Channel.KEP: 4}
"""How many notices of a hundred go through each channel."""
RECEIPTS = {
    Channel.HAND: "Tebellüğ belgesi {}",
    Channel.POST: "RR{}TR",
    Channel.UETS: "UETS delili {}",
    Channel.KEP: "KEP delili 40/{}",
    Channel.CHAMBER: "Oda teslim tutanağı {}",
}
SLOW_CHANNELS = (Channel.POST, Channel.CHAMBER)
SLOWEST_DAYS = 4
ONE_RETURNED = 0.9
"""Most addressees keep one copy and send the others back signed."""
OBJECTING, PRICED, PRICE_TOLD, ACCEPTED = 0.06, 0.6, 0.8, 0.4
FILED_WITHIN_DAYS, DECIDED_WITHIN_DAYS = 9, 40
OBJECTIONS_LOOKED_BACK = timedelta(days=30)
REASONS = (
    "Bildirilen miktar tesisin kapasitesini aşmaktadır.",
    "Araç aynı tarihlerde başka bir mükellefiyet kapsamındadır.",
    "Takdir edilen bedel emsal bedelin altındadır.",
)


def agreement_of(seed: int, name: str, day: date, unit_number: int) -> Agreement:
    """Return a protocol concluded on a day: held from the next month's first day to the end of a year, numbered."""
    begins = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    ends = date(begins.year + pick(YEARS_HELD, seed, "years held", name), 12, 31)
    return Agreement(day, begins, ends, f"{unit_number}/{_serial(seed, 'protocol', name)}")


def delivery_of(seed: int, name: str, prepared_on: date, recorded_on: date) -> Delivery:
    """Return how a notice reached its addressee, some days before that is recorded."""
    channel = _channel(seed, name)
    reached = served_on(seed, name, prepared_on, recorded_on)
    took = int(draw(seed, "sent", name) * SLOWEST_DAYS) + 1 if channel in SLOW_CHANNELS else 0
    kept = 1 if draw(seed, "copies", name) < ONE_RETURNED else 2
    return Delivery(
        channel=channel,
        sent_on=max(prepared_on, reached - timedelta(days=took)),
        reached_on=reached,
        receipt=RECEIPTS[channel].format(_serial(seed, "receipt", name)),
        copies_returned=COPIES - kept if channel in (Channel.HAND, *SLOW_CHANNELS) else None,
    )


def _channel(seed: int, name: str) -> Channel:
    return list(CHANNELS)[_LOTTERY.place(draw(seed, "channel", name))]


def _serial(seed: int, *name: object) -> int:
    return 100_000 + int(draw(seed, *name) * 900_000)


_LOTTERY = Lottery(list(CHANNELS.values()))


@dataclass(frozen=True, slots=True)
class Served:
    """A served notice and the units that have a part in an objection to it; with the objection, if there is one."""

    id: int
    name: str
    served_on: date
    recorded_on: date
    recorder: int
    commission: int
    military: int
    filed_on: date | None = None
    declared_price: int | None = None
    set_price: int | None = None


def lately_served(session: Session, edition_id: int, until: datetime) -> list[Served]:
    """Return the notices recorded as served in the last weeks to which nobody has objected."""
    lately = Notice.recorded_at >= until - OBJECTIONS_LOOKED_BACK
    return list(_served(session, edition_id, lately, Objection.id.is_(None)))


def open_objections(session: Session, edition_id: int) -> list[Served]:
    """Return the notices with an objection that nobody decided yet."""
    return list(_served(session, edition_id, Objection.state == "filed"))


def _served(session: Session, edition_id: int, *conditions: ColumnElement[bool]) -> Iterator[Served]:
    columns: tuple[Any, ...] = (Notice.id, Notice.number, Notice.served_on, Notice.recorded_at, Notice.recorded_by_id)
    query = (
        select(*columns, Allocation.body_id, Document.unit_id)
        .add_columns(Objection.filed_on, Objection.declared_price, Objection.set_price)
        .join(Allocation, Allocation.id == Notice.allocation_id)
        .join(Document, Document.id == Allocation.need_id)
        .outerjoin(Objection, Objection.notice_id == Notice.id)
        .where(Notice.edition_id == edition_id, Notice.state == "served", *conditions)
        .order_by(Notice.number)
    )
    for row in session.execute(query):
        yield Served(row[0], row[1], row[2], local_day(row[3]), *row[4:])


def filing_day(seed: int, notice: Served) -> date | None:
    """Return the day the addressee objects, within the fifteen days, or None."""
    if draw(seed, "objects", notice.name) >= OBJECTING:
        return None
    wait = 1 + int(draw(seed, "objects on", notice.name) * FILED_WITHIN_DAYS)
    return max(notice.served_on, notice.recorded_on) + timedelta(days=wait)


def declared_price(seed: int, notice: Served) -> int | None:
    """Return the price in kuruş the addressee declares, or None."""
    if draw(seed, "declares", notice.name) >= PRICED:
        return None
    return 100 * (10_000 + int(draw(seed, "declared", notice.name) * 990_000))


def reasons_of(seed: int, notice: Served) -> str:
    """Return why the addressee objects."""
    return pick(REASONS, seed, "objection", notice.name)


def military_price(seed: int, notice: Served) -> int | None:
    """Return the price the military unit tells the commission, or None when it never does."""
    if notice.declared_price is None or draw(seed, "price told", notice.name) >= PRICE_TOLD:
        return None
    return 100 * int(notice.declared_price // 100 * (0.6 + 0.3 * draw(seed, "price", notice.name)))


def decision_day(seed: int, notice: Served) -> date:
    """Return the day the commission decides about an objection."""
    assert notice.filed_on is not None
    return notice.filed_on + timedelta(days=5 + int(draw(seed, "decides on", notice.name) * DECIDED_WITHIN_DAYS))


def is_accepted(seed: int, notice: Served) -> bool:
    """Tell whether the commission agrees."""
    return draw(seed, "agrees", notice.name) < ACCEPTED
