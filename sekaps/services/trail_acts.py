"""The acts of the audit trail as people read them: the newest first, all of them or the refused ones."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sekaps.models.trail import Act


@dataclass(frozen=True, slots=True)
class ListedAct:
    """One act: its place on the trail, what was done or refused, and what the trail keeps of it."""

    place: int
    at: datetime
    verb: str
    outcome: str
    authority: str
    activity: str
    step: str
    documents: int
    facts: Mapping[str, object]

    @property
    def reason(self) -> str:
        """Why it was done or refused, in the words the trail keeps."""
        return str(self.facts.get("reason", ""))


def judged_at(session: Session, now: datetime) -> datetime:
    """Return the instant to judge evidence at: now, or that of the latest act, as a rehearsed year may lie ahead."""
    last = session.scalar(select(func.max(Act.at)))
    return now if last is None else max(now, last)


def list_acts(session: Session, *, verb: str = "", refused: bool = False, last: int) -> list[ListedAct]:
    """Return the last so many acts, newest first; of one verb, or only those refused, where that is asked."""
    columns = (Act.sequence, Act.at, Act.verb, Act.outcome, Act.authority, Act.activity, Act.step, Act.documents)
    query = select(*columns, Act.facts).order_by(Act.sequence.desc()).limit(last)
    if verb:
        query = query.where(Act.verb == verb)
    if refused:
        query = query.where(Act.outcome == "refused")
    return [ListedAct(*row) for row in session.execute(query)]
