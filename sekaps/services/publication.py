"""Publishing a year for the first time: one person proposes its draft, another publishes exactly that."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from sekaps.calendar.days import DayTable
from sekaps.calendar.editions import Draft, draft
from sekaps.errors.editions import PublicationRefused
from sekaps.models.programmes import Edition
from sekaps.services.editions import FIRST_PUBLICATION, edition_of, find_edition, lock_edition, publish, require_whole
from sekaps.services.imported_calendars import text_with_imports
from sekaps.services.programmes import days_of_edition, parsed
from sekaps.services.proposals import (
    UNPUBLISHED,
    Kind,
    Order,
    Proposal,
    decider_problem,
    mark_decided,
    open_proposal,
    store_proposal,
    withdraw_proposal,
)
from sekaps.texts import Text, text


@dataclass(frozen=True, slots=True)
class PlannedYear:
    """A drafted year with what it was drafted from: the programme's text, and the days."""

    draft: Draft
    written: str
    days: DayTable

    @property
    def programme(self) -> str:
        """The programme's code."""
        return self.draft.programme_code

    @property
    def year(self) -> int:
        """The year that is planned."""
        return self.draft.year

    @property
    def dates(self) -> dict[str, str]:
        """The date of every boundary, as a proposal keeps it."""
        return {boundary.code: boundary.date.isoformat() for boundary in self.draft.boundaries}


def planned_year(home: Path, programme: str, year: int) -> PlannedYear:
    """Return a programme's year as its rules, published dates and imports give it now."""
    written, days = text_with_imports(home, programme), days_of_edition(year)
    return PlannedYear(draft(parsed(written, programme), year, days), written, days)


def propose_publication(
    session: Session, planned: PlannedYear, order: Order, as_of: datetime, *, synthetic: bool = False
) -> int:
    """Store the draft's dates for another person to publish, and return the proposal's number.

    The same proposed again by the same person is the one that stands; a proposal whose dates the draft no longer has
    gives way to the new one. Raises PublicationRefused when the year is published, or somebody else proposed it
    already; InvariantsBroken.
    """
    require_whole(planned.draft)
    edition = edition_of(session, planned.draft, synthetic=synthetic)
    asked = order.stripped()
    standing = open_proposal(session, edition.id, Kind.PUBLICATION)
    if standing is not None and (standing.order, standing.dates) == (asked, planned.dates):
        return standing.id
    problem = _proposal_problem(edition, planned, standing, asked)
    if problem is not None:
        raise PublicationRefused(year=planned.year, problem=problem)
    if standing is not None:
        withdraw_proposal(session, edition, standing, asked.proposed_by, as_of)
    facts = {"dates": planned.dates, "programme_digest": hashlib.sha256(planned.written.encode()).hexdigest()}
    return store_proposal(session, edition, asked, as_of, kind=Kind.PUBLICATION, dates=planned.dates, facts=facts)


def publish_proposed(
    session: Session,
    planned: PlannedYear,
    decided_by: str,
    as_of: datetime,
    *,
    letter_number: str = "",
    proposal: int | None = None,
) -> int:
    """Publish what was proposed as the first revision and return the edition's id; published already, it stays so.

    A letter given here wins over the proposal's. Raises PublicationRefused when nothing was proposed (or no longer
    the proposal asked for), when the one who decides proposed it, and when the draft has other dates by now;
    InvariantsBroken.
    """
    edition = lock_edition(session, planned.programme, planned.year)
    if edition is not None and edition.revision > UNPUBLISHED:
        return edition.id
    _, standing = _require_open(session, edition, planned.year, proposal)
    problem = decider_problem(standing, decided_by) or _change_problem(planned, standing)
    if problem is not None:
        raise PublicationRefused(year=planned.year, problem=problem)
    edition_id = publish(
        session,
        planned.draft,
        planned.written,
        planned.days,
        decided_by=decided_by.strip(),
        as_of=as_of,
        reason=standing.order.reason or FIRST_PUBLICATION,
        letter_number=letter_number.strip() or standing.order.letter_number or None,
        facts={"amendment": standing.id, "proposed_by": standing.order.proposed_by},
    )
    mark_decided(session, standing.id, "published", decided_by.strip(), as_of)
    return edition_id


def withdraw_publication(
    session: Session, programme: str, year: int, decided_by: str, as_of: datetime, *, proposal: int | None = None
) -> int:
    """Take a proposal to publish back, anybody's, and return its number; raise PublicationRefused when none is open."""
    edition, standing = _require_open(session, lock_edition(session, programme, year), year, proposal)
    if not decided_by.strip():
        raise PublicationRefused(year=year, problem=text("who decides must be named"))
    withdraw_proposal(session, edition, standing, decided_by.strip(), as_of)
    return standing.id


def open_publication(session: Session, programme: str, year: int) -> Proposal | None:
    """Return the proposal to publish a year that waits for another person, if there is one."""
    edition = find_edition(session, programme, year)
    return None if edition is None else open_proposal(session, edition.id, Kind.PUBLICATION)


def is_published(session: Session, programme: str, year: int) -> bool:
    """Tell whether a year has a first revision."""
    edition = find_edition(session, programme, year)
    return edition is not None and edition.revision > UNPUBLISHED


def _proposal_problem(edition: Edition, planned: PlannedYear, standing: Proposal | None, asked: Order) -> Text | None:
    if edition.revision > UNPUBLISHED:
        return text(
            "it is published already, revision {revision} holds; move its dates with: sekaps plan shift",
            revision=edition.revision,
        )
    if not asked.proposed_by:
        return text("who proposes it must be named")
    if standing is None or standing.dates != planned.dates or standing.is_by(asked.proposed_by):
        return None
    return text(
        "{name} proposed the same dates already (proposal {id}); publish them as another person:"
        " sekaps plan publish --year {year} --by NAME",
        name=standing.order.proposed_by,
        id=standing.id,
        year=planned.year,
    )


def _require_open(
    session: Session, edition: Edition | None, year: int, proposal: int | None
) -> tuple[Edition, Proposal]:
    standing = None if edition is None else open_proposal(session, edition.id, Kind.PUBLICATION)
    if edition is not None and standing is not None and proposal in (None, standing.id):
        return edition, standing
    problem = text("nobody has proposed it; one person proposes: sekaps plan propose --year {year} --by NAME, and"
                   " another publishes", year=year)  # fmt: skip
    if standing is not None:
        problem = text("proposal {asked} is no longer open, {open} by {name} is", asked=proposal, open=standing.id,
                       name=standing.order.proposed_by)  # fmt: skip
    raise PublicationRefused(year=year, problem=problem)


def _change_problem(planned: PlannedYear, standing: Proposal) -> Text | None:
    """Return what the draft dates differently from what was proposed, if anything."""
    codes = {*planned.dates, *standing.dates}
    changed = sorted(code for code in codes if planned.dates.get(code) != standing.dates.get(code))
    if not changed:
        return None
    return text(
        "the draft has other dates than {name} proposed ({changed}); propose it again:"
        " sekaps plan propose --year {year} --by NAME",
        name=standing.order.proposed_by,
        changed=changed,
        year=planned.year,
    )
