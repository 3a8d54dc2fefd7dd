"""The bytes of a document that are signed: JSON with one form only (RFC 8785), in whatever order it came."""

import hashlib
import json
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

from sekaps.errors.evidence import InstantWithoutZone, ValueNotCanonical
from sekaps.texts import text

DOCUMENT_FORMAT = "sekaps-document-1"
"""Names the rules of this module and the fields of a document; another number for any other rule."""
FORMAT_KEY = "format"
LARGEST_INTEGER = 2**53 - 1
"""Integers up to here mean the same to every JSON reader (RFC 8785 §3.2.2.3); larger ones are written as text."""

Scalar = str | int | bool | Decimal | date | None
Canonical = Scalar | Sequence["Canonical"] | Mapping[str, "Canonical"]
"""What a document may hold: an instant is a ``datetime``, a quantity an integer or a ``Decimal``, never a float."""

_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


def canonical_bytes(document: Mapping[str, Canonical], *, form: str = DOCUMENT_FORMAT) -> bytes:
    """Return the one UTF-8 JSON form of a document, with the name of its format under ``format``."""
    if FORMAT_KEY in document:
        raise ValueNotCanonical(where=FORMAT_KEY, problem=text("this key is kept for the name of the format"))
    return _ENCODE(_mapping({**document, FORMAT_KEY: form}, "")).encode()


def digest(content: bytes) -> bytes:
    """Return the SHA-256 of canonical bytes."""
    return hashlib.sha256(content).digest()


def _mapping(value: Mapping[str, Canonical], where: str) -> dict[str, object]:
    """Return the mapping in the order of UTF-16 units, as RFC 8785 §3.2.3 sorts."""
    plain: dict[str, object] = {}
    for key, item in value.items():
        name = _string(key, where)
        if name in plain:
            raise ValueNotCanonical(where=_under(where, name), problem=text("the key is there twice"))
        plain[name] = _plain(item, _under(where, name))
    is_ascii = all(map(str.isascii, plain))  # then UTF-16 sorts as Python does
    return {name: plain[name] for name in sorted(plain, key=None if is_ascii else _utf16)}


def _utf16(name: str) -> bytes:
    return name.encode("utf-16-be")


def _under(where: str, name: str) -> str:
    return f"{where}.{name}" if where else name


def _plain(value: Canonical, where: str) -> object:
    if isinstance(value, str):
        return _string(value, where)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return _integer(value, where)
    if isinstance(value, dict | Mapping):  # a dict is known at once, any other mapping by a search of its classes
        return _mapping(value, where)
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray | memoryview):
        return [_plain(item, f"{where}[{place}]") for place, item in enumerate(value)]
    return _moment_or_quantity(value, where)


def _moment_or_quantity(value: object, where: str) -> str:
    if isinstance(value, datetime):
        return _instant(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal) and value.is_finite():
        return _quantity(value)
    kind = type(value).__name__
    raise ValueNotCanonical(where=where, problem=text("a value of kind {kind} has no single form", kind=kind))


def _quantity(value: Decimal) -> str:
    """Return the digits without a trailing zero, so that 1.50 and 1.5 are one quantity."""
    digits = format(value, "f")
    digits = digits.rstrip("0").rstrip(".") if "." in digits else digits
    return digits if value else "0"


def _string(value: object, where: str) -> str:
    if not isinstance(value, str):
        raise ValueNotCanonical(where=where or FORMAT_KEY, problem=text("a key must be text"))
    if value.isascii():
        return str(value)
    normal = unicodedata.normalize("NFC", value)
    try:
        normal.encode()
    except UnicodeEncodeError:
        problem = text("the text holds half a character (a lone surrogate)")
        raise ValueNotCanonical(where=where, problem=problem) from None
    return str(normal)


def _integer(value: int, where: str) -> int:
    if abs(value) > LARGEST_INTEGER:
        problem = text("the number is larger than {largest}; write it as text", largest=LARGEST_INTEGER)
        raise ValueNotCanonical(where=where, problem=problem)
    return int(value)


def _instant(value: datetime) -> str:
    if value.utcoffset() is None:
        raise InstantWithoutZone(instant=value)
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
