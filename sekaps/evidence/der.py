"""Distinguished encoding (ITU-T X.690) as far as a CMS message needs it: values written, and read strictly."""

from collections.abc import Iterator
from dataclasses import dataclass

INTEGER, OCTETS, NULL, OID, UTC_TIME, GENERAL_TIME, SEQUENCE, SET = 0x02, 0x04, 0x05, 0x06, 0x17, 0x18, 0x30, 0x31
CONTEXT_0, CONTEXT_1 = 0xA0, 0xA1


class Malformed(ValueError):
    """Bytes that are not the distinguished encoding expected at that place."""


def tlv(tag: int, content: bytes) -> bytes:
    """Return the encoding of a value: tag, definite shortest length, content."""
    length = len(content)
    if length < 0x80:
        return bytes((tag, length)) + content
    if length < 0x100:
        return bytes((tag, 0x81, length)) + content
    size = (length.bit_length() + 7) // 8
    return bytes((tag, 0x80 | size)) + length.to_bytes(size) + content


def integer(number: int) -> bytes:
    """Return the encoding of a non-negative integer."""
    return tlv(INTEGER, number.to_bytes(number.bit_length() // 8 + 1))


def oid(dotted: str) -> bytes:
    """Return the encoding of an object identifier."""
    first, second, *rest = map(int, dotted.split("."))
    return tlv(OID, b"".join(_base128(arc) for arc in (first * 40 + second, *rest)))


def _base128(arc: int) -> bytes:
    digits = [arc & 0x7F]
    while arc := arc >> 7:
        digits.append(0x80 | (arc & 0x7F))
    return bytes(reversed(digits))


@dataclass(slots=True)
class Reader:
    """Reads values one after another from a stretch of bytes, refusing every encoding but the distinguished one."""

    data: bytes
    place: int
    end: int

    def step(self) -> tuple[int, int, int]:
        """Return tag, start of the content and end of the next value, and move past it."""
        data, place = self.data, self.place
        if place + 2 > self.end:
            raise Malformed("the bytes end early")
        tag, length, start = data[place], data[place + 1], place + 2
        if length >= 0x80:
            size = length & 0x7F
            start += size
            length = int.from_bytes(data[place + 2 : start])
            if size not in (1, 2, 3) or length < (0x80 if size == 1 else 1 << (8 * (size - 1))):
                raise Malformed("a length is not in its shortest form")
        stop = start + length
        if stop > self.end:
            raise Malformed("a value is longer than the bytes that hold it")
        self.place = stop
        return tag, start, stop

    def enter(self, tag: int) -> "Reader":
        """Return a reader of the content of the next value, which must have that tag."""
        start, stop = self._expect(tag)
        return Reader(self.data, start, stop)

    def content(self, tag: int) -> bytes:
        """Return the content of the next value, which must have that tag."""
        start, stop = self._expect(tag)
        return self.data[start:stop]

    def whole(self, tag: int) -> bytes:
        """Return the next value with its tag and length; it must have that tag."""
        begins = self.place
        self._expect(tag)
        return self.data[begins : self.place]

    def take(self, tag: int) -> "Reader | None":
        """Return a reader of the next value's content where it has that tag; else stay where it is."""
        return self.enter(tag) if self.peek() == tag else None

    def peek(self) -> int:
        """Return the tag of the next value; 0 at the end."""
        return self.data[self.place] if self.place < self.end else 0

    def all(self, tag: int) -> Iterator[bytes]:
        """Return every value left, whole; each must have that tag."""
        while self.place < self.end:
            yield self.whole(tag)

    def finish(self) -> None:
        """Refuse bytes that are left over."""
        if self.place != self.end:
            raise Malformed("bytes are left over")

    def _expect(self, tag: int) -> tuple[int, int]:
        """Return start and end of the next value's content, and move past it."""
        found, start, stop = self.step()
        if found != tag:
            raise Malformed(f"tag {found:#04x} where {tag:#04x} is expected")
        return start, stop


def reader(data: bytes) -> Reader:
    """Return a reader of all the bytes."""
    return Reader(data, 0, len(data))
