"""The signatory module: who may record whom, the right to sign that begins with the record, and what the rules find."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from small_country import Country, make_country, on
from sqlalchemy import func, select, update

from sekaps.database import transaction
from sekaps.domain.registry_cells import Record
from sekaps.domain.signatories import Role
from sekaps.errors.registry import RowsFlawed, SignatoryRefused
from sekaps.models.registry import DeputyLink, Mandate, Person, Unit
from sekaps.models.trail import Act
from sekaps.services.requests import SignRequest
from sekaps.services.responsibles import Actor, GrantOrder, PersonFacts, grant, revoke
from sekaps.services.signatories import DeputyOrder, HeadOrder, Recorded, end_post, link, record_deputy, record_head
from sekaps.services.signatory_check import check_signatories
from sekaps.services.signatory_import import PeopleReport, import_people
from sekaps.services.signing import sign
from sekaps.services.trail import broken_links

COORDINATOR, MINISTRY, ENERGY, GOVERNORATE, AFAD = range(20000001, 20000006)
MILITARY, INSTITUTION = 20000009, 20000010
AYSE, BORA, CAN, DENIZ = (PersonFacts(code, name, f"p{code}@x.tr") for code, name in
                          ((7001, "Ayşe Ak"), (7002, "Bora Boz"), (7003, "Can Cin"), (7004, "Deniz Dağ")))  # fmt: skip
CENTRE, OFFICE = Actor(AYSE.code), Actor(BORA.code, "e_signature")
JANUARY, MARCH = on(2023, 1, 9), on(2023, 3, 1)


@pytest.fixture
def country(database: object) -> Iterator[Country]:
    with transaction() as session:
        yield staffed(make_country(session))


def staffed(country: Country) -> Country:
    """Admit an authoriser at the ministry of defence, and one registrar at its unit."""
    admit(country, AYSE, MINISTRY, Role.AUTHORISER, None)
    admit(country, BORA, MILITARY, Role.REGISTRAR, CENTRE)
    return country


def admit(
    country: Country, person: PersonFacts, unit: int, role: Role, by: Actor | None, as_of: datetime = JANUARY
) -> bool:
    return grant(country.session, GrantOrder(person, unit, role, "0312", "0505"), by, as_of)


def appoint(country: Country, person: PersonFacts, from_at: datetime, as_of: datetime, **more: object) -> Recorded:
    return record_head(country.session, HeadOrder(MILITARY, person, from_at, **more), OFFICE, as_of)  # type: ignore[arg-type]


def may_sign(country: Country, form: int, code: int, as_of: datetime) -> bool:
    person = country.session.scalars(select(Person.id).where(Person.number == code)).one()
    return sign(country.session, country.edition, [SignRequest(form, person)], as_of)[0].done


def form_for_head(country: Country, number: str = "IBC-1") -> int:
    return country.document(number, "military", country.chain("military", "resource_form", [("military", "head")]))


def findings(country: Country, as_of: datetime, rule: int) -> list[tuple[int, str]]:
    found = check_signatories(country.session, as_of)
    return [(each.unit, each.problem.say("en")) for each in found if each.rule == rule]


def test_the_right_to_sign_begins_with_the_record_not_with_the_duty(country: Country) -> None:
    form = form_for_head(country)
    assert appoint(country, CAN, on(2023, 2, 20), MARCH) == Recorded(changed=True, days_late=9)
    assert not may_sign(country, form, CAN.code, MARCH - timedelta(hours=1))
    assert may_sign(country, form, CAN.code, MARCH)


def test_a_head_recorded_ahead_signs_from_the_day_of_duty_and_the_predecessor_until_then(country: Country) -> None:
    form, other = form_for_head(country), country.document("IBC-2", "military", country.chains["need"])
    assert appoint(country, CAN, on(2023, 3, 10), MARCH).days_late == 0
    assert not may_sign(country, form, CAN.code, on(2023, 3, 9))
    assert may_sign(country, form, CAN.code, on(2023, 3, 10))
    assert not may_sign(country, other, 1025, on(2023, 3, 10))


def test_rows_without_a_record_keep_their_right_and_a_closed_unit_has_none(country: Country) -> None:
    form, head = form_for_head(country), country.session.scalar(
        select(Person.number).where(Person.id == country.people["military head"])
    )  # fmt: skip
    assert head is not None
    country.session.execute(update(Unit).where(Unit.number == MILITARY).values(active_until=MARCH))
    assert not may_sign(country, form, head, MARCH)
    assert may_sign(country, form, head, MARCH - timedelta(hours=1))


def test_the_right_ends_with_the_departure_and_the_same_departure_again_changes_nothing(country: Country) -> None:
    form = form_for_head(country)
    appoint(country, CAN, on(2023, 2, 20), on(2023, 2, 20))
    assert end_post(country.session, MILITARY, "head", MARCH, OFFICE, MARCH) == Recorded(changed=True)
    assert end_post(country.session, MILITARY, "head", MARCH, OFFICE, MARCH) == Recorded(changed=False)
    assert not may_sign(country, form, CAN.code, MARCH)
    with pytest.raises(SignatoryRefused, match="nobody holds that post"):
        end_post(country.session, MILITARY, "head", on(2023, 3, 9), OFFICE, MARCH)


def test_the_same_record_again_changes_nothing(country: Country) -> None:
    appoint(country, CAN, on(2023, 2, 20), MARCH)
    acts = country.session.scalar(select(func.count()).select_from(Act))
    assert appoint(country, PersonFacts(CAN.code), on(2023, 2, 20), on(2023, 3, 2)) == Recorded(changed=False)
    assert country.session.scalar(select(func.count()).select_from(Act)) == acts
    assert list(broken_links(country.session)) == []


def test_moving_keeps_the_code_and_the_code_is_never_anothers(country: Country) -> None:
    appoint(country, CAN, on(2023, 2, 20), MARCH)
    with pytest.raises(SignatoryRefused, match="a code is never given to another"):
        appoint(country, PersonFacts(CAN.code, "Efe Er", "e@x.tr"), on(2023, 4, 3), on(2023, 4, 3))
    appoint(country, PersonFacts(CAN.code, "Can Cin Öz"), on(2023, 4, 3), on(2023, 4, 3), post="officer")
    assert country.session.scalar(select(Person.name).where(Person.number == CAN.code)) == "Can Cin Öz"
    changed = country.session.scalars(select(Act).where(Act.verb == "change_person")).one()
    assert changed.facts == {"person": CAN.code, "fields": ["name"]}


@pytest.mark.parametrize(
    ("unit", "by", "says"),
    [
        (MILITARY, Actor(DENIZ.code), "no responsible of any unit now"),
        (MILITARY, CENTRE, "from the provincial organisation"),
        (INSTITUTION, OFFICE, "outside the area"),
        (MILITARY, Actor(BORA.code, "password"), "is no login"),
    ],
)
def test_nobody_records_outside_the_rules(country: Country, unit: int, by: Actor, says: str) -> None:
    with pytest.raises(SignatoryRefused, match=says):
        record_head(country.session, HeadOrder(unit, CAN, MARCH), by, MARCH)


@pytest.mark.parametrize(
    ("person", "more", "says"),
    [
        (PersonFacts(7009), {}, "is new here; give the name"),
        (PersonFacts(7009, "Efe Er", AYSE.email), {}, "belongs to manager code 7001"),
        (CAN, {"post": "king"}, "is no post"),
        (CAN, {"until_at": MARCH}, "the end is not after the beginning"),
    ],
)
def test_an_order_that_makes_no_sense_is_refused(
    country: Country, person: PersonFacts, more: dict[str, object], says: str
) -> None:
    with pytest.raises(SignatoryRefused, match=says):
        appoint(country, person, MARCH, MARCH, **more)


def test_admitting_follows_the_ranks_and_wants_complete_contact_data(country: Country) -> None:
    with pytest.raises(SignatoryRefused, match="only the national authority"):
        admit(country, CAN, MINISTRY, Role.AUTHORISER, CENTRE)
    with pytest.raises(SignatoryRefused, match="only an authoriser of unit 20000002"):
        admit(country, CAN, MILITARY, Role.REGISTRAR, OFFICE)
    with pytest.raises(SignatoryRefused, match="a responsible needs: mobile phone"):
        grant(country.session, GrantOrder(CAN, MINISTRY, Role.AUTHORISER, "0312", ""), None, MARCH)
    assert not admit(country, AYSE, MINISTRY, Role.AUTHORISER, None)
    assert grant(country.session, GrantOrder(AYSE, MINISTRY, Role.AUTHORISER, "0313", "0505"), None, MARCH)


def test_whoever_is_dismissed_records_nothing_any_more(country: Country) -> None:
    assert revoke(country.session, BORA.code, MILITARY, Role.REGISTRAR, CENTRE, MARCH)
    assert not revoke(country.session, BORA.code, MILITARY, Role.REGISTRAR, CENTRE, MARCH)
    with pytest.raises(SignatoryRefused, match="no responsible of any unit now"):
        appoint(country, CAN, MARCH, MARCH)
    assert admit(country, BORA, MILITARY, Role.REGISTRAR, CENTRE, on(2023, 3, 2))


def test_a_deputy_signs_for_a_filled_post_until_the_holder_is_back_or_leaves(country: Country) -> None:
    form = form_for_head(country)
    order = DeputyOrder(MILITARY, DENIZ, MARCH, on(2023, 3, 10), "leave")
    assert record_deputy(country.session, order, CENTRE, MARCH) == Recorded(changed=True)
    assert record_deputy(country.session, order, CENTRE, MARCH) == Recorded(changed=False)
    end_post(country.session, MILITARY, "head", on(2023, 3, 8), OFFICE, MARCH)
    assert not may_sign(country, form, DENIZ.code, on(2023, 3, 8))
    assert may_sign(country, form, DENIZ.code, on(2023, 3, 7))
    late = DeputyOrder(MILITARY, DENIZ, on(2023, 3, 9), on(2023, 3, 20), "leave")
    with pytest.raises(SignatoryRefused, match="a vacant post has no acting signatory"):
        record_deputy(country.session, late, CENTRE, MARCH)


def test_only_an_authoriser_records_a_deputy(country: Country) -> None:
    order = DeputyOrder(MILITARY, DENIZ, MARCH, on(2023, 3, 10), "leave")
    with pytest.raises(SignatoryRefused, match="only an authoriser"):
        record_deputy(country.session, order, OFFICE, MARCH)


def test_the_first_head_an_institution_records_wipes_the_former_names_once(country: Country) -> None:
    session = country.session
    session.execute(update(Unit).values(former_head="Eski Amir"))
    appoint(country, CAN, MARCH, MARCH)
    kept = session.scalars(select(Unit.number).where(Unit.former_head.is_not(None)).order_by(Unit.number)).all()
    assert MINISTRY not in kept
    assert MILITARY not in kept
    assert INSTITUTION in kept
    session.execute(update(Unit).where(Unit.number == MINISTRY).values(former_head="Yine"))
    appoint(country, DENIZ, on(2023, 4, 3), on(2023, 4, 3))
    assert session.scalar(select(Unit.former_head).where(Unit.number == MINISTRY)) == "Yine"


def test_first_level_units_are_linked_with_a_deputy_head_in_office(country: Country) -> None:
    admit(country, CAN, GOVERNORATE, Role.AUTHORISER, None)
    by, later = Actor(CAN.code), on(2023, 4, 3)
    for post in ("deputy_head", "deputy_head_2"):
        order = HeadOrder(GOVERNORATE, PersonFacts(7100 + len(post), post, f"{post}@x.tr"), MARCH, post=post)
        record_head(country.session, order, by, MARCH)
    assert (AFAD, "it is linked with no deputy head of unit 20000004 in office") in findings(country, later, 14)
    assert link(country.session, AFAD, GOVERNORATE, by, MARCH)
    assert not link(country.session, AFAD, GOVERNORATE, by, MARCH)
    assert link(country.session, AFAD, GOVERNORATE, by, later, post="deputy_head_2")
    assert AFAD not in [unit for unit, _ in findings(country, later, 14)]
    assert country.session.scalar(select(func.count()).select_from(DeputyLink)) == 2
    with pytest.raises(SignatoryRefused, match="is no first-level unit"):
        link(country.session, MILITARY, MINISTRY, CENTRE, MARCH)


def test_the_check_finds_who_is_missing_what_is_late_and_what_ends_soon(country: Country) -> None:
    assert (MINISTRY, "1 of 2 responsible persons (authoriser)") in findings(country, MARCH, 4)
    admit(country, DENIZ, MINISTRY, Role.AUTHORISER, None)
    assert MINISTRY not in [unit for unit, _ in findings(country, MARCH, 4)]
    appoint(country, CAN, on(2023, 2, 27), MARCH)
    assert findings(country, MARCH, 13) == [(MILITARY, "7003 began and was recorded 2 day(s) late")]
    record_deputy(country.session, DeputyOrder(MILITARY, DENIZ, MARCH, on(2023, 3, 6), "leave"), CENTRE, MARCH)
    assert findings(country, MARCH, 17) == [(MILITARY, "7004 acts until 6 March 2023 10:00 only")]
    end_post(country.session, MILITARY, "head", on(2023, 3, 2), OFFICE, on(2023, 3, 5))
    assert findings(country, on(2023, 3, 5), 13) == [
        (MILITARY, "the head left and nobody is recorded since"),
        (MILITARY, "7003 began and was recorded 2 day(s) late"),
        (MILITARY, "7003 left and that was recorded 3 day(s) late"),
    ]


def test_the_check_finds_units_never_recorded_idle_responsibles_and_deputies_of_vacant_posts(country: Country) -> None:
    session = country.session
    record_deputy(session, DeputyOrder(MILITARY, DENIZ, MARCH, on(2023, 6, 1), "leave"), CENTRE, MARCH)
    session.execute(update(Mandate).where(Mandate.id == country.mandates["military head"]).values(until_at=MARCH))
    later = on(2023, 3, 9)
    assert findings(country, later, 17) == [(MILITARY, "7004 acts for a post that is vacant")]
    session.execute(update(Unit).where(Unit.number == MILITARY).values(active_until=later))
    assert findings(country, later, 6) == [(MILITARY, "7002 is responsible for a closed unit")]
    new = Unit(number=20000099, kind="institution", name="Yeni Kurum", parent_id=country.units["ministry"])
    session.add(new)
    session.flush()
    assert findings(country, later, 12) == [(20000099, "no head was ever recorded")]


def rows(*people: tuple[int, str, str, str, str]) -> list[Record]:
    return [
        Record(row, {"code": str(code), "name": name, "email": f"p{code}@x.tr", "unit": unit, "post": "amir",
                     "begins": begins, "ends": ends})
        for row, (code, name, unit, begins, ends) in enumerate(people, start=2)
    ]  # fmt: skip


LIST = rows(
    (7010, "Efe Er", str(MILITARY), "2023-02-20", ""),
    (7011, "Fatma Fil", str(MILITARY), "2023-02-27 08:30", ""),
)


def bring(country: Country, records: list[Record], by: Actor | None = OFFICE, as_of: datetime = MARCH) -> PeopleReport:
    return import_people(country.session, records, by=by, as_of=as_of, source="people.csv")


def test_a_list_of_people_is_taken_over_and_again_changes_nothing(country: Country) -> None:
    assert bring(country, LIST) == PeopleReport(2, 0, 2, 1, 0, 2)
    assert bring(country, LIST, as_of=on(2023, 3, 2)) == PeopleReport(0, 0, 0, 0, 2, 0)
    terms = select(Person.number, Mandate.until_at).join(Mandate, Mandate.person_id == Person.id)
    held = country.session.execute(
        terms.where(Mandate.post_id == country.posts["military", "head"]).order_by(Mandate.from_at)
    ).all()
    assert [until for _, until in held] == [on(2023, 2, 20, 0), on(2023, 2, 27, 8) + timedelta(minutes=30), None]
    assert list(broken_links(country.session)) == []


def test_a_list_may_end_terms_rename_people_and_end_their_deputies(country: Country) -> None:
    bring(country, LIST)
    record_deputy(country.session, DeputyOrder(MILITARY, DENIZ, MARCH, on(2023, 6, 1), "leave"), CENTRE, MARCH)
    ended = rows((7011, "Fatma Fil Öz", str(MILITARY), "2023-02-27 08:30", "2023-04-30"))
    assert bring(country, ended, as_of=on(2023, 4, 28)) == PeopleReport(0, 1, 0, 1, 0, 0)
    deputy = country.session.scalars(select(Mandate).where(Mandate.kind == "deputy")).one()
    assert deputy.until_at == on(2023, 5, 1, 0)


def test_the_national_modules_own_list_may_name_any_active_unit(country: Country) -> None:
    places = ((7010, "Efe Er", MINISTRY), (7011, "Fatma Fil", INSTITUTION))
    people = rows(*((code, name, str(unit), "2023-02-20", "") for code, name, unit in places))
    with pytest.raises(RowsFlawed):
        bring(country, people)
    assert bring(country, people, by=None).terms_added == 2


def test_every_flaw_of_a_list_is_told_and_then_nothing_is_imported(country: Country) -> None:
    flawed = [
        *LIST,
        *rows(
            (7012, "Gül", "20000077", "2023-02-20", ""),
            (7013, "Hale", str(INSTITUTION), "2023-02-20", ""),
            (7011, "Başka Biri", str(MILITARY), "2023-03-20", ""),
            (7014, "", str(MILITARY), "2023-04-20", ""),
        ),
        Record(9, {**LIST[0].cells, "code": "7015", "begins": "2023-05-20"}),
        Record(10, {**LIST[0].cells, "code": "7011", "name": "Can", "email": "c@x.tr", "begins": "2023-06-20"}),
    ]
    with pytest.raises(RowsFlawed) as refused:
        bring(country, flawed)
    told = [(flaw.row, flaw.problem.say("en")) for flaw in refused.value.flaws]
    assert [row for row, _ in told] == [2, 3, 4, 5, 9, 10]
    assert country.session.scalar(select(func.count()).where(Person.number.between(7010, 7020))) == 0


def test_of_two_lists_at_once_one_adds_and_the_other_finds_nothing_to_do(database: object) -> None:
    with transaction() as session:
        staffed(make_country(session))

    def one(_: int) -> tuple[int, int]:
        with transaction() as session:
            report = import_people(session, LIST, by=OFFICE, as_of=MARCH, source="people.csv")
        return report.terms_added, report.unchanged

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(one, range(2))) == [(0, 2), (2, 0)]


def test_of_two_people_recorded_at_once_for_one_post_one_follows_the_other(database: object) -> None:
    with transaction() as session:
        staffed(make_country(session))

    def one(person: PersonFacts) -> bool:
        with transaction() as session:
            order = HeadOrder(MILITARY, person, MARCH)
            try:
                return record_head(session, order, OFFICE, MARCH).changed
            except SignatoryRefused:
                return False

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(one, (CAN, DENIZ))) == [False, True]
