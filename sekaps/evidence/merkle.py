"""A hash tree over a day's records as in RFC 6962: one root for all, and a short proof for each."""

import hashlib
from collections.abc import Sequence

EMPTY = hashlib.sha256(b"").digest()
LEAF, NODE = b"\x00", b"\x01"
"""Prefixes that keep a record from passing for a pair of hashes (RFC 6962 §2.1)."""


def leaf_hash(record: bytes) -> bytes:
    """Return the hash of one record, mostly a 32-byte digest itself."""
    return hashlib.sha256(LEAF + record).digest()


def tree_root(records: Sequence[bytes]) -> bytes:
    """Return the root of the tree over records in their order; of none, the hash of nothing."""
    level = [leaf_hash(record) for record in records]
    while len(level) > 1:
        level = _above(level)
    return level[0] if level else EMPTY


def inclusion_proof(records: Sequence[bytes], place: int) -> list[bytes]:
    """Return the hashes beside the way from one record, by its place from 0, up to the root (RFC 6962 §2.1.1)."""
    if not 0 <= place < len(records):
        raise IndexError(place)
    level, proof = [leaf_hash(record) for record in records], []
    while len(level) > 1:
        beside = place ^ 1
        if beside < len(level):
            proof.append(level[beside])
        level, place = _above(level), place // 2
    return proof


def is_included(record: bytes, place: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Tell whether a record stands at that place of a tree of that size with that root (RFC 9162 §2.1.3.2)."""
    if not 0 <= place < size:
        return False
    found, last, left = leaf_hash(record), size - 1, list(proof)
    while last:
        if place % 2 or place < last:
            if not left:
                return False
            beside = left.pop(0)
            found = _node(beside, found) if place % 2 else _node(found, beside)
        place, last = place // 2, last // 2
    return not left and found == root


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(NODE + left + right).digest()


def _above(level: list[bytes]) -> list[bytes]:
    """Return the level above; a last hash without a partner moves up as it is."""
    pairs = [_node(left, right) for left, right in zip(level[::2], level[1::2], strict=False)]
    return [*pairs, level[-1]] if len(level) % 2 else pairs
