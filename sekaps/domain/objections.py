"""The life of an objection to a notice: its states, and what filing, pricing and deciding it must say.

Law 3634, articles 57 to 60. Prices are in kuruş.
"""

from datetime import date
from enum import StrEnum

from sekaps.texts import Bilingual, Text, text

LONGEST_REASONS = 2000
HIGHEST_PRICE = 10**15
"""More kuruş than that in one objection is a slip of the keyboard."""


class ObjectionState(StrEnum):
    """Where an objection stands."""

    FILED = "filed"
    """It lies before the commission."""
    ACCEPTED = "accepted"
    """The commission agreed."""
    REJECTED = "rejected"
    """The commission did not agree; the court may be asked."""
    WITHDRAWN = "withdrawn"
    """Whoever objected took it back."""

    @property
    def meaning(self) -> Bilingual:
        """The state as people read it."""
        return _MEANINGS[self]


_MEANINGS = {
    ObjectionState.FILED: Bilingual("yapıldı", "filed"),
    ObjectionState.ACCEPTED: Bilingual("kabul edildi", "accepted"),
    ObjectionState.REJECTED: Bilingual("reddedildi", "rejected"),
    ObjectionState.WITHDRAWN: Bilingual("geri alındı", "withdrawn"),
}


def refusal_to_file(
    filed_on: date, reasons: str, price: int | None, *, reached_on: date, last_day: date, day: date
) -> Text | None:
    """Return why an objection may not be recorded on a day, or None; the last day is that of its fifteen days."""
    if filed_on < reached_on:
        return text("the notice reached its addressee on {reached}; nobody objected before, on {filed}",
                    reached=reached_on, filed=filed_on)  # fmt: skip
    if filed_on > day:
        return text("{on} has not come; it is recorded on that day or after", on=filed_on)
    if filed_on > last_day:
        return text("the time to object ended on {last}; the decision is final (law 3634, article 58)", last=last_day)
    if not reasons.strip() or len(reasons) > LONGEST_REASONS:
        return text("an objection has reasons, of 1 to {limit} characters", limit=LONGEST_REASONS)
    return refusal_of_price(price)


def refusal_to_decide(
    decided_on: date, served_on: date, price: int | None, *, filed_on: date, day: date
) -> Text | None:
    """Return why the decision about an objection may not be recorded on a day, or None."""
    if decided_on < filed_on:
        return text("the objection was filed on {filed}; it was not decided before, on {decided}",
                    filed=filed_on, decided=decided_on)  # fmt: skip
    if served_on < decided_on:
        return text("what was decided on {decided} was not served before, on {served}",
                    decided=decided_on, served=served_on)  # fmt: skip
    if served_on > day:
        return text("{on} has not come; it is recorded on that day or after", on=served_on)
    return refusal_of_price(price)


def refusal_of_price(price: int | None) -> Text | None:
    """Return why a price cannot be one, or None; there may be none."""
    if price is None or 1 <= price <= HIGHEST_PRICE:
        return None
    return text("a price is more than nothing and at most {limit} lira", limit=HIGHEST_PRICE // 100)
