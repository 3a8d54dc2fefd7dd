"""Refusals that end an act as an error: put on the trail afterwards, since what the act had begun was undone."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from sekaps.domain.trail import Entry
from sekaps.errors.base import SekapsError
from sekaps.errors.registry import RowsFlawed
from sekaps.services import trail

FLAWS_NAMED = 20
"""An act names up to so many flaws of a file one by one; it always tells how many there were."""


def note_refusal(
    session: Session, verb: str, refusal: SekapsError, as_of: datetime, facts: Mapping[str, object]
) -> None:
    """Put an act that was refused on the trail, with its sentence and what was asked."""
    told = {**facts, "reason": refusal.say("en"), **_flaws(refusal)}
    authority = "person" if isinstance(facts.get("by"), int) else "registry"
    trail.append(session, Entry(at=as_of, verb=verb, outcome="refused", authority=authority, facts=told))


def _flaws(refusal: SekapsError) -> dict[str, object]:
    if not isinstance(refusal, RowsFlawed):
        return {}
    named = [{"row": flaw.row, "problem": flaw.problem.say("en")} for flaw in refusal.flaws[:FLAWS_NAMED]]
    return {"flaws": len(refusal.flaws), "named": named}
