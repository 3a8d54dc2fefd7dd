"""How the demo country's contracts and notices end: the same for the same seed, and as the rules allow."""

from collections import Counter
from datetime import date, timedelta

from sekaps.calendar.days import each_day
from sekaps.demo import papers
from sekaps.demo.papers import Served, agreement_of, delivery_of
from sekaps.domain.agreements import refusal_to_conclude
from sekaps.domain.notices import Channel, refusal_to_serve

SEED, PREPARED = 7, date(2023, 10, 2)
DAYS = list(each_day(date(2023, 10, 3), date(2024, 3, 1)))
NAMES = [f"IBC-{place}/KSC-{place}/district" for place in range(2_000)]


def served(name: str, day: date) -> Served:
    how = delivery_of(SEED, name, PREPARED, day)
    return Served(1, name, how.served_on, day, recorder=1, commission=2, military=3)


def test_every_contract_and_every_service_is_one_that_may_be_recorded() -> None:
    for place, name in enumerate(NAMES):
        day = DAYS[place % len(DAYS)]
        assert refusal_to_serve(delivery_of(SEED, name, PREPARED, day), "", PREPARED, day) is None
        assert refusal_to_conclude(agreement_of(SEED, name, day, 20000001), "", PREPARED, day) is None


def test_notices_go_through_every_channel_most_by_hand() -> None:
    counted = Counter(delivery_of(SEED, name, PREPARED, DAYS[40]).channel for name in NAMES)
    assert set(counted) == set(Channel)
    assert counted.most_common(1)[0][0] is Channel.HAND


def test_few_object_and_those_within_the_fifteen_days() -> None:
    days = [(served(name, DAYS[40]), papers.filing_day(SEED, served(name, DAYS[40]))) for name in NAMES]
    waits = [filed - one.served_on for one, filed in days if filed is not None]
    assert 60 <= len(waits) <= 180
    assert min(waits) > timedelta(0)
    assert max(waits) <= timedelta(days=15)


def test_prices_are_told_for_those_declared_only_and_lie_below_them() -> None:
    declared = {name: papers.declared_price(SEED, served(name, DAYS[40])) for name in NAMES}
    assert 0 < sum(price is None for price in declared.values()) < len(NAMES)
    for name, price in declared.items():
        one = Served(1, name, PREPARED, PREPARED, 1, 2, 3, filed_on=PREPARED, declared_price=price)
        told = papers.military_price(SEED, one)
        assert told is None or (price is not None and 0 < told < price)
        assert papers.decision_day(SEED, one) > PREPARED
