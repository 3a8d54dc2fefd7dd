"""How the demo country records what became of contracts and notices, and what those served object to."""

from datetime import date, time, timedelta

from sekaps.calendar.instants import at
from sekaps.demo import bodies as habits
from sekaps.demo import papers
from sekaps.demo.matters import OPEN_PROTOCOLS, PREPARED_NOTICES, Matter
from sekaps.demo.scene import Scene
from sekaps.services.notices import record_notices
from sekaps.services.objections import decide_objections, file_objections, tell_prices
from sekaps.services.protocols import record_protocols
from sekaps.services.requests import ConcludeRequest, DecideObjection, FileObjection, ServeRequest, TellPrice

RECORDING = time(11, 30)
CONTRACTS, RECORDS = "7.a", "7.c"


def conclude(scene: Scene, day: date) -> None:
    """Record the contracts whose day it is."""
    if not scene.plan.bodies.windows[CONTRACTS].is_open(day):
        return
    due = scene.plan.agenda.due(scene.session, scene.edition.id, OPEN_PROTOCOLS, day)
    ends = [(matter, *habits.contract_end(scene.seed, matter.name)) for matter in due]
    requests = [_agreement(scene, matter, day, reason) for matter, recorded, reason in ends if recorded]
    if requests:
        scene.count("protocols", record_protocols(scene.session, scene.edition, requests, at(day, RECORDING)))


def _agreement(scene: Scene, matter: Matter, day: date, reason: str | None) -> ConcludeRequest:
    if reason is not None:
        return ConcludeRequest(matter.id, _officer(scene, matter), reason=reason)
    number = scene.plan.roster.units[matter.unit_id].number
    agreement = papers.agreement_of(scene.seed, matter.name, day, number)
    return ConcludeRequest(matter.id, _officer(scene, matter), agreement)


def serve(scene: Scene, day: date) -> None:
    """Record the notices whose day it is as served, or not."""
    if not scene.plan.bodies.windows[RECORDS].is_open(day):
        return
    due = scene.plan.agenda.due(scene.session, scene.edition.id, PREPARED_NOTICES, day)
    requests = [request for matter in due if (request := _service(scene, matter, day)) is not None]
    if requests:
        scene.count("notices", record_notices(scene.session, scene.edition, requests, at(day, RECORDING)))


def _service(scene: Scene, matter: Matter, day: date) -> ServeRequest | None:
    recorded, reason = habits.service_end(scene.seed, matter.name)
    if not recorded:
        return None
    if reason is not None:
        return ServeRequest(matter.id, _officer(scene, matter), reason=reason)
    delivery = papers.delivery_of(scene.seed, matter.name, matter.since, day)
    return ServeRequest(matter.id, _officer(scene, matter), delivery)


def object_to_notices(scene: Scene, day: date) -> None:
    """File the objections of those lately served."""
    if not scene.plan.bodies.windows[RECORDS].opens <= day:
        return
    lately = papers.lately_served(scene.session, scene.edition.id, at(day, RECORDING))
    filings = [(each, papers.filing_day(scene.seed, each)) for each in lately]
    requests = [
        FileObjection(
            notice_id=each.id,
            person_id=scene.plan.roster.person(each.recorder, "officer"),
            filed_on=filed_on,
            reasons=papers.reasons_of(scene.seed, each),
            declared_price=papers.declared_price(scene.seed, each),
        )
        for each, filed_on in filings
        if filed_on is not None and _day_of(scene, each.recorder, filed_on) == day
    ]
    if requests:
        scene.count("objections", file_objections(scene.session, scene.edition, requests, at(day, RECORDING)))


def answer_objections(scene: Scene, day: date) -> None:
    """Tell the prices of what is objected to, and decide about objections."""
    if not scene.plan.bodies.windows[RECORDS].opens <= day:
        return
    pending = papers.open_objections(scene.session, scene.edition.id)
    prices = [price for each in pending if (price := _price(scene, each, day)) is not None]
    if prices:
        scene.count("prices", tell_prices(scene.session, scene.edition, prices, at(day, RECORDING)))
    answers = [answer for each in pending if (answer := _decision_about(scene, each, day)) is not None]
    if answers:
        scene.count("answers", decide_objections(scene.session, scene.edition, answers, at(day, RECORDING)))


def _price(scene: Scene, notice: papers.Served, day: date) -> TellPrice | None:
    price = papers.military_price(scene.seed, notice)
    assert notice.filed_on is not None
    if price is None or _day_of(scene, notice.military, notice.filed_on + timedelta(days=1)) != day:
        return None
    return TellPrice(notice.id, scene.plan.roster.person(notice.military, "officer"), price)


def _decision_about(scene: Scene, notice: papers.Served, day: date) -> DecideObjection | None:
    if _day_of(scene, notice.commission, papers.decision_day(scene.seed, notice)) != day:
        return None
    accepted = papers.is_accepted(scene.seed, notice)
    chair = scene.plan.roster.person(notice.commission, "head")
    price = notice.declared_price if accepted else None
    return DecideObjection(notice.id, chair, accepted, decided_on=day, served_on=day, price=price)


def _day_of(scene: Scene, unit_id: int, planned: date) -> date:
    """Return the office day on which a unit acts on what is planned for a day."""
    place = scene.plan.roster.units[unit_id].place
    return scene.plan.bodies.diary.after(planned - timedelta(days=1), 1, place)


def _officer(scene: Scene, matter: Matter) -> int:
    return scene.plan.roster.person(matter.unit_id, "officer")
