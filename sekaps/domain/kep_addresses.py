"""The life of a registered e-mail address (KEP): one table of moves, and what an address looks like.

Source: Prime Ministry letter 72131250-542-405 of 30 September 2015 on inter-agency e-correspondence, annexes 1 and 2.
"""

import re
from collections.abc import Mapping
from enum import StrEnum

from sekaps.domain.registry_fields import code_name
from sekaps.errors.registry import KepMoveForbidden
from sekaps.texts import Text, text

ADDRESS = re.compile(r"[a-z0-9][a-z0-9._-]*@([a-z0-9-]+\.)*hs\d{2}\.kep\.tr")
"""An address at one of the licensed providers (KEPHS), which are numbered: hs01 is PTT."""


class KepState(StrEnum):
    """Where an address stands; the old one stays verified, and in use, while a new one waits."""

    REGISTERED = "registered"
    """In the registry; closed to others."""
    VERIFICATION_SENT = "verification_sent"
    """The authority sent the verification message; no time limit is written for the answer."""
    VERIFIED = "verified"
    """Open: others send to it."""
    REPLACED = "replaced"
    """Out of use since the address after it was verified."""
    CLOSED = "closed"
    """Given up before it was ever in use."""


class KepEvent(StrEnum):
    """What happens to an address."""

    SEND = "send"
    """The verification message is sent, or sent again."""
    VERIFY = "verify"
    """Authorised staff follow the address in the message."""
    SUPERSEDE = "supersede"
    """The unit's next address is verified."""
    WITHDRAW = "withdraw"
    """Another address is registered in its stead before it was verified."""


MOVES: Mapping[tuple[KepState, KepEvent], KepState] = {
    (KepState.REGISTERED, KepEvent.SEND): KepState.VERIFICATION_SENT,
    (KepState.VERIFICATION_SENT, KepEvent.SEND): KepState.VERIFICATION_SENT,
    (KepState.VERIFICATION_SENT, KepEvent.VERIFY): KepState.VERIFIED,
    (KepState.VERIFIED, KepEvent.SUPERSEDE): KepState.REPLACED,
    (KepState.REGISTERED, KepEvent.WITHDRAW): KepState.CLOSED,
    (KepState.VERIFICATION_SENT, KepEvent.WITHDRAW): KepState.CLOSED,
}
"""Every allowed move. A verified address has one way out, its successor's verification: a unit is never without one."""
WAITING = (KepState.REGISTERED, KepState.VERIFICATION_SENT)


def moved(state: KepState, event: KepEvent) -> KepState:
    """Return the state an event leads to; raise KepMoveForbidden for a move that is not in the table."""
    try:
        return MOVES[state, event]
    except KeyError:
        raise KepMoveForbidden(state=code_name(state.value), problem=_why_not(state, event)) from None


def read_address(written: str) -> str | None:
    """Return an address in the form it is kept, or None when it is no KEP address."""
    address = written.strip().replace("I", "i").replace("İ", "i").lower()
    return address if ADDRESS.fullmatch(address) else None


def _why_not(state: KepState, event: KepEvent) -> Text:
    if state in (KepState.REPLACED, KepState.CLOSED):
        return text("it is out of use for good; register an address anew")
    if event is KepEvent.VERIFY and state is KepState.REGISTERED:
        return text("the verification message was not sent yet; note that first")
    if state is KepState.VERIFIED:
        return text("it is verified and in use until the address after it is verified")
    return text("an address is replaced only after it was in use")
