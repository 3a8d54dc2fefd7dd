"""All open work of an edition, whatever its kind: documents to sign, proposals to decide, contracts to record."""

from datetime import datetime

from sqlalchemy.orm import Session

from sekaps.domain.reminders import OpenWork
from sekaps.services.decision_work import open_decisions, open_records
from sekaps.services.editions import EditionView
from sekaps.services.open_work import open_documents


def open_work(session: Session, edition: EditionView, as_of: datetime) -> list[OpenWork]:
    """Return everything somebody has to act on, as it stood at that instant."""
    return [
        *open_documents(session, edition.id, as_of),
        *open_decisions(session, edition, as_of),
        *open_records(session, edition, as_of),
    ]
