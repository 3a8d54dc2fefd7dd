from datetime import date

import pytest

from sekaps.calendar.windows import Window
from sekaps.errors.calendar import WindowInverted

NEEDS = Window(date(2023, 2, 1), date(2023, 4, 28))


@pytest.mark.parametrize(
    ("day", "is_open"),
    [
        (date(2023, 1, 31), False),
        (date(2023, 2, 1), True),
        (date(2023, 4, 28), True),
        (date(2023, 4, 29), False),
    ],
)
def test_both_ends_belong_to_a_window(day: date, is_open: bool) -> None:
    assert NEEDS.is_open(day) is is_open


def test_a_window_of_one_day_lasts_one_day() -> None:
    assert Window(date(2023, 2, 1), date(2023, 2, 1)).calendar_days == 1
    assert NEEDS.calendar_days == 87


def test_a_window_cannot_close_before_it_opens() -> None:
    with pytest.raises(WindowInverted, match="open on 2 February 2023 and close before that, on 1 February 2023"):
        Window(date(2023, 2, 2), date(2023, 2, 1))
