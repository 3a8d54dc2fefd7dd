"""What the record of a detail protocol must say."""

from dataclasses import replace
from datetime import date

import pytest

from sekaps.domain.agreements import Agreement, refusal_to_conclude

PREPARED, TODAY = date(2023, 10, 2), date(2023, 10, 20)
AGREEMENT = Agreement(date(2023, 10, 18), date(2023, 11, 1), date(2024, 12, 31), "20000123/1")


@pytest.mark.parametrize(
    "agreement", [AGREEMENT, replace(AGREEMENT, ends_on=None), replace(AGREEMENT, begins_on=date(2023, 1, 1))]
)
def test_a_protocol_is_concluded_on_a_day_for_a_time_under_a_number(agreement: Agreement) -> None:
    assert refusal_to_conclude(agreement, "", PREPARED, TODAY) is None


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"concluded_on": date(2023, 10, 21)}, "21 October 2023 has not come"),
        ({"concluded_on": date(2023, 10, 1)}, "cannot have been concluded before"),
        ({"ends_on": date(2023, 10, 31)}, "it ends on 31 October 2023"),
        ({"begins_on": date(2023, 1, 1), "ends_on": date(2023, 10, 17)}, "it ends on 17 October 2023"),
        ({"letter": " "}, "number of its document"),
        ({"letter": "x" * 301}, "number of its document"),
    ],
)
def test_a_record_that_cannot_be_true_is_refused_with_the_reason(changed: dict[str, object], says: str) -> None:
    refusal = refusal_to_conclude(replace(AGREEMENT, **changed), "", PREPARED, TODAY)  # type: ignore[arg-type]
    assert refusal is not None
    assert says in refusal.say("en")


@pytest.mark.parametrize(("reason", "is_refused"), [("bedelde anlaşılamadı", False), (" ", True), ("x" * 301, True)])
def test_what_was_not_concluded_has_a_reason(reason: str, is_refused: bool) -> None:
    assert (refusal_to_conclude(None, reason, PREPARED, TODAY) is not None) == is_refused


def test_a_protocol_is_not_both_concluded_and_not() -> None:
    refusal = refusal_to_conclude(AGREEMENT, "bedelde anlaşılamadı", PREPARED, TODAY)
    assert refusal is not None
    assert "not as both" in refusal.say("en")
