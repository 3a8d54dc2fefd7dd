"""A message as bytes: text and HTML side by side, safe headers, a name that stays the same when it is sent again.

Built by hand: the standard library's e-mail policy parses every header it is given, at 16 times the cost. What is
built here is read back with that library in the tests.
"""

import re
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
"""


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
        date=format_datetime(at.astimezone(ZONE)),
        message_id=identity,
        list_id=f"{_slug(letter.key.partition(':')[0])}.{_domain(sender)}",
        boundary=f"=_{sha256(identity.encode()).hexdigest()[:32]}",  # "=_" never occurs in quoted-printable
        plain=_body(letter.plain),
        html=_body(letter.html),
    )
    return written.replace("\n", "\r\n").encode("ascii")


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


def _domain(sender: str) -> str:
    return require_address("from", sender).rpartition("@")[2]


def _phrase(header: str, value: str) -> str:
    """Return a display name, encoded when it is more than a few plain words (a list would misread its comma)."""
    if len(value) < LINE_LIMIT // 2 and ATOMS.fullmatch(value):
        return value
    return _header(header, value, always=True)


@lru_cache(maxsize=4096)
def _header(header: str, value: str, *, always: bool = False) -> str:
    """Return a header as it is written; the letters of one night share most of theirs."""
    if UNSAFE.search(value):
        raise HeaderUnsafe(header=header, value=value)
    plain = value.isascii() and len(value) < LINE_LIMIT - len("Subject: ") and "=?" not in value
    if plain and not always:
        return value
    return Header(value, "utf-8", maxlinelen=LINE_LIMIT - 1, header_name=header).encode()


def _body(text: str) -> str:
    unix = text.replace("\r\n", "\n").replace("\r", "\n")
    return b2a_qp(unix.encode(), istext=True).decode("ascii")
