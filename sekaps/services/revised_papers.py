"""The protocols and notices of lines that a revision took back, in part or whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from sekaps.domain.form_revisions import Cut
from sekaps.domain.notices import NoticeKind
from sekaps.models.contracts import Protocol
from sekaps.services.editions import EditionView
from sekaps.services.notices import correct_notices
from sekaps.services.protocols import end_protocols
from sekaps.services.writing import chunked, rows_changed


@dataclass(frozen=True, slots=True)
class Papers:
    """How many protocols ended, how many are to be concluded anew; how many notices are void, how many to be served."""

    protocols_ended: int = 0
    protocols_reopened: int = 0
    notices_void: int = 0
    notices_to_serve: int = 0


def correct_papers(session: Session, edition: EditionView, cuts: Sequence[Cut], reason: str, as_of: datetime) -> Papers:
    """End the papers of lines that ended, and put those of lines that became less right; undecided lines have none."""
    ended = [cut.line.id for cut in cuts if cut.line.is_decided and not cut.left]
    reduced = [cut.line.id for cut in cuts if cut.line.is_decided and cut.left]
    annulled = correct_notices(session, edition, ended, NoticeKind.ANNULMENT, as_of)
    corrected = correct_notices(session, edition, reduced, NoticeKind.CORRECTION, as_of)
    return Papers(
        protocols_ended=end_protocols(session, edition, ended, reason, as_of),
        protocols_reopened=_reopen(session, reduced, reason),
        notices_void=annulled.void + corrected.void,
        notices_to_serve=annulled.prepared + corrected.prepared,
    )


def _reopen(session: Session, allocation_ids: Sequence[int], reason: str) -> int:
    """Let concluded protocols of lines that became less be concluded anew; the trail keeps that they had been."""
    values = {"state": "open", "reason": reason, "concluded_on": None, "recorded_at": None}
    return sum(
        rows_changed(
            session.execute(
                update(Protocol).where(Protocol.allocation_id.in_(part), Protocol.state == "concluded").values(values)
            )
        )
        for part in chunked(allocation_ids)
    )
