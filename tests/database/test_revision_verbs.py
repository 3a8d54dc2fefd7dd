"""``sekaps need|resource shrink|withdraw|destroyed`` and ``sekaps audit allocations``, typed as people type them."""

import json

import pytest
from cascade_play import MAY, decide_stage, propose_stages
from small_country import Country, make_country
from sqlalchemy import func, select, text

from sekaps.cli.main import run
from sekaps.database import transaction
from sekaps.domain.allocation import Stage
from sekaps.models.allocation import FormRevision
from sekaps.models.registry import Person

YEAR = ("--year", "2023")
DAY = ("--as-of", "2023-05-02")


@pytest.fixture
def country(database: object) -> Country:
    """A committed country with two needs served from one resource."""
    with transaction() as session:
        country = make_country(session)
        country.signed_need("IBC-1", 10)
        country.signed_need("IBC-2", 10, priority=2)
        country.signed_resource("KSC-1", 20)
        propose_stages(country, MAY, Stage.DISTRICT)
        assert decide_stage(country, Stage.DISTRICT, MAY) == []
        return country


def code_of(who: str) -> str:
    with transaction() as session:
        return str(session.scalars(select(Person.number).where(Person.name == who)).one())


def say(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> str:
    assert run(["--lang", "en", *words]) == code
    told = capsys.readouterr()
    return told.out if code == 0 else told.out + told.err


def revisions() -> int:
    with transaction() as session:
        return session.scalar(select(func.count(FormRevision.id))) or 0


def test_what_if_tells_what_follows_and_changes_nothing(country: Country, capsys: pytest.CaptureFixture[str]) -> None:
    officer = ("--as", code_of("industry officer"), "--reason", "Depo yandı", "--to", "14")
    asked = ("resource", "shrink", "KSC-1", *YEAR, *DAY, *officer)
    foreseen = say(capsys, *asked, "--what-if")
    assert "nothing is changed; this is what would follow:" in foreseen
    assert "10 → 4" in foreseen
    assert revisions() == 0
    assert "KSC-1: its quantity was reduced: 20 → 14" in say(capsys, *asked)
    assert say(capsys, *asked) == "KSC-1: it is so already; nothing was changed\n"
    assert revisions() == 1


def test_a_destroyed_resource_is_the_coordinators_act_by_letter(
    country: Country, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ("resource", "destroyed", "KSC-1", *YEAR, *DAY, "--reason", "Deprem")
    refused = say(capsys, *asked, code=1)
    assert "by a letter; give its number" in refused
    told = json.loads(say(capsys, *asked, "--letter", "E-4711", "--json"))
    lines = [(line["need"], line["before"], line["after"], line["again"]) for line in told["lines"]]
    assert lines == [("IBC-1", 10, 0, "district"), ("IBC-2", 10, 0, "district")]
    assert (told["changed"], told["letters"], told["unmet"]) == (True, 3, 0)


def test_a_need_is_withdrawn_by_its_own_unit(country: Country, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ("need", "withdraw", "IBC-2", *YEAR, *DAY, "--reason", "Birlik kapandı")
    assert "holds neither post" in say(capsys, *asked, "--as", code_of("industry head"), code=1)
    assert "not needed any more" in " ".join(say(capsys, *asked, "--as", code_of("military head")).split())
    assert "it is so already" in say(capsys, *asked, "--as", code_of("military head"))


def test_the_proof_names_the_row_and_leaves_with_1(country: Country, capsys: pytest.CaptureFixture[str]) -> None:
    proved = say(capsys, "audit", "allocations", *YEAR, *DAY)
    assert proved == "2 needs, 1 resources and 2 allocation lines proved; rows that break a law: 0\n"
    with transaction() as session:
        session.execute(text("UPDATE resources SET allocated = 19"))
    assert "KSC-1" in say(capsys, "audit", "allocations", *YEAR, *DAY, code=1)
    found = json.loads(say(capsys, "audit", "allocations", *YEAR, *DAY, "--json", code=1))
    assert found["violations"] == [{"law": "resource_sum", "row": "KSC-1", "expected": "20", "found": "19"}]
