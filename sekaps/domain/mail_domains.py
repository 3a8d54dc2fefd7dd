"""Mail domains that take no mail for now: whose fault an answer tells of, and how long the domain's mail waits.

There is one relay. What it answers to a recipient's address is about that address or its domain; what it answers to
the message is about the message; that it closes, or does not know our own address, is about the relay itself.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

FIRST_BACKOFF = timedelta(minutes=5)
LONGEST_BACKOFF = timedelta(hours=6)
PERMANENT_CODES = range(500, 600)
CLOSING_CODE = 421
OF_ONE_MAILBOX = re.compile(r"4\.(?:1\.[136]|2\.\d+)\b")
"""Enhanced status codes (RFC 3463) about one address: unknown, moved, full, busy, or greylisted alone."""


class Verdict(StrEnum):
    """What a relay's answer to one message means."""

    TAKEN = "taken"
    """The relay has it."""
    LATER = "later"
    """This message alone is to be offered again later."""
    NEVER = "never"
    """Offering it again is pointless."""
    DOMAIN = "domain"
    """The recipient's domain takes nothing for now: all mail to it waits."""
    RELAY = "relay"
    """The relay itself takes nothing for now: no message is to blame."""


@dataclass(frozen=True, slots=True)
class DomainWait:
    """A domain whose mail waits: since when, after how many refusals, until when, the last answer, how many wait."""

    domain: str
    since: datetime
    refusals: int
    until: datetime
    answer: str
    messages: int


def domain_of(address: str) -> str:
    """Return the domain of an address, as domains are compared."""
    return address.rpartition("@")[2].lower()


def backoff(refusals: int) -> timedelta:
    """Return how long to wait after so many refusals in a row: twice as long each time, up to a limit."""
    doubled: timedelta = FIRST_BACKOFF * 2 ** min(refusals - 1, 16)
    return min(doubled, LONGEST_BACKOFF)


def verdict_on_recipient(code: int, answer: str) -> Verdict:
    """Return what a refused recipient means: of a temporary refusal, whether of the mailbox or of its domain."""
    verdict = verdict_on_message(code)
    if verdict is not Verdict.LATER or OF_ONE_MAILBOX.match(answer.strip()):
        return verdict
    return Verdict.DOMAIN


def verdict_on_message(code: int) -> Verdict:
    """Return what a refused message means."""
    if code == CLOSING_CODE:
        return Verdict.RELAY
    return Verdict.NEVER if code in PERMANENT_CODES else Verdict.LATER
