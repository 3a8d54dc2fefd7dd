"""Serving a notice: its channels, the day the law counts it as served, and what a record of service must say."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sekaps.calendar.days import ONE_DAY
from sekaps.calendar.legal_clock import ELECTRONIC_SERVICE_DAYS, Service
from sekaps.texts import Bilingual, Text, text

COPIES = 4
"""Copies of a notice as the programme makes them out."""
MOST_COPIES = 20
LONGEST_RECEIPT = LONGEST_REASON = 300
_CHANGE = re.compile(r"/[DI](\d+)$")


class Channel(StrEnum):
    """How a notice goes to its addressee."""

    HAND = "hand"
    """Handed over against a receipt; served the same day."""
    POST = "post"
    """By post with advice of delivery; served the day it reached the addressee."""
    UETS = "uets"
    """To the electronic service address (UETS); served at the end of the fifth day after it arrived."""
    KEP = "kep"
    """To the registered e-mail address (KEP); counted like electronic service, which never comes out too early."""
    CHAMBER = "chamber"
    """Through the chamber the addressee belongs to; served the day it was handed over there."""

    @property
    def meaning(self) -> Bilingual:
        """The channel as people read it."""
        return _MEANINGS[self]

    @property
    def service(self) -> Service:
        """How the legal clock counts it."""
        return Service.ELECTRONIC if self in (Channel.UETS, Channel.KEP) else Service.BY_HAND


_MEANINGS = {
    Channel.HAND: Bilingual("elden", "by hand"),
    Channel.POST: Bilingual("posta", "by post"),
    Channel.UETS: Bilingual("UETS (elektronik tebligat)", "UETS (electronic service)"),
    Channel.KEP: Bilingual("KEP", "registered e-mail (KEP)"),
    Channel.CHAMBER: Bilingual("oda aracılığıyla", "through the chamber"),
}


class NoticeKind(StrEnum):
    """What a notice tells its addressee."""

    OBLIGATION = "obligation"
    """A commission's obligation decision."""
    CORRECTION = "correction"
    """The decision was changed; it takes the place of an earlier notice."""
    ANNULMENT = "annulment"
    """The decision was taken back; it takes the place of an earlier notice."""

    @property
    def meaning(self) -> Bilingual:
        """The kind as people read it."""
        return _KINDS[self]

    @property
    def mark(self) -> str:
        """The letter by which the numbers of such notices are known."""
        return {NoticeKind.OBLIGATION: "", NoticeKind.CORRECTION: "D", NoticeKind.ANNULMENT: "I"}[self]


_KINDS = {
    NoticeKind.OBLIGATION: Bilingual("tebliğ", "notice"),
    NoticeKind.CORRECTION: Bilingual("düzeltme tebliği", "correction"),
    NoticeKind.ANNULMENT: Bilingual("iptal tebliği", "annulment"),
}


@dataclass(frozen=True, slots=True)
class Delivery:
    """What is recorded of a notice that reached its addressee."""

    channel: Channel
    sent_on: date
    reached_on: date
    receipt: str
    copies: int = COPIES
    copies_returned: int | None = None

    @property
    def served_on(self) -> date:
        """The day it counts as served."""
        return deemed_served(self.channel, self.reached_on)


def deemed_served(channel: Channel, reached_on: date) -> date:
    """Return the day a notice counts as served (electronic: the fifth day after it arrived; law 7201, article 7/a)."""
    if channel.service is Service.ELECTRONIC:
        return reached_on + ELECTRONIC_SERVICE_DAYS * ONE_DAY
    return reached_on


def refusal_to_serve(delivery: Delivery | None, reason: str, prepared_on: date, day: date) -> Text | None:
    """Return why a notice prepared on a day may not be recorded on another as served so, or as not served; or None."""
    if delivery is None:
        return _refusal_of_reason(reason)
    if reason:
        return text("a notice is recorded as served or, with a reason, as not served; not as both")
    return _refusal_of_days(delivery, prepared_on, day) or _refusal_of_papers(delivery)


def _refusal_of_reason(reason: str) -> Text | None:
    if reason.strip() and len(reason) <= LONGEST_REASON:
        return None
    return text("why it was not served is told in 1 to {limit} characters", limit=LONGEST_REASON)


def _refusal_of_days(delivery: Delivery, prepared_on: date, day: date) -> Text | None:
    if delivery.sent_on < prepared_on:
        return text("it was prepared on {on} and cannot have been sent before, on {sent}",
                    on=prepared_on, sent=delivery.sent_on)  # fmt: skip
    if delivery.reached_on < delivery.sent_on:
        return text("it was sent on {sent} and cannot have arrived before, on {reached}",
                    sent=delivery.sent_on, reached=delivery.reached_on)  # fmt: skip
    if delivery.reached_on > day:
        return text("{on} has not come; it is recorded on that day or after", on=delivery.reached_on)
    return None


def _refusal_of_papers(delivery: Delivery) -> Text | None:
    if not delivery.receipt.strip() or len(delivery.receipt) > LONGEST_RECEIPT:
        return text("service is proved by a receipt; its number has 1 to {limit} characters", limit=LONGEST_RECEIPT)
    if not 1 <= delivery.copies <= MOST_COPIES:
        return text("a notice has 1 to {limit} copies", limit=MOST_COPIES)
    if not 0 <= (delivery.copies_returned or 0) <= delivery.copies:
        return text("of {copies} copies {returned} cannot have come back",
                    copies=delivery.copies, returned=delivery.copies_returned)  # fmt: skip
    return None


def number_of_next(number: str, kind: NoticeKind) -> str:
    """Return the number of the notice that takes the place of another one: its own, and which change it is."""
    changed = _CHANGE.search(number)
    base, count = (number[: changed.start()], int(changed.group(1))) if changed else (number, 0)
    return f"{base}/{kind.mark}{count + 1}"
