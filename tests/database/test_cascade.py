"""The cascade: district, province, governor, transfer, centre; quantities are conserved at every stage."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_country import ADANA, CEYHAN, Country, make_country, on
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from sekaps.database import transaction
from sekaps.domain.allocation import Stage
from sekaps.models.allocation import Allocation, Decision, Resource, StageBalance
from sekaps.services.allocations import propose, settle, transfer_resources
from sekaps.services.decisions import approve, decide
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


@pytest.fixture
def country(database: object) -> Iterator[Country]:
    with transaction() as session:
        yield make_country(session)


class Hidden(list[Country]):
    """Keeps a country out of what Hypothesis prints of an example."""

    def __repr__(self) -> str:
        return "country"


@pytest.fixture
def stage_set(country: Country) -> Hidden:
    return Hidden([country])


def accept(country: Country, stage: Stage, as_of: datetime, refused: frozenset[int] = frozenset()) -> str:
    body = BODIES[stage]
    request = DecideRequest(country.units[body], country.people[f"{body} head"], refused, "resmî gerekçe")
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


def test_the_governor_waits_until_the_province_commission_served_military_units(country: Country) -> None:
    country.signed_need("IBC-1", 10, beneficiary="institution")
    country.signed_resource("KSC-1", 30)
    assert propose(country.session, country.edition, Stage.GOVERNOR, MAY).lines == 0
    assert propose(country.session, country.edition, Stage.GOVERNOR, JULY).lines == 1


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
