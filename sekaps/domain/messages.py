"""A message as bytes: text and HTML side by side, safe headers, a name that stays the same when it is sent again.

Built by hand: the standard library's e-mail policy parses every header it is given, at 16 times the cost. What the
letters of a night share, lines as well as headers, is written once. What is built here is read back with that library
in the tests.
"""

import re
from base64 import b64encode
from binascii import b2a_qp
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.utils import format_datetime
from functools import lru_cache
from hashlib import sha256

from sekaps.errors.systems import HeaderUnsafe
from sekaps.texts import ZONE

ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")
UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
ATOMS = re.compile(r"[A-Za-z0-9 ]+")
LINE_LIMIT = 76
LINES_KEPT = 2048
"""Lines of bodies kept as they are written: more than the letters of a night share."""

FRAME = """\
From: {sender}
To: {to}
Subject: {subject}
Date: {date}
Message-ID: {message_id}
List-Id: <{list_id}>
Auto-Submitted: auto-generated
X-Auto-Response-Suppress: All
MIME-Version: 1.0
Content-Type: multipart/alternative;
 boundary="{boundary}"

--{boundary}
Content-Type: text/plain; charset="utf-8"
Content-Transfer-Encoding: quoted-printable

{plain}
--{boundary}
Content-Type: text/html; charset="utf-8"
Content-Transfer-Encoding: quoted-printable

{html}
--{boundary}--
""".replace("\n", "\r\n")


@dataclass(frozen=True, slots=True)
class Letter:
    """A message to one person; the key is the one it has in the outbox."""

    key: str
    name: str
    address: str
    subject: str
    plain: str
    html: str


def message_bytes(letter: Letter, *, sender: str, at: datetime) -> bytes:
    """Return the message as it goes over the wire, dated with the given instant."""
    identity = message_id(letter.key, sender)
    written = FRAME.format(
        sender=require_address("from", sender),
        to=f"{_phrase('to', letter.name)} <{require_address('to', letter.address)}>",
        subject=_header("subject", letter.subject),
        date=_date(at),
        message_id=identity,
        list_id=f"{_slug(letter.key.partition(':')[0])}.{_domain(sender)}",
        boundary=f"=_{sha256(identity.encode()).hexdigest()[:32]}",  # "=_" never occurs in quoted-printable
        plain=_body(letter.plain),
        html=_body(letter.html),
    )
    return written.encode("ascii")


def message_id(key: str, sender: str) -> str:
    """Return the Message-ID of an outbox key: the same at every hand-over, so that a repeat is recognised."""
    return f"<{_slug(key)}.{sha256(key.encode()).hexdigest()[:12]}@{_domain(sender)}>"


def require_address(header: str, value: str) -> str:
    """Return an address that a header and the relay can hold; raise HeaderUnsafe for any other."""
    if ADDRESS.fullmatch(value) is None:
        raise HeaderUnsafe(header=header, value=value)
    return value


def _slug(key: str) -> str:
    return re.sub(r"[^a-z0-9-]+", ".", key.lower()).strip(".") or "message"


@lru_cache(maxsize=8)
def _domain(sender: str) -> str:
    return require_address("from", sender).rpartition("@")[2]


@lru_cache(maxsize=8)
def _date(at: datetime) -> str:
    return format_datetime(at.astimezone(ZONE))


def _phrase(header: str, value: str) -> str:
    """Return a display name, encoded when it is more than a few plain words (a list would misread its comma)."""
    if len(value) < LINE_LIMIT // 2 and ATOMS.fullmatch(value):
        return value
    word = f"=?utf-8?b?{b64encode(_safe(header, value).encode()).decode('ascii')}?="
    return word if len(f"{header}: {word}") < LINE_LIMIT else _folded(header, value)


@lru_cache(maxsize=4096)
def _header(header: str, value: str) -> str:
    """Return a header as it is written; the letters of one night share most of theirs."""
    plain = value.isascii() and len(value) < LINE_LIMIT - len("Subject: ") and "=?" not in value
    return _safe(header, value) if plain else _folded(header, value)


def _folded(header: str, value: str) -> str:
    """Return a value in encoded words, on as many lines as it needs."""
    folded = Header(_safe(header, value), "utf-8", maxlinelen=LINE_LIMIT - 1, header_name=header)
    return folded.encode(linesep="\r\n")


def _safe(header: str, value: str) -> str:
    if UNSAFE.search(value):
        raise HeaderUnsafe(header=header, value=value)
    return value


def _body(text: str) -> str:
    unix = text.replace("\r\n", "\n").replace("\r", "\n")
    return "\r\n".join(map(_line, unix.split("\n")))


@lru_cache(maxsize=LINES_KEPT)
def _line(line: str) -> str:
    """Return one line of a body in quoted-printable, which knows nothing of the lines around it."""
    return b2a_qp(line.encode(), istext=True).decode("ascii").replace("\n", "\r\n")
