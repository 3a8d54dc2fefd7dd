"""The verb that ticks: what is due is done, twice is once, and a relay that is away loses nothing."""

import sqlite3
from datetime import date, time
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from small_country import make_country
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from sekaps.calendar.instants import at
from sekaps.cli.main import run
from sekaps.database import transaction
from sekaps.demo.post_office import free_port
from sekaps.models.documents import Chain, Document
from sekaps.services.editions import load_edition
from sekaps.settings import settings


@pytest.fixture
def country(home: Path) -> Path:
    """A home with a published year and two need forms nobody has signed."""
    with transaction() as session:
        country = make_country(session)
        for number in ("IBC-1", "IBC-2"):
            country.document(number, "military", country.chains["need"])
    return home


def count(home: Path, table: str, where: str = "1 = 1") -> int:
    connection = sqlite3.connect(home / "sekaps.db")
    [[found]] = connection.execute(f"SELECT count(*) FROM {table} WHERE {where}")
    connection.close()
    return int(found)


def test_a_tick_opens_what_is_due_and_reminds_and_the_same_tick_again_does_nothing(
    country: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tick = ["--lang", "en", "tick", "--year", "2023", "--as-of", "2023-04-07"]
    assert run(tick) == 0
    assert "Needs entry: open, 0 of 2 done" in capsys.readouterr().out
    assert [path.parent.name for path in (country / "mail").glob("*/*.eml")] == ["2023-04-07"]
    assert run(tick) == 0
    assert "nothing is due" in capsys.readouterr().out
    assert count(country, "outbox") == 1


def test_with_the_relay_away_the_tick_says_so_and_the_next_one_delivers(
    country: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    tick = ["--lang", "en", "tick", "--year", "2023", "--as-of", "2023-04-07"]
    with monkeypatch.context() as away:
        away.setenv("SEKAPS_SMTP_PORT", str(free_port()))
        settings.cache_clear()
        assert run(tick) == 3
    [line] = capsys.readouterr().err.splitlines()
    assert "no message is lost, the next delivery tries again" in line
    assert count(country, "outbox", "state = 'waiting'") == 1
    settings.cache_clear()
    assert run(tick) == 0
    assert count(country, "outbox", "state = 'sent'") == 1


def test_a_correction_goes_out_between_due_days_and_only_once(
    country: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from sekaps.flows.deliver_mail import deliver_mail

    assert run(["--lang", "en", "tick", "--year", "2023", "--as-of", "2023-04-27"]) == 0
    order = ["order", "issue", "closure", "--year", "2023", "--from", "2023-04-28", "--until", "2023-04-28"]
    by = ["--province", "01", "--authority", "Valilik", "--reason", "Kar", "--letter", "V-1", "--as-of", "2023-04-27"]
    assert run(["--lang", "en", *order, *by]) == 0
    assert "people who get a correction: 1" in capsys.readouterr().out
    sent = [deliver_mail(2023, at(date(2023, 4, 27), time(10))) for _ in range(2)]
    assert sent == [1, 0]
    subjects = [message_from_bytes(path.read_bytes(), policy=policy.default)["Subject"]
                for path in (country / "mail").glob("*/*.eml")]  # fmt: skip
    assert len([subject for subject in subjects if "2 Mayıs 2023" in subject]) == 1


OWN_PROGRAMME = """
code: inspection
name: {tr: Yıllık denetim, en: Yearly inspection}
boundaries: {opens: {rule: first working day of March}, closes: {rule: last working day of April}}
ladders: {standard: {rungs: [-7, 0, 1]}}
activities:
  - code: visits
    name: {tr: Denetim ziyaretleri, en: Inspection visits}
    window: [opens, closes]
    ladder: standard
"""


def test_a_programme_nobody_here_has_seen_is_published_and_ticked_from_its_file(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = home / "inspection.yaml"
    path.write_text(OWN_PROGRAMME)
    for verb, name in (("propose", "Ayşe"), ("publish", "Mehmet")):
        assert run(["plan", verb, "--programme", str(path), "--year", "2026", "--by", name]) == 0
    path.unlink()
    tick = ["--lang", "en", "tick", "--programme", "inspection", "--year", "2026"]
    assert run([*tick, "--as-of", "2026-03-02"]) == 0
    assert "Inspection visits: open, 0 of 0 done" in capsys.readouterr().out
    assert run([*tick, "--as-of", "2026-05-04"]) == 0
    assert "Inspection visits: closed, 0 of 0 done" in capsys.readouterr().out


def test_a_phase_the_edition_does_not_have_is_told_with_those_it_has(
    country: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["--lang", "en", "tick", "--year", "2023", "--phase", "nope"]) == 2
    [line] = capsys.readouterr().err.splitlines()
    assert "no phase 'nope' in this edition; its phases: framework_protocols, preparations" in line


def test_the_deferment_cycle_runs_from_its_yaml_alone(
    country: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The January age-limit list is reminded of and missed; the programme has no flow of its own."""
    for verb, name in (("propose", "Ayşe"), ("publish", "Mehmet")):
        assert run(["plan", verb, "--programme", "deferment", "--year", "2027", "--by", name]) == 0
    with transaction() as session:
        edition = load_edition(session, "deferment", 2027)
        list_to_sign(session, edition.id)
    tick = ["--lang", "en", "tick", "--programme", "deferment", "--year", "2027", "--as-of"]
    assert run([*tick, "2027-01-22"]) == 0
    [letter] = (home / "mail" / "2027-01-22").glob("*.eml")
    assert b"deferment" in letter.read_bytes().lower()
    assert run([*tick, "2027-02-01"]) == 0
    assert "Age-limit list: closed with gaps, 0 of 1 done" in capsys.readouterr().out


def list_to_sign(session: Session, edition_id: int) -> None:
    """Make the age-limit list of the ministry, waiting for its first signature."""
    chain_id, unit_id = session.execute(select(Chain.id, Chain.unit_id).where(Chain.document_kind == "need_form")).one()
    row = {"edition_id": edition_id, "kind": "age_limit_list", "number": "YSL-2027", "activity": "age_limit_list"}
    row |= {"step": "6.ı-1", "unit_id": unit_id, "chain_id": chain_id, "state": "expected", "next_slot": 1, "round": 1}
    session.execute(insert(Document).values(**row, waiting_since=at(date(2027, 1, 1))))
