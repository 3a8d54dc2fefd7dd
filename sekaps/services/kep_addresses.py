"""KEP addresses of units: registered, verification sent, verified; the old one stays in use until the new one is."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Select, insert, select, update
from sqlalchemy.orm import Session

from sekaps.domain.kep_addresses import WAITING, KepEvent, KepState, moved, read_address
from sekaps.domain.trail import Entry
from sekaps.errors.registry import KepAddressRefused
from sekaps.models.registry import KepAddress, Unit
from sekaps.services import trail
from sekaps.services.registry import active, require_unit
from sekaps.services.writing import chunked, table_of
from sekaps.texts import text

INSTANT_OF = {KepState.VERIFICATION_SENT: "sent_at", KepState.VERIFIED: "verified_at"}
ENDED = (KepState.REPLACED, KepState.CLOSED)


def register(session: Session, number: int, address: str, as_of: datetime, *, into_ebys: bool = False) -> str:
    """Register an address of a unit and return its state; one already waiting or in use changes nothing.

    An address that still waited is given up; one in use stays in use.
    """
    unit, written = _locked(session, number), _required(address)
    if unit.active_until is not None and unit.active_until <= as_of:
        raise KepAddressRefused(address=address, problem=text("unit {number} was closed", number=number))
    held = {row.state: row for row in session.scalars(_current(unit.id))}
    same = next((row for row in held.values() if row.address == written), None)
    if same is not None:
        return same.state
    for row in held.values():
        if row.state in WAITING:
            _move(session, row, KepEvent.WITHDRAW, as_of)
    session.add(
        KepAddress(
            unit_id=unit.id, address=written, into_ebys=into_ebys, state=KepState.REGISTERED, registered_at=as_of
        )
    )
    _note(session, "register_kep", number, written, KepState.REGISTERED, as_of)
    return KepState.REGISTERED


def note_sent(session: Session, number: int, address: str, as_of: datetime) -> str:
    """Note that the verification message went out, and return the state."""
    row = _newest(session, _locked(session, number), address)
    _move(session, row, KepEvent.SEND, as_of)
    _note(session, "send_kep", number, row.address, row.state, as_of)
    return row.state


def verify(session: Session, number: int, address: str, as_of: datetime) -> str:
    """Open an address to others; the one in use until now is replaced in the same act. Return the state."""
    unit = _locked(session, number)
    row = _newest(session, unit, address)
    if row.state == KepState.VERIFIED:
        return row.state
    moved(KepState(row.state), KepEvent.VERIFY)
    before = session.scalar(_current(unit.id).where(KepAddress.state == KepState.VERIFIED))
    if before is not None:
        _move(session, before, KepEvent.SUPERSEDE, as_of)
    _move(session, row, KepEvent.VERIFY, as_of)
    _note(session, "verify_kep", number, row.address, row.state, as_of)
    return row.state


def open_address(session: Session, number: int, as_of: datetime) -> str | None:
    """Return the address letters to an active unit go to now, or None while it has none."""
    query = select(KepAddress.address).join(Unit, Unit.id == KepAddress.unit_id)
    return session.scalar(query.where(Unit.number == number, KepAddress.state == KepState.VERIFIED, active(as_of)))


def addresses_of(session: Session, unit_id: int) -> Sequence[KepAddress]:
    """Return every address a unit ever registered, in that order."""
    return session.scalars(select(KepAddress).where(KepAddress.unit_id == unit_id).order_by(KepAddress.id)).all()


def take_over(session: Session, told: Mapping[int, str], as_of: datetime) -> int:
    """Take the addresses in use of units by id from the registry, which shows verified ones only; return how many."""
    query = select(KepAddress.unit_id, KepAddress.state, KepAddress.address)
    current = session.execute(query.where(KepAddress.state.in_((*WAITING, KepState.VERIFIED)))).all()
    held = {unit_id: address for unit_id, state, address in current if state == KepState.VERIFIED}
    fresh = {unit_id: address for unit_id, address in told.items() if held.get(unit_id) != address}
    for part in chunked(sorted(fresh.keys() & {row.unit_id for row in current})):
        _end(session, part, (KepState.VERIFIED,), moved(KepState.VERIFIED, KepEvent.SUPERSEDE), as_of)
        _end(session, part, WAITING, moved(KepState.REGISTERED, KepEvent.WITHDRAW), as_of)
    rows = [
        {
            "unit_id": unit_id,
            "address": address,
            "into_ebys": False,
            "state": KepState.VERIFIED.value,
            "registered_at": as_of,
            "verified_at": as_of,
        }
        for unit_id, address in sorted(fresh.items())
    ]
    if rows:
        session.execute(insert(table_of(KepAddress)), rows)
    return len(rows)


def _end(session: Session, unit_ids: Sequence[int], states: Sequence[KepState], to: KepState, as_of: datetime) -> None:
    ending = update(KepAddress).where(KepAddress.unit_id.in_(unit_ids), KepAddress.state.in_(states))
    session.execute(ending.values(state=to.value, ended_at=as_of))


def _required(address: str) -> str:
    written = read_address(address)
    if written is None:
        raise KepAddressRefused(address=address, problem=text("that is no KEP address such as kurum@hs01.kep.tr"))
    return written


def _locked(session: Session, number: int) -> Unit:
    """Return the unit under lock: two who change its addresses queue."""
    unit = require_unit(session, number)
    session.execute(select(Unit.id).where(Unit.id == unit.id).with_for_update())
    return unit


def _current(unit_id: int) -> Select[tuple[KepAddress]]:
    return select(KepAddress).where(KepAddress.unit_id == unit_id, KepAddress.state.in_((*WAITING, KepState.VERIFIED)))


def _newest(session: Session, unit: Unit, address: str) -> KepAddress:
    query = select(KepAddress).where(KepAddress.unit_id == unit.id, KepAddress.address == _required(address))
    row = session.scalar(query.order_by(KepAddress.id.desc()).limit(1))
    if row is None:
        problem = text("unit {number} never registered it; register it first", number=unit.number)
        raise KepAddressRefused(address=address, problem=problem)
    return row


def _move(session: Session, row: KepAddress, event: KepEvent, as_of: datetime) -> None:
    row.state = moved(KepState(row.state), event).value
    setattr(row, "ended_at" if row.state in ENDED else INSTANT_OF[KepState(row.state)], as_of)
    session.flush()


def _note(session: Session, verb: str, number: int, address: str, state: str, as_of: datetime) -> None:
    facts = {"unit": number, "address": address, "state": str(state)}
    trail.append(session, Entry(at=as_of, verb=verb, authority="registry", facts=facts))
