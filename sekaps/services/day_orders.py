"""Orders about days as stored: those in force at an instant, and the last days they move in an edition."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from sekaps.calendar.day_orders import DayOrder, moved_end
from sekaps.calendar.days import ONE_DAY, DayTable, Layer, Place
from sekaps.calendar.programmes import Activity, Programme
from sekaps.calendar.windows import Window
from sekaps.domain.gates import ExtensionTerms, Scope
from sekaps.models import orders as stored
from sekaps.models.programmes import WHOLE_ROW
from sekaps.models.registry import District, Unit

Windows = Mapping[tuple[str, str], Window]


def orders_in_force(session: Session, as_of: datetime | None) -> tuple[DayOrder, ...]:
    """Return the orders in force at an instant (none given: those not revoked), in the order they were issued."""
    issued = () if as_of is None else (stored.DayOrder.issued_at <= as_of,)
    standing = stored.DayOrder.revoked_at.is_(None)
    in_force = standing if as_of is None else or_(standing, stored.DayOrder.revoked_at > as_of)
    rows = session.scalars(select(stored.DayOrder).where(*issued, in_force).order_by(stored.DayOrder.id)).all()
    if not rows:
        return ()
    places = _places(session, [row.id for row in rows])
    return tuple(_order(row, tuple(places[row.id])) for row in rows)


def _order(row: stored.DayOrder, places: tuple[Place, ...]) -> DayOrder:
    return DayOrder(
        layer=Layer(row.kind),
        first=row.since,
        last=row.until,
        places=tuple(place.for_activity(row.activity or None) for place in places),
        authority=row.authority,
        reason=row.reason,
        letter_number=row.letter_number,
        starts=row.starts,
        ends=row.ends,
    )


def _places(session: Session, order_ids: list[int]) -> dict[int, list[Place]]:
    query = select(stored.DayOrderPlace).where(stored.DayOrderPlace.order_id.in_(order_ids))
    ordered = query.order_by(stored.DayOrderPlace.scope, stored.DayOrderPlace.scope_code)
    found: dict[int, list[Place]] = defaultdict(list)
    for row in session.scalars(ordered):
        found[row.order_id].append(place_of(session, Scope(row.scope), row.scope_code))
    return found


def place_of(session: Session, scope: Scope, code: str) -> Place:
    """Return the place a scope and its code name, with the province and district around it."""
    if scope is Scope.PROVINCE:
        return Place(province=code)
    if scope is Scope.DISTRICT:
        return Place(session.scalar(select(District.province_code).where(District.code == code)), code)
    if scope is Scope.UNIT:
        columns = select(Unit.province_code, Unit.district_code).where(Unit.number == int(code))
        province, district = session.execute(columns).one()
        return Place(province, district, code)
    return Place()


def scope_of(place: Place) -> tuple[Scope, str]:
    """Return the narrowest scope a place names, with its code."""
    if place.unit is not None:
        return Scope.UNIT, place.unit
    if place.district is not None:
        return Scope.DISTRICT, place.district
    return (Scope.NATION, "") if place.province is None else (Scope.PROVINCE, place.province)


def moved_ends(
    programme: Programme, windows: Windows, days: DayTable, orders: tuple[DayOrder, ...]
) -> tuple[ExtensionTerms, ...]:
    """Return the openings that follow from orders: each step whose last day moved in a place, with its new one."""
    letters = {place: order.letter_number for order in orders for place in order.places}
    return tuple(
        terms
        for place, letter in letters.items()
        for activity in programme.activities
        if activity.moves_with and place.activity in (None, activity.code)
        for terms in _moved(activity, windows, days, place.for_activity(activity.code), letter)
    )


def _moved(activity: Activity, windows: Windows, days: DayTable, place: Place, letter: str) -> Iterator[ExtensionTerms]:
    row = windows[activity.code, WHOLE_ROW]
    for key in [step.key for step in activity.steps] or [WHOLE_ROW]:
        window = windows.get((activity.code, key), row)
        until = moved_end(window, activity, days, place)
        if until > window.closes:
            yield ExtensionTerms(activity.code, key, *scope_of(place), window.closes + ONE_DAY, until, letter)
