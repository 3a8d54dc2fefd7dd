"""What becomes of a unit when the registry tells of it anew: the fields after, and the changes by their kind."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sekaps.domain.registry_rows import FIELDS, UnitRow

Fields = Mapping[str, object]
PLACE_IN_TREE = ("parent", "ministry", "province_code", "district_code")
STANDING = ("active_until", "successor")
DEFAULT_KIND = "institution"


class What(StrEnum):
    """The kinds of change a unit's history tells."""

    ADDED = "added"
    """The unit is new."""
    CHANGED = "changed"
    """Its name, letterhead or another field of its own."""
    MOVED = "moved"
    """Its parent, ministry, province or district."""
    MERGED = "merged"
    """It went up in another unit."""
    CLOSED = "closed"
    """It ended, or is gone from the whole file."""
    REOPENED = "reopened"
    """It is active again."""


@dataclass(frozen=True, slots=True)
class Change:
    """One kind of change of a unit, with the fields it touched before and after."""

    what: What
    before: Fields
    after: Fields


def is_closed(fields: Fields, as_of: datetime) -> bool:
    """Tell whether a unit has ended by an instant."""
    until = fields.get("active_until")
    return isinstance(until, datetime) and until <= as_of


def fields_after(before: Fields | None, unit: UnitRow, as_of: datetime, *, whole: bool) -> dict[str, object]:
    """Return a unit's fields once a row has told of it; what the row does not give stays.

    A unit said to be inactive or merged without a date ends now, once. In a whole file a unit that does not say
    so is active.
    """
    after: dict[str, object] = (
        {name: None for name in FIELDS} | {"kind": DEFAULT_KIND} | dict(before or {}) | unit.given
    )
    if "active_until" in unit.given and unit.given["active_until"] is not None:
        return after
    ends = unit.active is False or (unit.active is None and unit.given.get("successor") is not None)
    if ends:
        after["active_until"] = before["active_until"] if before and is_closed(before, as_of) else as_of
    elif unit.active or "active_until" in unit.given or (whole and is_closed(after, as_of)):
        after["active_until"] = None
        after["successor"] = None
    return after


def changes(before: Fields | None, after: Fields, as_of: datetime) -> Iterator[Change]:
    """Yield what changed, one for each kind of change."""
    if before is None:
        yield Change(What.ADDED, {}, {name: value for name, value in after.items() if value is not None})
        return
    differing = [name for name in FIELDS if before[name] != after[name]]
    kinds: dict[What, list[str]] = {}
    for name in differing:
        kinds.setdefault(_kind(name, before, after, as_of), []).append(name)
    for what, names in kinds.items():
        yield Change(what, {name: before[name] for name in names}, {name: after[name] for name in names})


def _kind(name: str, before: Fields, after: Fields, as_of: datetime) -> What:
    if name in PLACE_IN_TREE:
        return What.MOVED
    if name not in STANDING:
        return What.CHANGED
    if after["successor"] is not None:
        return What.MERGED
    if after["active_until"] is not None:
        return What.CLOSED
    return What.REOPENED if is_closed(before, as_of) else What.CHANGED
