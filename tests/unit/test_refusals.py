"""Each refusal the engine words is known by its kind again."""

from datetime import date

import pytest

from sekaps.calendar.windows import Window
from sekaps.domain.gates import Gate, Standing
from sekaps.domain.refusals import RefusalKind, kind_of
from sekaps.domain.signatures import Turn, refusal_to_sign
from sekaps.texts import text

GATE = Gate("needs_entry", "4.a", text("needs entry"), Window(date(2023, 2, 1), date(2023, 4, 28)))
STANDING = Standing(20000001, "01", None)


@pytest.mark.parametrize(
    ("day", "kind"), [(date(2023, 1, 31), RefusalKind.TOO_EARLY), (date(2023, 5, 2), RefusalKind.TOO_LATE)]
)
def test_a_closed_gate_is_too_early_or_too_late(day: date, kind: RefusalKind) -> None:
    refusal = GATE.refusal(STANDING, day)
    assert refusal is not None
    assert kind_of(refusal.say("en")) is kind


@pytest.mark.parametrize(
    ("state", "holds", "signed", "kind"),
    [
        ("complete", True, False, RefusalKind.NOTHING_OPEN),
        ("withdrawn", True, False, RefusalKind.NOTHING_OPEN),
        ("recorded", False, False, RefusalKind.NOT_ENTITLED),
        ("recorded", True, True, RefusalKind.SECOND_SIGNATURE),
    ],
)
def test_a_refused_signature_says_why(state: str, holds: bool, signed: bool, kind: RefusalKind) -> None:
    refusal = refusal_to_sign(Turn("IBC-1", state, 2, 3, "head"), holds_the_post=holds, signed_before=signed)
    assert refusal is not None
    assert kind_of(refusal.say("en")) is kind


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("only the holder of the head's post of X decides for it", RefusalKind.NOT_ENTITLED),
        ("only somebody with a post in unit 20000001 records it", RefusalKind.NOT_ENTITLED),
        ("X has no open proposal at this stage", RefusalKind.NOTHING_OPEN),
        ("the allocation does not await approval", RefusalKind.NOTHING_OPEN),
        ("nothing is left to record for it", RefusalKind.NOTHING_OPEN),
        ("X (20000001) is not ready for needs entry; missing: static IP (by: X)", RefusalKind.NOT_READY),
        ("something else", RefusalKind.OTHER),
    ],
)
def test_a_refused_decision_or_record_says_why(sentence: str, kind: RefusalKind) -> None:
    assert kind_of(sentence) is kind


def test_every_kind_is_worded() -> None:
    assert all(kind.meaning.tr and kind.meaning.en for kind in RefusalKind)
