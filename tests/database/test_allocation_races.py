"""Two people act at once on one resource: whoever comes second finds what the first one left, and every law holds."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from cascade_play import JULY, WHY, open_lines, propose_stages, votes_of, wrong
from small_country import Country, make_country
from sqlalchemy import select, update

from sekaps.database import transaction
from sekaps.domain.allocation import RULES, Stage
from sekaps.domain.form_revisions import RevisionKind
from sekaps.domain.line_decisions import LineChange
from sekaps.models.allocation import Resource
from sekaps.services.decisions import decide
from sekaps.services.form_revisions import RevisionRequest, revise
from sekaps.services.requests import DecideRequest

BODY_OF = {Stage.PROVINCE: "province_commission", Stage.GOVERNOR: "governorate"}


@pytest.fixture
def country(database: object) -> Country:
    """A committed country in July: a line before each of two bodies, and a spare resource."""
    with transaction() as session:
        country = make_country(session)
        country.signed_need("IBC-1", 10)
        country.signed_need("IBC-2", 10, beneficiary="institution")
        for number in ("KSC-1", "KSC-2"):
            country.signed_resource(number, 10)
        assert propose_stages(country, JULY, *BODY_OF) == 20
        country.signed_resource("KSC-3", 10)
    return country


def deciding(country: Country, stage: Stage, *, elsewhere: bool) -> Callable[[], bool]:
    """Return an act that decides a stage's line, from the spare resource or as it was proposed."""
    body = BODY_OF[stage]
    with transaction() as country.session:
        lines = [line.id for line in open_lines(country, stage, country.units[body])]
    changed = {line: LineChange(WHY, resource="KSC-3") for line in lines} if elsewhere else {}
    head, votes = country.people[f"{body} head"], votes_of(country, body)
    request = DecideRequest(country.units[body], head, changed=changed, votes=votes)

    def act() -> bool:
        with transaction() as session:
            [outcome] = decide(session, country.edition, RULES[stage].step, [request], JULY)
        return outcome.done

    return act


def revising(country: Country, number: str, kind: RevisionKind, after: int = 0) -> Callable[[], bool]:
    request = RevisionRequest(number, kind, WHY, after, person_id=country.people["industry officer"])

    def act() -> bool:
        with transaction() as session:
            return revise(session, country.edition, request, JULY).revision_id is not None

    return act


def at_once(*acts: Callable[[], bool]) -> list[bool]:
    barrier = Barrier(len(acts))

    def start(act: Callable[[], bool]) -> bool:
        barrier.wait()
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(start, acts))


def found(country: Country) -> list[str]:
    with transaction() as country.session:
        return wrong(country, JULY)


def allocated(country: Country) -> list[int]:
    with transaction() as session:
        return list(session.scalars(select(Resource.allocated).order_by(Resource.document_id)))


def test_of_two_bodies_that_want_the_same_resource_one_gets_it(country: Country) -> None:
    acts = [deciding(country, stage, elsewhere=True) for stage in BODY_OF]
    assert sorted(at_once(*acts)) == [False, True]
    assert sorted(allocated(country)) == [0, 10, 10]
    assert found(country) == []


def test_a_decision_and_a_revision_of_its_resource_leave_every_law_whole(country: Country) -> None:
    decide_it = deciding(country, Stage.PROVINCE, elsewhere=False)
    assert at_once(decide_it, revising(country, "KSC-1", RevisionKind.SHRUNK, 4))[1]
    assert found(country) == []


def test_a_form_shrunk_twice_at_once_is_shrunk_once_to_each_figure(country: Country) -> None:
    to = [revising(country, "KSC-1", RevisionKind.SHRUNK, after) for after in (6, 6)]
    assert sorted(at_once(*to)) == [False, True]
    assert found(country) == []


def test_two_resources_are_lost_at_once_while_either_could_stand_in_for_the_other(country: Country) -> None:
    with transaction() as session:
        session.execute(update(Resource).values(capacity=25))
    acts = [revising(country, number, RevisionKind.WITHDRAWN) for number in ("KSC-1", "KSC-2")]
    assert at_once(*acts) == [True, True]
    assert found(country) == []
