"""Who may order what, and how far an authority reaches."""

import pytest

from sekaps.calendar.days import NATION, Place
from sekaps.calendar.programmes import Act, Programme
from sekaps.domain.authorities import authority_problem, find_authority
from sekaps.services.programmes import read_programme

SEKAPS = read_programme("sekaps")
ADANA, SEYHAN, ANKARA = Place("01"), Place("01", "1104"), Place("06")
NOBODY_NAMED: Programme = SEKAPS.model_copy(update={"authorities": {}})


@pytest.mark.parametrize(
    ("named", "act", "places"),
    [
        ("coordinator", Act.EXTEND, [NATION]),
        ("KOORDİNATÖR", Act.EXTEND, [ADANA]),
        ("millî güvenlik kurulu genel sekreterliği", Act.EXTEND, [ADANA, ANKARA]),
        ("Presidency", Act.SUSPENSION, [ADANA, ANKARA]),
        ("Cumhurbaşkanlığı", Act.LEAVE, [NATION]),
        ("VALİLİK", Act.CLOSURE, [ADANA, SEYHAN]),
    ],
)
def test_an_authority_goes_by_its_code_and_names(named: str, act: Act, places: list[Place]) -> None:
    assert authority_problem(SEKAPS, named, act, places) is None


@pytest.mark.parametrize(
    ("named", "act", "places", "says"),
    [
        ("Muhtar", Act.CLOSURE, [ADANA], "Muhtar may not close offices; who may: Presidency (presidency), Governorate"),
        ("Valilik", Act.SUSPENSION, [ADANA], "who may: Presidency (presidency)"),
        ("Valilik", Act.EXTEND, [ADANA], "coordinator"),
        ("Valilik", Act.CLOSURE, [ADANA, ANKARA], "one province only"),
        ("Valilik", Act.CLOSURE, [NATION], "one province only"),
    ],
)
def test_who_may_not_is_told_who_may(named: str, act: Act, places: list[Place], says: str) -> None:
    problem = authority_problem(SEKAPS, named, act, places)
    assert problem is not None
    assert says in problem.say("en")


def test_a_programme_that_names_no_authority_asks_for_none() -> None:
    assert authority_problem(NOBODY_NAMED, "Muhtar", Act.SUSPENSION, [NATION]) is None
    assert find_authority(NOBODY_NAMED, "Muhtar") is None
