"""Notices: recorded as served by the clock of their channel, corrected when their line changes, printed as letters."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from after_allocation import LATER, OCTOBER, allocate, delivery, serve
from small_country import Country, make_country, on
from sqlalchemy import select, update

from sekaps.cli.main import run
from sekaps.database import transaction
from sekaps.domain.notices import Channel, NoticeKind
from sekaps.models.contracts import LegalTerm, Notice
from sekaps.models.trail import Act
from sekaps.services.notices import Corrected, correct_notices, prepare_notices, record_notices
from sekaps.services.requests import ServeRequest


@pytest.fixture
def country(database: object) -> Iterator[Country]:
    with transaction() as session:
        country = make_country(session)
        allocate(country)
        yield country


def prepared(country: Country) -> int:
    prepare_notices(country.session, country.edition, OCTOBER)
    return country.session.scalars(select(Notice.id)).one()


@pytest.mark.parametrize(
    ("who", "as_of", "changed", "says"),
    [
        ("afad head", on(2024, 3, 4), {}, "closed on 1 March 2024"),
        ("kaymakam head", LATER, {}, "only somebody with a post"),
        ("afad head", LATER, {"receipt": ""}, "proved by a receipt"),
        ("afad head", LATER, {"sent_on": date(2023, 9, 29)}, "cannot have been sent before"),
    ],
)
def test_a_notice_is_recorded_by_the_provincial_afad_inside_the_window_as_it_can_have_been(
    country: Country, who: str, as_of: object, changed: dict[str, object], says: str
) -> None:
    how = replace(delivery(), **changed)  # type: ignore[arg-type]
    request = ServeRequest(prepared(country), country.people[who], how)
    [outcome] = record_notices(country.session, country.edition, [request], as_of)  # type: ignore[arg-type]
    assert outcome.refusal is not None
    assert says in outcome.refusal.say("en")
    told = country.session.scalars(select(Act.facts).where(Act.verb == "serve", Act.outcome == "refused")).one()
    assert says in told["reason"]


@pytest.mark.parametrize(
    ("channel", "served_on"), [(Channel.HAND, date(2023, 10, 3)), (Channel.UETS, date(2023, 10, 8))]
)
def test_a_served_notice_keeps_its_channel_its_receipt_and_the_day_it_counts_from(
    country: Country, channel: Channel, served_on: date
) -> None:
    serve(country, delivery(channel))
    row = country.session.scalars(select(Notice)).one()
    assert (row.state, row.channel, row.receipt, row.copies, row.copies_returned) == ("served", channel, "TBL 1", 4, 3)
    assert (row.sent_on, row.reached_on, row.served_on) == (date(2023, 10, 3), date(2023, 10, 3), served_on)


def test_a_notice_that_was_not_served_keeps_the_reason_and_is_recorded_once(country: Country) -> None:
    request = ServeRequest(prepared(country), country.people["afad head"], reason="adreste bulunamadı")
    outcomes = [record_notices(country.session, country.edition, [request], LATER)[0].done for _ in range(2)]
    assert outcomes == [True, False]
    row = country.session.scalars(select(Notice)).one()
    assert (row.state, row.reason, row.channel, row.copies) == ("not_served", "adreste bulunamadı", None, 4)


def line(country: Country) -> int:
    return country.session.scalars(select(Notice.allocation_id).limit(1)).one()


def notices(country: Country) -> list[tuple[str, str, str]]:
    rows = country.session.execute(select(Notice.number, Notice.kind, Notice.state).order_by(Notice.id))
    return [(number.removeprefix("TB-IBC-1-KSC-1-district"), kind, state) for number, kind, state in rows]


@pytest.mark.parametrize(
    ("kind", "came_of_it", "left"),
    [
        (NoticeKind.ANNULMENT, Corrected(1, 0), [("", "obligation", "void")]),
        (NoticeKind.CORRECTION, Corrected(1, 1), [("", "obligation", "void"), ("/D1", "correction", "prepared")]),
    ],
)
def test_a_notice_nobody_was_told_of_is_void_and_only_a_correction_takes_its_place(
    country: Country, kind: NoticeKind, came_of_it: Corrected, left: list[tuple[str, str, str]]
) -> None:
    prepared(country)
    assert correct_notices(country.session, country.edition, [line(country)], kind, LATER) == came_of_it
    assert notices(country) == left
    states = country.session.scalars(select(LegalTerm.code).order_by(LegalTerm.id)).all()
    assert states == ["price_service"] * came_of_it.prepared


@pytest.mark.parametrize("kind", [NoticeKind.ANNULMENT, NoticeKind.CORRECTION])
def test_after_a_served_notice_the_correction_or_annulment_is_to_be_served(country: Country, kind: NoticeKind) -> None:
    session, edition = country.session, country.edition
    serve(country, delivery())
    assert correct_notices(session, edition, [line(country)], kind, LATER) == Corrected(0, 1)
    assert notices(country) == [("", "obligation", "served"), (f"/{kind.mark}1", kind.value, "prepared")]
    serve(country, delivery(reached_on=date(2023, 10, 20)))
    running = select(LegalTerm.code).join(Notice).where(Notice.kind == kind.value, LegalTerm.state == "running")
    objections = ["price_objection"] if kind is NoticeKind.CORRECTION else []
    assert session.scalars(running).all() == objections


def test_an_annulment_ends_the_time_to_object_to_what_it_annuls(country: Country) -> None:
    serve(country, delivery())
    correct_notices(country.session, country.edition, [line(country)], NoticeKind.ANNULMENT, LATER)
    running = select(LegalTerm.code).where(LegalTerm.state == "running")
    assert country.session.scalars(running).all() == []


def test_whoever_was_told_once_is_told_of_the_annulment_though_the_correction_never_came(country: Country) -> None:
    session, edition = country.session, country.edition
    serve(country, delivery())
    correct_notices(session, edition, [line(country)], NoticeKind.CORRECTION, LATER)
    assert correct_notices(session, edition, [line(country)], NoticeKind.ANNULMENT, LATER) == Corrected(1, 1)
    assert notices(country)[1:] == [("/D1", "correction", "void"), ("/I2", "annulment", "prepared")]
    assert correct_notices(session, edition, [line(country)], NoticeKind.ANNULMENT, LATER) == Corrected(0, 0)


def test_lines_without_notices_have_nothing_to_correct(country: Country) -> None:
    assert correct_notices(country.session, country.edition, [], NoticeKind.CORRECTION, LATER) == Corrected(0, 0)
    prepare_notices(country.session, country.edition, OCTOBER)
    assert notices(country) == [("", "obligation", "prepared")]


NUMBER = "TB-IBC-1-KSC-1-district"
ASKED = [NUMBER, "--year", "2023", "--as-of", "2023-10-20"]


def make() -> None:
    with transaction() as session:
        made = make_country(session)
        allocate(made)
        prepare_notices(session, made.edition, OCTOBER)


def afad() -> list[str]:
    return ["--as", str(1000 + 3 * 4)]


@pytest.mark.usefixtures("sqlite_database")
def test_the_verbs_record_and_list_notices_and_their_terms(capsys: pytest.CaptureFixture[str]) -> None:
    make()
    told = ["--channel", "uets", "--reached", "2023-10-03", "--receipt", "UETS 1"]
    assert run(["--lang", "en", "notice", "record", *ASKED, *afad(), *told]) == 0
    assert "recorded; it counts as served on 8 October 2023" in capsys.readouterr().out
    assert run(["--lang", "en", "notice", "record", *ASKED, *afad(), *told, "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["refusal"] == "nothing is left to record for it"
    assert run(["notice", "list", "--year", "2023", "--state", "served", "--province", "01", "--json"]) == 0
    [one] = json.loads(capsys.readouterr().out)
    assert (one["number"], one["channel"], one["served_on"]) == (NUMBER, "uets", "2023-10-08")
    assert run(["notice", "terms", "--year", "2023", "--state", "running", "--json"]) == 0
    [term] = json.loads(capsys.readouterr().out)
    assert (term["code"], term["unit"], term["due_at"]) == ("price_objection", None, "2023-10-23T14:30:00+00:00")
    for verb in ("list", "terms"):
        assert run(["--lang", "en", "notice", verb, "--year", "2023"]) == 0
    assert "1 of 1 shown" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (["TB-0", "--not-served", "x"], "no notice of this year has the number TB-0"),
        ([NUMBER], "give --channel"),
        ([NUMBER, "--channel", "pigeon", "--reached", "2023-10-03"], "pigeon"),
        ([NUMBER, "--channel", "hand", "--reached", "03.10.2023"], "03.10.2023"),
    ],
)
@pytest.mark.usefixtures("sqlite_database")
def test_bad_words_are_one_line(capsys: pytest.CaptureFixture[str], asked: list[str], says: str) -> None:
    make()
    assert run(["--lang", "en", "notice", "record", *asked, *afad(), "--year", "2023"]) == 2
    [line] = capsys.readouterr().err.splitlines()
    assert says in line


@pytest.mark.skipif(shutil.which("pdfsig") is None, reason="needs poppler-utils")
@pytest.mark.usefixtures("sqlite_database")
def test_poppler_accepts_the_signed_letter_and_reads_what_it_is(tmp_path: Path) -> None:
    make()
    page = tmp_path / "out" / "tebligat.pdf"
    assert run(["notice", "letter", *ASKED, "-o", str(page)]) == 0
    words = subprocess.run(["pdftotext", page, "-"], capture_output=True, text=True, check=True).stdout
    assert "TEBLİĞ" in words
    assert "district_commission" in words
    told = subprocess.run(["pdfsig", "-nocert", page], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid" in told


@pytest.mark.usefixtures("sqlite_database")
def test_a_letter_tells_the_decision_as_it_was_decided(tmp_path: Path) -> None:
    make()
    with transaction() as session:
        session.execute(update(Notice).values(number="TB-2"))
    assert run(["notice", "letter", "TB-1", "--year", "2023", "-o", str(tmp_path / "x.pdf")]) == 2
    assert list(tmp_path.glob("x.pdf")) == []
