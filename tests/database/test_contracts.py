"""What follows from allocations: contracts and notices, prepared once and recorded by those who act."""

from collections.abc import Iterator
from datetime import date

import pytest
from small_country import CEYHAN, Country, make_country, on
from sqlalchemy import select

from sekaps.database import transaction
from sekaps.domain.allocation import Stage
from sekaps.models.allocation import Allocation
from sekaps.models.contracts import Notice, Protocol
from sekaps.models.programmes import Edition
from sekaps.services.allocations import propose
from sekaps.services.contracts import prepare_notices, prepare_protocols, record_notices, record_protocols
from sekaps.services.decision_work import open_decisions, open_records
from sekaps.services.decisions import decide
from sekaps.services.impact import what_if
from sekaps.services.requests import ConcludeRequest, DecideRequest, ServeRequest

MAY, JULY, OCTOBER = on(2023, 5, 2), on(2023, 7, 3), on(2023, 10, 2)


@pytest.fixture
def country(database: object) -> Iterator[Country]:
    """One allocation of the district commission to a military unit, one of the governor to an institution."""
    with transaction() as session:
        country = make_country(session)
        country.signed_need("IBC-1", 10)
        country.signed_need("IBC-2", 5, beneficiary="institution", district_code=CEYHAN)
        country.signed_resource("KSC-1", 30)
        for stage, step, body, as_of in (
            (Stage.DISTRICT, "5.1", "district_commission", MAY),
            (Stage.GOVERNOR, "5.3", "governorate", JULY),
        ):
            propose(session, country.edition, stage, as_of)
            request = DecideRequest(country.units[body], country.people[f"{body} head"])
            assert decide(session, country.edition, step, [request], as_of)[0].done
        yield country


def test_a_commissions_obligation_becomes_a_notice_and_any_other_allocation_a_contract(country: Country) -> None:
    session, edition = country.session, country.edition
    assert prepare_protocols(session, edition, on(2023, 9, 29)) == prepare_notices(session, edition, JULY) == 0
    assert (prepare_protocols(session, edition, OCTOBER), prepare_notices(session, edition, OCTOBER)) == (1, 1)
    assert (prepare_protocols(session, edition, OCTOBER), prepare_notices(session, edition, OCTOBER)) == (0, 0)
    notice = session.scalars(select(Notice)).one()
    assert notice.served_by_id == country.units["kaymakam"]
    assert notice.recorded_by_id == country.units["afad"]
    assert session.scalars(select(Protocol.number)).one() == "DP-IBC-2-KSC-1-governor"


@pytest.mark.parametrize(("reason", "state"), [(None, "concluded"), ("fiyatta anlaşılamadı", "not_concluded")])
def test_the_need_owner_records_a_contract_once(country: Country, reason: str | None, state: str) -> None:
    session, edition = country.session, country.edition
    prepare_protocols(session, edition, OCTOBER)
    protocol = session.scalars(select(Protocol.id)).one()
    request = ConcludeRequest(protocol, country.people["military officer"], reason)
    assert record_protocols(session, edition, [request], OCTOBER)[0].done
    assert not record_protocols(session, edition, [request], OCTOBER)[0].done
    assert session.scalars(select(Protocol.state)).one() == state


@pytest.mark.parametrize(
    ("who", "as_of", "says"),
    [("afad head", on(2024, 3, 2), "closed on 1 March 2024"), ("kaymakam head", OCTOBER, "only somebody with a post")],
)
def test_a_notice_is_recorded_by_the_provincial_afad_inside_the_window(
    country: Country, who: str, as_of: object, says: str
) -> None:
    session, edition = country.session, country.edition
    prepare_notices(session, edition, OCTOBER)
    notice = session.scalars(select(Notice.id)).one()
    request = ServeRequest(notice, country.people[who], date(2023, 10, 3))
    [outcome] = record_notices(session, edition, [request], as_of)  # type: ignore[arg-type]
    assert outcome.refusal is not None
    assert says in outcome.refusal.say("en")


def test_a_served_notice_keeps_its_day(country: Country) -> None:
    session, edition = country.session, country.edition
    prepare_notices(session, edition, OCTOBER)
    notice = session.scalars(select(Notice.id)).one()
    request = ServeRequest(notice, country.people["afad head"], date(2023, 10, 3))
    assert record_notices(session, edition, [request], OCTOBER)[0].done
    assert session.execute(select(Notice.state, Notice.served_on)).one() == ("served", date(2023, 10, 3))


def test_last_years_allocations_without_a_contract_are_in_this_years_work(country: Country) -> None:
    session, edition = country.session, country.edition
    this_year = session.get_one(Edition, edition.id)
    last_year = Edition(programme_id=this_year.programme_id, year=2022, state="closed", revision=0, synthetic=True)
    session.add(last_year)
    session.flush()
    for allocation in session.scalars(select(Allocation)):
        allocation.edition_id = last_year.id
    session.flush()
    assert (prepare_protocols(session, edition, OCTOBER), prepare_notices(session, edition, OCTOBER)) == (1, 1)


def test_whoever_must_record_is_in_the_work_lists(country: Country) -> None:
    session, edition = country.session, country.edition
    assert open_decisions(session, edition, OCTOBER) == []
    prepare_protocols(session, edition, OCTOBER)
    prepare_notices(session, edition, OCTOBER)
    found = open_records(session, edition, OCTOBER)
    assert [(item.step, item.unit_id, item.person_id, item.documents) for item in found] == [
        ("7.a", country.units["military"], country.people["military officer"], 1),
        ("7.c", country.units["afad"], country.people["afad head"], 1),
    ]


@pytest.mark.parametrize(("closes", "at_risk"), [(date(2024, 2, 1), 2), (date(2024, 3, 4), 0)])
def test_contracts_and_notices_are_at_risk_when_their_days_would_become_fewer(
    country: Country, closes: date, at_risk: int
) -> None:
    session, edition = country.session, country.edition
    prepare_protocols(session, edition, OCTOBER)
    prepare_notices(session, edition, OCTOBER)
    assert what_if(session, edition, {"year_close": closes}, OCTOBER).contracts_at_risk == at_risk
