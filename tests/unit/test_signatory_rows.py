"""Rows of a list of people in posts."""

from datetime import UTC, datetime

import pytest

from sekaps.domain.registry_cells import Record
from sekaps.domain.signatory_rows import read_people
from sekaps.domain.terms import Term

GOOD = {"code": "1001", "name": "Ayşe  Yılmaz", "email": "a@x.gov.tr", "unit": "24308110", "post": "amir",
        "begins": "02.03.2026 08:30"}  # fmt: skip
BEGINS = datetime(2026, 3, 2, 5, 30, tzinfo=UTC)


def flaws_of(**cells: str) -> list[str]:
    rows, flaws = read_people([Record(2, GOOD | cells)])
    assert bool(rows) is not bool(flaws)
    return [flaw.problem.say("en") for flaw in flaws]


def test_a_row_is_a_person_in_a_post() -> None:
    [row], flaws = read_people([Record(2, GOOD | {"ends": "2026-03-05", "title": "Vali"})])
    assert flaws == []
    assert (row.name, row.post, row.title, row.unit) == ("Ayşe Yılmaz", "head", "Vali", 24308110)
    assert row.term == Term(1001, BEGINS, datetime(2026, 3, 5, 21, tzinfo=UTC))


def test_the_web_service_gives_name_and_surname_apart() -> None:
    [row], _ = read_people([Record(2, GOOD | {"name": "", "given_name": "Ayşe", "surname": "Yılmaz"})])
    assert row.name == "Ayşe Yılmaz"


def test_name_and_address_may_be_missing_for_somebody_known() -> None:
    [row], flaws = read_people([Record(2, GOOD | {"name": "", "email": ""})])
    assert (row.name, row.email, flaws) == ("", "", [])


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ({"code": "x"}, "is no manager code"),
        ({"code": "0"}, "is no manager code"),
        ({"code": "99999999999"}, "is no manager code"),
        ({"code": "１００１"}, "is no manager code"),
        ({"email": "nobody"}, "is no e-mail address"),
        ({"email": "a b@x.tr"}, "is no e-mail address"),
        ({"unit": "7"}, "is no registry number"),
        ({"post": "kral"}, "is none of"),
        ({"post": ""}, "the post is not given"),
        ({"begins": ""}, "the beginning is not given"),
        ({"begins": "dün"}, "is no date"),
        ({"ends": "yarın"}, "is no date"),
        ({"name": "x" * 301}, "at most 300"),
        ({"curriculum_vitae": "x" * 2001}, "too long"),
        ({"curriculum_vitae": "a\0b"}, "cannot be kept"),
        ({"curriculum_vitae": "=cmd|'x'!A0"}, "begins like a formula"),
        ({"name": "@SUM(1)"}, "begins like a formula"),
    ],
)
def test_a_flaw_tells_what_is_wrong(cells: dict[str, str], says: str) -> None:
    assert [says in flaw for flaw in flaws_of(**cells)] == [True]


def test_a_flaw_names_its_cell_and_the_rule_it_breaks() -> None:
    _, [flaw] = read_people([Record(2, GOOD | {"post": "kral"})])
    assert (flaw.row, flaw.column, flaw.value, flaw.rule) == (2, "post", "kral", "choice")
