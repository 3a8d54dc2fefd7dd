from datetime import date

import pytest

from sekaps.cli.rehearsal_progress import YearBar, doing, work
from sekaps.demo.acting import Outlook
from sekaps.flows.rehearsal import Stop

DAY = date(2023, 4, 28)
MIDWAY = Stop(DAY, 14, 49, acts=40_000, outlook=Outlook(in_all=1_000_000, to_come=700_000, to_come_soon=60_000))
ARRIVED = Stop(DAY, 14, 49, acts=100_000, outlook=Outlook(in_all=1_000_000, to_come=640_000, to_come_soon=0))
PLAYED = Stop(DAY, 14, 49, acts=100_000, outlook=ARRIVED.outlook, reports=[])


@pytest.mark.parametrize(
    ("stop", "told"),
    [
        (MIDWAY, "day 14 of 49: 40,000 acts done, 60,000 signatures to go, 4,000 a second"),
        (ARRIVED, "day 14 of 49: its flows run"),
        (PLAYED, "day 14 of 49 played"),
    ],
)
def test_what_is_being_done_is_told(stop: Stop, told: str) -> None:
    assert doing(stop, 10.0).say("en") == told


def test_the_bar_moves_within_a_stop_and_is_full_when_the_year_is_over() -> None:
    bar = YearBar()
    places = []
    for stop in (MIDWAY, ARRIVED, PLAYED):
        bar.show(stop)
        places.append(bar.tasks[0].percentage)
    assert places == sorted(set(places))
    assert work(Outlook(in_all=10, to_come=0, to_come_soon=0), 3, 3)[0] == work(Outlook(10, 0, 0), 3, 3)[1]
