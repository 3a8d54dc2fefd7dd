"""What an act seals, and how an audit of evidence is counted."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from sekaps.domain.evidence import (
    Doubts,
    EvidenceCount,
    Flaw,
    SignatureKey,
    SignedSlot,
    Span,
    digest_of_signatures,
    share_of,
)
from sekaps.domain.gaps import Cause

AT = datetime(2023, 3, 1, 7, tzinfo=UTC)
SLOT = SignedSlot(7, 1, 2, 33, 44, AT, bytes(32))
OTHER = {
    "document_id": 8,
    "round": 2,
    "slot": 1,
    "person_id": 34,
    "mandate_id": 45,
    "at": AT + timedelta(milliseconds=1),
    "content_digest": None,
}


@pytest.mark.parametrize("name", OTHER)
def test_every_fact_of_a_signature_is_sealed(name: str) -> None:
    assert digest_of_signatures([replace(SLOT, **{name: OTHER[name]})]) != digest_of_signatures([SLOT])  # type: ignore[arg-type]


def test_a_signature_more_or_less_is_another_digest() -> None:
    digests = {digest_of_signatures([SLOT] * count) for count in range(3)}
    assert len(digests) == 3


def test_what_the_database_does_not_keep_is_not_sealed() -> None:
    assert replace(SLOT, at=AT + timedelta(microseconds=999)).line == SLOT.line


def test_flaws_are_counted_by_cause() -> None:
    flaw = Flaw("IBC-1", 1, 2, "Ayşe Yılmaz", AT, 9, Cause.BYTES_CHANGED)
    count = EvidenceCount(5, 1, (flaw, replace(flaw, cause=Cause.OFF_THE_TRAIL, document=None), flaw))
    assert count.by_cause == {"bytes_changed": 2, "off_the_trail": 1}
    assert EvidenceCount().by_cause == {}


@pytest.mark.parametrize(
    ("quota", "span"), [(1, Span(3, 3)), (10, Span(3, 3)), (11, Span(3, 5)), (13, Span(3, 9)), (99, Span(3, 9))]
)
def test_a_share_is_the_first_acts_that_make_up_so_many_signatures(quota: int, span: Span) -> None:
    assert share_of([(3, 10), (5, 2), (9, 7)], quota) == span


def test_a_share_of_nothing_is_empty() -> None:
    assert share_of([], 5) == Span()


def test_doubts_are_joined_shared_and_taken_away_and_each_is_about_an_act() -> None:
    one, other = SignatureKey(7, 1), SignatureKey(7, 2)
    doubts = Doubts(frozenset({one, other}), frozenset({3}))
    assert Doubts(frozenset({one})) | Doubts(frozenset({other}), frozenset({3})) == doubts
    assert doubts & Doubts(frozenset({one}), frozenset({4})) == Doubts(frozenset({one}))
    assert doubts - Doubts(frozenset({one}), frozenset({3})) == Doubts(frozenset({other}))
    assert doubts.touched == {1, 2, 3}
    assert doubts.of_acts({2, 3, 4}) == Doubts(frozenset({other}), frozenset({3}))
