"""Closing a year: one person proposes it, another closes it, and nothing about it is decided any more."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from sekaps.calendar.instants import local_day
from sekaps.errors.editions import ClosingRefused, EditionClosed
from sekaps.models import programmes as stored
from sekaps.services.editions import EditionView, lock_edition
from sekaps.services.gates import extension_terms
from sekaps.services.proposals import (
    Kind,
    Order,
    Proposal,
    decider_problem,
    log_decision,
    mark_decided,
    open_proposal,
    store_proposal,
    withdraw_proposal,
)
from sekaps.texts import Text, text

CLOSED = "closed"


def require_not_closed(session: Session, edition: EditionView) -> None:
    """Raise EditionClosed when the edition is closed; it is not closed by others before this transaction ends."""
    if _locked(session, edition).state == CLOSED:
        raise EditionClosed(year=edition.year)


def propose_closing(
    session: Session, edition: EditionView, order: Order, as_of: datetime, *, with_gaps: bool = False
) -> int | None:
    """Store a proposal to close the year and return its number; none when it is closed already.

    The same proposed again by the same person is the one that stands. Raises ClosingRefused while work is going on,
    for gaps nobody accepted, and when somebody else proposed it already.
    """
    row, asked = _locked(session, edition), order.stripped()
    if row.state == CLOSED:
        return None
    standing = open_proposal(session, row.id, Kind.CLOSING)
    if standing is not None and standing.order == asked and standing.base_revision == row.revision:
        return standing.id
    problem = (
        _order_problem(asked, with_gaps=with_gaps)
        or _standing_problem(edition, row, standing, asked)
        or closing_problem(session, edition, as_of, with_gaps=with_gaps)
    )
    if problem is not None:
        raise ClosingRefused(year=edition.year, problem=problem)
    if standing is not None:
        withdraw_proposal(session, row, standing, asked.proposed_by, as_of)
    facts = {"gaps": gaps_left(session, edition), "reason": asked.reason, "letter_number": asked.letter_number}
    return store_proposal(session, row, asked, as_of, kind=Kind.CLOSING, dates={}, facts=facts)


def close_edition(
    session: Session,
    edition: EditionView,
    decided_by: str,
    as_of: datetime,
    *,
    with_gaps: bool = False,
    proposal: int | None = None,
) -> bool:
    """Close the year as it was proposed; return whether this call did it, closed already it stays so.

    Raises ClosingRefused when nobody proposed it, when the one who decides did, while work is going on, and for gaps
    that the one who decides does not accept.
    """
    row = _locked(session, edition)
    if row.state == CLOSED:
        return False
    standing = _require_open(session, edition, row, proposal)
    problem = decider_problem(standing, decided_by) or closing_problem(session, edition, as_of, with_gaps=with_gaps)
    if problem is not None:
        raise ClosingRefused(year=edition.year, problem=problem)
    mark_decided(session, standing.id, "published", decided_by.strip(), as_of)
    session.execute(update(stored.Edition).where(stored.Edition.id == row.id).values(state=CLOSED))
    asked = standing.order
    facts = {
        "amendment": standing.id,
        "proposed_by": asked.proposed_by,
        "reason": asked.reason,
        "letter_number": asked.letter_number,
        "gaps": gaps_left(session, edition),
    }
    log_decision(session, row, "close_edition", decided_by.strip(), as_of, facts)
    return True


def withdraw_closing(
    session: Session, edition: EditionView, decided_by: str, as_of: datetime, *, proposal: int | None = None
) -> int:
    """Take a proposal to close back, anybody's, and return its number; raise ClosingRefused when none is open."""
    row = _locked(session, edition)
    standing = _require_open(session, edition, row, proposal)
    if not decided_by.strip():
        raise ClosingRefused(year=edition.year, problem=text("who decides must be named"))
    withdraw_proposal(session, row, standing, decided_by.strip(), as_of)
    return standing.id


def open_closing(session: Session, edition: EditionView) -> Proposal | None:
    """Return the proposal to close a year that waits for another person, if there is one."""
    return open_proposal(session, edition.id, Kind.CLOSING)


def gaps_left(session: Session, edition: EditionView) -> dict[str, int]:
    """Return the phases that closed with gaps, and with how many."""
    query = select(stored.Phase.code, stored.Phase.gaps_at_close).where(
        stored.Phase.edition_id == edition.id, stored.Phase.state == "closed_with_gaps"
    )
    found: Mapping[str, int | None] = {code: gaps for code, gaps in session.execute(query)}
    return {phase.code: found[phase.code] or 0 for phase in edition.programme.phases if phase.code in found}


def closing_problem(session: Session, edition: EditionView, as_of: datetime, *, with_gaps: bool) -> Text | None:
    """Return what stands against closing the year, if anything: work going on, or gaps that are not accepted."""
    query = select(stored.Phase.code).where(
        stored.Phase.edition_id == edition.id, stored.Phase.state.in_(("planned", "open"))
    )
    going_on = set(session.scalars(query))
    names = [phase.name for phase in edition.programme.phases if phase.code in going_on]
    if names:
        return text("not all of it is done, these phases are still planned or open: {phases}", phases=names)
    last = max((terms.until for terms in extension_terms(session, edition.id, as_of)), default=None)
    if last is not None and last >= local_day(as_of):
        return text("an extension is in force until {until}; wait, or revoke it: sekaps revoke", until=last)
    left = gaps_left(session, edition)
    if left and not with_gaps:
        told = [text("{phase}: {count}", phase=edition.phase(code).name, count=count) for code, count in left.items()]
        return text("phases closed with gaps ({gaps}); to close all the same give --with-gaps and --reason", gaps=told)
    return None


def _order_problem(asked: Order, *, with_gaps: bool) -> Text | None:
    if not (asked.proposed_by and asked.letter_number):
        return text("who proposes it and the letter number must be given")
    if with_gaps and not asked.reason:
        return text("closing with gaps needs a reason")
    return None


def _standing_problem(
    edition: EditionView, row: stored.Edition, standing: Proposal | None, asked: Order
) -> Text | None:
    """Return that somebody else proposed it, if so; their proposal gives way once another revision holds."""
    if standing is None or standing.base_revision != row.revision or standing.is_by(asked.proposed_by):
        return None
    return text(
        "{name} proposed to close it already (proposal {id}); another person closes it:"
        " sekaps plan close --year {year} --by NAME",
        name=standing.order.proposed_by,
        id=standing.id,
        year=edition.year,
    )


def _require_open(session: Session, edition: EditionView, row: stored.Edition, proposal: int | None) -> Proposal:
    standing = open_proposal(session, row.id, Kind.CLOSING)
    if standing is None:
        problem = text("nobody has proposed it; the first of two people gives the letter:"
                       " sekaps plan close --year {year} --by NAME --letter NUMBER", year=edition.year)  # fmt: skip
    elif proposal not in (None, standing.id):
        problem = text("proposal {asked} is no longer open, {open} by {name} is", asked=proposal, open=standing.id,
                       name=standing.order.proposed_by)  # fmt: skip
    elif standing.base_revision != row.revision:
        problem = text("it was proposed under revision {base}, and revision {now} holds now; propose it again",
                       base=standing.base_revision, now=row.revision)  # fmt: skip
    else:
        return standing
    raise ClosingRefused(year=edition.year, problem=problem)


def _locked(session: Session, edition: EditionView) -> stored.Edition:
    row = lock_edition(session, edition.programme.code, edition.year)
    assert row is not None
    return row
