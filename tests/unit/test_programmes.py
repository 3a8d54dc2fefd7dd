import json
import re
from datetime import date
from pathlib import Path

import jsonschema
import pytest
from pydantic import ValidationError
from ruamel.yaml import YAML

from sekaps.calendar.day_files import read_day_facts
from sekaps.calendar.programme_values import Name
from sekaps.calendar.programmes import Boundary, Programme, load_programme, programme_schema
from sekaps.calendar.rules import parse_rule
from sekaps.errors.programmes import ProgrammeInvalid, ProgrammeUnknown
from sekaps.services.programmes import PROGRAMMES, read_programme, shipped_programmes

ROOT = Path(__file__).parents[2]
SEKAPS = read_programme("sekaps")
MINIMAL = """\
code: mini
name: Mini
boundaries:
  opens: {rule: first working day of March}
  closes: {rule: last working day of March}
activities:
  - {code: work, name: Work, window: [opens, closes]}
"""


def flaws_of(written: str) -> list[tuple[int, int, str, str]]:
    with pytest.raises(ProgrammeInvalid) as refused:
        load_programme(written, "bad.yaml")
    return [(flaw.line, flaw.column, flaw.path, flaw.problem.say("en")) for flaw in refused.value.flaws]


def test_a_minimal_programme_needs_only_a_code_a_name_boundaries_and_activities() -> None:
    programme = load_programme(MINIMAL, "mini.yaml")

    assert programme.name == Name(tr="Mini", en="Mini")
    assert programme.zone == "Europe/Istanbul"
    assert [(phase.code, phase.activity, phase.flow) for phase in programme.phases] == [("work", "work", None)]


def test_the_rows_and_sub_rows_of_sekaps_are_those_of_the_published_calendar() -> None:
    assert {activity.code: [step.key for step in activity.steps] for activity in SEKAPS.activities} == {
        "framework_protocols": ["1(1)"],
        "preparations": ["2(1)", "2(2)", "2(3)"],
        "resource_determination": ["3.a", "3.b", "3.c"],
        "needs_entry": ["4.a", "4.b", "4.c", "4.ç"],
        "allocation": ["5.a", "5.b", "5.1", "5.2", "5.3"],
        "transfer_to_central": ["6(1)", "6(2)"],
        "contracts_and_notifications": ["7.a", "7.b", "7.c"],
    }


def test_the_phases_of_sekaps_together_hold_every_step_once() -> None:
    held = [step.key for phase in SEKAPS.phases for step in SEKAPS.steps_of(phase)]

    assert sorted(held) == sorted(step.key for activity in SEKAPS.activities for step in activity.steps)


def test_every_phase_of_sekaps_names_its_flow_by_its_own_code() -> None:
    assert [phase.flow for phase in SEKAPS.phases] == [f"sekaps.flows.{p.code}.{p.code}" for p in SEKAPS.phases]


def test_a_step_takes_the_window_and_ladder_of_its_row_unless_it_has_its_own() -> None:
    allocation = SEKAPS.activity("allocation")

    assert allocation.window_of(SEKAPS.step("5.b")) == ("approval_open", "allocation_close")
    assert allocation.window_of(SEKAPS.step("5.3")) == ("allocation_open", "allocation_close")
    assert allocation.ladder_of(SEKAPS.step("5.b")) == "standard"
    assert SEKAPS.window_codes("5.1") == ("allocation_open", "district_close")
    assert SEKAPS.phase("central_allocation").steps == ("5.a", "5.b")


def test_every_text_of_sekaps_is_given_in_both_languages() -> None:
    for step in (step for activity in SEKAPS.activities for step in activity.steps):
        assert step.does.say("tr") != step.does.say("en")
        assert (step.consequence is None) or step.consequence.tr != step.consequence.en


def test_a_rule_survives_being_written_out_and_read_again() -> None:
    again = Programme.model_validate(SEKAPS.model_dump(by_alias=True))

    assert again.boundaries == SEKAPS.boundaries
    assert again.boundaries["needs_close"].rule == parse_rule("last working day of April")
    assert Boundary(rule=parse_rule("15 January")).rule == parse_rule("15 January")


def test_a_programme_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        SEKAPS.code = "other"


def test_every_flaw_of_a_file_is_listed_with_its_line_and_column() -> None:
    written = """\
code: Mini
name: {tr: a}
zone: Europe/Nowhere
boundaries:
  opens: {rule: first blue day of March}
  opens: {rule: 15 January}
  a: {rule: next working day after b}
  b: {rule: next working day after a}
  c: {}
  d: {published: {2023: 2032-01-01, x: notadate}}
  e: {rule: "next working day after nowhere", alternatives: [7]}
colour: red
activities:
  - {code: work, name: Work, window: [opens, closes], ladder: standard}
  - {code: work, row: 5, window: [opens], steps:
      [{id: 5.1, does: x, actor: me, document: d}, {does: 5}, {id: z}, {id: z}]}
ladders:
  up: {rungs: [3, 1]}
invariants:
  - {abut: [opens, xx], order: [a]}
  - {}
  - inside: {window: z, of: qq}
phases:
  - {code: p, name: P, activity: work, steps: [nn]}
  - {code: p, name: P, activity: nowork}
"""
    found = {(line, path): problem for line, _, path, problem in flaws_of(written)}

    assert found == {
        (1, "code"): "a code is lower-case letters, digits and underscores, a letter first",
        (2, "name.en"): "required, but missing",
        (3, "zone"): "unknown time zone 'Europe/Nowhere'; write one such as Europe/Istanbul",
        (5, "boundaries.opens.rule"): (
            "'blue' does not fit here; expected: a kind of day (working day, weekday, Monday)"
        ),
        (6, "boundaries.opens"): "the key 'opens' stands here twice",
        (7, "boundaries.a.rule"): "the rules wait for one another: a → b → a",
        (9, "boundaries.c"): "a boundary needs a rule or a published date",
        (10, "boundaries.d.published[2023]"): (
            "1 January 2032 is too far away to belong to the 2023 edition,"
            " which lies between 1 July 2022 and 31 December 2024"
        ),
        (10, "boundaries.d.published.x.[key]"): "a whole number is expected",
        (10, "boundaries.d.published.x"): "a date is expected, such as 2023-04-28",
        (11, "boundaries.e.rule"): "unknown boundary 'nowhere'; known: a, b, c, d, e, opens",
        (11, "boundaries.e.alternatives[0]"): "a rule is a sentence, such as 'last working day of April'",
        (12, "colour"): "unknown key",
        (14, "activities[0].window[1]"): "unknown boundary 'closes'; known: a, b, c, d, e, opens",
        (14, "activities[0].ladder"): "unknown ladder 'standard'; known: up",
        (15, "activities[1].code"): "'work' is used twice",
        (15, "activities[1].name"): "required, but missing",
        (15, "activities[1].window[1]"): "required, but missing",
        (16, "activities[1].steps[0].id"): "put it in quotes: without them 5.1 is read as a number",
        (16, "activities[1].steps[0].actor"): "unknown actor 'me'; known: ",
        (16, "activities[1].steps[0].document"): "unknown document 'd'; known: ",
        (16, "activities[1].steps[1].does"): "a text is expected, or a mapping with tr and en",
        (16, "activities[1].steps[2].does"): "required, but missing",
        (16, "activities[1].steps[3].does"): "required, but missing",
        (16, "activities[1].steps[3].id"): "'z' is used twice",
        (18, "ladders.up.rungs"): "the rungs of a ladder go up, each once: 1, 3",
        (20, "invariants[0]"): "an invariant states exactly one of: abut, order, inside",
        (20, "invariants[0].abut[1]"): "unknown boundary 'xx'; known: a, b, c, d, e, opens",
        (21, "invariants[1]"): "an invariant states exactly one of: abut, order, inside",
        (22, "invariants[2].inside.of"): "unknown activity or step 'qq'; known: 5(2), 5.1, work, work, z, z",
        (24, "phases[0].steps[0]"): "'nn' is no step of the activity; its steps: 5.1, 5(2), z, z",
        (25, "phases[1].code"): "'p' is used twice",
        (25, "phases[1].activity"): "unknown activity 'nowork'; known: work, work",
    }


@pytest.mark.parametrize(
    ("year", "day", "said"),
    [
        (2023, "2123-05-01", "1 May 2123 is too far away to belong to the 2023 edition"),
        (2023, "1923-05-01", "1 May 1923 is too far away to belong to the 2023 edition"),
        (2023, "0023-05-01", "1 May 23 is too far away to belong to the 2023 edition"),
        (2023, "2022-01-09", "9 January 2022 is too far away to belong to the 2023 edition"),
        (2123, "2123-05-01", "2123 is no edition's year; they go from 1936 to 2100"),
        (23, "2023-05-01", "23 is no edition's year; they go from 1936 to 2100"),
    ],
)
def test_a_published_date_of_another_century_names_its_boundary_and_year(year: int, day: str, said: str) -> None:
    ((line, _, path, problem),) = flaws_of(MINIMAL.replace("of March}", f"of March, published: {{{year}: {day}}}}}", 1))

    assert (line, path) == (4, f"boundaries.opens.published[{year}]")
    assert problem.startswith(said)


@pytest.mark.parametrize("day", ["2022-07-01", "2022-12-28", "2023-06-30", "2024-03-01", "2024-12-31"])
def test_a_published_date_may_lie_late_in_the_year_before_or_in_the_next(day: str) -> None:
    written = MINIMAL.replace("of March}", f"of March, published: {{2023: {day}}}}}", 1)

    assert load_programme(written, "mini.yaml").boundaries["opens"].published == {2023: date.fromisoformat(day)}


def test_a_rule_error_points_at_the_word_inside_the_rule() -> None:
    plain = MINIMAL.replace("first working day of March", "first blue day of March")
    quoted = MINIMAL.replace("first working day of March", '"first blue day of March"')

    assert [(line, column) for line, column, _, _ in flaws_of(plain)] == [(4, 23)]
    assert [(line, column) for line, column, _, _ in flaws_of(quoted)] == [(4, 24)]


@pytest.mark.parametrize(
    ("before", "after", "flaw"),
    [
        ("code: mini", "code: 5", (1, 7, "code", "a text is expected")),
        ("activities:\n", "actors: []\nactivities:\n", (6, 9, "actors", "a mapping of keys to values is expected")),
        ("[opens, closes]", "[opens, closes, opens]", (7, 38, "activities[0].window", "the list has too many items")),
        ("[opens, closes]", "[opens, 5]", (7, 46, "activities[0].window[1]", "a text is expected")),
        ("[opens, closes]", "opens", (7, 38, "activities[0].window", "a list is expected")),
        (
            "activities:\n  - {code: work, name: Work, window: [opens, closes]}",
            "activities: []",
            (6, 13, "activities", "at least one activity is needed"),
        ),
        (
            "activities:\n",
            "actors: {a: {name: A, per: village}}\nactivities:\n",
            (
                6,
                28,
                "actors.a.per",
                "this does not fit here: Input should be 'nation', 'province', 'district' or 'unit'",
            ),
        ),
        (
            "boundaries:\n",
            "boundaries:\n  loop: {rule: same day as loop}\n",
            (4, 16, "boundaries.loop.rule", "the rules wait for one another: loop → loop"),
        ),
    ],
)
def test_a_value_of_the_wrong_kind_is_told_in_words(before: str, after: str, flaw: tuple[int, int, str, str]) -> None:
    assert flaws_of(MINIMAL.replace(before, after)) == [flaw]


@pytest.mark.parametrize(
    ("written", "flaw"),
    [
        ("a: [1", (1, 6, "", "this is not YAML: expected ',' or ']', but got '<stream end>'")),
        ("code: 1\n---\nx: 1\n", (2, 1, "", "this is not YAML: but found another document")),
        ("", (1, 1, "", "a mapping of keys to values is expected")),
        ("- x\n", (1, 1, "", "a mapping of keys to values is expected")),
    ],
)
def test_a_file_that_is_no_mapping_is_one_flaw(written: str, flaw: tuple[int, int, str, str]) -> None:
    assert flaws_of(written) == [flaw]


def test_an_unknown_programme_is_told_with_those_known() -> None:
    with pytest.raises(ProgrammeUnknown, match="unknown programme 'nothing'; known: .*sekaps"):
        read_programme("nothing")


def test_a_programme_can_be_read_from_a_path(tmp_path: Path) -> None:
    path = tmp_path / "mini.yaml"
    path.write_text(MINIMAL, encoding="utf-8")

    assert read_programme(str(path)).code == "mini"


@pytest.mark.parametrize("code", shipped_programmes())
def test_every_shipped_programme_reads_and_fits_the_published_schema(code: str) -> None:
    written = YAML(typ="safe", pure=True).load((PROGRAMMES / f"{code}.yaml").read_text(encoding="utf-8"))
    plain = json.loads(json.dumps(written, default=date.isoformat))

    jsonschema.validate(plain, programme_schema())
    assert read_programme(code).code == code


def test_the_published_schema_is_the_generated_one() -> None:
    published = (ROOT / "docs" / "reference" / "programme-schema.json").read_text(encoding="utf-8")

    assert json.loads(published) == programme_schema()


def test_the_reference_page_names_every_key_and_its_example_reads() -> None:
    page = (ROOT / "docs" / "reference" / "programme.md").read_text(encoding="utf-8")
    keys = {key for part in programme_schema()["$defs"].values() for key in part.get("properties", {})}
    example = re.search(r"```yaml\n(code: .*?)```", page, re.DOTALL)

    assert {key for key in keys if f"`{key}`" not in page} == set()
    assert example is not None
    assert load_programme(example[1], "programme.md").code == "inspection"


def test_a_day_file_needs_its_days() -> None:
    with pytest.raises(ValidationError, match="last"):
        read_day_facts("leave: [{first: 2023-01-01, name: A, source: B}]")


def test_an_empty_day_file_holds_no_facts() -> None:
    assert read_day_facts("") == ()
