"""The life of a KEP address: the moves the letter of 2015 allows, and no other."""

import itertools

import pytest

from sekaps.domain.kep_addresses import MOVES, KepEvent, KepState, moved, read_address
from sekaps.errors.registry import KepMoveForbidden

FORBIDDEN = [pair for pair in itertools.product(KepState, KepEvent) if pair not in MOVES]


def test_an_address_is_registered_sent_verified_and_replaced_by_the_next() -> None:
    state = KepState.REGISTERED
    for event in (KepEvent.SEND, KepEvent.SEND, KepEvent.VERIFY, KepEvent.SUPERSEDE):
        state = moved(state, event)
    assert state is KepState.REPLACED


def test_an_address_that_still_waits_may_be_given_up() -> None:
    for waiting in (KepState.REGISTERED, KepState.VERIFICATION_SENT):
        assert moved(waiting, KepEvent.WITHDRAW) is KepState.CLOSED


@pytest.mark.parametrize(("state", "event"), FORBIDDEN)
def test_a_move_outside_the_table_raises(state: KepState, event: KepEvent) -> None:
    with pytest.raises(KepMoveForbidden, match="stays as it is"):
        moved(state, event)


def test_a_verified_address_leaves_use_only_when_its_successor_is_verified() -> None:
    ways_out = [event for (state, event) in MOVES if state is KepState.VERIFIED]
    assert ways_out == [KepEvent.SUPERSEDE]


@pytest.mark.parametrize(
    ("state", "event", "says"),
    [
        (KepState.REGISTERED, KepEvent.VERIFY, "was not sent yet"),
        (KepState.VERIFIED, KepEvent.WITHDRAW, "until the address after it is verified"),
        (KepState.REPLACED, KepEvent.VERIFY, "register an address anew"),
        (KepState.CLOSED, KepEvent.SEND, "register an address anew"),
        (KepState.REGISTERED, KepEvent.SUPERSEDE, "only after it was in use"),
    ],
)
def test_a_forbidden_move_tells_why(state: KepState, event: KepEvent, says: str) -> None:
    with pytest.raises(KepMoveForbidden, match=says):
        moved(state, event)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (" CBDDO@HS01.KEP.TR ", "cbddo@hs01.kep.tr"),
        ("ICISLERI.bakanlik@hs02.kep.tr", "icisleri.bakanlik@hs02.kep.tr"),
        ("kurum@birim.hs03.kep.tr", "kurum@birim.hs03.kep.tr"),
        ("kurum@example.com", None),
        ("kurum@hs1.kep.tr", None),
        ("çorum@hs01.kep.tr", None),
        ("@hs01.kep.tr", None),
        ("", None),
    ],
)
def test_an_address_is_one_at_a_numbered_provider(written: str, kept: str | None) -> None:
    assert read_address(written) == kept
