"""The observatory counts what the audit finds, names whose pen it waits for, and sees what is about to hold up more."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from small_country import ADANA, Country, make_country, on
from sqlalchemy import insert, select, text, update
from sqlalchemy.orm import Session

from sekaps.cli.main import run
from sekaps.database import transaction
from sekaps.domain.gaps import Cause
from sekaps.domain.observatory import Block, Hold, Observatory, Side, breakdown, pens, vacancies
from sekaps.models.mail import OutboxLetter, OutboxMessage
from sekaps.models.registry import Mandate, Person, Post, Unit
from sekaps.models.trail import Act
from sekaps.services.gap_letters import SentLetters, send_gap_letters
from sekaps.services.gaps import find_gaps
from sekaps.services.observatory import observe, select_part
from sekaps.services.registry import end_mandates
from sekaps.services.requests import DocumentRequest, SignRequest
from sekaps.services.returning import send_back
from sekaps.services.signing import sign
from sekaps.services.trail import broken_links

CHAIN = ("military officer", "military head", "ministry approver")
JUNE = on(2023, 6, 1)


@pytest.fixture
def country(database: object) -> Iterator[Country]:
    """Four need forms with none to three signatures of early March, and a resource nobody has begun."""
    with transaction() as session:
        country = make_country(session)
        for number in range(4):
            form = country.document(f"IBC-{number}", "military", country.chains["need"])
            signed(country, form, *CHAIN[:number])
        row = {"activity": "resource_determination", "step": "3.c", "kind": "resource_form"}
        country.document("KSC-1", "industry", country.chains["resource"], **row)
        yield country


def signed(country: Country, document: int, *people: str, month: int = 3) -> None:
    for day, who in enumerate(people, start=1):
        [outcome] = sign(
            country.session, country.edition, [SignRequest(document, country.people[who])], on(2023, month, day)
        )
        assert outcome.done


def seen(country: Country, as_of: datetime = JUNE, **options: Any) -> Observatory:
    return observe(country.session, country.edition, as_of, **options)


def mandate(country: Country, post: tuple[str, str], person: str, since: datetime, until: datetime | None = None,
            kind: str = "own") -> None:  # fmt: skip
    row = {"post_id": country.posts[post], "person_id": country.people[person], "kind": kind}
    country.session.execute(insert(Mandate).values(**row, from_at=since, until_at=until))


def ends(country: Country, who: str, until: datetime) -> None:
    country.session.execute(update(Mandate).where(Mandate.id == country.mandates[who]).values(until_at=until))


@pytest.mark.parametrize("as_of", [on(2023, 1, 31), on(2023, 2, 1), on(2023, 3, 2, 9), on(2023, 3, 2, 11), JUNE])
def test_it_counts_exactly_what_the_audit_finds_at_any_instant(country: Country, as_of: datetime) -> None:
    gaps = find_gaps(country.session, country.edition, as_of)
    found = seen(country, as_of)
    told = sorted((p.cause, p.owner.number, p.slot, p.since, p.person and p.person.name) for p in found.piles
                  for _ in range(p.documents))  # fmt: skip
    assert told == sorted((gap.cause, gap.unit, gap.slot, gap.since, gap.person) for gap in gaps)
    assert found.documents == len(gaps)


def test_it_names_whose_pen_it_is_and_for_how_long(country: Country) -> None:
    assert [
        (pen.person.name, pen.waiting.documents, pen.waiting.longest_days)
        for pen in pens(seen(country).piles, seen(country).day)
    ] == [
        ("industry officer", 1, 120),
        ("military officer", 1, 120),
        ("military head", 1, 92),
        ("ministry approver", 1, 91),
    ]


def test_alike_documents_are_one_pile(country: Country) -> None:
    for number in range(50):
        country.document(f"IBC-9{number}", "military", country.chains["need"])
    [pile] = [pile for pile in seen(country).piles if pile.slot == 1 and pile.owner.name == "military"]
    assert (pile.documents, pile.example) == (51, "IBC-0")


def test_modules_are_those_of_the_items_and_a_ministrys_own_documents_are_its_own(country: Country) -> None:
    document = country.signed_need("IBC-7", 5)
    country.session.execute(text(f"UPDATE documents SET state = 'recorded', next_slot = 3 WHERE id = {document}"))
    chain = country.chain("ministry", "framework_protocol", [("ministry", "officer")])
    country.document("CP-1", "ministry", chain)
    found = seen(country)
    assert {(line.name, line.waiting.documents) for line in breakdown(found.piles, Side.MODULE, found.day)} == {
        ("goods_services", 1),
        (None, 5),
    }
    assert {(line.name, line.waiting.documents) for line in breakdown(found.piles, Side.MINISTRY, found.day)} == {
        ("ministry", 5),
        ("energy", 1),
    }


@pytest.mark.parametrize(
    ("part", "documents"),
    [({"unit": 20000009}, 3), ({"unit": 20000002}, 3), ({"unit": 20000011}, 1), ({"ministry": 20000003}, 1),
     ({"ministry": 20000002}, 3), ({"province": ADANA}, 4), ({"province": "02"}, 0),
     ({"ministry": 20000002, "unit": 20000011}, 0)],
)  # fmt: skip
def test_a_part_of_the_country_can_be_looked_at_alone(country: Country, part: dict[str, Any], documents: int) -> None:
    assert seen(country, selection=select_part(country.session, **part)).documents == documents


def test_a_vacant_post_is_told_to_the_head_of_its_unit_else_of_the_unit_above(country: Country) -> None:
    end_mandates(country.session, country.edition, [country.mandates["military officer"]], on(2023, 4, 1))
    assert [one.closer and one.closer.name for one in vacancies(seen(country).piles, JUNE.date())] == ["military head"]
    end_mandates(country.session, country.edition, [country.mandates["military head"]], on(2023, 4, 1))
    assert {one.closer and one.closer.name for one in vacancies(seen(country).piles, JUNE.date())} == {"ministry head"}
    end_mandates(country.session, country.edition, [country.mandates["ministry head"]], on(2023, 4, 1))
    assert seen(country).unheard == 2


def test_a_post_that_falls_vacant_is_seen_with_all_that_waits_or_will_wait_for_it(country: Country) -> None:
    ends(country, "military head", JUNE + timedelta(days=9))
    [ending] = seen(country).endings
    assert (ending.hold, ending.person.name, ending.waiting_now, ending.coming) == (Hold.OWN, "military head", 1, 1)
    assert seen(country, horizon_days=8).endings == ()
    assert seen(country, selection=select_part(country.session, unit=20000011)).endings == ()
    mandate(country, ("military", "head"), "afad head", JUNE + timedelta(days=9))
    assert seen(country).endings == ()


def test_a_successor_with_a_gap_before_it_leaves_the_post_vacant(country: Country) -> None:
    ends(country, "military head", JUNE + timedelta(days=3))
    mandate(country, ("military", "head"), "afad head", JUNE + timedelta(days=5))
    assert [one.person.name for one in seen(country).endings] == ["military head"]


@pytest.mark.parametrize("column", ["end_recorded_at", "recorded_at"])
def test_what_was_recorded_later_was_not_known_then(country: Country, column: str) -> None:
    ends(country, "military head", JUNE + timedelta(days=9))
    if column == "end_recorded_at":
        country.session.execute(
            update(Mandate).where(Mandate.until_at.is_not(None)).values({column: JUNE + timedelta(days=1)})
        )
    else:
        mandate(country, ("military", "head"), "afad head", JUNE + timedelta(days=2))
        country.session.execute(
            update(Mandate).where(Mandate.from_at > JUNE).values({column: JUNE + timedelta(days=1)})
        )
    assert len(seen(country).endings) == (0 if column == "end_recorded_at" else 1)


def test_a_deputy_about_to_end_is_seen_with_who_is_back(country: Country) -> None:
    mandate(country, ("military", "head"), "afad head", on(2023, 5, 1), JUNE + timedelta(days=4), "deputy")
    [ending] = seen(country).endings
    assert (ending.hold, ending.person.name, ending.back_to) == (Hold.DEPUTY, "afad head", "military head")
    ends(country, "military head", JUNE + timedelta(days=2))
    assert {(one.hold, one.back_to) for one in seen(country).endings} == {(Hold.OWN, None), (Hold.DEPUTY, None)}
    mandate(country, ("military", "head"), "kaymakam head", JUNE, JUNE + timedelta(days=40), "deputy")
    assert [one.hold for one in seen(country).endings] == [Hold.OWN]


def stuck(country: Country) -> list[tuple[Block, int, str, int]]:
    return sorted((one.block, one.slot, one.post, one.documents) for one in seen(country).stuck)


def test_a_vacant_post_anywhere_ahead_stops_the_chain_unless_it_has_a_deputy(country: Country) -> None:
    assert stuck(country) == []
    end_mandates(country.session, country.edition, [country.mandates["ministry approver"]], on(2023, 4, 1))
    assert stuck(country) == [(Block.VACANT, 3, "approver", 3)]
    mandate(country, ("ministry", "approver"), "afad head", on(2023, 5, 1), None, "deputy")
    assert stuck(country) == []


def test_whoever_signed_and_then_took_a_later_post_cannot_finish_the_chain(country: Country) -> None:
    end_mandates(country.session, country.edition, [country.mandates["ministry approver"]], on(2023, 4, 1))
    mandate(country, ("ministry", "approver"), "military officer", on(2023, 4, 2))
    assert stuck(country) == [(Block.SHARED, 3, "approver", 1), (Block.SIGNED, 3, "approver", 2)]
    assert {one.example for one in seen(country).stuck} == {"IBC-0", "IBC-1"}
    mandate(country, ("ministry", "approver"), "afad head", on(2023, 5, 1), None, "deputy")
    assert stuck(country) == []


def test_a_returned_document_is_signed_anew_so_its_old_signatures_block_nobody(country: Country) -> None:
    form = country.document("IBC-8", "military", country.chains["need"])
    signed(country, form, "military officer", month=4)
    request = DocumentRequest(form, country.people["military head"], "wrong quantity")
    [outcome] = send_back(country.session, country.edition, [request], on(2023, 4, 5))
    assert outcome.done
    [pile] = [pile for pile in seen(country).piles if pile.cause is Cause.RETURNED]
    assert (pile.person and pile.person.name, pile.slot) == ("military officer", 1)
    assert stuck(country) == []


def test_parallel_stages_and_conditions_are_looked_at_document_by_document(country: Country) -> None:
    session = country.session
    session.execute(text("UPDATE chain_slots SET stage = 2, needed = 1 WHERE slot > 1 AND chain_id = :id"),
                    {"id": country.chains["need"]})  # fmt: skip
    end_mandates(session, country.edition, [country.mandates["military head"]], on(2023, 4, 1))
    assert stuck(country) == []
    end_mandates(session, country.edition, [country.mandates["ministry approver"]], on(2023, 4, 1))
    assert [(block, documents) for block, _, _, documents in stuck(country)] == [(Block.VACANT, 2)]


def send(country: Country, cause: Cause = Cause.WAITING, **options: Any) -> SentLetters:
    return send_gap_letters(country.session, country.edition, cause, JUNE, **options)


def letters(session: Session) -> dict[str, str]:
    query = (
        select(Person.name, OutboxLetter.plain)
        .join(OutboxMessage, OutboxMessage.person_id == Person.id)
        .join(OutboxLetter)
    )
    return {name: plain for name, plain in session.execute(query)}


def test_one_letter_a_day_goes_to_each_person_who_can_close_gaps_of_the_cause(country: Country) -> None:
    country.document("IBC-5", "military", country.chains["need"], state="recorded", next_slot=2)
    assert send(country) == SentLetters(people=2, documents=3, told_today=0, unheard=0)
    found = letters(country.session)
    assert set(found) == {"military head", "ministry approver"}
    assert "2 belgenin imza zinciri" in found["military head"]
    assert send(country) == SentLetters(people=0, documents=0, told_today=2, unheard=0)
    assert send(country, Cause.NOT_STARTED).people == 2
    [key, *_] = sorted(country.session.scalars(select(OutboxMessage.key)))
    assert key == f"gaps:{country.edition.id}:not_started:2023-06-01:{country.people['military officer']}"


def test_the_letters_of_a_round_are_one_act_on_the_trail(country: Country) -> None:
    send(country)
    send(country)
    [act] = country.session.scalars(select(Act).where(Act.verb == "send_gap_letters"))
    assert (act.documents, act.facts["cause"], act.facts["people"]) == (2, "waiting", 2)
    assert list(broken_links(country.session)) == []


def test_the_next_day_they_are_told_again(country: Country) -> None:
    send(country)
    tomorrow = JUNE + timedelta(days=1)
    assert send_gap_letters(country.session, country.edition, Cause.WAITING, tomorrow).people == 2


def test_trying_writes_nothing_and_counts_the_same(country: Country) -> None:
    tried = send(country, is_trial=True)
    assert letters(country.session) == {}
    assert country.session.scalars(select(Act).where(Act.verb == "send_gap_letters")).all() == []
    assert send(country) == tried


def test_a_part_calls_for_letters_that_name_all_its_readers_gaps(country: Country) -> None:
    chain = country.chain("institution", "need_form", [("institution", "officer"), ("military", "head")])
    country.document("IBC-6", "institution", chain, state="recorded", next_slot=2)
    energy = select_part(country.session, ministry=20000003)
    assert send(country, selection=energy) == SentLetters(people=1, documents=2, told_today=0, unheard=0)
    assert "military head" in letters(country.session)


def test_a_vacant_post_is_written_to_whoever_can_have_it_filled_and_nobody_else(country: Country) -> None:
    people = [country.mandates[who] for who in ("military officer", "ministry approver", "ministry head")]
    end_mandates(country.session, country.edition, people, on(2023, 4, 1))
    assert send(country, Cause.POST_VACANT) == SentLetters(people=1, documents=1, told_today=0, unheard=1)
    assert set(letters(country.session)) == {"military head"}


def test_a_hostile_name_of_a_unit_is_only_ever_text(country: Country) -> None:
    hostile = "<img src=x onerror=alert(1)> & {{ 7 * 7 }}"
    country.session.execute(update(Unit).where(Unit.name == "military").values(name=hostile))
    send(country)
    for html in country.session.scalars(select(OutboxLetter.html)):
        assert "<img" not in html
        assert "&lt;img src=x" in html
        assert "49" not in html


@pytest.fixture
def home(country: Country, tmp_path: Path) -> Path:
    """The country as committed, for the command line."""
    country.session.execute(update(Post).where(Post.title == "head").values(title="=1+1"))
    country.session.commit()
    return tmp_path


OBSERVATORY = ["--lang", "en", "observatory", "--year", "2023", "--as-of", "2023-06-01"]


def test_the_page_on_the_terminal_is_narrow_and_says_what_closes_each_cause(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(OBSERVATORY) == 0
    told = capsys.readouterr().out
    assert "SEKAPS 2023, 1 June 2023: 4 documents wait for a signature" in told
    assert "sekaps observatory send waiting --programme sekaps --year 2023" in told
    assert max(map(len, told.splitlines())) <= 100
    assert run([*OBSERVATORY, "--by", "ministry", "--ministry", "20000002"]) == 0
    assert "Gaps by ministry" in capsys.readouterr().out


def test_json_has_the_same_figures(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*OBSERVATORY, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["documents"], told["as_of"], told["days_counted"]) == (4, "2023-06-01", "calendar")
    assert [line["by_cause"]["waiting"] for line in told["by_province"]] == [2]
    assert [one["send"].split()[3] for one in told["causes"]] == [
        "returned",
        "post_vacant",
        "mandate_expired",
        "not_started",
        "waiting",
    ]


def test_the_files_hold_every_row(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*OBSERVATORY, "--out", str(home / "gaps.csv")]) == 0
    assert (home / "gaps.csv").read_bytes().startswith(b"\xef\xbb\xbfcause;ministry;province;module")
    assert run([*OBSERVATORY, "--by", "person", "--out", str(home / "people.csv")]) == 0
    assert ";'=1+1;" in (home / "people.csv").read_text()
    assert run([*OBSERVATORY, "--out", str(home / "gaps.xlsx")]) == 0
    assert load_workbook(home / "gaps.xlsx")["Who holds up most"].max_row == 5
    assert run([*OBSERVATORY, "--out", str(home / "gaps.pdf")]) == 2
    assert "name a file that ends in .csv or .xlsx" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "exit_code", "says"),
    [
        (["--unit", "99999999"], 2, "99999999"),
        (["--province", "99"], 2, "99"),
        (["--by", "moon"], 2, "moon"),
        (["--out", "/nowhere/gaps.csv"], 3, "/nowhere/gaps.csv"),
        (["--year", "1999"], 2, "1999"),
    ],
)
def test_a_wrong_word_is_told_in_one_line(
    home: Path, words: list[str], exit_code: int, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*OBSERVATORY, *words]) == exit_code
    [line] = capsys.readouterr().err.splitlines()
    assert says in line


def test_sending_is_tried_done_and_done_once(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--lang", "en", "observatory", "send", "waiting", "--year", "2023", "--as-of", "2023-06-01"]
    assert run([*words, "--what-if"]) == 0
    assert "would be written: 2 letters about 2 documents" in capsys.readouterr().out
    assert run(words) == 0
    assert "written: 2 letters about 2 documents" in capsys.readouterr().out
    assert run([*words, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["told_today"] == 2
    assert run([*words[:4], "bytes_changed", *words[5:]]) == 2
    assert "found in what was signed already" in capsys.readouterr().err
