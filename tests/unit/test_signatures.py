"""The rules of a signature chain."""

from datetime import UTC, datetime, timedelta

import pytest

from sekaps.domain.signatures import (
    CLOCKS_APART,
    NEXT_STATE,
    DocumentState,
    Turn,
    Verb,
    refusal_before_turn,
    refusal_to,
    refusal_to_sign,
)

SINCE = datetime(2023, 3, 2, 5, 30, tzinfo=UTC)


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


@pytest.mark.parametrize("earlier", [timedelta(0), CLOCKS_APART])
def test_clocks_may_be_a_little_apart(earlier: timedelta) -> None:
    assert refusal_before_turn(turn(), SINCE, SINCE - earlier) is None


def test_a_signature_before_its_turn_came_tells_that_a_clock_is_wrong() -> None:
    refusal = refusal_before_turn(turn(), SINCE, SINCE - CLOCKS_APART - timedelta(seconds=1))
    assert refusal is not None
    assert "since 2 March 2023 08:30; 2 March 2023 08:24 is before that" in refusal.say("en")
    assert refusal_before_turn(turn(DocumentState.EXPECTED, 1), SINCE, SINCE - timedelta(days=1)) is None


@pytest.mark.parametrize("state", DocumentState)
@pytest.mark.parametrize("verb", Verb)
def test_a_verb_is_done_only_to_a_document_in_a_state_the_table_names(verb: Verb, state: DocumentState) -> None:
    refusal = refusal_to(verb, "IBC-1", state, holds_the_post=True, reason="Miktar yanlış.")
    assert (refusal is None) is ((state, verb) in NEXT_STATE)


@pytest.mark.parametrize(
    ("verb", "state", "holds", "reason", "says"),
    [
        (Verb.RETURN, DocumentState.RECORDED, False, "Miktar yanlış.", "who may sign it now sends it back"),
        (Verb.RESUBMIT, DocumentState.RETURNED, False, "", "who signs first resubmits it"),
        (Verb.WITHDRAW, DocumentState.EXPECTED, False, "Mükerrer.", "who signs first withdraws it"),
        (Verb.RETURN, DocumentState.RECORDED, True, " ", "a reason must be given"),
        (Verb.WITHDRAW, DocumentState.EXPECTED, True, "", "a reason must be given"),
        (Verb.RETURN, DocumentState.COMPLETE, True, "Miktar yanlış.", "IBC-1 is complete"),
    ],
)
def test_what_may_not_be_done_is_told(verb: Verb, state: DocumentState, *, holds: bool, reason: str, says: str) -> None:
    refusal = refusal_to(verb, "IBC-1", state, holds_the_post=holds, reason=reason)
    assert refusal is not None
    assert says in refusal.say("en")


def test_resubmitting_asks_no_reason() -> None:
    assert refusal_to(Verb.RESUBMIT, "IBC-1", DocumentState.RETURNED, holds_the_post=True, reason="") is None
