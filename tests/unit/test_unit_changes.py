"""What becomes of a unit when the registry tells of it anew."""

from datetime import UTC, datetime

import pytest

from sekaps.domain.registry_rows import FIELDS, UnitRow
from sekaps.domain.unit_changes import What, changes, fields_after, is_closed

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
BEFORE = datetime(2025, 1, 1, tzinfo=UTC)
LATER = datetime(2027, 1, 1, tzinfo=UTC)
A, B = 10000001, 10000002
STORED: dict[str, object] = {**dict.fromkeys(FIELDS), "name": "Birim", "kind": "institution", "parent": A}
CLOSED = {**STORED, "active_until": BEFORE}
MERGED = {**CLOSED, "successor": B}


def told(
    before: dict[str, object] | None, whole: bool = False, active: bool | None = None, **given: object
) -> dict[str, object]:
    """Return what changed, by kind, as the fields after."""
    after = fields_after(before, UnitRow(2, A, dict(given), active), NOW, whole=whole)
    return {change.what: dict(change.after) for change in changes(before, after, NOW)}


def test_a_new_unit_is_added_with_what_is_given() -> None:
    assert told(None, name="Birim") == {What.ADDED: {"name": "Birim", "kind": "institution"}}


def test_what_is_not_given_stays_and_the_same_again_changes_nothing() -> None:
    assert told(STORED) == told(STORED, name="Birim", parent=A) == {}
    assert told(STORED, letterhead="T.C.") == {What.CHANGED: {"letterhead": "T.C."}}


def test_a_unit_may_move_and_change_in_one_row() -> None:
    assert told(STORED, parent=B, name="Yeni") == {What.CHANGED: {"name": "Yeni"}, What.MOVED: {"parent": B}}


@pytest.mark.parametrize(
    ("before", "row", "what"),
    [
        (STORED, {"active": False}, {What.CLOSED: {"active_until": NOW}}),
        (STORED, {"active_until": BEFORE}, {What.CLOSED: {"active_until": BEFORE}}),
        (STORED, {"active_until": LATER}, {What.CLOSED: {"active_until": LATER}}),
        (STORED, {"successor": B}, {What.MERGED: {"active_until": NOW, "successor": B}}),
        (STORED, {"successor": B, "active_until": BEFORE}, {What.MERGED: {"active_until": BEFORE, "successor": B}}),
        (CLOSED, {"active": False}, {}),
        (MERGED, {"successor": B}, {}),
        (CLOSED, {}, {}),
        (CLOSED, {"active": True}, {What.REOPENED: {"active_until": None}}),
        (MERGED, {"active_until": None}, {What.REOPENED: {"active_until": None, "successor": None}}),
        ({**STORED, "active_until": LATER}, {"active": True}, {What.CHANGED: {"active_until": None}}),
        ({**STORED, "active_until": LATER}, {"active": False}, {What.CLOSED: {"active_until": NOW}}),
        (CLOSED, {"whole": True}, {What.REOPENED: {"active_until": None}}),
        (MERGED, {"whole": True, "successor": B}, {}),
        (STORED, {"whole": True}, {}),
    ],
)
def test_units_close_merge_and_open_again(before: dict[str, object], row: dict[str, object], what: object) -> None:
    assert told(before, **row) == what  # type: ignore[arg-type]


def test_a_unit_is_closed_from_the_instant_it_ends() -> None:
    assert is_closed({"active_until": NOW}, NOW)
    assert not is_closed({"active_until": LATER}, NOW)
    assert not is_closed({}, NOW)
