"""A small country after its allocations: one line of the district commission, one of the governor."""

from datetime import date

from small_country import CEYHAN, Country, on
from sqlalchemy import select

from sekaps.domain.agreements import Agreement
from sekaps.domain.allocation import Stage
from sekaps.domain.notices import Channel, Delivery
from sekaps.models.contracts import Notice
from sekaps.services.allocations import propose
from sekaps.services.decisions import decide
from sekaps.services.notices import prepare_notices, record_notices
from sekaps.services.requests import DecideRequest, ServeRequest

MAY, JULY, OCTOBER = on(2023, 5, 2), on(2023, 7, 3), on(2023, 10, 2)
LATER = on(2023, 10, 20)
AGREEMENT = Agreement(date(2023, 10, 18), date(2023, 11, 1), date(2024, 12, 31), "20000123/1")


def allocate(country: Country) -> None:
    """Let the district commission serve a military unit and the governor an institution."""
    country.signed_need("IBC-1", 10)
    country.signed_need("IBC-2", 5, beneficiary="institution", district_code=CEYHAN)
    country.signed_resource("KSC-1", 30)
    for stage, step, body, as_of in (
        (Stage.DISTRICT, "5.1", "district_commission", MAY),
        (Stage.GOVERNOR, "5.3", "governorate", JULY),
    ):
        propose(country.session, country.edition, stage, as_of)
        request = DecideRequest(country.units[body], country.people[f"{body} head"], votes=country.votes(body))
        assert decide(country.session, country.edition, step, [request], as_of)[0].done


def delivery(channel: Channel = Channel.HAND, reached_on: date = date(2023, 10, 3)) -> Delivery:
    """Return a delivery that was sent and arrived on a day."""
    return Delivery(channel, reached_on, reached_on, "TBL 1", copies_returned=3)


def serve(country: Country, how: Delivery, as_of: object = LATER) -> int:
    """Prepare the notice, record it as served so, and return its id."""
    prepare_notices(country.session, country.edition, OCTOBER)
    notice = country.session.scalars(select(Notice.id).where(Notice.state == "prepared")).one()
    request = ServeRequest(notice, country.people["afad head"], how)
    assert record_notices(country.session, country.edition, [request], as_of)[0].done  # type: ignore[arg-type]
    return notice
