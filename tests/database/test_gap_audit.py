"""The audit names each incomplete chain with its slot, place and cause, as it stood at any instant."""

from collections.abc import Iterator

import pytest
from small_country import Country, make_country, on

from sekaps.database import transaction
from sekaps.domain.gaps import Cause, Gap
from sekaps.services.gaps import count_open, find_gaps
from sekaps.services.registry import end_mandates
from sekaps.services.requests import SignRequest
from sekaps.services.signing import sign

CHAIN = ("military officer", "military head", "ministry approver")


@pytest.fixture
def country(database: object) -> Iterator[Country]:
    """Four forms: none, one, two and all three signatures, on the first days of March."""
    with transaction() as session:
        country = make_country(session)
        for number in range(4):
            form = country.document(f"IBC-{number}", "military", country.chains["need"])
            for day, who in enumerate(CHAIN[:number], start=1):
                sign(session, country.edition, [SignRequest(form, country.people[who])], on(2023, 3, day))
        yield country


def listed(gaps: list[Gap]) -> list[tuple[str, int, Cause]]:
    return [(gap.document, gap.slot, gap.cause) for gap in gaps]


def test_the_audit_finds_exactly_the_incomplete_chains(country: Country) -> None:
    gaps = find_gaps(country.session, country.edition, on(2023, 6, 1))
    assert listed(gaps) == [
        ("IBC-0", 1, Cause.NOT_STARTED),
        ("IBC-1", 2, Cause.WAITING),
        ("IBC-2", 3, Cause.WAITING),
    ]
    assert [(gap.waits_at_name, gap.person, gap.overdue) for gap in gaps] == [
        ("military", "military officer", True),
        ("military", "military head", True),
        ("ministry", "ministry approver", True),
    ]
    assert [gap.since for gap in gaps] == [on(2023, 2, 1, 0), on(2023, 3, 1), on(2023, 3, 2)]


def test_an_instant_in_the_past_is_answered_as_it_stood_then(country: Country) -> None:
    as_of = on(2023, 3, 2, 9)
    assert listed(find_gaps(country.session, country.edition, as_of)) == [
        ("IBC-0", 1, Cause.NOT_STARTED),
        ("IBC-1", 2, Cause.WAITING),
        ("IBC-2", 2, Cause.WAITING),
        ("IBC-3", 2, Cause.WAITING),
    ]


def test_nothing_is_a_gap_before_its_window_opens(country: Country) -> None:
    assert find_gaps(country.session, country.edition, on(2023, 1, 31)) == []


def test_a_post_nobody_holds_is_the_cause(country: Country) -> None:
    end_mandates(country.session, country.edition, [country.mandates["military head"]], on(2023, 4, 1))
    gaps = find_gaps(country.session, country.edition, on(2023, 4, 2))
    assert listed(gaps)[1] == ("IBC-1", 2, Cause.POST_VACANT)
    assert gaps[1].person is None


@pytest.mark.parametrize(("unit", "found"), [("military", 3), ("ministry", 3), ("institution", 0)])
def test_a_unit_sees_what_it_and_those_below_it_owe_and_hold_up(country: Country, unit: str, found: int) -> None:
    gaps = find_gaps(country.session, country.edition, on(2023, 6, 1), unit_id=country.units[unit])
    assert len(gaps) == found


def test_the_quick_count_agrees_with_the_list(country: Country) -> None:
    counts = count_open(country.session, country.edition, on(2023, 6, 1))
    assert counts == {("needs_entry", "4.a", 1): 1, ("needs_entry", "4.a", 2): 1, ("needs_entry", "4.a", 3): 1}
