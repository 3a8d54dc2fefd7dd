"""Stating needs and resources: in the window, by who signs first; changed only as long as nothing is allocated."""

import json
from datetime import date
from typing import Any

import pytest
from small_country import ADANA, SEYHAN, SIGNED, Country, on
from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from sekaps.domain.form_fields import FormKind
from sekaps.errors.base import SekapsError
from sekaps.errors.forms import FormRefused
from sekaps.models.allocation import Allocation, Item, Need, Resource
from sekaps.models.documents import Document, DocumentReturn
from sekaps.models.programmes import Edition
from sekaps.models.readiness import ReadinessItem
from sekaps.models.trail import Act
from sekaps.services.document_contents import document_contents
from sekaps.services.form_lists import Wanted, list_items, show_form
from sekaps.services.forms import How, Stated
from sekaps.services.needs import list_needs, record_need, update_need
from sekaps.services.requests import SignRequest
from sekaps.services.resources import record_resource, update_resource
from sekaps.services.signing import sign

MILITARY, INDUSTRY = "20000009", "20000011"
AS_OF = on(2023, 3, 1)
NEED = {
    "unit": MILITARY, "item": "diesel", "quantity": "40", "measure": "m3", "priority": "1", "scope": "local",
    "beneficiary": "military", "province": "Adana", "district": "Seyhan", "place": "Kışla",
}  # fmt: skip
RESOURCE = {
    "unit": INDUSTRY, "item": "Motorin", "capacity": "900", "scope": "local", "province": "01", "district": "1104",
    "holder": "Deneme A.Ş.",
}  # fmt: skip


def state(country: Country, **changes: str) -> Stated:
    return record_need(country.session, country.edition, NEED | changes, country.people["military officer"], AS_OF)


def change(country: Country, number: str, **changes: str) -> Stated:
    who = country.people["military officer"]
    return update_need(country.session, country.edition, number, changes, who, AS_OF)


def refused(country: Country, **changes: str) -> str:
    with pytest.raises(SekapsError) as refusal:
        state(country, **changes)
    return refusal.value.say("en")


def need_of(session: Session, number: str) -> Need:
    query = select(Need).join(Document, Document.id == Need.document_id).where(Document.number == number)
    return session.scalars(query.execution_options(populate_existing=True)).one()


def document(session: Session, number: str) -> Document:
    query = select(Document).where(Document.number == number).execution_options(populate_existing=True)
    return session.scalars(query).one()


def test_a_need_is_recorded_for_its_first_signature(country: Country) -> None:
    assert state(country) == Stated("IBC-2023-000001", How.RECORDED)
    held = document(country.session, "IBC-2023-000001")
    assert (held.state, held.next_slot, held.step, held.recorded_at) == ("expected", 1, "4.a", None)
    need = need_of(country.session, "IBC-2023-000001")
    assert (need.quantity, need.stated_quantity, need.stated_measure) == (40_000, 40, "cubic_metre")
    act = country.session.scalars(select(Act).where(Act.verb == "record_need_form")).one()
    assert (act.mandate_id, act.facts["number"]) == (country.mandates["military officer"], "IBC-2023-000001")
    requests = [SignRequest(held.id, country.people["military officer"])]
    assert [outcome.refusal for outcome in sign(country.session, country.edition, requests, AS_OF)] == [None]


def test_numbers_go_up_and_the_same_need_again_is_the_one_that_stands(country: Country) -> None:
    assert [state(country).number, state(country, quantity="41").number] == ["IBC-2023-000001", "IBC-2023-000002"]
    assert state(country) == Stated("IBC-2023-000001", How.UNCHANGED)
    assert state(country, number="IBC-2023-000001").how is How.UNCHANGED
    assert "is recorded with other contents" in refused(country, number="IBC-2023-000002")
    assert state(country, number="IBC-2023-1000000", quantity="9").number == "IBC-2023-1000000"
    assert state(country, quantity="8").number == "IBC-2023-1000001"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"quantity": "-1"}, "not recorded: quantity: '-1' must be more than zero"),
        ({"quantity": "0"}, "not recorded: quantity: '0' must be more than zero"),
        ({"quantity": "1000000000001"},
         "not recorded: quantity: '1000000000001' is more than the country has of anything (a million million)"),
        ({"item": "unobtainium"},
         "not recorded: item: 'unobtainium' is no item of the catalogue; 'sekaps item list' lists them"),
        ({"measure": "kg"}, "not recorded: measure: 'kg' cannot be converted into the item's measure"),
        ({"measure": "ell"}, "not recorded: measure: 'ell' is no measure; 'sekaps item list' shows those of each item"),
        ({"district": "Kadıköy"}, "not recorded: district: 'Kadıköy' is no district of that province"),
        ({"age_group": "0-6"},
         "not recorded: age group: '0-6' is given for needs of the public, and only for those"),
        ({"scope": "global"}, "not recorded: scope: 'global' is none of the words understood here"),
        ({"needed_from": "2023-05-02", "needed_until": "2023-05-01"},
         "not recorded: needed until: '2023-05-01' ends before it begins"),
        ({"unit": "x"}, "not recorded: unit: 'x' is no active unit of the registry"),
        ({"unit": "20000010"}, "not recorded: unit: '20000010' is a unit without a chain in force for this kind of"
         " form; see 'sekaps chain propose'"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_with_its_reason(
    country: Country, changes: dict[str, str], sentence: str
) -> None:
    assert refused(country, **changes) == sentence


def test_outside_the_window_nothing_is_recorded(country: Country) -> None:
    with pytest.raises(FormRefused, match="closed on 28 April 2023"):
        record_need(country.session, country.edition, NEED, country.people["military officer"], on(2023, 5, 2))


def test_only_who_signs_first_states_a_need(country: Country) -> None:
    with pytest.raises(FormRefused, match="a form is stated by who signs it first: officer"):
        record_need(country.session, country.edition, NEED, country.people["military head"], AS_OF)


def test_a_unit_that_is_not_ready_records_nothing(country: Country) -> None:
    country.session.execute(delete(ReadinessItem).where(ReadinessItem.unit_id == country.units["military"]))
    assert "static IP reported" in refused(country)


def test_an_unsigned_need_is_edited(country: Country) -> None:
    state(country)
    assert change(country, "IBC-2023-000001", quantity="41", needed_until="2023-09-01").how is How.EDITED
    assert change(country, "IBC-2023-000001", quantity="41").how is How.UNCHANGED
    need = need_of(country.session, "IBC-2023-000001")
    assert (need.quantity, need.stated_quantity, need.needed_until) == (41_000, 41, date(2023, 9, 1))
    assert document(country.session, "IBC-2023-000001").round == 1


def test_a_signed_need_goes_to_a_new_round(country: Country) -> None:
    country.signed_need("IBC-2023-000001", 500)
    assert change(country, "IBC-2023-000001", quantity="400").how is How.NEW_ROUND
    held = document(country.session, "IBC-2023-000001")
    assert (held.state, held.round, held.next_slot) == ("recorded", 2, 1)
    ended = country.session.scalars(select(DocumentReturn)).one()
    assert (ended.round, ended.reason, ended.resubmitted_at) == (1, "updated", AS_OF)


def test_a_need_in_an_allocation_is_not_edited(country: Country) -> None:
    need, resource = country.signed_need("IBC-2023-000001", 500), country.signed_resource("KSC-2023-000001", 800)
    line = {"edition_id": country.edition.id, "need_id": need, "resource_id": resource, "stage": "district",
            "body_id": country.units["district_commission"], "quantity": 5, "proposed_at": AS_OF}  # fmt: skip
    country.session.execute(insert(Allocation).values(**line, state="proposed"))
    with pytest.raises(FormRefused, match="in an allocation already"):
        change(country, "IBC-2023-000001", quantity="400")
    country.session.execute(update(Allocation).values(state="lapsed"))
    assert change(country, "IBC-2023-000001", quantity="400").how is How.NEW_ROUND


def last_year(country: Country, **line: Any) -> int:
    """Make a need of 2022 like the one stated here: signed, in an edition of its own."""
    programme = country.session.scalar(select(Edition.programme_id).where(Edition.id == country.edition.id))
    row = {"programme_id": programme, "year": 2022, "state": "closed", "synthetic": True}
    edition_id = country.session.scalars(insert(Edition).values(row).returning(Edition.id)).one()
    values = {"quantity": 30_000, "place": "Kışla"} | line
    quantity = values.pop("quantity")
    document_id = country.signed_need("IBC-2022-000007", quantity, **values)
    country.session.execute(update(Document).where(Document.id == document_id).values(edition_id=edition_id))
    return document_id


def test_an_earlier_need_never_allocated_is_updated_and_not_entered_again(country: Country) -> None:
    earlier = last_year(country)
    assert refused(country) == (
        "not recorded: earlier document: 'IBC-2022-000007' was entered in an earlier year and never allocated; it is"
        " updated, not entered again"
    )
    assert change(country, "IBC-2022-000007", quantity="35000") == Stated("IBC-2023-000001", How.WENT_ON)
    held, need = document(country.session, "IBC-2023-000001"), need_of(country.session, "IBC-2023-000001")
    assert (held.previous_id, held.edition_id, held.state, need.quantity) == (
        earlier, country.edition.id, "expected", 35_000,
    )  # fmt: skip
    assert need_of(country.session, "IBC-2022-000007").quantity == 30_000
    with pytest.raises(FormRefused, match="goes on as IBC-2023-000001 this year"):
        change(country, "IBC-2022-000007", quantity="1")


def test_an_earlier_need_that_was_allocated_is_carried_over_as_it_is(country: Country) -> None:
    need, resource = last_year(country), country.signed_resource("KSC-2023-000001", 800)
    line = {"edition_id": country.edition.id, "need_id": need, "resource_id": resource, "stage": "district",
            "body_id": country.units["district_commission"], "quantity": 5, "proposed_at": AS_OF}  # fmt: skip
    country.session.execute(insert(Allocation).values(**line, state="proposed"))
    with pytest.raises(FormRefused, match="already allocated"):
        change(country, "IBC-2022-000007", quantity="1")
    assert state(country).how is How.RECORDED


def test_another_place_makes_another_need(country: Country) -> None:
    last_year(country)
    assert state(country, place="Depo").how is How.RECORDED


def test_a_resource_is_recorded_and_changed(country: Country) -> None:
    session, edition, officer = country.session, country.edition, country.people["industry officer"]
    assert record_resource(session, edition, RESOURCE, officer, AS_OF) == Stated("KSC-2023-000001", How.RECORDED)
    changed = update_resource(session, edition, "KSC-2023-000001", {"scope": "central", "stock": "5"}, officer, AS_OF)
    assert changed.how is How.EDITED
    row = session.scalars(select(Resource).execution_options(populate_existing=True)).one()
    assert (row.scope, row.recorded_scope, row.capacity, row.stock, row.origin) == (
        "central",
        "central",
        900,
        5,
        "manual",
    )
    assert document(session, "KSC-2023-000001").step == "3.a"


def test_local_resources_of_agriculture_wait_for_a_commissions_decision(country: Country) -> None:
    wheat = {"code": "wheat", "name_tr": "Buğday", "name_en": "Wheat", "module": "goods_services"}
    ministry = country.units["energy"]
    country.session.execute(insert(Item).values(**wheat, sector="agriculture", measure="tonne", ministry_id=ministry))
    officer = country.people["industry officer"]
    stated = record_resource(country.session, country.edition, RESOURCE | {"item": "wheat"}, officer, AS_OF)
    assert stated == Stated("KSC-2023-000001", How.RECORDED, waits=True)
    assert show_form(country.session, country.edition, FormKind.RESOURCE, stated.number).waits


def test_needs_are_listed_by_number_and_items_with_their_measures(country: Country) -> None:
    state(country)
    state(country, quantity="41")
    country.signed_need("A-1", 5, province_code=ADANA, district_code=SEYHAN)
    listed = list_needs(country.session, country.edition, Wanted(state="expected"))
    assert [(row.number, row.line["quantity"]) for row in listed] == [
        ("IBC-2023-000001", 40_000), ("IBC-2023-000002", 41_000),
    ]  # fmt: skip
    [diesel] = list_items(country.session)
    assert diesel["measures"] == ["cubic_metre", "hectolitre", "litre", "millilitre"]
    assert SIGNED["state"] == "complete"


def test_fields_that_came_later_stand_in_the_signed_bytes_only_where_they_say_something(country: Country) -> None:
    bare = country.signed_need("A-1", 500)
    full = country.signed_need("A-2", 500, place="Depo", needed_from=date(2023, 5, 1), stated_quantity=1,
                               stated_measure="cubic_metre")  # fmt: skip
    resource = country.signed_resource("A-3", 9)
    contents = document_contents(country.session, [bare, full, resource])
    found = {key: json.loads(content) for key, content in contents.items()}
    assert set(found[bare]["need"]) == {
        "item", "measure", "quantity", "priority", "scope", "beneficiary", "age_group", "province", "district",
    }  # fmt: skip
    assert set(found[full]["need"]) - set(found[bare]["need"]) == {
        "place", "needed_from", "stated_quantity", "stated_measure",
    }  # fmt: skip
    assert found[full]["need"]["needed_from"] == "2023-05-01"
    assert set(found[resource]["resource"]) == {
        "item", "measure", "capacity", "scope", "origin", "holder", "province", "district",
    }  # fmt: skip
