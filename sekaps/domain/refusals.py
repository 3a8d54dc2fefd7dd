"""The kinds of refusal, told from the English sentence that the audit trail keeps of each refused act."""

from enum import StrEnum

from sekaps.texts import Bilingual


class RefusalKind(StrEnum):
    """Why an act was refused, in short."""

    TOO_EARLY = "too_early"
    """The step had not opened."""
    TOO_LATE = "too_late"
    """The step had closed."""
    NOT_ENTITLED = "not_entitled"
    """The person does not hold the post that acts."""
    SECOND_SIGNATURE = "second_signature"
    """The person had already signed in that chain."""
    NOT_READY = "not_ready"
    """The unit lacked something it must have before it begins."""
    NOTHING_OPEN = "nothing_open"
    """Nothing was left to sign, decide or record."""
    OTHER = "other"
    """None of these."""

    @property
    def meaning(self) -> Bilingual:
        """The kind as people read it."""
        return _MEANINGS[self]


_MEANINGS = {
    RefusalKind.TOO_EARLY: Bilingual("süre başlamadan", "before the window opened"),
    RefusalKind.TOO_LATE: Bilingual("süre dolduktan sonra", "after the window closed"),
    RefusalKind.NOT_ENTITLED: Bilingual("yetkisi yok", "not entitled"),
    RefusalKind.SECOND_SIGNATURE: Bilingual("ikinci kez imza", "a second signature"),
    RefusalKind.NOT_READY: Bilingual("hazırlığı eksik", "not ready"),
    RefusalKind.NOTHING_OPEN: Bilingual("yapılacak iş yok", "nothing was open"),
    RefusalKind.OTHER: Bilingual("diğer", "other"),
}
_MARKS = {
    "Wait until it opens.": RefusalKind.TOO_EARLY,
    "The coordinator may extend it": RefusalKind.TOO_LATE,
    " is not ready for ": RefusalKind.NOT_READY,
    "the signer does not hold that post": RefusalKind.NOT_ENTITLED,
    "only ": RefusalKind.NOT_ENTITLED,
    "no one fills two slots": RefusalKind.SECOND_SIGNATURE,
    "nothing is left": RefusalKind.NOTHING_OPEN,
    "it is not signed any more": RefusalKind.NOTHING_OPEN,
    "has no open proposal": RefusalKind.NOTHING_OPEN,
    "does not await approval": RefusalKind.NOTHING_OPEN,
}
"""A part of each sentence by which it is known, wherever it stands in it."""


def kind_of(reason: str) -> RefusalKind:
    """Return the kind of a refusal from its English sentence."""
    return next((kind for mark, kind in _MARKS.items() if mark in reason), RefusalKind.OTHER)
