"""Why a document waits: one table of causes."""

import pytest

from sekaps.domain.gaps import Cause, cause_of
from sekaps.texts import LANGUAGES


@pytest.mark.parametrize(
    ("state", "slot", "held", "cause"),
    [
        ("expected", 1, True, Cause.NOT_STARTED),
        ("recorded", 2, True, Cause.WAITING),
        ("recorded", 3, False, Cause.POST_VACANT),
        ("expected", 1, False, Cause.POST_VACANT),
        ("returned", 1, True, Cause.RETURNED),
        ("returned", 1, False, Cause.RETURNED),
    ],
)
def test_the_cause_is_the_one_somebody_must_act_on_first(state: str, slot: int, *, held: bool, cause: Cause) -> None:
    assert cause_of(state=state, slot=slot, held=held) is cause


@pytest.mark.parametrize("cause", Cause)
def test_every_cause_is_worded_in_both_languages(cause: Cause) -> None:
    assert len({cause.meaning.say(language) for language in LANGUAGES}) == len(LANGUAGES)
