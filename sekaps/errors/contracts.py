"""Errors of contracts, notices and objections: nothing of that number is there, or what was written is no price."""

from sekaps.errors.base import SekapsError
from sekaps.texts import text


class PaperError(SekapsError):
    """A contract, notice or objection cannot be used as asked."""


class NoticeUnknown(PaperError):
    """No notice of this year's work has that number."""

    def __init__(self, *, number: str) -> None:
        self.number = number
        super().__init__(text("no notice of this year has the number {number}; see: sekaps notice list", number=number))


class ProtocolUnknown(PaperError):
    """No detail protocol of this year's work has that number."""

    def __init__(self, *, number: str) -> None:
        self.number = number
        super().__init__(
            text("no detail protocol of this year has the number {number}; see: sekaps contract list", number=number)
        )


class PriceUnreadable(PaperError):
    """What was given as a price in lira is none."""

    def __init__(self, *, asked: str) -> None:
        self.asked = asked
        super().__init__(text("'{asked}' is no price; write lira and kuruş such as 12500 or 12500.50", asked=asked))
