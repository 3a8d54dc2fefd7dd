"""The hash that chains acts."""

import hashlib
import json
from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from sekaps.domain.trail import GENESIS, Entry, canonical_around, chain_hash, digest_of

ENTRY = Entry(at=datetime(2023, 4, 28, 8, tzinfo=UTC), verb="sign", activity="needs_entry", step="4.a", documents=2)
CHANGED: dict[str, Any] = {
    "at": datetime(2023, 4, 28, 8, 0, 0, 1000, tzinfo=UTC),
    "verb": "decide",
    "outcome": "refused",
    "mandate_id": 1,
    "authority": "person",
    "edition_id": 1,
    "revision": 2,
    "activity": "preparations",
    "step": "4.b",
    "documents": 3,
    "facts": {"documents": [1]},
}


@pytest.mark.parametrize("name", [field.name for field in fields(Entry)])
def test_changing_any_fact_of_an_act_changes_its_hash(name: str) -> None:
    changed = replace(ENTRY, **{name: CHANGED[name]})
    assert chain_hash(GENESIS, "main", 1, changed) != chain_hash(GENESIS, "main", 1, ENTRY)


def test_the_hash_depends_on_what_came_before_on_the_place_and_on_the_stream() -> None:
    hashes = {
        chain_hash(GENESIS, "main", 1, ENTRY),
        chain_hash(b"\1" * 32, "main", 1, ENTRY),
        chain_hash(GENESIS, "main", 2, ENTRY),
        chain_hash(GENESIS, "other", 1, ENTRY),
    }
    assert len(hashes) == 4


def test_the_digest_of_a_set_of_ids_does_not_depend_on_their_order() -> None:
    assert digest_of([3, 1, 2]) == digest_of([1, 2, 3]) != digest_of([1, 2])


def test_what_is_hashed_is_the_canonical_json_of_the_act_with_its_place_in_the_stream() -> None:
    told = {field.name: getattr(ENTRY, field.name) for field in fields(Entry)}
    body = {**told, "at": "2023-04-28T08:00:00.000+00:00", "stream": "main", "sequence": 17}
    plain = json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert "17".join(canonical_around("main", ENTRY)) == plain
    assert chain_hash(GENESIS, "main", 17, ENTRY) == hashlib.sha256(GENESIS + plain.encode()).digest()
