"""Protocols: detail ones prepared once and recorded by the need owner, framework ones that allocations ask for."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from after_allocation import AGREEMENT, LATER, MAY, OCTOBER, allocate
from small_country import Country, make_country, on
from sqlalchemy import insert, select, update

from sekaps.cli.main import run
from sekaps.database import transaction
from sekaps.domain.agreements import Agreement
from sekaps.models.allocation import Allocation
from sekaps.models.contracts import Notice, Protocol
from sekaps.models.documents import Document
from sekaps.models.programmes import Edition
from sekaps.models.trail import Act
from sekaps.services.decision_work import open_decisions, open_records
from sekaps.services.impact import what_if
from sekaps.services.notices import prepare_notices
from sekaps.services.protocols import MissingFramework, end_protocols, prepare_protocols, record_protocols
from sekaps.services.protocols import without_framework as uncovered
from sekaps.services.requests import ConcludeRequest


@pytest.fixture
def country(database: object) -> Iterator[Country]:
    with transaction() as session:
        country = make_country(session)
        allocate(country)
        yield country


def test_a_commissions_obligation_becomes_a_notice_and_any_other_allocation_a_contract(country: Country) -> None:
    session, edition = country.session, country.edition
    early = on(2023, 9, 29)
    assert prepare_protocols(session, edition, early) == prepare_notices(session, edition, early) == 0
    assert (prepare_protocols(session, edition, OCTOBER), prepare_notices(session, edition, OCTOBER)) == (1, 1)
    assert (prepare_protocols(session, edition, OCTOBER), prepare_notices(session, edition, OCTOBER)) == (0, 0)
    notice = session.scalars(select(Notice)).one()
    assert notice.served_by_id == country.units["kaymakam"]
    assert notice.recorded_by_id == country.units["afad"]
    assert session.scalars(select(Protocol.number)).one() == "DP-IBC-2-KSC-1-governor"


def protocol(country: Country) -> int:
    prepare_protocols(country.session, country.edition, OCTOBER)
    return country.session.scalars(select(Protocol.id)).one()


def test_the_need_owner_records_a_contract_with_its_days_and_its_document_once(country: Country) -> None:
    session, edition = country.session, country.edition
    request = ConcludeRequest(protocol(country), country.people["military officer"], AGREEMENT)
    assert record_protocols(session, edition, [request], LATER)[0].done
    assert not record_protocols(session, edition, [request], LATER)[0].done
    row = session.scalars(select(Protocol)).one()
    assert Agreement(row.concluded_on, row.begins_on, row.ends_on, row.letter) == AGREEMENT  # type: ignore[arg-type]
    assert (row.state, row.reason, row.recorded_at) == ("concluded", None, LATER)


def test_a_contract_that_was_not_concluded_keeps_the_reason(country: Country) -> None:
    session, edition = country.session, country.edition
    request = ConcludeRequest(protocol(country), country.people["military officer"], reason="fiyatta anlaşılamadı")
    assert record_protocols(session, edition, [request], LATER)[0].done
    row = session.scalars(select(Protocol)).one()
    assert (row.state, row.reason, row.concluded_on) == ("not_concluded", "fiyatta anlaşılamadı", None)


@pytest.mark.parametrize(
    ("who", "agreement", "as_of", "says"),
    [
        ("industry officer", AGREEMENT, LATER, "only somebody with a post in unit"),
        ("military officer", AGREEMENT, on(2024, 3, 4), "closed on 1 March 2024"),
        ("military officer", replace(AGREEMENT, letter=""), LATER, "number of its document"),
    ],
)
def test_a_contract_recorded_otherwise_is_refused_and_that_is_on_the_trail(
    country: Country, who: str, agreement: Agreement, as_of: object, says: str
) -> None:
    request = ConcludeRequest(protocol(country), country.people[who], agreement)
    [outcome] = record_protocols(country.session, country.edition, [request], as_of)  # type: ignore[arg-type]
    assert outcome.refusal is not None
    assert says in outcome.refusal.say("en")
    told = country.session.scalars(select(Act.facts).where(Act.verb == "conclude", Act.outcome == "refused")).one()
    assert says in told["reason"]


def last_year(country: Country) -> int:
    """Make the edition of the year before."""
    this_year = country.session.get_one(Edition, country.edition.id)
    row = Edition(programme_id=this_year.programme_id, year=2022, state="closed", revision=0, synthetic=True)
    country.session.add(row)
    country.session.flush()
    return row.id


def test_last_years_allocations_without_a_contract_are_in_this_years_work(country: Country) -> None:
    session, edition = country.session, country.edition
    session.execute(update(Allocation).values(edition_id=last_year(country)))
    assert (prepare_protocols(session, edition, OCTOBER), prepare_notices(session, edition, OCTOBER)) == (1, 1)


def test_last_years_contracts_and_notices_nobody_recorded_are_in_the_work_lists_and_recorded(country: Country) -> None:
    session, edition = country.session, country.edition
    mine = protocol(country)
    prepare_notices(session, edition, OCTOBER)
    before = last_year(country)
    for model in (Protocol, Notice):
        session.execute(update(model).values(edition_id=before))
    assert [(item.step, item.documents) for item in open_records(session, edition, OCTOBER)] == [("7.a", 1), ("7.c", 1)]
    request = ConcludeRequest(mine, country.people["military officer"], AGREEMENT)
    assert record_protocols(session, edition, [request], LATER)[0].done


def test_whoever_must_record_is_in_the_work_lists(country: Country) -> None:
    session, edition = country.session, country.edition
    assert open_decisions(session, edition, OCTOBER) == []
    prepare_protocols(session, edition, OCTOBER)
    prepare_notices(session, edition, OCTOBER)
    found = open_records(session, edition, OCTOBER)
    assert [(item.step, item.unit_id, item.person_id, item.documents) for item in found] == [
        ("7.a", country.units["military"], country.people["military officer"], 1),
        ("7.c", country.units["afad"], country.people["afad head"], 1),
    ]


@pytest.mark.parametrize(("closes", "at_risk"), [(date(2024, 2, 1), 2), (date(2024, 3, 4), 0)])
def test_contracts_and_notices_are_at_risk_when_their_days_would_become_fewer(
    country: Country, closes: date, at_risk: int
) -> None:
    session, edition = country.session, country.edition
    prepare_protocols(session, edition, OCTOBER)
    prepare_notices(session, edition, OCTOBER)
    assert what_if(session, edition, {"year_close": closes}, OCTOBER).contracts_at_risk == at_risk


@pytest.mark.parametrize(
    ("recorded", "ends"), [(True, ("terminated", "tahsis kaldırıldı")), (False, ("void", "tahsis kaldırıldı"))]
)
def test_the_contract_of_a_revoked_line_ends(country: Country, recorded: bool, ends: tuple[str, str]) -> None:
    session, edition = country.session, country.edition
    request = ConcludeRequest(protocol(country), country.people["military officer"], AGREEMENT)
    if recorded:
        record_protocols(session, edition, [request], LATER)
    line = session.scalars(select(Protocol.allocation_id)).one()
    assert line is not None
    counts = [end_protocols(session, edition, [line], "tahsis kaldırıldı", LATER) for _ in range(2)]
    assert counts == [1, 0]
    assert session.execute(select(Protocol.state, Protocol.reason)).one() == ends


def framework(country: Country, **values: object) -> None:
    row = {
        "edition_id": country.edition.id,
        "kind": "framework",
        "number": "CPR-1",
        "need_side_id": country.units["ministry"],
        "resource_side_id": country.units["energy"],
        "state": "concluded",
        "prepared_at": MAY,
        **values,
    }
    country.session.execute(insert(Protocol).values(row))


def test_an_allocation_between_ministries_without_a_framework_protocol_is_found(country: Country) -> None:
    found = uncovered(country.session, country.edition)
    assert found == [MissingFramework("ministry", 20000002, "energy", 20000003, lines=2, items=1)]


@pytest.mark.parametrize(
    ("values", "covered"),
    [
        ({}, True),
        ({"ends_on": date(2023, 12, 31)}, True),
        ({"ends_on": date(2023, 6, 1)}, False),
        ({"state": "open"}, False),
        ({"state": "terminated", "reason": "feshedildi"}, False),
    ],
)
def test_a_framework_protocol_covers_allocations_while_it_is_in_force(
    country: Country, values: dict[str, object], covered: bool
) -> None:
    framework(country, **values)
    assert (uncovered(country.session, country.edition) == []) == covered


def test_last_years_framework_protocol_stays_in_force_and_the_opposite_one_covers_nothing(country: Country) -> None:
    sides = {"need_side_id": country.units["energy"], "resource_side_id": country.units["ministry"]}
    framework(country, number="CPR-2", **sides)
    assert uncovered(country.session, country.edition) != []
    framework(country, edition_id=last_year(country))
    assert uncovered(country.session, country.edition) == []


def test_a_framework_protocol_is_concluded_by_its_document_and_not_recorded(country: Country) -> None:
    framework(country, state="open")
    mine = country.session.scalars(select(Protocol.id).where(Protocol.kind == "framework")).one()
    request = ConcludeRequest(mine, country.people["ministry officer"], AGREEMENT)
    assert not record_protocols(country.session, country.edition, [request], LATER)[0].done


def test_a_programme_without_contracts_asks_for_no_framework_protocol(country: Country) -> None:
    assert uncovered(country.session, replace(country.edition, windows={})) == []


def test_a_ministrys_own_items_ask_for_no_framework_protocol(country: Country) -> None:
    needs = update(Document).where(Document.kind == "need_form")
    country.session.execute(needs.values(unit_id=country.units["institution"]))
    assert uncovered(country.session, country.edition) == []


def test_the_verbs_record_and_list_contracts(sqlite_database: object, capsys: pytest.CaptureFixture[str]) -> None:
    with transaction() as session:
        made = make_country(session)
        allocate(made)
        prepare_protocols(session, made.edition, OCTOBER)
    asked = ["DP-IBC-2-KSC-1-governor", "--as", "1024", "--year", "2023", "--as-of", "2023-10-20"]
    days = ["--on", "2023-10-18", "--from", "2023-11-01", "--until", "2024-12-31", "--letter", "20000123/1"]
    assert run(["--lang", "en", "contract", "record", *asked, *days]) == 0
    assert run(["--lang", "en", "contract", "record", *asked, "--not-concluded", "olmadı"]) == 1
    assert "nothing is left to record" in capsys.readouterr().err
    assert run(["contract", "list", "--year", "2023", "--state", "concluded", "--json"]) == 0
    [line] = json.loads(capsys.readouterr().out)
    assert (line["begins_on"], line["ends_on"], line["letter"]) == ("2023-11-01", "2024-12-31", "20000123/1")
    assert run(["--lang", "en", "contract", "uncovered", "--year", "2023"]) == 0
    assert "energy" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (["DP-0", "--not-concluded", "x"], "no detail protocol of this year has the number DP-0"),
        (["DP-0"], "give --on"),
        (["DP-0", "--on", "yesterday"], "yesterday"),
    ],
)
def test_bad_words_are_one_line(
    sqlite_database: object, capsys: pytest.CaptureFixture[str], asked: list[str], says: str
) -> None:
    with transaction() as session:
        make_country(session)
    assert run(["--lang", "en", "contract", "record", *asked, "--as", "1024", "--year", "2023"]) == 2
    [line] = capsys.readouterr().err.splitlines()
    assert says in line
