"""A year is closed by two people, once its work is over, and nothing about it is decided any more."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from small_country import on, publish
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from sekaps.database import transaction
from sekaps.errors.editions import AmendmentRefused, ClosingRefused, EditionClosed
from sekaps.models.programmes import Phase
from sekaps.models.trail import Act
from sekaps.services.amendments import AmendmentOrder, list_amendments, propose, publish_amendment
from sekaps.services.closing import close_edition, propose_closing, withdraw_closing
from sekaps.services.editions import EditionView, load_edition
from sekaps.services.extensions import extend, revoke
from sekaps.services.proposals import Order, list_proposals
from sekaps.services.requests import ExtensionOrder
from sekaps.services.timetables import edition_timetable

MARCH = on(2024, 3, 18)
AYSE = Order("Ayşe", "", "E-9")
GAPS = {"needs_entry": 2, "contracts_and_notifications": 1}
EXTENSION = {
    "activity": "needs_entry",
    "step": "",
    "scope": "nation",
    "scope_code": "",
    "until": date(2024, 3, 20),
    "authority": "koordinatör",
    "reason": "flood",
    "letter_number": "E-3",
}


@pytest.fixture
def session(database: object) -> Iterator[Session]:
    with transaction() as session:
        publish(session)
        yield session


def done(session: Session, **gaps: int) -> EditionView:
    """Close every phase, with gaps where some are left, and return the edition."""
    session.execute(update(Phase).values(state="closed", closed_at=on(2024, 3, 4), gaps_at_close=0))
    for code, count in gaps.items():
        values: dict[str, Any] = {"state": "closed_with_gaps", "gaps_at_close": count}
        session.execute(update(Phase).where(Phase.code == code).values(values))
    return load_edition(session, "sekaps", 2023)


def state(session: Session) -> str:
    return load_edition(session, "sekaps", 2023).state


def test_two_people_close_a_year_whose_work_is_over(session: Session) -> None:
    edition = done(session)
    number = propose_closing(session, edition, AYSE, MARCH)
    assert propose_closing(session, edition, AYSE, MARCH) == number
    assert state(session) == "published"
    assert close_edition(session, edition, "Mehmet", MARCH)
    assert state(session) == "closed"
    act = session.scalars(select(Act).where(Act.verb == "close_edition")).one()
    assert (act.authority, act.facts["proposed_by"], act.facts["letter_number"]) == ("Mehmet", "Ayşe", "E-9")
    assert [(one.kind, one.state) for one in list_proposals(session, "sekaps", 2023)] == [("closing", "published")]
    assert (list_amendments(session, edition), edition.revision) == ([], 1)


def test_closing_twice_changes_nothing(session: Session) -> None:
    edition = done(session)
    propose_closing(session, edition, AYSE, MARCH)
    close_edition(session, edition, "Mehmet", MARCH)
    before = session.scalars(select(Act.id)).all()
    assert not close_edition(session, edition, "Fatma", MARCH)
    assert propose_closing(session, edition, AYSE, MARCH) is None
    assert session.scalars(select(Act.id)).all() == before


def test_whoever_proposed_it_does_not_close_it_and_unproposed_it_is_not_closed(session: Session) -> None:
    edition = done(session)
    with pytest.raises(ClosingRefused, match="nobody has proposed it"):
        close_edition(session, edition, "Mehmet", MARCH)
    propose_closing(session, edition, AYSE, MARCH)
    with pytest.raises(ClosingRefused, match="two people are needed"):
        close_edition(session, edition, "ayşe", MARCH)
    with pytest.raises(ClosingRefused, match="Ayşe proposed to close it already"):
        propose_closing(session, edition, Order("Fatma", "", "E-10"), MARCH)


@pytest.mark.parametrize("phase_state", ["planned", "open"])
def test_a_year_with_work_going_on_is_not_closed(session: Session, phase_state: str) -> None:
    edition = done(session)
    session.execute(update(Phase).where(Phase.code == "needs_entry").values(state=phase_state))
    with pytest.raises(ClosingRefused, match="still planned or open: Needs entry"):
        propose_closing(session, edition, AYSE, MARCH, with_gaps=False)


def test_an_extension_in_force_keeps_the_year_open_until_it_ends(session: Session) -> None:
    edition = done(session)
    extend(session, edition, ExtensionOrder(**EXTENSION), MARCH)
    with pytest.raises(ClosingRefused, match="an extension is in force until 20 March 2024"):
        propose_closing(session, edition, AYSE, MARCH)
    assert propose_closing(session, edition, AYSE, on(2024, 3, 21))


def test_gaps_are_named_and_accepted_with_a_reason_by_both(session: Session) -> None:
    edition = done(session, **GAPS)
    with pytest.raises(ClosingRefused, match=r"\(Needs entry: 2, Contracts and notifications: 1\)"):
        propose_closing(session, edition, AYSE, MARCH)
    with pytest.raises(ClosingRefused, match="closing with gaps needs a reason"):
        propose_closing(session, edition, AYSE, MARCH, with_gaps=True)
    propose_closing(session, edition, Order("Ayşe", "posts are vacant", "E-9"), MARCH, with_gaps=True)
    with pytest.raises(ClosingRefused, match="phases closed with gaps"):
        close_edition(session, edition, "Mehmet", MARCH)
    assert close_edition(session, edition, "Mehmet", MARCH, with_gaps=True)
    act = session.scalars(select(Act).where(Act.verb == "close_edition")).one()
    assert (act.facts["gaps"], act.facts["reason"]) == (GAPS, "posts are vacant")


def test_a_letter_and_a_name_are_needed(session: Session) -> None:
    for order in (Order("Ayşe"), Order(" ", "", "E-9")):
        with pytest.raises(ClosingRefused, match="who proposes it and the letter number must be given"):
            propose_closing(session, done(session), order, MARCH)


def test_a_proposal_to_close_is_no_amendment_and_can_be_withdrawn(session: Session) -> None:
    edition = done(session)
    number = propose_closing(session, edition, AYSE, MARCH)
    assert number is not None
    with pytest.raises(AmendmentRefused, match="is not open"):
        publish_amendment(session, edition, number, "Mehmet", MARCH)
    assert withdraw_closing(session, edition, "Ayşe", MARCH) == number
    with pytest.raises(ClosingRefused, match="nobody has proposed it"):
        close_edition(session, edition, "Mehmet", MARCH)


def test_a_closed_year_is_neither_amended_nor_extended_and_nothing_lies_ahead_of_it(session: Session) -> None:
    edition = done(session)
    earlier = on(2024, 2, 1)
    moved = AmendmentOrder({"year_close": date(2024, 3, 29)}, "flood", "E-2", "Ayşe")
    amendment = propose(session, edition, moved, earlier)
    extension = extend(session, edition, ExtensionOrder(**EXTENSION), earlier)
    after = on(2024, 3, 21)
    propose_closing(session, edition, AYSE, after)
    close_edition(session, edition, "Mehmet", after)
    for act in (
        lambda: propose(session, edition, moved, earlier),
        lambda: publish_amendment(session, edition, amendment, "Mehmet", earlier),
        lambda: extend(session, edition, ExtensionOrder(**EXTENSION), earlier),
        lambda: revoke(session, edition, extension, "koordinatör", earlier),
    ):
        with pytest.raises(EditionClosed, match="the 2023 edition is closed"):
            act()
    assert edition_timetable(session, load_edition(session, "sekaps", 2023), on(2023, 1, 1)).mornings == ()


def test_an_amendment_in_between_makes_the_closing_be_proposed_again(session: Session) -> None:
    edition = done(session)
    earlier = on(2024, 2, 1)
    amendment = propose(
        session, edition, AmendmentOrder({"year_close": date(2024, 3, 15)}, "flood", "E-2", "Ayşe"), earlier
    )
    propose_closing(session, edition, AYSE, earlier)
    publish_amendment(session, edition, amendment, "Mehmet", earlier)
    amended = done(session)
    with pytest.raises(ClosingRefused, match="proposed under revision 1, and revision 2 holds now"):
        close_edition(session, amended, "Mehmet", MARCH)
    again = propose_closing(session, amended, Order("Fatma", "", "E-11"), MARCH)
    assert again is not None
    assert close_edition(session, amended, "Mehmet", MARCH)
