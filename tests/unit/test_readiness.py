"""What an institution still lacks on a day, how it is told, and what a programme may ask."""

from datetime import date

import pytest

from sekaps.calendar.programmes import load_programme
from sekaps.calendar.readiness import Readiness, Requirement
from sekaps.domain.readiness import Fact, Institution, ReadyYear, Tally, missing, ready_year, refusal_of_unready, tally
from sekaps.errors.programmes import ProgrammeInvalid
from sekaps.texts import text

PROGRAMME = """
code: mini
name: Mini
boundaries: {opens: {rule: 1 March}, closes: {rule: 30 April}}
actors:
  owner: {name: Owner}
  trainer: {name: Trainer, kind: trainer, per: province}
readiness:
  asked_of: [school, barracks]
  prepared_in: visits
  requirements:
    - {code: address, name: {tr: adres, en: address}, done_by: owner}
    - {code: plan, name: plan, done_by: owner, yearly: true}
    - {code: course, name: course, done_by: trainer, training: asked}
    - {code: garage, name: garage, done_by: owner, only_for: {modules: [vehicles]}}
    - {code: guard, name: guard, done_by: owner, only_for: {kinds: [barracks]}}
activities:
  - {code: visits, name: Visits, window: [opens, closes], needs_ready: true}
"""
MINI = load_programme(PROGRAMME, "mini.yaml")
DAY, EDITION = date(2026, 3, 2), 7


def asked(readiness: Readiness | None) -> Readiness:
    assert readiness is not None
    return readiness


READINESS = asked(MINI.readiness)
ALWAYS = date(2020, 1, 1)
ADDRESS, PLAN, COURSE = Fact("address", ALWAYS), Fact("plan", ALWAYS, None, EDITION), Fact("course", ALWAYS)
READY = (ADDRESS, PLAN, COURSE)


def codes(requirements: tuple[Requirement, ...]) -> list[str]:
    return [requirement.code for requirement in requirements]


@pytest.mark.parametrize(
    ("institution", "lacks"),
    [
        (Institution("school", facts=READY), []),
        (Institution("school"), ["address", "plan", "course"]),
        (Institution("elsewhere"), []),
        (Institution("school", awaits_training=True), ["address", "plan"]),
        (Institution("barracks", facts=READY), ["guard"]),
        (Institution("school", frozenset({"vehicles", "goods"}), READY), ["garage"]),
        (Institution("school", frozenset({"goods"}), READY), []),
        (Institution("school", facts=(ADDRESS, COURSE, Fact("plan", ALWAYS, None, EDITION - 1))), ["plan"]),
        (Institution("school", facts=(PLAN, COURSE, Fact("address", ALWAYS, DAY))), []),
        (Institution("school", facts=(PLAN, COURSE, Fact("address", ALWAYS, date(2026, 3, 1)))), ["address"]),
        (Institution("school", facts=(PLAN, COURSE, Fact("address", DAY))), []),
        (Institution("school", facts=(PLAN, COURSE, Fact("address", date(2026, 3, 3)))), ["address"]),
    ],
)
def test_what_is_missing_follows_from_what_is_recorded_and_the_day(institution: Institution, lacks: list[str]) -> None:
    assert codes(missing(READINESS, institution, DAY, EDITION)) == lacks


def test_training_that_must_be_held_is_not_met_by_asking() -> None:
    held = load_programme(PROGRAMME.replace("training: asked", "training: held"), "mini.yaml")
    institution = Institution("school", facts=(ADDRESS, PLAN), awaits_training=True)
    assert codes(missing(asked(held.readiness), institution, DAY, EDITION)) == ["course"]


def test_a_refusal_says_what_is_missing_and_who_sees_to_it() -> None:
    lacks = missing(READINESS, Institution("school", facts=(PLAN,)), DAY, EDITION)
    refusal = refusal_of_unready("Village School", 20000001, lacks, MINI.actors, text("visits"))
    assert refusal.say("en") == (
        "Village School (20000001) is not ready for visits; missing: address (by: Owner), course (by: Trainer)"
    )


def test_units_are_counted_with_what_they_lack_the_most_frequent_first() -> None:
    address, plan = READINESS.requirements[:2]
    counted = tally([(address, plan), (), (plan,)])
    assert counted == Tally(3, 1, {"plan": 2, "address": 1})
    assert list(counted.lacking) == ["plan", "address"]
    assert ready_year(READINESS, counted) == ReadyYear(3, 1, ((plan.name, 2), (address.name, 1)))


def test_a_requirement_is_found_by_its_code_and_the_one_of_training_by_being_it() -> None:
    assert READINESS.requirement("plan") == READINESS.requirements[1]
    assert READINESS.requirement("else") is None
    assert READINESS.of_training == READINESS.requirements[2]
    assert Readiness(asked_of=(), requirements=()).of_training is None


@pytest.mark.parametrize(
    ("before", "after", "path", "problem"),
    [
        ("done_by: trainer", "done_by: nobody", "readiness.requirements[2].done_by", "unknown actor 'nobody'"),
        ("prepared_in: visits", "prepared_in: nowhere", "readiness.prepared_in", "unknown activity 'nowhere'"),
        ("code: plan", "code: address", "readiness.requirements[1].code", "'address' is used twice"),
        ("training: asked", "training: wished", "readiness.requirements[2].training", ""),
    ],
)
def test_a_flaw_of_the_requirements_is_told_with_its_place(before: str, after: str, path: str, problem: str) -> None:
    with pytest.raises(ProgrammeInvalid) as invalid:
        load_programme(PROGRAMME.replace(before, after), "mini.yaml")
    [flaw] = invalid.value.flaws
    assert flaw.path == path
    assert problem in flaw.problem.say("en")


def test_an_activity_cannot_need_a_readiness_that_nobody_states() -> None:
    stated, rest = PROGRAMME.partition("readiness:")[0], PROGRAMME.partition("activities:")[2]
    with pytest.raises(ProgrammeInvalid) as invalid:
        load_programme(f"{stated}activities:{rest}", "mini.yaml")
    [flaw] = invalid.value.flaws
    assert flaw.problem.say("en") == "the programme states no readiness that could be needed"
