"""Sharing out one pool: nothing is promised twice, nobody is forgotten, priority comes first."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from sekaps.domain.allocation import RULES, Line, Offer, Stage, Want, share_out

DAY = datetime(2023, 4, 1, tzinfo=UTC)


def want(need_id: int, priority: int, quantity: int, days: int = 0) -> Want:
    return Want(need_id, priority, DAY + timedelta(days=days), f"IBC-{need_id:04}", quantity)


def offer(resource_id: int, quantity: int) -> Offer:
    return Offer(resource_id, f"KSC-{resource_id:04}", quantity)


def received_by_need(lines: Iterable[Line]) -> Counter[int]:
    received = Counter[int]()
    for line in lines:
        received[line.need_id] += line.quantity
    return received


wants = st.lists(st.tuples(st.integers(1, 4), st.integers(1, 50), st.integers(0, 5)), max_size=12).map(
    lambda drawn: [want(number, *values) for number, values in enumerate(drawn)]
)
offers = st.lists(st.integers(0, 60), max_size=12).map(
    lambda drawn: [offer(number, quantity) for number, quantity in enumerate(drawn)]
)


def test_the_higher_priority_is_served_first_and_the_largest_offer_used_first() -> None:
    lines = list(share_out([want(1, 2, 5), want(2, 1, 8)], [offer(7, 4), offer(8, 6)]))
    assert lines == [Line(2, 8, 6), Line(2, 7, 2), Line(1, 7, 2)]


def test_at_one_priority_the_earlier_signed_then_the_lower_number_comes_first() -> None:
    lines = list(share_out([want(3, 1, 5, days=1), want(2, 1, 5), want(1, 1, 5)], [offer(7, 10)]))
    assert [line.need_id for line in lines] == [1, 2]


@given(wants, offers)
def test_no_need_gets_more_than_it_asks_and_no_resource_gives_more_than_it_has(
    needed: list[Want], offered: list[Offer]
) -> None:
    lines = list(share_out(needed, offered))
    received, given_out = received_by_need(lines), dict.fromkeys((o.resource_id for o in offered), 0)
    for line in lines:
        given_out[line.resource_id] += line.quantity
    assert all(line.quantity > 0 for line in lines)
    assert all(received.get(w.need_id, 0) <= w.quantity for w in needed)
    assert all(given_out[o.resource_id] <= o.quantity for o in offered)


@given(wants, offers)
def test_as_much_is_allocated_as_need_and_supply_allow(needed: list[Want], offered: list[Offer]) -> None:
    allocated = sum(line.quantity for line in share_out(needed, offered))
    assert allocated == min(sum(w.quantity for w in needed), sum(o.quantity for o in offered))


@given(wants, offers)
def test_while_a_want_goes_short_none_behind_it_in_the_queue_receives_anything(
    needed: list[Want], offered: list[Offer]
) -> None:
    received = received_by_need(share_out(needed, offered))
    queue = sorted(needed, key=lambda w: w.order)
    shares = [received.get(w.need_id, 0) for w in queue]
    short = next((i for i, w in enumerate(queue) if shares[i] < w.quantity), len(queue))
    assert all(share == 0 for share in shares[short + 1 :])


@given(wants, offers)
def test_the_result_does_not_depend_on_the_order_things_are_listed_in(needed: list[Want], offered: list[Offer]) -> None:
    assert list(share_out(needed, offered)) == list(share_out(needed[::-1], offered[::-1]))


def test_every_remainder_a_stage_passes_on_is_taken_up_by_exactly_one_later_stage() -> None:
    passed = [stage for stage, rule in RULES.items() if rule.passes_on]
    taken = [stage for rule in RULES.values() for stage in rule.takes_from]
    assert sorted(passed) == sorted(taken) == sorted([Stage.DISTRICT, Stage.PROVINCE, Stage.GOVERNOR])
