"""The bytes of a table in text: unpacked as a stream, their encoding told, damage found before a row is read."""

import codecs
import csv
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from sekaps.domain.registry_cells import fold
from sekaps.errors.forms import TableUnreadable
from sekaps.services.calendar_files import MANGLED, TURKISH_LETTERS
from sekaps.services.registry_headings import Headings
from sekaps.texts import Sayable, text

BLOCK_BYTES = 1 << 20
PACKED = {".gz": "gzip", ".zst": "zstd"}
SEPARATORS = (";", ",", "\t")
UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
UNCLOSED = text("a quotation mark is opened and not closed")
UNKNOWN_ENCODING = text("it is written neither in UTF-8, UTF-16 nor windows-1254; save it as UTF-8")
LONGEST_HEADING = 64 * 1024
MIXED = "mixed"
"""Most of it is UTF-8 and some of it is not, as where rows of one file were pasted into another."""


@dataclass(frozen=True, slots=True)
class Writing:
    """How a table in text is written: encoding, separator, the words of its heading; and the digest of the file."""

    encoding: str
    separator: str
    heading: Sequence[str]
    digest: str


def open_bytes(path: Path) -> tuple[pa.NativeFile, pa.NativeFile]:
    """Return a file as a stream, unpacked where it is packed, and the file itself, whose place tells how far one is."""
    try:
        raw = pa.OSFile(str(path))
    except OSError as failure:
        problem = failure.strerror or str(failure).partition("Detail:")[0]
        raise TableUnreadable(path=str(path), problem=problem) from None
    packed = PACKED.get(path.suffix.lower())
    return (pa.CompressedInputStream(raw, packed) if packed else raw), raw


def probe(path: Path, headings: Headings) -> Writing:
    """Return how a table is written, every byte of it looked at; raise TableUnreadable with one clear problem."""
    seen = _Seen(_encoding(path))
    for block in blocks(path):
        seen.take(block)
        if seen.problem is not None:
            raise TableUnreadable(path=str(path), problem=seen.problem)
    if seen.quotes % 2:
        raise TableUnreadable(path=str(path), problem=UNCLOSED)
    encoding = _settled(path, seen)
    decoded = seen.first.decode("utf-8" if encoding == MIXED else encoding, errors="replace")
    first = decoded.lstrip("\ufeff").splitlines()
    separator, heading = _heading(path, first[0] if first else "", headings)
    return Writing(encoding, separator, heading, seen.digest.hexdigest())


def digest_of(path: Path) -> str:
    """Return the digest by which a file is known again, however it is packed."""
    digest = hashlib.sha256()
    for block in blocks(path):
        digest.update(block)
    return digest.hexdigest()


def _settled(path: Path, seen: "_Seen") -> str:
    """Return the encoding; what is neither is mixed if its heading is UTF-8, and otherwise nothing we know."""
    if not seen.is_strange:
        return seen.encoding
    try:
        seen.first.partition(b"\n")[0].decode("utf-8")
    except UnicodeDecodeError:
        raise TableUnreadable(path=str(path), problem=UNKNOWN_ENCODING) from None
    return MIXED


def blocks(path: Path) -> Iterator[bytes]:
    """Yield the bytes of a file, unpacked; raise TableUnreadable where it is cut off or no packed file at all."""
    stream, _ = open_bytes(path)
    try:
        while block := stream.read(BLOCK_BYTES):
            yield block
    except OSError as damage:
        raise TableUnreadable(path=str(path), problem=_packing(damage)) from None


def _packing(damage: OSError) -> Sayable:
    cut = "runcated" in str(damage)
    return text("the packed file is cut off") if cut else text("it is no file of the packing its name says")


def _encoding(path: Path) -> str:
    """Return the encoding in which every byte of a file means something; UTF-8 before windows-1254."""
    first = next(blocks(path), b"")
    if first.startswith(UTF16):
        return "utf-16"
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for block in blocks(path):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1254"
    return "utf-8"


class _Seen:
    """What the bytes of a file have shown so far."""

    def __init__(self, encoding: str) -> None:
        self.encoding, self.quotes, self.first = encoding, 0, b""
        self.problem: Sayable | None = None
        self.is_strange = False
        """Whether windows-1254 would make letters of it that no Turkish text has."""
        self.digest = hashlib.sha256()
        self._decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
        self._mangled = [letter.encode(encoding, errors="replace") for letter in MANGLED]

    def take(self, block: bytes) -> None:
        self.digest.update(block)
        self.first = self.first or block[:LONGEST_HEADING]
        decoded = self._decoder.decode(block) if self.encoding != "utf-8" else ""
        self.quotes += decoded.count('"') if self.encoding == "utf-16" else block.count(b'"')
        if self.encoding == "utf-16" and "\ufffd" in decoded:
            self.problem = UNKNOWN_ENCODING
        if self.encoding == "cp1254" and not self.is_strange:
            self.is_strange = bool({letter for letter in decoded if not letter.isascii()} - TURKISH_LETTERS)
        if self.encoding == "utf-8" and (found := next((each for each in self._mangled if each in block), None)):
            self.problem = text("'{letter}' shows a wrong encoding; save the file as UTF-8", letter=found.decode())


def _heading(path: Path, line: str, headings: Headings) -> tuple[str, Sequence[str]]:
    """Return the separator and the words of the heading."""
    if not line.strip():
        raise TableUnreadable(path=str(path), problem=text("it holds no row"))
    separator = max(SEPARATORS, key=lambda each: sum(fold(word) in headings.fields for word in line.split(each)))
    return separator, next(csv.reader([line], delimiter=separator))
