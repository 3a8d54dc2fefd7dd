"""The figures of a year's report that are worked out from others."""

import pytest

from sekaps.domain.year_report import Handover, StageYear


@pytest.mark.parametrize(("unmet", "conserved"), [(0, True), (1, False), (-1, False)])
def test_a_stage_is_conserved_when_nothing_was_lost_and_nothing_appeared(unmet: int, *, conserved: bool) -> None:
    stage = StageYear("district", 2, 1, needed=100, allocated=60, transferred=40, unmet=unmet)
    assert stage.conserved is conserved


@pytest.mark.parametrize(("taken_up", "left"), [(0, 40), (25, 15), (40, 0)])
def test_what_no_stage_has_taken_up_is_still_on_its_way(taken_up: int, left: int) -> None:
    assert Handover(("district",), "province", 40, taken_up).on_its_way == left
