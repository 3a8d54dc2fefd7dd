"""The cascade: district, province, governor, transfer, centre; quantities are conserved at every stage."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from threading import Barrier
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_country import ADANA, CEYHAN, Country, make_country, on
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from sekaps.calendar.allocating import AllocationRules, Margin, Method
from sekaps.database import transaction
from sekaps.domain.allocation import Stage
from sekaps.models.allocation import Allocation, Decision, Item, ItemSubstitute, Resource, StageBalance
from sekaps.models.documents import Document
from sekaps.services import allocation_plans, outstanding
from sekaps.services.allocations import Proposal, propose, repropose, settle, transfer_resources
from sekaps.services.decisions import approve, decide
from sekaps.services.editions import EditionView, load_edition
from sekaps.services.phases import lock_phase
from sekaps.services.progress import StageTotals, coverage
from sekaps.services.requests import ApproveRequest, DecideRequest

MAY, JULY, SEPTEMBER, OCTOBER = on(2023, 5, 2), on(2023, 7, 3), on(2023, 9, 4), on(2023, 10, 2)
STEPS = {Stage.DISTRICT: "5.1", Stage.PROVINCE: "5.2", Stage.GOVERNOR: "5.3", Stage.CENTRAL: "5.a"}
BODIES = {
    Stage.DISTRICT: "district_commission",
    Stage.PROVINCE: "province_commission",
    Stage.GOVERNOR: "governorate",
    Stage.CENTRAL: "energy",
    Stage.TRANSFERRED: "energy",
}


class Hidden(list[Country]):
    """Keeps a country out of what Hypothesis prints of an example."""

    def __repr__(self) -> str:
        return "country"


@pytest.fixture
def stage_set(country: Country) -> Hidden:
    return Hidden([country])


def accept(country: Country, stage: Stage, as_of: datetime, refused: frozenset[int] = frozenset()) -> str:
    body, reasons = BODIES[stage], dict.fromkeys(refused, "resmî gerekçe")
    chair, votes = country.people[f"{body} head"], country.votes(body)
    request = DecideRequest(country.units[body], chair, refused=reasons, votes=votes)
    [outcome] = decide(country.session, country.edition, STEPS.get(stage, "6(2)"), [request], as_of)
    return outcome.refusal.say("en") if outcome.refusal else "decided"


def lines(country: Country) -> list[tuple[str, int, str]]:
    query = select(Allocation.stage, Allocation.quantity, Allocation.state).order_by(Allocation.id)
    return [(stage, quantity, state) for stage, quantity, state in country.session.execute(query)]


def play(country: Country) -> list[StageTotals]:
    """Run every stage in its window, each body accepting what was proposed."""
    session, edition = country.session, country.edition
    for stage, opens in ((Stage.DISTRICT, MAY), (Stage.CENTRAL, MAY)):
        propose(session, edition, stage, opens)
        accept(country, stage, opens)
    settle(session, edition, Stage.DISTRICT, JULY)
    for stage in (Stage.PROVINCE, Stage.GOVERNOR):
        propose(session, edition, stage, JULY)
        accept(country, stage, JULY)
    for stage in (Stage.PROVINCE, Stage.GOVERNOR, Stage.CENTRAL):
        settle(session, edition, stage, SEPTEMBER)
    transfer_resources(session, edition, SEPTEMBER)
    propose(session, edition, Stage.TRANSFERRED, SEPTEMBER)
    accept(country, Stage.TRANSFERRED, SEPTEMBER)
    settle(session, edition, Stage.TRANSFERRED, OCTOBER)
    return coverage(session, edition)


def test_a_need_is_met_by_the_district_then_the_province_then_the_centre(country: Country) -> None:
    country.signed_need("IBC-1", 100)
    country.signed_resource("KSC-1", 30)
    country.signed_resource("KSC-2", 20, district_code=CEYHAN)
    country.signed_resource("KSC-3", 40, scope="central")
    assert play(country) == [
        StageTotals("district", 100, 30, 70, 0),
        StageTotals("province", 70, 20, 50, 0),
        StageTotals("governor", 0, 0, 0, 0),
        StageTotals("central", 0, 0, 0, 0),
        StageTotals("transferred", 50, 40, 0, 10),
    ]


def test_local_resources_nobody_reserved_move_to_the_centre_and_serve_what_was_transferred(country: Country) -> None:
    session = country.session
    country.signed_need("IBC-1", 100)
    away = country.signed_resource("KSC-9", 60, province_code="01", district_code=CEYHAN)
    propose(session, country.edition, Stage.DISTRICT, MAY)
    settle(session, country.edition, Stage.DISTRICT, JULY)
    propose(session, country.edition, Stage.PROVINCE, JULY)
    settle(session, country.edition, Stage.PROVINCE, SEPTEMBER)
    assert transfer_resources(session, country.edition, SEPTEMBER) == 1
    assert transfer_resources(session, country.edition, SEPTEMBER) == 0
    assert session.scalars(select(Resource.scope).where(Resource.document_id == away)).one() == "central"
    assert propose(session, country.edition, Stage.TRANSFERRED, SEPTEMBER).quantity == 60


def test_a_proposal_made_twice_is_made_once(country: Country) -> None:
    country.signed_need("IBC-1", 10)
    country.signed_resource("KSC-1", 30)
    assert propose(country.session, country.edition, Stage.DISTRICT, MAY).lines == 1
    assert propose(country.session, country.edition, Stage.DISTRICT, MAY).lines == 0
    assert lines(country) == [("district", 10, "proposed")]


def test_nothing_is_proposed_outside_the_window_or_from_unsigned_forms(country: Country) -> None:
    country.signed_need("IBC-1", 10)
    country.document("IBC-2", "military", country.chains["need"])
    country.signed_resource("KSC-1", 30)
    assert propose(country.session, country.edition, Stage.DISTRICT, on(2023, 4, 28)).lines == 0
    assert propose(country.session, country.edition, Stage.DISTRICT, on(2023, 7, 1)).lines == 0
    assert propose(country.session, country.edition, Stage.DISTRICT, MAY).needs == 1


def test_where_there_is_no_competent_body_the_need_passes_on_whole(country: Country) -> None:
    country.signed_need("IBC-1", 10, district_code=CEYHAN)
    country.signed_resource("KSC-1", 30, district_code=CEYHAN)
    assert propose(country.session, country.edition, Stage.DISTRICT, MAY).lines == 0
    settle(country.session, country.edition, Stage.DISTRICT, JULY)
    assert propose(country.session, country.edition, Stage.PROVINCE, JULY).quantity == 10


def with_rules(country: Country, **rules: object) -> EditionView:
    """Return the country's edition under other rules of allocation."""
    programme = country.edition.programme
    found = (programme.allocation or AllocationRules()).model_copy(update=rules)
    return replace(country.edition, programme=programme.model_copy(update={"allocation": found}))


def test_the_governor_leaves_what_military_units_of_higher_priority_will_need_at_the_next_stage(
    country: Country,
) -> None:
    country.signed_need("IBC-1", 25)
    country.signed_need("IBC-2", 10, beneficiary="institution", priority=2)
    country.signed_resource("KSC-1", 30, district_code=CEYHAN)
    assert propose(country.session, country.edition, Stage.GOVERNOR, MAY).quantity == 5
    assert propose(country.session, country.edition, Stage.DISTRICT, MAY).quantity == 0
    settle(country.session, country.edition, Stage.DISTRICT, JULY)
    assert propose(country.session, country.edition, Stage.PROVINCE, JULY).quantity == 25


def test_where_stages_do_not_look_ahead_the_governor_waits_until_the_province_commission_begins(
    country: Country,
) -> None:
    edition = with_rules(country, method=Method.STAGE_FIRST)
    country.signed_need("IBC-1", 10, beneficiary="institution")
    country.signed_resource("KSC-1", 30)
    assert propose(country.session, edition, Stage.GOVERNOR, MAY).lines == 0
    assert propose(country.session, edition, Stage.GOVERNOR, JULY).lines == 1


def test_the_centre_keeps_what_a_need_of_higher_priority_will_bring_from_its_province(country: Country) -> None:
    country.signed_need("IBC-1", 30)
    country.signed_need("IBC-2", 20, scope="central", beneficiary="institution", priority=2)
    country.signed_resource("KSC-1", 40, scope="central")
    central = propose(country.session, country.edition, Stage.CENTRAL, MAY)
    assert (central.needs, central.quantity) == (1, 10)
    assert [stage.unmet for stage in play(country)] == [0, 0, 0, 10, 0]


def test_where_stages_do_not_look_ahead_the_centre_gives_it_away(country: Country) -> None:
    country.edition = with_rules(country, method=Method.STAGE_FIRST)
    country.signed_need("IBC-1", 30)
    country.signed_need("IBC-2", 20, scope="central", beneficiary="institution", priority=2)
    country.signed_resource("KSC-1", 40, scope="central")
    assert [stage.unmet for stage in play(country)] == [0, 0, 0, 0, 10]


def test_at_one_priority_the_day_signed_and_then_the_number_decide_not_the_order_of_entry(country: Country) -> None:
    for number in ("IBC-3", "IBC-1", "IBC-2"):
        country.signed_need(number, 10)
    country.signed_resource("KSC-1", 15)
    propose(country.session, country.edition, Stage.DISTRICT, MAY)
    query = select(Document.number, Allocation.quantity).join(Document, Document.id == Allocation.need_id)
    assert sorted(map(tuple, country.session.execute(query))) == [("IBC-1", 10), ("IBC-2", 5)]


def test_a_margin_may_be_shared_in_proportion(country: Country) -> None:
    country.signed_need("IBC-1", 30)
    country.signed_need("IBC-2", 10)
    country.signed_resource("KSC-1", 20)
    propose(country.session, with_rules(country, margin=Margin.IN_PROPORTION), Stage.DISTRICT, MAY)
    assert [quantity for _, quantity, _ in lines(country)] == [15, 5]


def test_a_need_signed_after_a_stage_proposed_is_taken_up_by_its_next_tick(country: Country) -> None:
    country.signed_resource("KSC-1", 30)
    country.signed_need("IBC-2", 10, priority=2)
    propose(country.session, country.edition, Stage.DISTRICT, MAY)
    country.signed_need("IBC-1", 25)
    assert propose(country.session, country.edition, Stage.DISTRICT, on(2023, 5, 9)).quantity == 20


def test_a_need_signed_too_late_for_its_first_stages_is_taken_up_by_the_next_and_never_forgotten(
    country: Country,
) -> None:
    country.signed_resource("KSC-1", 30)
    country.signed_need("IBC-1", 10)
    assert propose(country.session, country.edition, Stage.PROVINCE, JULY).quantity == 10
    country.signed_need("IBC-2", 10)
    country.signed_need("IBC-3", 10, scope="central")
    transfer_resources(country.session, country.edition, SEPTEMBER)
    assert propose(country.session, country.edition, Stage.TRANSFERRED, SEPTEMBER).quantity == 10
    settle(country.session, country.edition, Stage.PROVINCE, SEPTEMBER)
    assert coverage(country.session, country.edition) == [
        StageTotals("district", 20, 0, 20, 0),
        StageTotals("province", 20, 0, 20, 0),
        StageTotals("governor", 0, 0, 0, 0),
        StageTotals("central", 10, 0, 0, 10),
        StageTotals("transferred", 10, 0, 0, 10),
    ]


def test_what_a_body_refused_is_proposed_anew_from_another_resource_once_asked(country: Country) -> None:
    need = country.signed_need("IBC-1", 20)
    country.signed_resource("KSC-1", 20)
    country.signed_resource("KSC-2", 15)
    propose(country.session, country.edition, Stage.DISTRICT, MAY)
    refused = country.session.scalars(select(Allocation.id)).one()
    accept(country, Stage.DISTRICT, MAY, frozenset({refused}))
    assert propose(country.session, country.edition, Stage.DISTRICT, MAY).lines == 0
    assert repropose(country.session, country.edition, Stage.DISTRICT, MAY, [need]).quantity == 15
    assert repropose(country.session, country.edition, Stage.DISTRICT, MAY, [need]).lines == 0
    assert lines(country) == [("district", 20, "refused"), ("district", 15, "proposed")]


def test_what_is_found_in_two_looks_at_one_resource_is_one_line(country: Country) -> None:
    need = country.signed_need("IBC-1", 30)
    country.signed_resource("KSC-1", 20)
    propose(country.session, country.edition, Stage.DISTRICT, MAY)
    refused = country.session.scalars(select(Allocation.id)).one()
    accept(country, Stage.DISTRICT, MAY, frozenset({refused}))
    country.signed_resource("KSC-2", 18)
    repropose(country.session, country.edition, Stage.DISTRICT, MAY, [need])
    assert lines(country) == [("district", 20, "refused"), ("district", 18, "proposed")]


def test_nothing_is_proposed_anew_for_a_need_with_nothing_unmet_or_after_the_window(country: Country) -> None:
    need = country.signed_need("IBC-1", 20)
    country.signed_resource("KSC-1", 20)
    propose(country.session, country.edition, Stage.DISTRICT, MAY)
    assert repropose(country.session, country.edition, Stage.DISTRICT, MAY, [need]) == Proposal()
    assert repropose(country.session, country.edition, Stage.DISTRICT, MAY, []) == Proposal()
    assert repropose(country.session, country.edition, Stage.DISTRICT, JULY, [need]) == Proposal()


def test_resources_that_become_local_by_decision_serve_no_local_stage_without_one(country: Country) -> None:
    edition = with_rules(country, local_by_decision=("energy",))
    country.signed_need("IBC-1", 20)
    country.signed_resource("KSC-1", 20)
    assert propose(country.session, edition, Stage.DISTRICT, MAY).lines == 0
    settle(country.session, edition, Stage.DISTRICT, JULY)
    assert propose(country.session, edition, Stage.PROVINCE, JULY).lines == 0
    settle(country.session, edition, Stage.PROVINCE, SEPTEMBER)
    transfer_resources(country.session, edition, SEPTEMBER)
    assert propose(country.session, edition, Stage.TRANSFERRED, SEPTEMBER).quantity == 20


def test_an_item_that_may_stand_in_is_proposed_by_its_own_ministry_where_that_serves_more(country: Country) -> None:
    session = country.session
    for item in ("petrol", "fuel_oil"):
        row = {"code": item, "name_tr": item, "name_en": item, "module": "goods_services", "sector": "energy"}
        session.execute(insert(Item).values(**row, measure="litre", ministry_id=country.units["ministry"]))
    session.execute(insert(ItemSubstitute).values(item_code="diesel", served_by_code="petrol"))
    country.signed_need("IBC-1", 10, scope="central")
    country.signed_need("IBC-2", 10, scope="central", item_code="petrol", priority=2)
    country.signed_resource("KSC-1", 5, scope="central")
    country.signed_resource("KSC-2", 12, scope="central", item_code="petrol")
    country.signed_resource("KSC-3", 12, scope="central", item_code="fuel_oil")
    assert propose(session, country.edition, Stage.CENTRAL, MAY).quantity == 17
    query = select(Allocation.quantity, Allocation.body_id).order_by(Allocation.quantity, Allocation.need_id)
    energy, other = country.units["energy"], country.units["ministry"]
    assert sorted(map(tuple, session.execute(query))) == sorted([(5, energy), (5, other), (7, other)])


def committed_country(needs: int) -> int:
    """Keep a country with military and institutions' needs at one resource, and return its edition's year."""
    with transaction() as session:
        country = make_country(session)
        for place in range(needs):
            country.signed_need(f"IBC-{place}", 10, beneficiary=("military", "institution")[place % 2])
        country.signed_resource("KSC-1", 10 * needs - 5)
        return country.edition.year


def proposed_by(year: int, stage: Stage, phase: str, together: Barrier) -> int:
    """Propose in a transaction of its own, begun at the same time as others."""
    together.wait()
    with transaction() as session:
        edition = load_edition(session, "sekaps", year)
        lock_phase(session, edition, phase)
        return propose(session, edition, stage, MAY).quantity


@pytest.mark.parametrize("stages", [("district", "district"), ("district", "governor")])
@pytest.mark.usefixtures("database")
def test_two_workers_at_once_promise_nothing_twice(stages: tuple[str, str]) -> None:
    year, together = committed_country(6), Barrier(2)
    phases = {"district": "district_allocation", "governor": "province_allocation"}
    with ThreadPoolExecutor(2) as workers:
        asked = [workers.submit(proposed_by, year, Stage(stage), phases[stage], together) for stage in stages]
        quantities = sorted(one.result() for one in asked)
    assert quantities == ([0, 30] if stages[1] == "district" else [25, 30])
    with transaction() as session:
        assert session.scalars(select(Resource.allocated)).one() == sum(quantities)


@pytest.mark.usefixtures("database")
def test_a_plan_that_somebody_was_quicker_than_is_made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    with transaction() as session:
        country = make_country(session)
        country.signed_need("IBC-1", 10)
        taken = country.signed_resource("KSC-1", 20)
        country.signed_resource("KSC-2", 15)
    real = outstanding.held_resources

    def held_and_then_taken(*args: Any, **options: Any) -> Any:
        held = real(*args, **options)
        monkeypatch.setattr(allocation_plans, "held_resources", real)
        with transaction() as other:
            other.execute(update(Resource).where(Resource.document_id == taken).values(allocated=18))
        return held

    with transaction() as session:
        if session.get_bind().dialect.name == "sqlite":
            pytest.skip("SQLite has one writer at a time: nobody can be quicker")
        monkeypatch.setattr(allocation_plans, "held_resources", held_and_then_taken)
        propose(session, load_edition(session, "sekaps", 2023), Stage.DISTRICT, MAY)
        query = select(Allocation.quantity).join(Document, Document.id == Allocation.resource_id)
        assert list(session.scalars(query.where(Document.number == "KSC-2"))) == [10]


@pytest.mark.usefixtures("database")
def test_what_another_stage_took_meanwhile_is_not_kept_for_its_needs_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    year, real = committed_country(6), outstanding.held_resources

    def district_first_and_then_held(*args: Any, **options: Any) -> Any:
        monkeypatch.setattr(allocation_plans, "held_resources", real)
        with transaction() as other:
            assert propose(other, load_edition(other, "sekaps", year), Stage.DISTRICT, MAY).quantity == 30
        return real(*args, **options)

    with transaction() as session:
        if session.get_bind().dialect.name == "sqlite":
            pytest.skip("SQLite has one writer at a time: nobody can be quicker")
        monkeypatch.setattr(allocation_plans, "held_resources", district_first_and_then_held)
        assert propose(session, load_edition(session, "sekaps", year), Stage.GOVERNOR, MAY).quantity == 25


def test_a_decision_has_a_number_and_a_refused_line_frees_its_resource(country: Country) -> None:
    country.signed_need("IBC-1", 10)
    country.signed_need("IBC-2", 10)
    country.signed_resource("KSC-1", 30)
    propose(country.session, country.edition, Stage.DISTRICT, MAY)
    refused = country.session.scalars(select(Allocation.id).order_by(Allocation.id.desc()).limit(1)).one()
    assert accept(country, Stage.DISTRICT, MAY, frozenset({refused})) == "decided"
    assert lines(country) == [("district", 10, "decided"), ("district", 10, "refused")]
    decision = country.session.scalars(select(Decision)).one()
    assert (decision.year, decision.sequence) == (2023, 1)
    assert country.session.scalars(select(Resource.allocated)).one() == 10
    assert settle(country.session, country.edition, Stage.DISTRICT, JULY) == 2
    assert coverage(country.session, country.edition)[0] == StageTotals("district", 20, 10, 10, 0)


def test_only_the_chair_decides_inside_the_window_and_something_must_be_open(country: Country) -> None:
    assert "no open proposal" in accept(country, Stage.DISTRICT, MAY)
    country.signed_need("IBC-1", 10)
    country.signed_resource("KSC-1", 30)
    propose(country.session, country.edition, Stage.DISTRICT, MAY)
    assert "closed on 30 June 2023" in accept(country, Stage.DISTRICT, JULY)
    stranger = DecideRequest(country.units["district_commission"], country.people["afad head"])
    [outcome] = decide(country.session, country.edition, "5.1", [stranger], MAY)
    assert outcome.refusal is not None
    assert "head's post" in outcome.refusal.say("en")
    assert lines(country) == [("district", 10, "proposed")]


def test_what_was_not_decided_lapses_with_the_window_and_is_free_again(country: Country) -> None:
    country.signed_need("IBC-1", 10)
    country.signed_resource("KSC-1", 30)
    propose(country.session, country.edition, Stage.DISTRICT, MAY)
    settle(country.session, country.edition, Stage.DISTRICT, JULY)
    assert lines(country) == [("district", 10, "lapsed")]
    assert country.session.scalars(select(Resource.allocated)).one() == 0
    assert coverage(country.session, country.edition)[0] == StageTotals("district", 10, 0, 10, 0)


def central_allocation(country: Country) -> int:
    country.signed_need("IBC-1", 10, scope="central")
    country.signed_resource("KSC-1", 30, scope="central")
    propose(country.session, country.edition, Stage.CENTRAL, MAY)
    accept(country, Stage.CENTRAL, MAY)
    return country.session.scalars(select(Allocation.id)).one()


@pytest.mark.parametrize(("reason", "state", "unmet"), [(None, "approved", 0), ("gereksiz", "refused", 10)])
def test_the_ministry_of_defence_approves_what_goes_to_military_units(
    country: Country, reason: str | None, state: str, unmet: int
) -> None:
    allocation = central_allocation(country)
    request = ApproveRequest(allocation, country.people["ministry approver"], reason)
    [early] = approve(country.session, country.edition, [request], on(2023, 7, 31))
    assert early.refusal is not None
    assert approve(country.session, country.edition, [request], on(2023, 8, 1))[0].done
    assert lines(country) == [("central", 10, state)]
    settle(country.session, country.edition, Stage.CENTRAL, SEPTEMBER)
    assert coverage(country.session, country.edition)[3] == StageTotals("central", 10, 10 - unmet, 0, unmet)


def test_without_approval_the_allocation_lapses(country: Country) -> None:
    central_allocation(country)
    settle(country.session, country.edition, Stage.CENTRAL, SEPTEMBER)
    assert lines(country) == [("central", 10, "lapsed")]
    assert coverage(country.session, country.edition)[3] == StageTotals("central", 10, 0, 0, 10)


@pytest.mark.parametrize("values", [{"allocated": 31}, {"allocated": -1}])
def test_the_schema_promises_no_resource_twice(country: Country, values: dict[str, int]) -> None:
    with pytest.raises(IntegrityError), country.session.begin_nested():
        country.signed_resource("KSC-1", 30, **values)


def test_the_schema_keeps_every_balance_conserved(country: Country) -> None:
    need = country.signed_need("IBC-1", 10)
    row = {"need_id": need, "stage": "district", "edition_id": country.edition.id, "needed": 10}
    with pytest.raises(IntegrityError), country.session.begin_nested():
        country.session.execute(insert(StageBalance).values(**row, allocated=3, transferred=3, unmet=3))


NEEDS = st.lists(
    st.tuples(
        st.integers(1, 40),
        st.integers(1, 4),
        st.sampled_from(["local", "central"]),
        st.sampled_from(["military", "institution"]),
        st.sampled_from(["1104", CEYHAN]),
    ),
    min_size=1,
    max_size=6,
)
OFFERS = st.lists(
    st.tuples(st.integers(1, 40), st.sampled_from(["local", "central"]), st.sampled_from(["1104", CEYHAN])), max_size=6
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(needs=NEEDS, offers=OFFERS)
def test_in_any_country_every_stage_conserves_and_the_remainder_flows_on(
    stage_set: Hidden, needs: list[tuple[int, int, str, str, str]], offers: list[tuple[int, str, str]]
) -> None:
    [country] = stage_set
    session = country.session
    with session.begin_nested() as savepoint:
        for place, (quantity, priority, scope, beneficiary, district) in enumerate(needs):
            country.signed_need(f"IBC-{place}", quantity, priority=priority, scope=scope, beneficiary=beneficiary,
                                province_code=ADANA, district_code=district)  # fmt: skip
        for place, (capacity, scope, district) in enumerate(offers):
            country.signed_resource(f"KSC-{place}", capacity, scope=scope, district_code=district)
        stages = {stage.stage: stage for stage in play(country)}
        assert all(s.needed == s.allocated + s.transferred + s.unmet for s in stages.values())
        assert stages["district"].transferred == stages["province"].needed
        passed_on = stages["province"].transferred + stages["governor"].transferred
        assert passed_on == stages["transferred"].needed
        first_asked = stages["district"].needed + stages["governor"].needed + stages["central"].needed
        assert first_asked == sum(quantity for quantity, *_ in needs)
        live = select(Allocation.resource_id, Allocation.quantity).where(
            Allocation.state.in_(("decided", "awaiting_approval", "approved"))
        )
        promised: dict[int, int] = {}
        for resource_id, quantity in session.execute(live):
            promised[resource_id] = promised.get(resource_id, 0) + quantity
        held = session.execute(select(Resource.document_id, Resource.allocated))
        assert {key: value for key, value in held if value} == promised
        savepoint.rollback()
    session.expire_all()
