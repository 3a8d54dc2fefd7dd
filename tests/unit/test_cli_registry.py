"""The registry's and the signatory module's verbs: a file in, one line out; what is refused leaves nothing behind."""

import json
from pathlib import Path

import pytest

from sekaps.cli.main import run
from sekaps.settings import settings

UNITS = """DETSİS No;Adı;Tür;Üst Birim;Ana Kurum;İl;Not
24308110;Sağlık Bakanlığı;bakanlık;;;Ankara;x
24308111;Çankırı İl Sağlık Müdürlüğü;kurum;24308110;24308110;Çankırı;
"""
PEOPLE = """kod;ad soyad;e-posta;birim no;görev;başlangıç;bitiş
7003;Can Cin;c@x.tr;24308111;amir;02.03.2020 08:30;
"""
MINISTRY, OFFICE = "24308110", "24308111"
CONTACT = ("--phone", "0312", "--mobile", "0505")
ADDRESS = "cankiri@hs01.kep.tr"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    monkeypatch.setenv("SEKAPS_HOME", str(tmp_path))
    monkeypatch.delenv("SEKAPS_DATABASE_URL", raising=False)
    settings.cache_clear()
    assert run(["db", "migrate"]) == 0
    (tmp_path / "units.csv").write_text(UNITS, encoding="utf-8")
    assert run(["registry", "import", str(tmp_path / "units.csv")]) == 0
    capsys.readouterr()
    return tmp_path


def done(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert run(["--lang", "en", *words]) == 0
    return capsys.readouterr().out


def refused(capsys: pytest.CaptureFixture[str], *words: str) -> list[str]:
    assert run(["--lang", "en", *words]) in (1, 2)
    return capsys.readouterr().err.splitlines()


def admit(capsys: pytest.CaptureFixture[str]) -> None:
    """Admit an authoriser at the ministry, and by that one a registrar at the office."""
    first = ("7001", "--role", "authoriser", "--by", "authority", "--name", "Ayşe Ak", "--email", "a@x.tr")
    second = ("7002", "--role", "registrar", "--by", "7001", "--name", "Bora Boz", "--email", "b@x.tr")
    for unit, words in ((MINISTRY, first), (OFFICE, second)):
        assert done(capsys, "signatory", "authorise", unit, *words, *CONTACT) == "recorded\n"


def test_a_file_is_imported_once_and_says_what_changed(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    printed = done(capsys, "registry", "import", str(home / "units.csv"), "--whole")
    assert printed.splitlines() == [
        "0 added, 0 changed, 0 moved, 0 merged, 0 closed, 0 reopened, 2 unchanged; 0 KEP addresses taken over",
        "columns passed over: Not",
    ]
    report = json.loads(done(capsys, "registry", "import", str(home / "units.csv"), "--json"))
    assert (report["imported"], report["unchanged"], report["passed_over"]) == (True, 2, ["Not"])


def test_every_flaw_has_a_line_of_its_own_and_then_nothing_is_imported(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, errors = home / "bad.csv", home / "imports" / "bad.csv.errors.csv"
    path.write_text("DETSİS No;Adı;Üst Birim\n1;x;\n24308119;y;24308118\n", encoding="utf-8")
    assert refused(capsys, "registry", "import", str(path)) == [
        "row 2: '1' is no registry number: eight digits, the first from 1 to 9",
        "row 3: parent 24308118 is no unit of the registry",
        f"error: bad.csv: 2 flaw(s) in 2 rows; nothing was imported. All of them are in {errors}",
    ]
    listed = errors.read_text(encoding="utf-8-sig").splitlines()
    assert [line.split(",")[:4] for line in listed] == [
        ["row", "column", "value", "rule"], ["2", "number", "1", "number"],
        ["3", "parent", "24308118", "unknown_unit"],
    ]  # fmt: skip
    assert run(["--lang", "en", "registry", "import", str(path), "--json"]) == 1
    assert [flaw["row"] for flaw in json.loads(capsys.readouterr().out)["flaws"]] == [2, 3]


def test_a_file_far_too_large_is_refused_in_one_line(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with (home / "large.json").open("wb") as file:
        file.truncate(200_000_000)
    [line] = refused(capsys, "registry", "import", str(home / "large.json"))
    assert "holds more than 50 MB" in line


def test_an_address_goes_from_registered_to_verified(capsys: pytest.CaptureFixture[str]) -> None:
    [line] = refused(capsys, "registry", "kep", "verify", OFFICE, ADDRESS)
    assert "never registered it" in line
    for verb, state in (("register", "registered"), ("sent", "verification sent"), ("verify", "verified")):
        assert done(capsys, "registry", "kep", verb, OFFICE, ADDRESS) == f"{OFFICE}: {ADDRESS} is {state}\n"
    card = json.loads(done(capsys, "registry", "show", OFFICE, "--json"))
    assert [(each["address"], each["state"]) for each in card["kep"]] == [(ADDRESS, "verified")]


def test_a_unit_is_shown_with_its_people_and_its_history(capsys: pytest.CaptureFixture[str]) -> None:
    admit(capsys)
    done(capsys, "signatory", "record", OFFICE, "7003", "--from", "2026-01-05 08:30", "--by", "7002",
         "--name", "Can Cin", "--email", "c@x.tr")  # fmt: skip
    printed = done(capsys, "registry", "show", OFFICE)
    for word in ("Çankırı İl Sağlık Müdürlüğü", "Can Cin", "registrar", "added", "units.csv"):
        assert word in printed


def test_heads_are_recorded_deputised_for_and_end(capsys: pytest.CaptureFixture[str]) -> None:
    admit(capsys)
    head = ("signatory", "record", OFFICE, "7003", "--from", "2026-01-05 08:30", "--by", "7002")
    assert done(capsys, *head, "--name", "Can Cin", "--email", "c@x.tr") == "recorded\n"
    assert done(capsys, *head) == "that is recorded already; nothing changed\n"
    deputy = ("signatory", "deputise", OFFICE, "7002", "--from", "2027-01-05", "--until", "2027-01-09")
    assert done(capsys, *deputy, "--reason", "leave", "--by", "7001", "--means", "e_signature") == "recorded\n"
    assert done(capsys, "signatory", "end", OFFICE, "--at", "2027-02-01", "--by", "7002") == "recorded\n"
    assert done(capsys, "signatory", "dismiss", OFFICE, "7002", "--role", "registrar", "--by", "7001") == "recorded\n"
    assert refused(capsys, *head) == ["error: not recorded: that person is no responsible of any unit now"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("record", OFFICE, "7003", "--from", "dün", "--by", "7001"), "is no date such as"),
        (("record", OFFICE, "7003", "--from", "", "--by", "7001"), "an instant is needed"),
        (("dismiss", OFFICE, "7003", "--role", "registrar", "--by", "me"), "give a manager code, or 'authority'"),
        (("link", OFFICE, "24308119", "--by", "7001"), "no unit has the registry number 24308119"),
        (("link", OFFICE, MINISTRY, "--by", "7001"), "no first-level unit"),
    ],
)
def test_a_wrong_word_is_told_in_one_line(
    words: tuple[str, ...], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    admit(capsys)
    [line] = refused(capsys, "signatory", *words)
    assert says in line


def test_a_list_of_people_is_imported_from_the_national_module(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = home / "people.csv"
    path.write_text(PEOPLE, encoding="cp1254")
    printed = done(capsys, "signatory", "import", str(path), "--by", "authority")
    assert printed == "1 people added, 0 changed; 1 terms added, 0 ended, 0 unchanged; 0 recorded late\n"
    again = json.loads(done(capsys, "signatory", "import", str(path), "--by", "authority", "--json"))
    assert (again["terms_added"], again["unchanged"]) == (0, 1)


def test_the_check_lists_what_the_rules_find_and_leaves_with_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--lang", "en", "signatory", "check"]) == 1
    printed = capsys.readouterr().out
    assert "0 of 2 responsible persons (authoriser)" in printed
    assert "no head was ever recorded" in printed
    assert run(["signatory", "check", "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert {(each["rule"], each["unit"]) for each in found} == {
        (rule, int(unit)) for rule in (4, 12) for unit in (MINISTRY, OFFICE)
    }


def test_the_eighteen_rules_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert len(json.loads(done(capsys, "signatory", "rules", "--json"))) == 18
    assert "8*" in done(capsys, "signatory", "rules")
