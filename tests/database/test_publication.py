"""A year is published by two people: one proposes its dates, another publishes exactly these, once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from threading import Barrier

import pytest
from small_country import on
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from sekaps.calendar.editions import draft
from sekaps.calendar.published import published_yaml
from sekaps.database import transaction
from sekaps.errors.editions import EditionUnknown, InvariantsBroken, PublicationRefused
from sekaps.models.amendments import Amendment
from sekaps.models.programmes import Revision
from sekaps.models.trail import Act
from sekaps.services.amendments import list_amendments
from sekaps.services.editions import load_edition
from sekaps.services.programmes import parsed
from sekaps.services.proposals import Kind, Order, list_proposals
from sekaps.services.publication import (
    PlannedYear,
    open_publication,
    planned_year,
    propose_publication,
    publish_proposed,
    withdraw_publication,
)
from sekaps.services.revisions import list_revisions
from sekaps.services.trail import broken_links
from sekaps.texts import text

NOVEMBER, DECEMBER = on(2026, 11, 23), on(2026, 12, 1)
AYSE = Order("Ayşe", "yearly planning", "E-1")
LATER = {"needs_close": date(2027, 5, 7), "allocation_open": date(2027, 5, 10)}
BROKEN = {"needs_close": date(2027, 5, 7), "allocation_open": date(2027, 5, 3)}


@pytest.fixture
def session(database: object) -> Iterator[Session]:
    with transaction() as session:
        yield session


@cache
def planned() -> PlannedYear:
    return planned_year(Path("nowhere"), "sekaps", 2027)


def planned_with(dates: dict[str, date]) -> PlannedYear:
    written = published_yaml(planned().written, 2027, dates)
    return PlannedYear(draft(parsed(written, "sekaps"), 2027, planned().days), written, planned().days)


def proposed(session: Session, order: Order = AYSE) -> int:
    return propose_publication(session, planned(), order, NOVEMBER)


def states(session: Session) -> list[tuple[int, str, str, str | None]]:
    found = list_proposals(session, "sekaps", 2027)
    return [(one.id, one.state, one.order.proposed_by, one.decided_by) for one in found]


def test_what_one_person_proposed_another_publishes_as_revision_one(session: Session) -> None:
    number = proposed(session)
    with pytest.raises(EditionUnknown):
        load_edition(session, "sekaps", 2027)
    publish_proposed(session, planned(), "Mehmet", DECEMBER)
    edition = load_edition(session, "sekaps", 2027)
    [revision] = list_revisions(session, edition)
    assert (edition.revision, edition.state, edition.synthetic) == (1, "published", False)
    assert (revision.decided_by, revision.reason, revision.letter_number) == ("Mehmet", "yearly planning", "E-1")
    assert revision.decided_at == DECEMBER
    assert states(session) == [(number, "published", "Ayşe", "Mehmet")]
    assert list_amendments(session, edition) == []


def test_the_trail_tells_who_proposed_which_dates_and_who_published_them(session: Session) -> None:
    number = proposed(session)
    publish_proposed(session, planned(), "Mehmet", DECEMBER)
    [asked, decided] = session.scalars(select(Act).order_by(Act.sequence))
    assert (asked.verb, asked.authority, asked.facts["dates"]) == ("propose_publication", "Ayşe", planned().dates)
    assert (decided.verb, decided.authority, decided.facts["amendment"]) == ("publish", "Mehmet", number)
    assert list(broken_links(session)) == []


@pytest.mark.parametrize("name", ["Ayşe", " AYŞE ", ""])
def test_whoever_proposed_it_does_not_publish_it_and_nobody_nameless_does(session: Session, name: str) -> None:
    proposed(session)
    with pytest.raises(PublicationRefused, match="two people are needed|who decides must be named"):
        publish_proposed(session, planned(), name, DECEMBER)
    assert session.scalar(select(func.count()).select_from(Revision)) == 0


def test_the_schema_itself_does_not_let_the_proposer_publish(session: Session) -> None:
    proposed(session)
    values = {"state": "published", "decided_by": "Ayşe", "decided_at": DECEMBER}
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(update(Amendment).values(values))


def test_a_year_nobody_proposed_is_not_published(session: Session) -> None:
    with pytest.raises(PublicationRefused, match="nobody has proposed it"):
        publish_proposed(session, planned(), "Mehmet", DECEMBER)


def test_a_draft_that_changed_meanwhile_is_proposed_again(session: Session) -> None:
    proposed(session)
    changed = planned_with(LATER)
    with pytest.raises(PublicationRefused, match=r"Ayşe proposed \(allocation_open, needs_close\); propose it again"):
        publish_proposed(session, changed, "Mehmet", DECEMBER)
    again = propose_publication(session, changed, Order("Fatma"), DECEMBER)
    publish_proposed(session, changed, "Mehmet", DECEMBER)
    assert load_edition(session, "sekaps", 2027).window("needs_entry").closes == LATER["needs_close"]
    assert [state for _, state, *_ in states(session)] == ["withdrawn", "published"]
    assert again == states(session)[1][0]


def test_the_same_proposed_again_by_the_same_person_is_the_one_that_stands(session: Session) -> None:
    assert proposed(session) == proposed(session)
    assert len(states(session)) == 1
    other_letter = proposed(session, Order("Ayşe", "yearly planning", "E-2"))
    assert states(session)[-1] == (other_letter, "proposed", "Ayşe", None)


def test_a_second_person_who_proposes_the_same_is_told_to_publish_it(session: Session) -> None:
    number = proposed(session)
    with pytest.raises(PublicationRefused, match=rf"Ayşe proposed the same dates already \(proposal {number}\)"):
        proposed(session, Order("Mehmet"))


def test_a_year_that_breaks_an_invariant_is_not_proposed(session: Session) -> None:
    broken = planned_with(BROKEN)
    with pytest.raises(InvariantsBroken):
        propose_publication(session, broken, AYSE, NOVEMBER)
    assert states(session) == []


def test_a_year_that_came_to_break_an_invariant_is_not_published(session: Session) -> None:
    proposed(session)
    broken = replace(planned(), draft=replace(planned().draft, violations=(text("a new condition is broken"),)))
    with pytest.raises(InvariantsBroken):
        publish_proposed(session, broken, "Mehmet", DECEMBER)


def test_published_twice_it_stays_as_it_is_and_is_not_proposed_any_more(session: Session) -> None:
    proposed(session)
    first = publish_proposed(session, planned(), "Mehmet", DECEMBER)
    assert publish_proposed(session, planned_with(LATER), "Fatma", DECEMBER) == first
    assert load_edition(session, "sekaps", 2027).revision == 1
    with pytest.raises(PublicationRefused, match="published already, revision 1 holds"):
        proposed(session)


def test_a_proposal_can_be_withdrawn_and_is_then_not_published(session: Session) -> None:
    number = proposed(session)
    withdraw_publication(session, "sekaps", 2027, "Mehmet", DECEMBER)
    assert states(session) == [(number, "withdrawn", "Ayşe", "Mehmet")]
    assert open_publication(session, "sekaps", 2027) is None
    for decide in (lambda: publish_proposed(session, planned(), "Mehmet", DECEMBER, proposal=number),
                   lambda: withdraw_publication(session, "sekaps", 2027, "Mehmet", DECEMBER)):  # fmt: skip
        with pytest.raises(PublicationRefused, match="nobody has proposed it"):
            decide()


def test_an_answer_is_to_the_proposal_it_was_given_to(session: Session) -> None:
    first = proposed(session)
    second = proposed(session, Order("Ayşe", "corrected", "E-2"))
    with pytest.raises(PublicationRefused, match=f"proposal {first} is no longer open, {second} by Ayşe is"):
        publish_proposed(session, planned(), "Mehmet", DECEMBER, proposal=first)
    publish_proposed(session, planned(), "Mehmet", DECEMBER, proposal=second)


def test_two_who_publish_at_once_publish_it_once(database: object) -> None:
    with transaction() as session:
        proposed(session)
    together = Barrier(2)

    def decide(name: str) -> int:
        with transaction() as session:
            together.wait() if session.get_bind().dialect.name == "postgresql" else None
            return publish_proposed(session, planned(), name, DECEMBER)

    with ThreadPoolExecutor(2) as people:
        editions = set(people.map(decide, ("Mehmet", "Fatma")))
    with transaction() as session:
        assert len(editions) == session.scalar(select(func.count()).select_from(Revision)) == 1
        [(_, state, _, decided_by)] = states(session)
        assert state == "published"
        assert list_revisions(session, load_edition(session, "sekaps", 2027))[0].decided_by == decided_by


def test_two_who_propose_at_once_leave_one_proposal(database: object) -> None:
    def ask(name: str) -> int | None:
        with transaction() as session:
            try:
                return proposed(session, Order(name))
            except PublicationRefused:
                return None

    with ThreadPoolExecutor(2) as people:
        numbers = list(people.map(ask, ("Ayşe", "Fatma")))
    with transaction() as session:
        [(number, state, _, _)] = states(session)
        assert (sorted(map(bool, numbers)), state) == ([False, True], "proposed")
        assert [one.kind for one in list_proposals(session, "sekaps", 2027)] == [Kind.PUBLICATION]
        assert number in numbers
