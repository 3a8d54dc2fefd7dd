"""What somebody answers to a proposal, and how an answer that cannot be followed is told instead of failing."""

from collections.abc import Callable
from dataclasses import dataclass

from prefect.cache_policies import INPUTS, RUN_ID

from sekaps.errors.base import SekapsError
from sekaps.texts import Bilingual

ONCE_A_TURN = (INPUTS - "tick" - "answer") + RUN_ID
"""The answer of a turn is followed once: a run that begins again from the top hears what was said to it then."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody answers to a proposal: to do it (though there are gaps, if so), or to withdraw it."""

    proposal: int
    decided_by: str
    letter_number: str = ""
    withdraw: bool = False
    with_gaps: bool = False


def refusal_of(act: Callable[[], None]) -> Bilingual | None:
    """Act, and return why it could not be done, if so."""
    try:
        act()
    except SekapsError as refusal:
        return Bilingual(refusal.say("tr"), refusal.say("en"))
    return None
