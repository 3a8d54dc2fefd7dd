"""Readiness: who is not ready records no need, and only those who see to something record it, each thing once."""

import json
from datetime import date, datetime
from pathlib import Path

import pytest
from small_country import ADANA, SEYHAN, Country, make_country, on
from sqlalchemy import delete, event, func, insert, select, update
from sqlalchemy.orm import Session

from sekaps.cli.main import run
from sekaps.database import transaction
from sekaps.domain.readiness import Tally
from sekaps.errors.readiness import ReadinessNotAsked, ReadinessRefused
from sekaps.errors.registry import RowsFlawed
from sekaps.models.allocation import Item, Need
from sekaps.models.readiness import ReadinessItem
from sekaps.models.registry import Person, Unit
from sekaps.models.trail import Act
from sekaps.reports.markdown import Masthead
from sekaps.reports.pages import phase_page
from sekaps.services.programmes import read_programme
from sekaps.services.readiness import missing_for, ready_for_page, require_readiness, summary, units_asked
from sekaps.services.readiness_card import LineState, checklist
from sekaps.services.readiness_import import READINESS, import_evidence
from sekaps.services.readiness_records import Evidence, Recorded, record, withdraw
from sekaps.services.registry_files import read_records
from sekaps.services.requests import SignRequest
from sekaps.services.signing import sign
from sekaps.services.trail import broken_links
from sekaps.services.year_phases import wording, year_phase

MARCH = on(2023, 3, 1)
JANUARY = date(2023, 1, 1)
MILITARY, INSTITUTION, INDUSTRY = 20000009, 20000010, 20000011
NEED = {"item_code": "diesel", "quantity": 5, "priority": 1, "scope": "local", "beneficiary": "military",
        "province_code": ADANA, "district_code": SEYHAN}  # fmt: skip


def unready(country: Country, unit: str, *codes: str) -> None:
    """Take everything of those codes off the unit's checklist, as if it had never been recorded."""
    of_unit = ReadinessItem.unit_id == country.units[unit]
    country.session.execute(delete(ReadinessItem).where(of_unit, ReadinessItem.code.in_(codes)))


def code_of(country: Country, who: str) -> int:
    return country.session.scalars(select(Person.number).where(Person.id == country.people[who])).one()


def tell(country: Country, code: str, who: str, as_of: datetime = MARCH, *, unit: int = MILITARY) -> bool:
    evidence = Evidence(unit, code, as_of.date())
    return record(country.session, country.edition, evidence, code_of(country, who), as_of)


def ask(country: Country, form: int, as_of: datetime = MARCH, who: str = "military officer") -> str:
    [outcome] = sign(country.session, country.edition, [SignRequest(form, country.people[who])], as_of)
    return outcome.refusal.say("en") if outcome.refusal else "signed"


def need_form(country: Country, number: str) -> int:
    return country.document(number, "military", country.chains["need"])


def lacks(country: Country, unit: int = MILITARY, as_of: datetime = MARCH) -> list[str]:
    return [each.code for each in missing_for(country.session, country.edition, [unit], as_of)[unit]]


def test_the_first_signature_of_a_unit_that_is_not_ready_is_refused_with_all_that_is_missing(country: Country) -> None:
    form = need_form(country, "IBC-1")
    unready(country, "military", "static_ip", "signature_process")
    assert ask(country, form) == (
        "military (20000009) is not ready for Statement of needs; missing: static IP reported (by: Authority with"
        " needs), signature process defined with the ministry (by: Parent ministry)"
    )
    refused = country.session.scalars(select(Act).where(Act.verb == "sign", Act.outcome == "refused")).one()
    assert "static IP reported" in refused.facts["reason"]


def test_once_what_was_missing_is_recorded_the_unit_may_begin(country: Country) -> None:
    form = need_form(country, "IBC-1")
    unready(country, "military", "static_ip", "signature_process")
    assert tell(country, "static_ip", "military head")
    assert tell(country, "signature_process", "ministry officer")
    assert ask(country, form) == "signed"
    assert list(broken_links(country.session)) == []


def test_what_was_begun_goes_on_though_the_unit_is_not_ready_any_more(country: Country) -> None:
    form = need_form(country, "IBC-1")
    assert ask(country, form) == "signed"
    unready(country, "military", "static_ip")
    assert ask(country, form, who="military head") == "signed"


def test_activities_that_need_nobody_ready_ask_nothing(country: Country) -> None:
    unready(country, "industry", "static_ip")
    step = {"activity": "resource_determination", "step": "3.c", "kind": "resource_form"}
    form = country.document("KSC-1", "industry", country.chains["resource"], **step)
    assert ask(country, form, who="industry officer") == "signed"


def test_a_module_asks_its_authorisation_of_its_own_needs_only(country: Country) -> None:
    row = {"code": "truck", "name_tr": "Kamyon", "name_en": "Truck", "module": "vehicles", "sector": "land"}
    country.session.execute(insert(Item).values(**row, measure="vehicle", ministry_id=country.units["ministry"]))
    trucks, diesel = (need_form(country, number) for number in ("IBC-1", "IBC-2"))
    lines = [{**NEED, "document_id": trucks, "item_code": "truck"}, {**NEED, "document_id": diesel}]
    country.session.execute(insert(Need), lines)
    unready(country, "military", "vehicle_authorisation", "manpower_authorisation")
    assert "missing: vehicle-module authorisation (by: Parent ministry)" in ask(country, trucks)
    assert ask(country, diesel) == "signed"
    assert lacks(country) == ["vehicle_authorisation"]


def test_a_certificate_makes_ready_until_its_last_day(country: Country) -> None:
    unready(country, "military", "e_signature")
    evidence = Evidence(MILITARY, "e_signature", JANUARY, date(2023, 3, 1))
    record(country.session, country.edition, evidence, code_of(country, "military head"), on(2023, 2, 1))
    assert lacks(country, as_of=on(2023, 3, 1)) == []
    assert lacks(country, as_of=on(2023, 3, 2)) == ["e_signature"]


def test_what_is_done_each_year_counts_for_its_edition_only(country: Country) -> None:
    rows = country.session.execute(select(ReadinessItem.code, ReadinessItem.edition_id).distinct()).all()
    yearly = {code for code, edition_id in rows if edition_id == country.edition.id}
    assert yearly == {
        "priority_order", "staff_count", "staff_changes", "vehicle_authorisation", "manpower_authorisation",
    }  # fmt: skip
    assert {edition_id for _, edition_id in rows} == {None, country.edition.id}


@pytest.mark.parametrize(
    ("code", "who", "problem"),
    [
        ("static_ip", "ministry head", "only somebody with a post in Authority with needs of unit 20000009"),
        ("signature_process", "military head", "only somebody with a post in Parent ministry of unit 20000009"),
        ("signature_process", "energy head", "only somebody with a post in Parent ministry"),
        ("training", "military head", "only somebody with a post in Provincial Directorate of Disaster"),
        ("nothing", "military head", "nothing of that code is asked: 'nothing'; give one of: static_ip, "),
    ],
)
def test_only_those_who_see_to_something_record_it(country: Country, code: str, who: str, problem: str) -> None:
    with pytest.raises(ReadinessRefused, match=problem):
        tell(country, code, who)


@pytest.mark.parametrize(
    ("evidence", "problem"),
    [
        (Evidence(20000005, "static_ip", JANUARY), "static IP reported is not asked of unit 20000005"),
        (Evidence(29999999, "static_ip", JANUARY), "no active unit has the registry number 29999999"),
        (Evidence(MILITARY, "static_ip", date(2023, 3, 2)), "2 March 2023 has not come"),
        (Evidence(MILITARY, "static_ip", JANUARY, date(2022, 1, 1)), "it ends on 1 January 2022, before it begins"),
        (Evidence(MILITARY, "static_ip", JANUARY, note="x" * 2001), "the note is longer than 2000 characters"),
    ],
)
def test_what_cannot_be_true_is_not_recorded(country: Country, evidence: Evidence, problem: str) -> None:
    with pytest.raises(ReadinessRefused, match=problem):
        record(country.session, country.edition, evidence, code_of(country, "military head"), MARCH)


def acts(session: Session, verb: str) -> int:
    return session.scalar(select(func.count()).select_from(Act).where(Act.verb == verb)) or 0


def test_the_same_is_recorded_once(country: Country) -> None:
    unready(country, "military", "static_ip")
    assert [tell(country, "static_ip", "military head", on(2023, 3, day)) for day in (1, 1, 2)] == [True, False, False]
    assert acts(country.session, "record_readiness") == 1


def test_a_renewed_certificate_replaces_the_one_before_and_keeps_it(country: Country) -> None:
    for year in (2024, 2027):
        evidence = Evidence(MILITARY, "e_signature", JANUARY, date(year, 1, 1))
        assert record(country.session, country.edition, evidence, code_of(country, "military head"), MARCH)
    mine = (ReadinessItem.unit_id == country.units["military"], ReadinessItem.code == "e_signature")
    rows = country.session.execute(
        select(ReadinessItem.until, ReadinessItem.ended_at.is_(None)).where(*mine).order_by(ReadinessItem.id)
    ).all()
    assert [tuple(row) for row in rows] == [(None, False), (date(2024, 1, 1), False), (date(2027, 1, 1), True)]


def test_what_is_withdrawn_is_missing_again_from_then_on(country: Country) -> None:
    by = code_of(country, "military head")
    assert withdraw(country.session, country.edition, MILITARY, "static_ip", by, "line cut", MARCH)
    assert not withdraw(country.session, country.edition, MILITARY, "static_ip", by, "line cut", MARCH)
    assert (lacks(country), lacks(country, as_of=on(2023, 2, 28))) == (["static_ip"], [])
    with pytest.raises(ReadinessRefused, match="only somebody"):
        withdraw(country.session, country.edition, MILITARY, "training", by, "none", MARCH)


def test_units_are_counted_by_ministry_and_province(country: Country) -> None:
    unready(country, "institution", "static_ip", "staff_count")
    unready(country, "industry", "static_ip")
    units = units_asked(country.session, country.edition, MARCH)
    assert [(unit.number, len(unit.lacks)) for unit in units] == [(INDUSTRY, 1), (INSTITUTION, 2), (MILITARY, 0)]
    assert summary(units, "ministry") == {
        "energy": Tally(2, 0, {"static_ip": 2, "staff_count": 1}),
        "ministry": Tally(1, 1, {}),
    }
    assert list(summary(units, "province")) == ["Adana"]
    of_ministry = units_asked(country.session, country.edition, MARCH, ministry=20000003)
    assert [unit.number for unit in of_ministry] == [INDUSTRY, INSTITUTION]
    assert units_asked(country.session, country.edition, MARCH, province="06") == []


def test_a_closed_unit_is_asked_nothing(country: Country) -> None:
    country.session.execute(update(Unit).where(Unit.number == MILITARY).values(active_until=on(2023, 2, 1)))
    assert MILITARY not in [unit.number for unit in units_asked(country.session, country.edition, MARCH)]


def test_the_checklist_says_who_recorded_what_and_what_is_missing(country: Country) -> None:
    unready(country, "military", "static_ip", "manpower_authorisation", "training")
    found = checklist(country.session, country.edition, MILITARY, MARCH)
    lines = {line.requirement.code: line for line in found.lines}
    assert not found.ready
    assert [code for code, line in lines.items() if line.state is LineState.MISSING] == ["static_ip", "training"]
    assert lines["signature_process"].recorded_by == "ministry officer"
    assert lines["manpower_authorisation"].state is LineState.NOT_ASKED
    assert checklist(country.session, country.edition, 20000005, MARCH).lines == ()


def test_a_programme_that_asks_nothing_says_so(country: Country) -> None:
    deferment = read_programme("deferment")
    with pytest.raises(ReadinessNotAsked, match="deferment asks no readiness"):
        require_readiness(type(country.edition)(0, deferment, 2023, 1, "", True, {}, *[country.edition.days] * 2))


def statements(session: Session, act: object) -> int:
    """Count the statements an act makes."""
    seen: list[str] = []
    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", lambda *facts: seen.append(facts[2]))
    act()  # type: ignore[operator]
    return len(seen)


def test_hundreds_are_held_back_with_as_many_statements_as_one(country: Country) -> None:
    unready(country, "military", "static_ip")
    counts = []
    for size in (1, 300):
        forms = [need_form(country, f"IBC-{size}-{place}") for place in range(size)]
        requests = [SignRequest(form, country.people["military officer"]) for form in forms]
        counts.append(
            statements(country.session, lambda of=requests: sign(country.session, country.edition, of, MARCH))
        )
    assert counts[0] == counts[1]


def test_the_page_of_the_preparations_tells_how_many_are_ready(country: Country) -> None:
    unready(country, "military", "static_ip")
    ready = ready_for_page(country.session, country.edition, "preparations", MARCH)
    assert ready_for_page(country.session, country.edition, "needs_entry", MARCH) is None
    phase = year_phase(country.session, country.edition, country.edition.phase("preparations"))
    head = Masthead("sekaps", wording(country.edition.programme.name), 2023, MARCH.date(), True, {})
    page = phase_page(head, phase, ready).markdown
    assert "| Hazır / Ready | 2 |" in page
    assert "| statik IP bildirimi / static IP reported | 1 |" in page


HEADING = "birim;kod;tarih\n"


def take_over(country: Country, path: Path, rows: str, who: str) -> Recorded:
    path.write_text(HEADING + rows, encoding="utf-8")
    read = read_records(path, READINESS)
    facts = {"by": code_of(country, who), "as_of": MARCH, "source": path.name}
    return import_evidence(country.session, country.edition, read.records, **facts)  # type: ignore[arg-type]


def test_a_list_is_taken_over_whole_and_again_changes_nothing(country: Country, tmp_path: Path) -> None:
    for unit in ("military", "institution", "industry"):
        unready(country, unit, "training")
    rows = "".join(f"{unit};training;15.02.2023\n" for unit in (MILITARY, INSTITUTION, INDUSTRY))
    assert take_over(country, tmp_path / "list.csv", rows, "afad officer") == Recorded(3, 0)
    assert take_over(country, tmp_path / "list.csv", rows, "afad officer") == Recorded(0, 3)
    assert acts(country.session, "record_readiness") == 1


def test_of_a_list_with_flaws_nothing_is_taken_over_and_every_flaw_is_told(country: Country, tmp_path: Path) -> None:
    unready(country, "military", "training")
    rows = "\n".join(
        [
            f"{MILITARY};training;15.02.2023",
            f"{MILITARY};training;16.02.2023",
            f"{MILITARY};static_ip;15.02.2023",
            "123;training;soon",
            f"{INSTITUTION};;",
            "29999999;training;2023-02-15",
        ]
    )
    with pytest.raises(RowsFlawed) as flawed:
        take_over(country, tmp_path / "list.csv", rows, "afad officer")
    assert [flaw.row for flaw in flawed.value.flaws] == [3, 4, 5, 5, 6, 6, 7]
    assert lacks(country) == ["training"]


def test_the_verbs_tell_record_and_list(database: object, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with transaction() as session:
        country = make_country(session)
        unready(country, "military", "static_ip")
        head, year = str(code_of(country, "military head")), ["--year", "2023", "--as-of", "2023-03-01"]
    assert run(["--lang", "en", "readiness", "show", str(MILITARY), *year]) == 0
    assert "military: not ready" in capsys.readouterr().out
    assert run(["--lang", "en", "readiness", "list", *year, "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert (listed["asked"], listed["ready"], listed["lacking"]) == (3, 2, {"static_ip": 1})
    assert run(["--lang", "en", "readiness", "list", *year]) == 0
    assert "2 of 3 units are ready" in capsys.readouterr().out
    for told in ("recorded", "that is recorded already; nothing changed"):
        assert run(["--lang", "en", "readiness", "record", str(MILITARY), "static_ip", "--by", head, *year]) == 0
        assert capsys.readouterr().out == f"{told}\n"
    reason = ["--reason", "line cut"]
    assert run(["--lang", "en", "readiness", "withdraw", str(MILITARY), "static_ip", "--by", head, *reason, *year]) == 0
    assert run(["--lang", "en", "readiness", "summary", "--by", "province", *year]) == 0
    assert "static IP reported: 1" in capsys.readouterr().out
    path = tmp_path / "list.csv"
    path.write_text(HEADING + f"{MILITARY};static_ip;01.02.2023\n{MILITARY};staff_count;soon\n", encoding="utf-8")
    assert run(["--lang", "en", "readiness", "import", str(path), "--by", head, *year]) == 1
    path.write_text(HEADING + f"{MILITARY};static_ip;01.02.2023\n", encoding="utf-8")
    assert run(["--lang", "en", "readiness", "import", str(path), "--by", head, *year]) == 0
    told = capsys.readouterr()
    assert "row 3: 'soon' is no date" in told.err
    assert told.out == "1 recorded, 0 unchanged\n"
    assert run(["--lang", "en", "readiness", "record", str(MILITARY), "training", "--by", head, *year]) == 1
    assert "only somebody with a post in" in capsys.readouterr().err
