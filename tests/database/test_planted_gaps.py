"""Whatever combination of gaps is planted, the audit and the observatory report exactly that one."""

from collections import Counter
from collections.abc import Iterator
from itertools import combinations

import pytest
from small_country import Country, make_country, on

from sekaps.database import transaction
from sekaps.domain.gaps import Cause
from sekaps.domain.observatory import count_causes
from sekaps.services.gaps import find_gaps
from sekaps.services.observatory import observe
from sekaps.services.registry import end_mandates
from sekaps.services.requests import DocumentRequest, SignRequest
from sekaps.services.returning import send_back
from sekaps.services.signing import sign

MARCH, LATER = on(2023, 3, 1), on(2023, 3, 2)
PLANTED = (Cause.NOT_STARTED, Cause.WAITING, Cause.RETURNED, Cause.POST_VACANT)
COMBINATIONS = [found for size in range(len(PLANTED) + 1) for found in combinations(PLANTED, size)]


@pytest.fixture
def country(database: object) -> Iterator[Country]:
    """A country in which one form of each kind is complete, so that nothing but what is planted is missing."""
    with transaction() as session:
        country = make_country(session)
        complete = country.document("IBC-0", "military", country.chains["need"])
        sign_all(country, complete, "military officer", "military head", "ministry approver")
        yield country


def sign_all(country: Country, form: int, *people: str) -> None:
    for who in people:
        request = SignRequest(form, country.people[who])
        assert sign(country.session, country.edition, [request], MARCH)[0].done


def plant(country: Country, cause: Cause, number: str) -> None:
    if cause is Cause.POST_VACANT:
        vacant = country.chain("institution", "form", [("institution", "officer")])
        country.document(number, "institution", vacant)
        mandate = country.mandates["institution officer"]
        assert end_mandates(country.session, country.edition, [mandate], LATER) == 1
        return
    form = country.document(number, "military", country.chains["need"])
    if cause is Cause.NOT_STARTED:
        return
    sign_all(country, form, "military officer")
    if cause is Cause.RETURNED:
        request = DocumentRequest(form, country.people["military head"], "Miktar yanlış.")
        assert send_back(country.session, country.edition, [request], LATER)[0].done


@pytest.mark.parametrize("causes", COMBINATIONS, ids=lambda causes: "-".join(causes) or "nothing")
def test_every_combination_of_planted_gaps_is_reported_and_nothing_else(
    country: Country, causes: tuple[Cause, ...]
) -> None:
    planted = {f"IBC-{place}": cause for place, cause in enumerate(causes, start=1)}
    for number, cause in planted.items():
        plant(country, cause, number)
    found = find_gaps(country.session, country.edition, LATER)
    assert {gap.document: gap.cause for gap in found} == planted
    counted = count_causes(observe(country.session, country.edition, LATER).piles)
    assert {cause: count for cause, count in counted.items() if count} == dict(Counter(planted.values()))
