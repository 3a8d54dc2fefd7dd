"""How many gaps are planted, where, and when everybody signs: in columns, to the document."""

from datetime import date, timedelta

import numpy as np
import pytest

from sekaps.demo.chance import Lottery, apportioned, draws
from sekaps.demo.diary import busy_day
from sekaps.demo.gaps import NATIONAL_GAPS, OFFICE_GAPS
from sekaps.demo.planting import SEALED_CAUSES, SHARES, wanted_gaps
from sekaps.demo.signing_days import busy_days
from sekaps.domain.gaps import Cause


@pytest.mark.parametrize("scale", [0.001, 0.01, 0.37, 1.0, 3.0])
def test_gaps_are_wanted_to_the_document_whatever_the_scale(scale: float) -> None:
    wanted = wanted_gaps(scale, sealed=True)
    totals = {kind: sum(causes.values()) for kind, causes in wanted.items()}
    assert totals == {kind: round(count * scale) for kind, count in NATIONAL_GAPS.items()} | OFFICE_GAPS


def test_the_whole_country_has_gaps_of_every_cause() -> None:
    wanted = wanted_gaps(1.0, sealed=True)
    assert (sum(wanted["need_form"].values()), sum(wanted["resource_form"].values())) == (1_817, 5_245)
    assert all(wanted[kind][cause] > 0 for kind in NATIONAL_GAPS for cause in SHARES)


def test_nine_gaps_are_one_of_each_cause() -> None:
    assert set(wanted_gaps(0.005, sealed=True)["need_form"].values()) == {1}


def test_without_evidence_there_are_as_many_gaps_of_the_other_causes() -> None:
    wanted = wanted_gaps(1.0, sealed=False)
    assert sum(wanted["need_form"].values()) == 1_817
    assert not set(SEALED_CAUSES) & set(wanted["need_form"])
    assert Cause.OUT_OF_ORDER in wanted["need_form"]


def test_shares_come_to_the_total_and_nobody_has_less_than_the_least() -> None:
    assert apportioned(10, [1, 1, 1]) == [4, 3, 3]
    assert apportioned(10, [98, 1, 1], least=2) == [6, 2, 2]
    assert apportioned(3, [5, 1], least=2) == [2, 2]


def test_a_column_of_draws_is_even_and_belongs_to_seed_name_and_serial() -> None:
    serials = np.arange(20_000)
    drawn = draws(7, "need", serials)
    assert np.array_equal(drawn[100:200], draws(7, "need", serials[100:200]))
    assert not np.array_equal(drawn, draws(8, "need", serials))
    assert (drawn.min() >= 0, drawn.max() < 1) == (True, True)
    assert np.abs(np.histogram(drawn, 10, (0, 1))[0] - 2_000).max() < 200
    assert abs(np.corrcoef(drawn[:-1], drawn[1:])[0, 1]) < 0.03


def test_a_lottery_draws_a_column_as_it_draws_one() -> None:
    lottery, fractions = Lottery([1, 0, 3]), np.linspace(0, 0.999, 50)
    assert lottery.places(fractions).tolist() == [lottery.place(fraction) for fraction in fractions]


@pytest.mark.parametrize("length", [1, 2, 9, 60])
def test_a_column_of_work_falls_on_the_days_that_single_work_falls_on(length: int) -> None:
    days = [date(2023, 1, 1) + timedelta(days=count) for count in range(length)]
    fractions = np.linspace(0, 0.999, 97)
    columns = busy_days(np.full(len(fractions), length), fractions)
    assert columns.tolist() == [busy_day(days, fraction) for fraction in fractions]
