"""Files of needs, resources and feeds: all of a file or nothing, every flaw listed, the same file twice nothing."""

import csv
import gzip
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from small_country import Country, make_country
from sqlalchemy import URL, func, select

from sekaps.cli.main import run
from sekaps.database import reading, transaction
from sekaps.models.allocation import Need, Resource
from sekaps.models.documents import Document
from sekaps.models.trail import Act

MILITARY, INSTITUTION, INDUSTRY = 20000009, 20000010, 20000011
DAY = "2023-03-01"
NEED = {
    "belge no": "IBC-2023-000001", "birim": str(MILITARY), "kalem": "Motorin", "miktar": "40", "ölçü birimi": "m3",
    "öncelik": "1", "kapsam": "mahallî", "yararlanan": "askerî", "il": "Adana", "ilçe": "seyhan",
    "teslim yeri": "Kışla", "başlangıç": "01.05.2023", "bitiş": "2023-06-30",
}  # fmt: skip
RESOURCE = {
    "number": "KSC-2023-000001", "unit": str(INDUSTRY), "item": "diesel", "capacity": "900", "stock": "250",
    "measure": "litre", "scope": "local", "holder": "Deneme Akaryakıt A.Ş.", "holder_kind": "company",
    "holder_number": "0123456789", "address": "Deneme Cad. 1", "province": "01", "district": "1104",
}  # fmt: skip
Files = Callable[..., Path]


@pytest.fixture
def country(database: URL) -> Country:
    with transaction() as session:
        return make_country(session)


@pytest.fixture
def files(tmp_path: Path) -> Files:
    """Write rows as a CSV file and return its path."""

    def write(rows: Sequence[Mapping[str, str]], name: str = "forms.csv", encoding: str = "utf-8", **more: str) -> Path:
        path = tmp_path / name
        with path.open("w", encoding=encoding, newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), delimiter=more.get("delimiter", ";"))
            writer.writeheader()
            writer.writerows(rows)
        return path

    return write


def imported(subject: str, path: Path, *words: str) -> int:
    return run(["--lang", "en", "import", subject, str(path), "--year", "2023", "--as-of", DAY, *words])


def needs(count: int, **changes: str) -> list[dict[str, str]]:
    return [NEED | {"belge no": f"IBC-2023-{place:06}"} | changes for place in range(1, count + 1)]


def stored() -> tuple[int, int, int]:
    """Return how many documents, needs and resources there are."""
    with reading() as session:
        tables = (Document, Need, Resource)
        found = [session.scalar(select(func.count()).select_from(table)) or 0 for table in tables]
    return found[0], found[1], found[2]


def flaws_in(path: Path) -> list[tuple[str, ...]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [tuple(line[:4]) for line in list(csv.reader(file))[1:]]


def test_a_need_is_stored_unsigned_in_the_measure_of_its_item(country: Country, files: Files) -> None:
    assert imported("needs", files([NEED])) == 0
    with reading() as session:
        document, need = session.scalars(select(Document)).one(), session.scalars(select(Need)).one()
    assert (document.number, document.state, document.next_slot, document.chain_id) == (
        "IBC-2023-000001", "expected", 1, country.chains["need"],
    )  # fmt: skip
    assert (document.activity, document.step, document.unit_id) == ("needs_entry", "4.a", country.units["military"])
    assert (need.quantity, need.stated_quantity, need.stated_measure) == (40_000, 40, "cubic_metre")
    assert (need.needed_from, need.needed_until) == (date(2023, 5, 1), date(2023, 6, 30))
    assert (need.province_code, need.district_code, need.place) == ("01", "1104", "Kışla")


def test_a_resource_is_stored_with_its_holder(country: Country, files: Files) -> None:
    assert imported("resources", files([RESOURCE])) == 0
    with reading() as session:
        row = session.scalars(select(Resource)).one()
        step = session.scalars(select(Document.step)).one()
    assert (row.capacity, row.stock, row.allocated, row.scope, row.recorded_scope) == (900, 250, 0, "local", "local")
    assert (row.holder_kind, row.holder_number, row.origin, row.supplier, step) == (
        "company", "0123456789", "manual", None, "3.c",
    )  # fmt: skip


def test_the_same_file_twice_changes_nothing_and_says_so(
    country: Country, files: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    path = files(needs(3))
    assert imported("needs", path) == 0
    assert capsys.readouterr().out == "3 forms added, 0 recorded already\n"
    assert imported("needs", path) == 0
    assert capsys.readouterr().out == "nothing changed: all 3 forms are recorded already\n"
    with reading() as session:
        acts = session.scalars(select(Act).where(Act.verb == "import_forms")).all()
    assert stored() == (3, 3, 0)
    assert [(act.documents, act.facts["added"]) for act in acts] == [(3, 3)]


def test_a_longer_file_adds_only_what_is_new(country: Country, files: Files) -> None:
    assert imported("needs", files(needs(2))) == 0
    assert imported("needs", files(needs(5))) == 0
    assert stored() == (5, 5, 0)


def test_a_number_recorded_with_other_contents_is_refused_and_nothing_added(
    country: Country, files: Files, tmp_path: Path
) -> None:
    assert imported("needs", files(needs(1))) == 0
    changed = files([needs(1)[0] | {"miktar": "41"}, *needs(3)[1:]])
    assert imported("needs", changed, "--errors", str(tmp_path / "e.csv")) == 1
    assert flaws_in(tmp_path / "e.csv") == [("2", "number", "IBC-2023-000001", "recorded")]
    assert stored() == (1, 1, 0)


def test_only_checking_stores_nothing(country: Country, files: Files, capsys: pytest.CaptureFixture[str]) -> None:
    assert imported("needs", files(needs(2)), "--check-only", "--json") == 0
    assert json.loads(capsys.readouterr().out)["imported"] is False
    assert stored() == (0, 0, 0)


BAD_NEEDS = [
    ({"miktar": "-5"}, "quantity", "positive"),
    ({"miktar": "0"}, "quantity", "positive"),
    ({"miktar": "1000000000001"}, "quantity", "too_large"),
    ({"miktar": "9" * 40}, "quantity", "too_large"),
    ({"miktar": "1000000000", "ölçü birimi": "m3"}, None, None),
    ({"miktar": "1000000001", "ölçü birimi": "m3"}, "quantity", "too_large"),
    ({"miktar": "12,5"}, "quantity", "whole_number"),
    ({"miktar": "=2+3"}, "quantity", "formula"),
    ({"miktar": ""}, "quantity", "required"),
    ({"miktar": "1500", "ölçü birimi": "ml"}, "quantity", "not_whole"),
    ({"ölçü birimi": "kg"}, "measure", "incompatible"),
    ({"ölçü birimi": "endaze"}, "measure", "unknown_measure"),
    ({"kalem": "uranyum"}, "item", "unknown_item"),
    ({"öncelik": "10"}, "priority", "priority"),
    ({"öncelik": "0"}, "priority", "priority"),
    ({"kapsam": "küresel"}, "scope", "choice"),
    ({"kapsam": ""}, "scope", "required"),
    ({"yararlanan": "komşu"}, "beneficiary", "choice"),
    ({"yararlanan": "halk"}, "age_group", "public_by_age"),
    ({"birim": "99999999"}, "unit", "unknown_unit"),
    ({"birim": "askerî birlik"}, "unit", "unknown_unit"),
    ({"birim": str(INSTITUTION)}, "unit", "no_chain"),
    ({"il": "Atlantis"}, "province", "unknown_province"),
    ({"ilçe": "Kadıköy"}, "district", "unknown_district"),
    ({"ilçe": "1421"}, "district", "unknown_district"),
    ({"bitiş": "2023-04-30"}, "needed_until", "period"),
    ({"bitiş": "30 Şubat"}, "needed_until", "day"),
    ({"teslim yeri": "=HYPERLINK(1)"}, "place", "formula"),
    ({"teslim yeri": "@toplam"}, "place", "formula"),
    ({"teslim yeri": "+90"}, "place", "formula"),
    ({"teslim yeri": "x" * 301}, "place", "too_long"),
    ({"teslim yeri": "a\x07b"}, "place", "unprintable"),
    ({"belge no": ""}, "number", "required"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "column", "rule"), BAD_NEEDS)
def test_a_flawed_cell_is_listed_with_its_rule(
    sqlite_database: URL, files: Files, tmp_path: Path, changes: dict[str, str], column: str | None, rule: str | None
) -> None:
    with transaction() as session:
        make_country(session)
    errors = tmp_path / "errors.csv"
    done = imported("needs", files([needs(1)[0], needs(2)[1] | changes]), "--errors", str(errors))
    if rule is None:
        assert (done, stored()) == (0, (2, 2, 0))
        return
    assert (done, stored()) == (1, (0, 0, 0))
    assert [(line[0], line[1], line[3]) for line in flaws_in(errors)] == [("3", column, rule)]


BAD_RESOURCES = [
    ({"capacity": "0"}, "capacity", "positive"),
    ({"stock": "-1"}, "stock", "not_negative"),
    ({"stock": "0"}, None, None),
    ({"holder_kind": "person"}, "holder_number", "holder_number"),
    ({"holder_kind": "kişi", "holder_number": "01234567890"}, None, None),
    ({"holder": ""}, "holder", "required"),
    ({"holder": "-Deneme"}, "holder", "formula"),
]


@pytest.mark.parametrize(("changes", "column", "rule"), BAD_RESOURCES)
def test_a_flawed_resource_is_listed_with_its_rule(
    sqlite_database: URL, files: Files, tmp_path: Path, changes: dict[str, str], column: str | None, rule: str | None
) -> None:
    with transaction() as session:
        make_country(session)
    errors = tmp_path / "errors.csv"
    done = imported("resources", files([RESOURCE | changes]), "--errors", str(errors))
    assert done == (0 if rule is None else 1)
    assert [(line[1], line[3]) for line in (flaws_in(errors) if rule else [])] == ([(column, rule)] if rule else [])


def test_outside_the_window_every_row_is_refused(country: Country, files: Files, tmp_path: Path) -> None:
    words = ["--lang", "en", "import", "needs", str(files(needs(2))), "--year", "2023", "--as-of", "2023-05-02"]
    assert run([*words, "--errors", str(tmp_path / "e.csv")]) == 1
    assert [line[3] for line in flaws_in(tmp_path / "e.csv")] == ["window", "window"]


def test_rows_of_one_number_or_of_odd_length_are_told_by_their_place(
    country: Country, files: Files, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = files([*needs(3), needs(2)[1], *needs(5)[3:]])
    lines = path.read_text(encoding="utf-8").splitlines()
    lines.insert(3, "only;three;cells")
    path.write_text("\n".join(lines), encoding="utf-8")
    assert imported("needs", path, "--errors", str(tmp_path / "e.csv")) == 1
    assert capsys.readouterr().err.splitlines() == [
        "row 4: the row has more or fewer cells than the heading",
        "row 6, number 'IBC-2023-000002': stands in the file more than once",
        f"error: forms.csv: 2 flaw(s) in 2 rows; nothing was imported. All of them are in {tmp_path}/e.csv",
    ]
    assert flaws_in(tmp_path / "e.csv") == [
        ("4", "", "only;three;cells", "cells"), ("6", "number", "IBC-2023-000002", "twice"),
    ]  # fmt: skip


def test_the_list_of_flaws_itself_holds_no_formula_and_goes_when_all_is_well(
    country: Country, files: Files, tmp_path: Path
) -> None:
    errors = tmp_path / "e.csv"
    assert imported("needs", files(needs(1, kalem="=cmd()")), "--errors", str(errors)) == 1
    assert flaws_in(errors) == [("2", "item", "'=cmd()", "formula")]
    assert imported("needs", files(needs(1)), "--errors", str(errors)) == 0
    assert not errors.exists()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1254", "utf-16"])
def test_the_usual_encodings_are_recognised(country: Country, files: Files, encoding: str) -> None:
    assert imported("needs", files(needs(2), encoding=encoding)) == 0
    with reading() as session:
        assert set(session.scalars(select(Need.place))) == {"Kışla"}


def test_excel_and_parquet_and_packed_files_are_read_alike(country: Country, files: Files, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    rows = needs(4)
    typed = [{**row, "miktar": 40, "öncelik": 1, "başlangıç": date(2023, 5, 1)} for row in rows]
    for line in (list(NEED), *[list(row.values()) for row in typed]):
        book.worksheets[0].append(line)
    book.save(tmp_path / "forms.xlsx")
    pl.DataFrame(typed).write_parquet(tmp_path / "forms.parquet")
    (tmp_path / "forms.csv.gz").write_bytes(gzip.compress(files(rows).read_bytes()))
    for name in ("forms.xlsx", "forms.parquet", "forms.csv.gz", "forms.csv"):
        assert imported("needs", tmp_path / name) == 0
    assert stored() == (4, 4, 0)


DAMAGED: list[tuple[str, bytes, str]] = [
    ("f.csv.gz", gzip.compress(("\n".join(["a;b"] * 9000)).encode(), mtime=0)[:-30], "the packed file is cut off"),
    ("f.csv.gz", b"a;b;c\n", "it is no file of the packing its name says"),
    ("f.csv", b"", "it holds no row"),
    ("f.csv", "ölçü;ilçe\nş;ı\n".encode("cp857"),
     "it is written neither in UTF-8, UTF-16 nor windows-1254; save it as UTF-8"),
    ("f.csv", "belge no;il\n1;Ä°zmir\n".encode(), "'Ä' shows a wrong encoding; save the file as UTF-8"),
    ("f.csv", b'belge no;il\n"1;2\n3;4\n', "a quotation mark is opened and not closed"),
    ("f.csv", b"belge no;number\n1;2\n", "two columns stand for document number"),
    ("f.xlsx", b"PK\x03\x04 no workbook", "it is no Excel workbook (.xlsx), or a damaged one"),
    ("f.parquet", b"PAR1 no", "it is no Parquet file"),
    ("f.pdf", b"%PDF", "it is none of .csv, .txt, .csv.gz, .csv.zst, .xlsx, .parquet; save it as one of them"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "problem"), DAMAGED, ids=[problem for *_, problem in DAMAGED])
def test_a_damaged_file_is_refused_in_one_clear_line(
    sqlite_database: URL, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, content: bytes, problem: str
) -> None:
    with transaction() as session:
        make_country(session)
    path = tmp_path / name
    path.write_bytes(content)
    assert imported("needs", path) == 2
    assert capsys.readouterr().err == f"error: {path} cannot be read: {problem}; nothing was imported\n"


def test_a_missing_column_is_named(country: Country, files: Files, capsys: pytest.CaptureFixture[str]) -> None:
    short = {name: value for name, value in NEED.items() if name not in ("miktar", "il")}
    assert imported("needs", files([short])) == 2
    assert "it has no column for province, quantity" in capsys.readouterr().err


def test_units_and_people_go_the_way_of_the_registry_from_workbooks_too(
    country: Country, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = openpyxl.Workbook()
    for line in (["detsis", "ad", "tür", "il"], [24308110, "Deneme Müdürlüğü", "kurum", "Adana"]):
        book.worksheets[0].append(line)
    book.save(tmp_path / "units.xlsx")
    assert run(["--lang", "en", "import", "units", str(tmp_path / "units.xlsx")]) == 0
    assert capsys.readouterr().out.startswith("1 added")
    heading = "kod;ad soyad;e-posta;birim no;görev;başlangıç\n"
    (tmp_path / "people.csv").write_text(heading + "77;Can Cin;c@x.tr;24308110;amir;02.03.2020 08:30\n", "utf-8")
    assert run(["--lang", "en", "import", "people", str(tmp_path / "people.csv"), "--by", "authority"]) == 0
    assert capsys.readouterr().out.startswith("1 people added")


def test_a_hundred_thousand_bad_rows_are_all_listed(sqlite_database: URL, tmp_path: Path) -> None:
    with transaction() as session:
        make_country(session)
    heading, row = ";".join(NEED), ";".join({**NEED, "miktar": "-1", "il": "Atlantis"}.values())
    (tmp_path / "bad.csv").write_text("\n".join([heading, *[row] * 100_000]), encoding="utf-8")
    assert imported("needs", tmp_path / "bad.csv", "--errors", str(tmp_path / "e.csv")) == 1
    flaws = pl.read_csv(tmp_path / "e.csv")
    assert flaws.group_by("rule").len().sort("rule").rows() == [
        ("positive", 100_000), ("twice", 99_999), ("unknown_province", 100_000),
    ]  # fmt: skip
    assert stored() == (0, 0, 0)
