"""What came of each thing asked for in one act: done, or refused with a reason."""

from dataclasses import dataclass

from sekaps.texts import Text


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result for one subject (a document, proposal, protocol or notice, by its id)."""

    subject_id: int
    refusal: Text | None = None

    @property
    def done(self) -> bool:
        """Whether it happened."""
        return self.refusal is None
