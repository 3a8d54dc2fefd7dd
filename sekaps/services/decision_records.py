"""Writing a decision down: its number, the votes, and what of it stands on the audit trail."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from sekaps.calendar.instants import local_day
from sekaps.domain.commissions import Sitting
from sekaps.domain.decision_numbers import DecisionNumber
from sekaps.models.allocation import Decision, DecisionVote
from sekaps.services.decision_bodies import Body, Deciding
from sekaps.services.editions import EditionView
from sekaps.services.writing import table_of
from sekaps.texts import Text, text

LONGEST_TEXT = 2_000


@dataclass(frozen=True, slots=True)
class Paper:
    """What a decision is given: the stage whose lines it decides (none: local resources), a stated number, words."""

    stage: str | None
    number: DecisionNumber | None
    words: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """A decision as it was written down."""

    id: int
    number: DecisionNumber


def paper_refusal(session: Session, body: Body, paper: Paper, as_of: datetime) -> Text | None:
    """Return why a decision cannot have the number or the words it is given, or None; the body is locked."""
    number = paper.number
    if len(paper.words) > LONGEST_TEXT:
        return text("the text of a decision has at most {longest} letters", longest=LONGEST_TEXT)
    if number is None:
        return None
    year = local_day(as_of).year
    if number.year != year:
        return text("{number} is no number of {year}, the year of the decision", number=str(number), year=year)
    if not number.is_possible:
        return text("{number} is no possible number; sequences begin with 1", number=str(number))
    return _taken(session, body, number)


def _taken(session: Session, body: Body, number: DecisionNumber) -> Text | None:
    at = session.scalar(
        select(Decision.decided_at).where(
            Decision.body_id == body.id, Decision.year == number.year, Decision.sequence == number.sequence
        )
    )
    if at is None:
        return None
    return text("{unit} used the number {number} before, on {at}", unit=body.name, number=str(number), at=at)


def record_decision(
    session: Session, edition: EditionView, body: Body, made: Deciding, paper: Paper, as_of: datetime
) -> Recorded:
    """Insert a decision under its stated number, or the next of its body's year, with the votes."""
    number = paper.number or _next_number(session, body, local_day(as_of).year)
    row = {
        "edition_id": edition.id,
        "kind": "local_resource" if paper.stage is None else "allocation",
        "body_id": body.id,
        "stage": paper.stage,
        "year": number.year,
        "sequence": number.sequence,
        "decided_at": as_of,
        "decided_by_id": made.chair.mandate_id,
        "text": paper.words or None,
        **_counted(made.sitting),
    }
    decision_id = session.scalars(insert(Decision).values(row).returning(Decision.id)).one()
    if made.sitting is not None:
        session.execute(insert(table_of(DecisionVote)), _vote_rows(decision_id, made.sitting))
    return Recorded(decision_id, number)


def _next_number(session: Session, body: Body, year: int) -> DecisionNumber:
    last = session.scalar(select(func.max(Decision.sequence)).where(Decision.body_id == body.id, Decision.year == year))
    return DecisionNumber(year, (last or 0) + 1)


def _counted(sitting: Sitting | None) -> dict[str, Any]:
    if sitting is None:
        return {}
    return {
        "seats": sitting.seats,
        "present": sitting.present,
        "in_favour": sitting.in_favour,
        "against": sitting.against,
        "by_chair": sitting.by_chair,
    }


def _vote_rows(decision_id: int, sitting: Sitting) -> list[dict[str, Any]]:
    return [
        {
            "decision_id": decision_id,
            "post_id": ballot.right.post_id,
            "person_id": ballot.right.person_id,
            "mandate_id": ballot.right.mandate_id,
            "vote": ballot.vote.value,
        }
        for ballot in sitting.ballots
    ]


def sitting_facts(sitting: Sitting | None) -> Mapping[str, Any]:
    """Return how a body sat and voted, as the trail tells it."""
    counted = _counted(sitting)
    return {"sitting": counted} if counted else {}
