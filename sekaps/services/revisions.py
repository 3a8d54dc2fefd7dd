"""The numbered revisions of an edition, and what changed between any two."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from sekaps.errors.editions import RevisionUnknown
from sekaps.models.programmes import BoundaryDate, Revision
from sekaps.services.editions import EditionView


@dataclass(frozen=True, slots=True)
class RevisionLine:
    """A revision as it is listed: number, when, by whom, why and by which letter."""

    number: int
    decided_at: datetime
    decided_by: str
    reason: str
    letter_number: str | None


@dataclass(frozen=True, slots=True)
class BoundaryChange:
    """A boundary that two revisions date differently."""

    code: str
    before: date
    after: date


def list_revisions(session: Session, edition: EditionView) -> list[RevisionLine]:
    """Return the revisions of an edition, oldest first."""
    columns = (Revision.number, Revision.decided_at, Revision.decided_by, Revision.reason, Revision.letter_number)
    query = select(*columns).where(Revision.edition_id == edition.id).order_by(Revision.number)
    return [RevisionLine(*row) for row in session.execute(query)]


def difference(session: Session, edition: EditionView, first: int, second: int) -> list[BoundaryChange]:
    """Return the boundaries two revisions date differently; raise RevisionUnknown for one that does not exist."""
    before, after = _dates(session, edition, first), _dates(session, edition, second)
    return [BoundaryChange(code, day, after[code]) for code, day in before.items() if after[code] != day]


def _dates(session: Session, edition: EditionView, number: int) -> dict[str, date]:
    query = (
        select(BoundaryDate.code, BoundaryDate.day)
        .join(Revision, Revision.id == BoundaryDate.revision_id)
        .where(Revision.edition_id == edition.id, Revision.number == number)
    )
    found = {code: day for code, day in session.execute(query)}
    if not found:
        raise RevisionUnknown(number=number, latest=edition.revision)
    return {code: found[code] for code in edition.programme.boundaries if code in found}
