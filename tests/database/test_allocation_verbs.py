"""``sekaps allocation``: lines are listed and explained, and the ways of sharing out compared."""

import json
from typing import Any

import pytest
from small_country import make_country, on
from sqlalchemy import insert, select

from sekaps.cli.main import run
from sekaps.database import transaction
from sekaps.domain.allocation import Stage
from sekaps.models.allocation import Allocation, Item, ItemSubstitute
from sekaps.services.allocations import propose

MAY = on(2023, 5, 2)
pytestmark = pytest.mark.usefixtures("database")


def country_with_lines() -> None:
    """Keep a country in which the district commission has two proposals before it and one need goes short."""
    with transaction() as session:
        country = make_country(session)
        country.signed_need("IBC-1", 30)
        country.signed_need("IBC-2", 20, priority=2)
        country.signed_resource("KSC-1", 40)
        propose(session, country.edition, Stage.DISTRICT, MAY)


def told(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    assert run(["--lang", "en", "allocation", *words, "--year", "2023", "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_lines_are_listed_by_stage_state_and_body(capsys: pytest.CaptureFixture[str]) -> None:
    country_with_lines()
    listed = told(capsys, "list", "--stage", "district", "--state", "proposed")
    assert [(line["need"], line["resource"], line["quantity"]) for line in listed["lines"]] == [
        ("IBC-1", "KSC-1", 30),
        ("IBC-2", "KSC-1", 10),
    ]
    assert told(capsys, "list", "--body", "20000001")["count"] == 0
    assert run(["--lang", "en", "allocation", "list", "--year", "2023"]) == 0
    assert "IBC-2" in capsys.readouterr().out


def test_a_line_and_a_need_tell_why(capsys: pytest.CaptureFixture[str]) -> None:
    country_with_lines()
    with transaction() as session:
        line = session.scalars(select(Allocation.id).order_by(Allocation.id.desc()).limit(1)).one()
    expected = [
        "IBC-2 asks for 20 litre of Diesel; priority 2, signed on 20 April 2023.",
        "It is number 2 of 2 needs for it in Adana; the declared order is: priority, beneficiary, class of need,"
        " day of the last signature, number.",
        "Those before it have 30 of the 40 that stand there; 10 were left for it and those behind it.",
        f"Line {line}: 10 of KSC-1, in Seyhan / Adana. The nearest come first: the district's own, then the"
        " province's, then the others; among them the largest, then the lowest number.",
        "Not more: of the 40 of KSC-1 others have 30, and nothing is left.",
        "district_commission decides it by 30 June 2023.",
        "10 are not met so far; after 30 June 2023 what the district commission leaves goes to the province"
        " commission.",
    ]
    assert told(capsys, "explain", str(line))["reasons"] == expected
    assert told(capsys, "explain", "IBC-2")["reasons"] == expected


def test_a_need_no_stage_has_taken_up_tells_its_turn_too(capsys: pytest.CaptureFixture[str]) -> None:
    with transaction() as session:
        country = make_country(session)
        country.signed_need("IBC-9", 5, scope="central")
        country.signed_need("IBC-8", 5, priority=2)
    reasons = told(capsys, "explain", "IBC-9")["reasons"]
    assert reasons[1].startswith("It is number 1 of 2 needs for it in central planning")
    assert reasons[-1] == "5 are not met: no stage has taken the need up yet."


@pytest.mark.parametrize("asked", ["IBC-77", "99999", "9" * 30])
def test_what_is_neither_a_line_nor_a_need_is_one_clear_line(asked: str, capsys: pytest.CaptureFixture[str]) -> None:
    country_with_lines()
    assert run(["--lang", "en", "allocation", "explain", asked, "--year", "2023"]) == 2
    assert capsys.readouterr().err == (
        f"error: {asked} is neither an allocation nor a need of 2023; sekaps allocation list names them\n"
    )


def test_the_methods_are_compared_by_priority_whatever_has_been_proposed(capsys: pytest.CaptureFixture[str]) -> None:
    country_with_lines()
    compared = told(capsys, "compare", "--optimum")
    same = {"foresight": 0, "stage_first": 0, "optimum": 0}
    short = dict.fromkeys(same, 10)
    assert compared["priorities"] == [
        {"priority": 1, "needs": 1, "needed": 30, "unmet": same},
        {"priority": 2, "needs": 1, "needed": 20, "unmet": short},
    ]
    assert run(["--lang", "en", "allocation", "compare", "--year", "2023"]) == 0
    assert "stage by stage" in capsys.readouterr().out


def test_with_substitutes_the_optimum_is_compared_too(capsys: pytest.CaptureFixture[str]) -> None:
    with transaction() as session:
        country = make_country(session)
        row = {"code": "petrol", "name_tr": "Benzin", "name_en": "Petrol", "module": "goods_services"}
        row |= {"sector": "energy", "measure": "litre"}
        session.execute(insert(Item).values(**row, ministry_id=country.units["energy"]))
        session.execute(insert(ItemSubstitute).values(item_code="diesel", served_by_code="petrol"))
        country.signed_need("IBC-1", 10)
        country.signed_need("IBC-2", 10, item_code="petrol", priority=2)
        country.signed_resource("KSC-1", 5)
        country.signed_resource("KSC-2", 12, item_code="petrol")
    compared = told(capsys, "compare")
    assert compared["tangles"] == 1
    assert compared["unmet"] == {"foresight": 5, "stage_first": 5, "optimum": 3}
