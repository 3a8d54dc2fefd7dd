"""The eighteen rules of the signatory module, each by its number and name."""

from datetime import UTC, date, datetime

import pytest
from signatory_offices import (
    AFFILIATED,
    CLOSED,
    DEPARTMENT,
    EMBASSY,
    GOVERNORATE,
    HOSPITAL,
    INTERIOR,
    KAYMAKAM,
    MINISTRY,
    MUNICIPALITY,
    OFFICES,
    PARKS,
    PROVINCIAL_DIRECTORATE,
    REGION,
)

from sekaps.domain import signatories as rules
from sekaps.domain.signatories import Contact, Recorder, Role
from sekaps.domain.signatory_rules import RULES
from sekaps.domain.terms import Term
from sekaps.texts import Text

AT_CENTRE = Recorder(Role.AUTHORISER, MINISTRY)
AT_GOVERNORATE = Recorder(Role.AUTHORISER, GOVERNORATE)
AT_REGION = Recorder(Role.REGISTRAR, REGION)
AT_CITY = Recorder(Role.AUTHORISER, MUNICIPALITY)


def at(day: int, hour: int = 9) -> datetime:
    return datetime(2026, 3, day, hour, tzinfo=UTC)


def says(refusal: Text | None) -> str:
    return refusal.say("en") if refusal else ""


def test_all_eighteen_rules_are_listed_with_a_name_a_sentence_and_a_function() -> None:
    assert [rule.number for rule in RULES] == list(range(1, 19))
    assert len({rule.name for rule in RULES}) == len({rule.check for rule in RULES}) == 18
    assert all(rule.sentence.tr and rule.sentence.en for rule in RULES)
    assert [rule.number for rule in RULES if rule.is_nearest] == [8, 9, 10]


@pytest.mark.parametrize("unit", [MINISTRY, DEPARTMENT, EMBASSY, HOSPITAL, KAYMAKAM, PARKS])
def test_rule_1_scope_every_active_unit_has_its_head_in_the_module(unit: int) -> None:
    assert rules.accepts_head(OFFICES.units[unit]) is None
    assert "was closed" in says(rules.accepts_head(OFFICES.units[CLOSED]))


def test_rule_2_local_governments_record_themselves() -> None:
    assert rules.local_government_records_itself(AT_CITY, PARKS, OFFICES) is None
    assert "which records itself" in says(rules.local_government_records_itself(AT_GOVERNORATE, PARKS, OFFICES))
    assert rules.local_government_records_itself(AT_GOVERNORATE, PROVINCIAL_DIRECTORATE, OFFICES) is None


@pytest.mark.parametrize(
    ("by", "unit", "allowed"),
    [
        (AT_CENTRE, DEPARTMENT, True),
        (AT_CENTRE, EMBASSY, True),
        (AT_CENTRE, HOSPITAL, False),
        (AT_REGION, HOSPITAL, True),
        (AT_REGION, DEPARTMENT, False),
        (AT_GOVERNORATE, PROVINCIAL_DIRECTORATE, True),
    ],
)
def test_rule_3_who_records_the_level_fits_the_place(by: Recorder, unit: int, allowed: bool) -> None:
    assert (rules.level_matches(by, unit, OFFICES) is None) is allowed


def test_rule_4_at_least_two_responsibles() -> None:
    assert [rules.responsibles_missing(count) for count in range(4)] == [2, 1, 0, 0]


@pytest.mark.parametrize(
    ("unit", "role"),
    [
        (MINISTRY, Role.AUTHORISER),
        (GOVERNORATE, Role.AUTHORISER),
        (KAYMAKAM, Role.AUTHORISER),
        (REGION, Role.REGISTRAR),
        (PROVINCIAL_DIRECTORATE, Role.REGISTRAR),
        (HOSPITAL, None),
        (DEPARTMENT, None),
    ],
)
def test_rule_4_which_role_two_persons_must_hold_where(unit: int, role: Role | None) -> None:
    assert rules.role_needed(unit, OFFICES) == role


def test_rule_5_coordination_follows_from_how_a_unit_is_attached() -> None:
    assert rules.coordinating_office(HOSPITAL, OFFICES).number == MINISTRY
    assert rules.coordinating_office(PROVINCIAL_DIRECTORATE, OFFICES).number == GOVERNORATE


def test_rule_6_accuracy_whoever_records_has_the_unit_in_the_own_area() -> None:
    assert rules.lies_in_area(AT_REGION, HOSPITAL, OFFICES) is None
    assert "outside the area" in says(rules.lies_in_area(AT_REGION, PROVINCIAL_DIRECTORATE, OFFICES))


@pytest.mark.parametrize(
    ("role", "unit", "grantors", "problem"),
    [
        (Role.AUTHORISER, MINISTRY, None, ""),
        (Role.AUTHORISER, KAYMAKAM, None, ""),
        (Role.AUTHORISER, MINISTRY, [AT_CENTRE], "only the national authority"),
        (Role.AUTHORISER, HOSPITAL, None, "has registrars"),
        (Role.REGISTRAR, HOSPITAL, [AT_CENTRE], ""),
        (Role.REGISTRAR, PROVINCIAL_DIRECTORATE, [AT_REGION, AT_GOVERNORATE], ""),
        (Role.REGISTRAR, PROVINCIAL_DIRECTORATE, [AT_CENTRE], "only an authoriser of unit"),
        (Role.REGISTRAR, HOSPITAL, [AT_REGION], "only an authoriser of unit"),
        (Role.REGISTRAR, HOSPITAL, None, "only an authoriser of unit"),
        (Role.REGISTRAR, DEPARTMENT, [AT_CENTRE], "has authorisers"),
        (Role.REGISTRAR, GOVERNORATE, [AT_CENTRE], "has authorisers"),
    ],
)
def test_rule_7_who_grants_whom(role: Role, unit: int, grantors: list[Recorder] | None, problem: str) -> None:
    refusal = says(rules.refusal_to_grant(role, unit, grantors, OFFICES))
    assert problem in refusal
    assert bool(problem) is bool(refusal)


def test_rule_8_contact_data_is_complete_and_holds_no_identity_number() -> None:
    assert rules.contact_missing(Contact("Ayşe", "0312", "0505", "a@x.tr")) == ()
    assert rules.contact_missing(Contact("Ayşe", " ", "", "a@x.tr")) == ("work_phone", "mobile_phone")
    assert not any("identity" in name for name in Contact.__dataclass_fields__)


def test_rule_9_address_only_somebody_with_a_current_grant_records() -> None:
    assert rules.refusal_without_grant([AT_CENTRE]) is None
    assert "no responsible of any unit" in says(rules.refusal_without_grant([]))


def test_rule_10_login_means_are_three_and_none_other() -> None:
    assert all(map(rules.is_login_means, ("e_signature", "mobile_signature", "e_government")))
    assert not rules.is_login_means("password")


def test_rule_11_first_record_wipes_and_no_later_one() -> None:
    assert [rules.wipes_former_heads(count) for count in range(3)] == [True, False, False]


def test_rule_12_first_records_are_due_on_the_first_of_march_2016_itself_in_time() -> None:
    assert not rules.is_first_record_overdue(date(2016, 3, 1))
    assert rules.is_first_record_overdue(date(2016, 3, 2))


@pytest.mark.parametrize(
    ("happened_at", "recorded_at", "late"),
    [(at(2, 6), at(2, 20), 0), (at(2, 20), at(2, 21), 1), (at(6), at(9), 3), (at(9), at(6), 0)],
)
def test_rule_13_same_day_by_the_local_day_weekends_included(
    happened_at: datetime, recorded_at: datetime, late: int
) -> None:
    assert rules.days_late(happened_at, recorded_at) == late


@pytest.mark.parametrize(
    ("by", "unit", "deputy_unit", "problem"),
    [
        (AT_CENTRE, DEPARTMENT, MINISTRY, ""),
        (AT_CENTRE, EMBASSY, MINISTRY, ""),
        (AT_GOVERNORATE, PROVINCIAL_DIRECTORATE, GOVERNORATE, ""),
        (AT_CENTRE, PROVINCIAL_DIRECTORATE, GOVERNORATE, "only an authoriser of unit"),
        (Recorder(Role.REGISTRAR, MINISTRY), DEPARTMENT, MINISTRY, "only an authoriser of unit"),
        (AT_CENTRE, DEPARTMENT, INTERIOR, "answers to a deputy head of unit"),
        (AT_CENTRE, HOSPITAL, MINISTRY, "is no first-level unit"),
        (AT_CENTRE, REGION, MINISTRY, "is no first-level unit"),
        (AT_CENTRE, AFFILIATED, MINISTRY, "is no first-level unit"),
        (AT_CENTRE, MINISTRY, MINISTRY, "is no first-level unit"),
    ],
)
def test_rule_14_links_by_the_authoriser_of_the_office_above(
    by: Recorder, unit: int, deputy_unit: int, problem: str
) -> None:
    refusal = says(rules.refusal_to_link(by, unit, deputy_unit, OFFICES))
    assert problem in refusal
    assert bool(problem) is bool(refusal)


def test_rule_15_lasting_code_is_one_persons_for_good() -> None:
    held = ("Ayşe Yılmaz", "a@x.tr")
    for given in (held, ("Ayşe Demir", "a@x.tr"), ("Ayşe Yılmaz", "b@x.tr"), ("", ""), ("", "b@x.tr")):
        assert rules.refusal_of_code(7, held, given) is None
    assert "never given to another" in says(rules.refusal_of_code(7, held, ("Can Er", "c@x.tr")))


def test_rule_16_right_to_sign_begins_with_the_record_and_never_before_the_duty() -> None:
    assert rules.right_begins(at(2), at(5)) == at(5)
    assert rules.right_begins(at(5), at(2)) == at(5)
    assert rules.right_begins(at(2), None) == at(2)


def test_rule_16_a_package_carries_the_code_of_everybody_who_signed() -> None:
    assert rules.refusal_of_package([7, 8]) is None
    for codes in ([], [7, None]):
        assert "lacks the manager code" in says(rules.refusal_of_package(codes))


@pytest.mark.parametrize(
    ("deputy", "reason", "held", "problem"),
    [
        (Term(8, at(2), at(9)), "leave", Term(7, at(1)), ""),
        (Term(8, at(2), at(9)), "duty_abroad", Term(7, at(1), at(9)), ""),
        (Term(8, at(2), at(9)), "", Term(7, at(1)), "needs a reason"),
        (Term(8, at(2)), "leave", Term(7, at(1)), "needs an end"),
        (Term(8, at(2), at(2)), "leave", Term(7, at(1)), "needs an end"),
        (Term(8, at(2), at(9)), "leave", Term(7, at(3)), "a vacant post has no acting signatory"),
        (Term(8, at(2), at(9)), "leave", Term(7, at(1), at(5)), "a vacant post has no acting signatory"),
        (Term(7, at(2), at(9)), "leave", Term(7, at(1)), "nobody acts for oneself"),
    ],
)
def test_rule_17_acting_signatory_only_for_a_filled_post(deputy: Term, reason: str, held: Term, problem: str) -> None:
    refusal = says(rules.refusal_to_deputise(deputy, reason, [held], []))
    assert problem in refusal
    assert bool(problem) is bool(refusal)


@pytest.mark.parametrize(
    ("other", "free"),
    [
        (Term(9, at(1), at(2)), True),
        (Term(9, at(9), at(12)), True),
        (Term(9, at(8), at(12)), False),
        (Term(9, at(1)), False),
    ],
)
def test_rule_17_one_acting_signatory_at_a_time(other: Term, free: bool) -> None:
    refusal = rules.refusal_to_deputise(Term(8, at(2), at(9)), "leave", [Term(7, at(1))], [other])
    assert (refusal is None) is free


def test_rule_18_curriculum_vitae_is_optional_and_shown_where_there_is_one() -> None:
    assert [rules.shown_curriculum_vitae(written) for written in (None, "  ", " Mülkiye ")] == [None, None, "Mülkiye"]


@pytest.mark.parametrize(
    ("by", "unit", "problem"),
    [
        (AT_REGION, HOSPITAL, ""),
        (AT_REGION, CLOSED, "was closed"),
        (AT_REGION, PARKS, "records itself"),
        (AT_REGION, PROVINCIAL_DIRECTORATE, "outside the area"),
        (AT_CENTRE, HOSPITAL, "from the provincial organisation"),
    ],
)
def test_a_head_is_recorded_by_rules_1_2_3_and_6_together(by: Recorder, unit: int, problem: str) -> None:
    assert problem in says(rules.refusal_to_record(by, unit, OFFICES))


@pytest.mark.parametrize(
    ("by", "unit", "problem"),
    [
        (AT_CENTRE, HOSPITAL, ""),
        (AT_REGION, HOSPITAL, "only an authoriser"),
        (AT_CENTRE, CLOSED, "was closed"),
        (AT_GOVERNORATE, PARKS, "records itself"),
        (AT_GOVERNORATE, HOSPITAL, "outside the area"),
    ],
)
def test_an_acting_signatory_is_recorded_by_an_authoriser_over_all_he_coordinates(
    by: Recorder, unit: int, problem: str
) -> None:
    assert problem in says(rules.refusal_to_record_deputy(by, unit, OFFICES))
