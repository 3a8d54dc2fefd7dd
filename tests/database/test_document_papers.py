"""A document that leaves the house: OpenSSL and Poppler, which know nothing of this engine, accept its evidence."""

import json
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from small_country import SEYHAN, Country, make_country, on
from sqlalchemy import select, update

from sekaps.cli.main import run
from sekaps.database import transaction
from sekaps.evidence.certificates import TEST_MARK
from sekaps.keyring import keyring
from sekaps.models.allocation import Need
from sekaps.models.documents import Document
from sekaps.models.registry import Person
from sekaps.services.requests import SignRequest
from sekaps.services.signing import sign

needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl")
needs_poppler = pytest.mark.skipif(shutil.which("pdfsig") is None, reason="needs poppler-utils")
ASKED = ["IBC-1", "--year", "2023", "--as-of", "2023-06-01"]


def make(*, sealed: bool = True) -> None:
    """Make a need that all three have signed."""
    with transaction() as session:
        country: Country = make_country(session)
        form = country.signed_need("IBC-1", 1250)
        session.execute(update(Document).values(state="expected", next_slot=1))
        for day, who in enumerate(("military officer", "military head", "ministry approver"), 1):
            seals = keyring() if sealed else None
            request = SignRequest(form, country.people[who])
            assert sign(session, country.edition, [request], on(2023, 3, day), seals=seals)[0].done


def export(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """Export the document and return the commands the verb says to check it with."""
    assert run(["--lang", "en", "document", "export", *ASKED, "--out", str(tmp_path / "belge")]) == 0
    return [line for line in capsys.readouterr().out.splitlines() if line.startswith("openssl ")]


@needs_openssl
@pytest.mark.usefixtures("database")
def test_openssl_accepts_every_exported_signature_by_the_command_that_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make()
    commands = export(tmp_path, capsys)
    told = [subprocess.run(shlex.split(each), capture_output=True, text=True, check=False) for each in commands]
    assert [each.stderr.strip() for each in told] == ["CAdES Verification successful"] * 3


@needs_openssl
@pytest.mark.usefixtures("sqlite_database")
def test_openssl_refuses_the_export_of_a_changed_document(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make()
    with transaction() as session:
        session.execute(update(Need).values(quantity=1251))
    [first, *_] = export(tmp_path, capsys)
    told = subprocess.run(shlex.split(first), capture_output=True, text=True, check=False)
    assert told.returncode != 0


@pytest.mark.usefixtures("sqlite_database")
def test_showing_a_document_tells_what_it_says_and_what_holds(capsys: pytest.CaptureFixture[str]) -> None:
    make()
    assert run(["--lang", "en", "document", "show", *ASKED, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["content"]["need"]["district"] == SEYHAN
    assert [(each["slot"], each["verdict"], each["test"]) for each in told["signatures"]] == [
        (slot, "valid", True) for slot in (1, 2, 3)
    ]
    assert run(["--lang", "en", "document", "show", *ASKED]) == 0
    assert "1,250 litres" in capsys.readouterr().out


@pytest.mark.usefixtures("sqlite_database")
def test_signatures_older_than_evidence_are_shown_as_such(capsys: pytest.CaptureFixture[str]) -> None:
    make(sealed=False)
    assert run(["--lang", "en", "document", "show", *ASKED, "--json"]) == 0
    assert {each["verdict"] for each in json.loads(capsys.readouterr().out)["signatures"]} == {None}


@needs_poppler
@pytest.mark.usefixtures("sqlite_database")
def test_pdfsig_accepts_the_page_and_it_is_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make()
    page = tmp_path / "belge.pdf"
    assert run(["--lang", "en", "document", "pdf", *ASKED, "--out", str(page)]) == 0
    capsys.readouterr()
    said = subprocess.run(["pdfsig", page], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid." in said
    assert "Total document signed" in said
    assert "ETSI.CAdES.detached" in said
    words = subprocess.run(["pdftotext", "-layout", page, "-"], capture_output=True, text=True, check=False).stdout
    for each in (TEST_MARK, "IBC-1", "1,250 litres", "military officer", "own post"):
        assert each in words
    assert words.count("\f") == 1


@needs_poppler
@pytest.mark.usefixtures("sqlite_database")
def test_the_exported_plan_is_sealed_and_pdfsig_accepts_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make()
    plan, sealed = tmp_path / "plan.pdf", tmp_path / "sealed.pdf"
    assert run(["plan", "export", "--year", "2023", "--out", str(plan)]) == 0
    assert run(["document", "seal", str(plan), "--out", str(sealed), "--reason", "Onaylı plan"]) == 0
    said = subprocess.run(["pdfsig", sealed], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid." in said
    assert "Certificate Common Name: SEKAPS" in said
    assert run(["document", "seal", str(tmp_path / "sekaps.db"), "--out", str(sealed), "--reason", "x"]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


@pytest.mark.usefixtures("sqlite_database")
def test_what_is_signed_on_the_command_line_carries_evidence(capsys: pytest.CaptureFixture[str]) -> None:
    with transaction() as session:
        country = make_country(session)
        country.document("IBC-1", "military", country.chains["need"])
        officer = session.scalar(select(Person.number).where(Person.id == country.people["military officer"]))
    signing = ["sign", "IBC-1", "--as", str(officer), "--year", "2023", "--as-of", "2023-03-01"]
    assert run(["--lang", "en", *signing]) == 0
    capsys.readouterr()
    assert run(["--lang", "en", "document", "show", *ASKED, "--json"]) == 0
    [signature] = json.loads(capsys.readouterr().out)["signatures"]
    assert (signature["slot"], signature["verdict"]) == (1, "valid")


@pytest.mark.usefixtures("sqlite_database")
def test_what_cannot_be_written_or_is_not_there_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make()
    (tmp_path / "file").touch()
    assert run(["--lang", "en", "document", "export", *ASKED, "--out", str(tmp_path / "file")]) == 3
    assert run(["--lang", "en", "document", "show", "IBC-9", "--year", "2023"]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 2


@pytest.mark.usefixtures("sqlite_database")
def test_the_audit_verb_names_flaws_and_leaves_with_one(capsys: pytest.CaptureFixture[str]) -> None:
    make()
    assert run(["--lang", "en", "audit", "evidence", "verify", "--year", "2023"]) == 0
    assert "3 signatures verified; 0 flaws" in capsys.readouterr().out
    with transaction() as session:
        session.execute(update(Need).values(quantity=1251))
    assert run(["--lang", "en", "audit", "evidence", "verify", "--year", "2023", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["checked"], told["by_cause"]) == (3, {"bytes_changed": 3})
    assert [flaw["document"] for flaw in told["flaws"]] == ["IBC-1"] * 3
