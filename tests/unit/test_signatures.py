"""The rules of a signature chain."""

import pytest

from sekaps.domain.signatures import DocumentState, Turn, refusal_to_sign


def turn(state: str = DocumentState.RECORDED, slot: int = 2, length: int = 3) -> Turn:
    return Turn("IBC-2023-000001", state, slot, length, ["Birim amiri"])


def test_the_holder_of_the_post_signs_when_it_is_that_slots_turn() -> None:
    assert refusal_to_sign(turn(), holds_the_post=True, signed_before=False) is None


@pytest.mark.parametrize(
    ("document", "holds", "before", "says"),
    [
        (turn(), False, False, "does not hold that post"),
        (turn(), True, True, "no one fills two slots"),
        (turn(DocumentState.COMPLETE, 0), True, False, "is complete"),
        (turn(DocumentState.WITHDRAWN), True, False, "was withdrawn"),
        (turn(DocumentState.RETURNED, 1), True, False, "resubmitted before it is signed"),
    ],
)
def test_a_signature_is_refused_with_its_reason(document: Turn, *, holds: bool, before: bool, says: str) -> None:
    refusal = refusal_to_sign(document, holds_the_post=holds, signed_before=before)
    assert refusal is not None
    assert says in refusal.say("en")
