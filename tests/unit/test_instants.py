"""The passage between local dates and instants."""

from datetime import UTC, date, datetime, time

import pytest

from sekaps.calendar.instants import at, local_day

LAST_DAY = date(2023, 4, 28)


@pytest.mark.parametrize(
    ("local_time", "instant"),
    [
        (time(8, 30), datetime(2023, 4, 28, 5, 30, tzinfo=UTC)),
        (time(0, 0), datetime(2023, 4, 27, 21, 0, tzinfo=UTC)),
        (time(23, 59), datetime(2023, 4, 28, 20, 59, tzinfo=UTC)),
    ],
)
def test_a_local_time_is_one_instant_whose_local_day_is_that_day(local_time: time, instant: datetime) -> None:
    assert at(LAST_DAY, local_time) == instant
    assert local_day(instant) == LAST_DAY


def test_a_day_stands_for_its_office_hour() -> None:
    assert at(LAST_DAY) == at(LAST_DAY, time(8, 30))
