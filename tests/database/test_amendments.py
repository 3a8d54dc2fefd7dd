"""Amending a published year: seen before it is done, decided by two people, kept as a revision of its own."""

from collections.abc import Iterator
from datetime import date

import pytest
from small_country import Country, make_country, on
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from sekaps.calendar.windows import Window
from sekaps.database import transaction
from sekaps.errors.editions import AmendmentRefused, InvariantsBroken, RevisionUnknown
from sekaps.models.amendments import Amendment
from sekaps.models.mail import OutboxMessage
from sekaps.models.programmes import Revision
from sekaps.services.amendments import AmendmentOrder, propose, publish_amendment, with_followers, withdraw_amendment
from sekaps.services.edition_work import open_work
from sekaps.services.editions import EditionView, load_edition
from sekaps.services.extensions import extend
from sekaps.services.impact import what_if
from sekaps.services.orders import issue_order
from sekaps.services.phases import close_when_due, open_when_due, phase_status
from sekaps.services.reminders import claim_digests
from sekaps.services.requests import DayOrderRequest, ExtensionOrder
from sekaps.services.revisions import BoundaryChange, difference
from sekaps.services.trail import broken_links

MARCH = on(2023, 3, 1)
MAY_5 = date(2023, 5, 5)
LATER = {"needs_close": MAY_5, "allocation_open": date(2023, 5, 8)}


@pytest.fixture
def country(database: object) -> Iterator[Country]:
    with transaction() as session:
        country = make_country(session)
        country.document("IBC-1", "military", country.chains["need"])
        yield country


def order(dates: dict[str, date] | None = None, by: str = "Ayşe") -> AmendmentOrder:
    return AmendmentOrder(dates or LATER, "earthquake", "E-24312041-702.03-1", by)


def now(country: Country) -> EditionView:
    return load_edition(country.session, "sekaps", 2023)


def test_what_a_shift_would_cost_is_told_and_nothing_changes(country: Country) -> None:
    impact = what_if(country.session, country.edition, LATER, MARCH)
    moved = {(move.activity, move.step): move.working_days_gained for move in impact.moves}
    assert moved["needs_entry", ""] == moved["needs_entry", "4.a"] == 4
    assert moved["allocation", "5.1"] == -4
    assert (impact.violations, impact.open_documents, impact.units) == ((), 1, 1)
    assert now(country).revision == 1


def test_a_shift_that_would_break_the_year_is_told_and_not_proposed(country: Country) -> None:
    only_one = {"needs_close": MAY_5}
    assert what_if(country.session, country.edition, only_one, MARCH).violations != ()
    with pytest.raises(InvariantsBroken):
        propose(country.session, country.edition, order(only_one), MARCH)


def test_two_people_make_a_revision_and_the_first_one_stays(country: Country) -> None:
    session = country.session
    number = propose(session, country.edition, order(), MARCH)
    assert publish_amendment(session, country.edition, number, "Mehmet", MARCH) == 2
    amended = now(country)
    assert (amended.revision, amended.state) == (2, "amended")
    assert amended.window("needs_entry", "4.a") == Window(date(2023, 2, 1), MAY_5)
    assert country.edition.window("needs_entry") == Window(date(2023, 2, 1), date(2023, 4, 28))
    assert difference(session, amended, 1, 2) == [
        BoundaryChange("needs_close", date(2023, 4, 28), MAY_5),
        BoundaryChange("allocation_open", date(2023, 5, 2), date(2023, 5, 8)),
    ]
    texts = session.scalars(select(Revision.programme_text).order_by(Revision.number)).all()
    assert "2023: 2023-05-05" in texts[1]
    assert "2023: 2023-05-05" not in texts[0]
    assert list(broken_links(session)) == []


def test_whoever_proposed_it_does_not_publish_it_nor_does_the_schema_let_them(country: Country) -> None:
    number = propose(country.session, country.edition, order(), MARCH)
    with pytest.raises(AmendmentRefused, match="two people are needed"):
        publish_amendment(country.session, country.edition, number, "Ayşe", MARCH)
    values = {"state": "published", "decided_by": "Ayşe", "decided_at": MARCH}
    with pytest.raises(IntegrityError), country.session.begin_nested():
        country.session.execute(update(Amendment).values(values))


def test_of_two_amendments_that_overlap_the_second_must_be_proposed_again(country: Country) -> None:
    session = country.session
    first, second = (propose(session, country.edition, order(by=who), MARCH) for who in ("Ayşe", "Fatma"))
    publish_amendment(session, country.edition, first, "Mehmet", MARCH)
    with pytest.raises(AmendmentRefused, match="against revision 1, and revision 2 holds now"):
        publish_amendment(session, now(country), second, "Mehmet", MARCH)


def test_an_amendment_is_decided_once(country: Country) -> None:
    number = propose(country.session, country.edition, order(), MARCH)
    withdraw_amendment(country.session, country.edition, number, "Ayşe", MARCH)
    for decide in (publish_amendment, withdraw_amendment):
        with pytest.raises(AmendmentRefused, match="is not open"):
            decide(country.session, country.edition, number, "Mehmet", MARCH)


@pytest.mark.parametrize(
    ("dates", "as_of", "says"),
    [
        ({"nope": MAY_5}, MARCH, "no boundary 'nope' in this edition"),
        ({"needs_close": date(2023, 2, 20)}, MARCH, "the past stays as it was"),
        ({"needs_close": MAY_5}, on(2023, 5, 2), "the past stays as it was"),
        ({"needs_close": date(2023, 4, 28)}, MARCH, "is on 28 April 2023 already"),
    ],
)
def test_what_makes_no_sense_is_refused(country: Country, dates: dict[str, date], as_of: object, says: str) -> None:
    with pytest.raises(AmendmentRefused, match=says):
        propose(country.session, country.edition, order(dates), as_of)  # type: ignore[arg-type]


def test_a_reason_a_letter_and_a_name_are_needed(country: Country) -> None:
    with pytest.raises(AmendmentRefused, match="must all be given"):
        propose(country.session, country.edition, AmendmentOrder(LATER, "", "E-1", "Ayşe"), MARCH)


def test_a_revision_that_does_not_exist_is_told(country: Country) -> None:
    with pytest.raises(RevisionUnknown, match="no revision 7; they go from 1 to 1"):
        difference(country.session, country.edition, 1, 7)


def test_phases_follow_their_windows(country: Country) -> None:
    session, phase = country.session, country.edition.phase("contracts_and_notifications")
    february = on(2024, 2, 1)
    assert open_when_due(session, country.edition, phase, february)
    number = propose(session, country.edition, order({"year_close": date(2024, 3, 15)}), february)
    publish_amendment(session, country.edition, number, "Mehmet", february)
    assert not close_when_due(session, now(country), phase, on(2024, 3, 5), 0)
    assert close_when_due(session, now(country), phase, on(2024, 3, 18), 0)
    assert phase_status(session, now(country), phase.code).state == "closed"


def test_the_boundaries_that_hang_on_a_shifted_one_by_rule_can_move_along(country: Country) -> None:
    followed = with_followers(country.session, country.edition, {"needs_close": MAY_5})
    assert followed == LATER
    assert what_if(country.session, country.edition, followed, MARCH).violations == ()


def test_a_shift_tells_the_days_on_which_it_would_call_and_no_longer_call(country: Country) -> None:
    impact = what_if(country.session, country.edition, LATER, MARCH)
    assert MAY_5 in impact.due_days
    assert date(2023, 4, 27) in impact.idle_days  # a working day before 28 April, and of nothing else any more


def test_a_shift_tells_what_else_is_in_force_in_the_windows_it_moves(country: Country) -> None:
    given = ExtensionOrder("needs_entry", "4.a", "nation", "", MAY_5, "koordinatör", "late", "E-5")
    extend(country.session, country.edition, given, MARCH)
    closed = DayOrderRequest("leave", MAY_5, MAY_5, (("nation", ""),), "Cumhurbaşkanlığı", "yas", "K-1")
    issue_order(country.session, country.edition, closed, MARCH)
    propose(country.session, now(country), order(by="Ayşe"), MARCH)
    said = [one.say("en") for one in what_if(country.session, now(country), LATER, MARCH).overlaps]
    assert [line.split()[0] for line in said] == ["extension", "order", "amendment"]


def test_those_reminded_of_a_day_that_an_amendment_moves_get_one_correction(country: Country) -> None:
    reminded = on(2023, 4, 25)
    work = open_work(country.session, country.edition, reminded)
    claim_digests(country.session, country.edition, work, reminded)
    country.session.execute(update(OutboxMessage).values(state="sent", attempts=1))
    number = propose(country.session, country.edition, order(), reminded)
    assert what_if(country.session, country.edition, LATER, reminded).corrected == 1
    publish_amendment(country.session, country.edition, number, "Mehmet", reminded)
    corrections = select(OutboxMessage).where(OutboxMessage.key.startswith("correction:"))
    [letter] = country.session.scalars(corrections)
    assert letter.person_id == country.people["military officer"]
    assert "5 Mayıs 2023" in letter.subject
