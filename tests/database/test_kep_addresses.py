"""KEP addresses: a unit that ever had one in use is never without one, and has at most one waiting."""

import pytest
from small_country import Country, on
from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError

from sekaps.errors.editions import UnitUnknown
from sekaps.errors.registry import KepAddressRefused, KepMoveForbidden
from sekaps.models.registry import KepAddress, Unit
from sekaps.services.kep_addresses import addresses_of, note_sent, open_address, register, verify
from sekaps.services.trail import broken_links

UNIT = 20000010
OLD, NEW, OTHER = "eski@hs01.kep.tr", "yeni@hs02.kep.tr", "baska@hs03.kep.tr"
NOW = on(2026, 3, 2)


def opened(country: Country, address: str) -> None:
    for step in (register, note_sent, verify):
        step(country.session, UNIT, address, NOW)


def states(country: Country) -> dict[str, str]:
    return {row.address: row.state for row in addresses_of(country.session, country.units["institution"])}


def test_the_old_address_stays_in_use_until_the_new_one_is_verified(country: Country) -> None:
    opened(country, OLD)
    register(country.session, UNIT, NEW, NOW)
    note_sent(country.session, UNIT, NEW, NOW)
    assert open_address(country.session, UNIT, NOW) == OLD
    verify(country.session, UNIT, NEW, NOW)
    assert open_address(country.session, UNIT, NOW) == NEW
    assert states(country) == {OLD: "replaced", NEW: "verified"}
    assert list(broken_links(country.session)) == []


def test_registering_alone_opens_nothing(country: Country) -> None:
    register(country.session, UNIT, OLD, NOW)
    assert open_address(country.session, UNIT, NOW) is None
    with pytest.raises(KepMoveForbidden, match="was not sent yet"):
        verify(country.session, UNIT, OLD, NOW)


def test_the_same_again_changes_nothing(country: Country) -> None:
    opened(country, OLD)
    assert register(country.session, UNIT, OLD.upper(), NOW) == verify(country.session, UNIT, OLD, NOW) == "verified"
    assert states(country) == {OLD: "verified"}


def test_a_second_address_takes_the_place_of_one_that_still_waits(country: Country) -> None:
    register(country.session, UNIT, NEW, NOW)
    register(country.session, UNIT, OTHER, NOW)
    assert states(country) == {NEW: "closed", OTHER: "registered"}


def test_the_schema_itself_allows_one_open_and_one_waiting_address(country: Country) -> None:
    opened(country, OLD)
    register(country.session, UNIT, NEW, NOW)
    for state in ("verified", "registered"):
        row = {"unit_id": country.units["institution"], "address": OTHER, "state": state, "registered_at": NOW}
        with pytest.raises(IntegrityError), country.session.begin_nested():
            country.session.execute(insert(KepAddress).values(row))


def test_what_makes_no_sense_is_refused(country: Country) -> None:
    with pytest.raises(KepAddressRefused, match="is no KEP address"):
        register(country.session, UNIT, "a@b.c", NOW)
    with pytest.raises(KepAddressRefused, match="never registered it"):
        note_sent(country.session, UNIT, OLD, NOW)
    with pytest.raises(UnitUnknown):
        register(country.session, 99999999, OLD, NOW)


def test_nothing_is_sent_to_a_closed_unit_nor_registered_for_it(country: Country) -> None:
    opened(country, OLD)
    country.session.execute(update(Unit).where(Unit.number == UNIT).values(active_until=NOW))
    country.session.expire_all()
    assert open_address(country.session, UNIT, NOW) is None
    with pytest.raises(KepAddressRefused, match="was closed"):
        register(country.session, UNIT, NEW, NOW)
