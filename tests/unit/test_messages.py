"""A message as bytes: read back with the standard library it is what was written, whatever it holds."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import getaddresses

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sekaps.domain.messages import LINE_LIMIT, Letter, message_bytes, message_id
from sekaps.errors.systems import HeaderUnsafe

SENDER = "sekaps@mgk.invalid"
AT = datetime(2023, 4, 28, 5, 30, tzinfo=UTC)
LETTER = Letter(
    key="digest:1:7:2023-04-28",
    name="Çağrı Öğüt",
    address="p7@people.invalid",
    subject="SEKAPS 2023: açık iş: 3; en yakın son gün 28 Nisan 2023 Cuma",
    plain="İhtiyaçlarınız.\n",
    html="<p>İhtiyaçlarınız.</p>\n",
)
NAMES = [
    "Mehmet Demir",
    "Şükrü Ağaoğlu",
    "Öz, Işıl",
    'Ali "Bey" <b@b.invalid>',
    "O'Neil; Kemal",
    "=?utf-8?q?a?=",
    "Uzun " * 40 + "Ad",
    "İ" * 120,
]
BREAKS = ["\r\nBcc: all@example.invalid", "\n", "\r", "\x00", "\x0b", "\x1e", "\x7f", "\x85", "\u2028", "\u2029"]
WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=300)


def parsed(letter: Letter, sender: str = SENDER) -> EmailMessage:
    message = BytesParser(policy=policy.default).parsebytes(message_bytes(letter, sender=sender, at=AT))
    assert isinstance(message, EmailMessage)
    assert not message.defects
    return message


def bodies(message: EmailMessage) -> list[tuple[str, str]]:
    return [(part.get_content_type(), part.get_content().replace("\r\n", "\n")) for part in message.iter_parts()]


def test_a_letter_is_read_back_as_it_was_written() -> None:
    message = parsed(LETTER)
    assert {name: str(message[name]) for name in ("From", "Subject", "Date", "List-Id", "Auto-Submitted")} == {
        "From": SENDER,
        "Subject": LETTER.subject,
        "Date": "Fri, 28 Apr 2023 08:30:00 +0300",
        "List-Id": "<digest.mgk.invalid>",
        "Auto-Submitted": "auto-generated",
    }
    assert bodies(message) == [("text/plain", LETTER.plain), ("text/html", LETTER.html)]


@pytest.mark.parametrize("name", NAMES)
def test_every_name_is_one_recipient(name: str) -> None:
    written = message_bytes(replace(LETTER, name=name), sender=SENDER, at=AT)
    [(phrase, address)] = getaddresses([message_from_bytes(written)["To"]])
    assert (str(make_header(decode_header(phrase))), address) == (name, LETTER.address)
    [recipient] = parsed(replace(LETTER, name=name))["To"].addresses
    assert recipient.addr_spec == LETTER.address


@pytest.mark.parametrize("subject", ["", "Plain", "Ğ" * 250, "uzun konu " * 25 + "son", "=?utf-8?q?not_encoded?="])
def test_every_subject_is_read_back_and_folded_into_short_lines(subject: str) -> None:
    letter = replace(LETTER, subject=subject)
    assert str(parsed(letter)["Subject"]) == subject
    assert max(map(len, message_bytes(letter, sender=SENDER, at=AT).split(b"\r\n"))) <= 2 + LINE_LIMIT


@pytest.mark.parametrize("broken", BREAKS, ids=ascii)
@pytest.mark.parametrize("field", ["name", "subject", "address"])
def test_nothing_that_could_end_a_header_line_is_written_into_one(field: str, broken: str) -> None:
    letter = replace(LETTER, **{field: f"x{broken}x"})
    with pytest.raises(HeaderUnsafe, match=field if field == "subject" else "to"):
        message_bytes(letter, sender=SENDER, at=AT)


@pytest.mark.parametrize(
    "address",
    ["", "nobody", "a@b@c", "a b@c.invalid", "a@b.invalid,c@d.invalid", "<a@b.invalid>", "ışıl@a.invalid"],
)
def test_what_is_no_plain_address_is_refused(address: str) -> None:
    with pytest.raises(HeaderUnsafe, match="correct it in the registry"):
        message_bytes(replace(LETTER, address=address), sender=SENDER, at=AT)
    with pytest.raises(HeaderUnsafe, match="the from header"):
        message_bytes(LETTER, sender=address, at=AT)


def test_a_repeat_has_the_same_message_id_whatever_else_changed() -> None:
    again = replace(LETTER, subject="başka", plain="başka", html="başka")
    first, second = (message_bytes(letter, sender=SENDER, at=AT) for letter in (LETTER, again))
    found = [re.findall(rb"Message-ID: (\S+)\r\n", written) for written in (first, second)]
    assert found == [[message_id(LETTER.key, SENDER).encode()]] * 2


@pytest.mark.parametrize("other", ["digest:1:7:2023-05-02", "digest:1:70:2023-04-28", "digest.1.7.2023-04-28", ""])
def test_two_keys_never_share_a_message_id(other: str) -> None:
    assert message_id(other, SENDER) != message_id(LETTER.key, SENDER)
    assert re.fullmatch(r"<[a-z0-9.-]+@mgk\.invalid>", message_id(other, SENDER))


@given(plain=WORDS, html=WORDS)
@example(plain=".\n..\n.son\n", html=".")
@example(plain="ğ" * 400, html="a" * 400 + " \t\n")
@example(plain="--=_\nFrom a\n=20 = \n", html="\x0c\x85\u2028")
def test_bodies_travel_in_short_ascii_lines_that_no_relay_changes(plain: str, html: str) -> None:
    letter = replace(LETTER, plain=plain, html=html)
    written = message_bytes(letter, sender=SENDER, at=AT)
    lines = written.decode("ascii").split("\r\n")
    assert not any("\n" in line or "\r" in line or line == "." for line in lines)
    assert max(map(len, lines)) <= LINE_LIMIT + 2
    parts = parsed(letter).iter_parts()
    assert [part.get_payload(decode=True).decode() for part in parts] == [  # type: ignore[union-attr]
        plain.replace("\n", "\r\n"),
        html.replace("\n", "\r\n"),
    ]


def test_line_ends_of_any_kind_become_those_of_the_wire() -> None:
    message = parsed(replace(LETTER, plain="bir\r\niki\rüç\n"))
    assert bodies(message)[0] == ("text/plain", "bir\niki\nüç\n")
