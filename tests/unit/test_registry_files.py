"""Files of the registry: encodings, separators, headings in any order, the web service's records; bad ones refused."""

import gzip
import json
from pathlib import Path

import polars as pl
import pytest

from sekaps.domain.registry_cells import Record
from sekaps.errors.forms import TableUnreadable
from sekaps.errors.registry import RegistryFileTooLarge, RowsFlawed
from sekaps.services import registry_files
from sekaps.services.registry_files import read_records
from sekaps.services.registry_headings import PEOPLE, UNITS

PLAIN = "DETSİS No;Adı;Üst Birim\n24308110;Çankırı Valiliği;\n24308111;Iğdır;24308110\n"
RECORDS = (
    Record(2, {"number": "24308110", "name": "Çankırı Valiliği", "parent": ""}),
    Record(3, {"number": "24308111", "name": "Iğdır", "parent": "24308110"}),
)
SOAP = """<?xml version="1.0" encoding="utf-8"?>
<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soap:Body>
 <KendiTumBirimleriGetirWsResponse xmlns="http://kaysis.gov.tr/"><Sonuc>
 <KurumBirimWS><DETSISNo>24308110</DETSISNo><Ad>Çankırı Valiliği</Ad><ParentIdareKimlikKodu xsi:nil="true"/>
 <Aktifmi>true</Aktifmi><Seviye>2</Seviye></KurumBirimWS>
 <KurumBirimWS><DETSISNo>24308111</DETSISNo><Ad>Iğdır</Ad><ParentIdareKimlikKodu>24308110</ParentIdareKimlikKodu>
 <Aktifmi>false</Aktifmi><Seviye>3</Seviye></KurumBirimWS>
 </Sonuc></KendiTumBirimleriGetirWsResponse></soap:Body></soap:Envelope>"""


def made(folder: Path, content: str | bytes, name: str = "units.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1254", "iso-8859-9", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_a_table_is_read_in_either_encoding_with_any_separator(tmp_path: Path, encoding: str, separator: str) -> None:
    read = read_records(made(tmp_path, PLAIN.replace(";", separator).encode(encoding)), UNITS)
    assert (read.records, read.passed_over) == (RECORDS, ())


def test_columns_stand_in_any_order_and_unknown_ones_are_passed_over(tmp_path: Path) -> None:
    path = made(tmp_path, "Not;ADI;detsis_no\nx;Iğdır;24308111\n;;\n")
    read = read_records(path, UNITS)
    assert read.records == (Record(2, {"name": "Iğdır", "number": "24308111"}),)
    assert read.passed_over == ("Not",)


def test_a_cell_may_hold_separators_and_line_ends(tmp_path: Path) -> None:
    path = made(tmp_path, 'DETSİS No;Adı\n24308110;"Ön;\nArka"\n24308111;Son\n')
    assert [(record.row, record.cells["name"]) for record in read_records(path, UNITS).records] == [
        (2, "Ön;\nArka"), (3, "Son"),
    ]  # fmt: skip


def test_the_web_services_records_are_read_from_xml_and_json(tmp_path: Path) -> None:
    xml = read_records(made(tmp_path, SOAP, "units.xml"), UNITS)
    assert [record.cells for record in xml.records] == [
        {**RECORDS[0].cells, "active": "true"}, {**RECORDS[1].cells, "active": "false"},
    ]  # fmt: skip
    assert xml.passed_over == ("Seviye",)
    units = [{"DETSISNo": 24308110, "Ad": "Çankırı Valiliği", "ParentIdareKimlikKodu": None, "Alt": [1]},
             {"DETSISNo": 24308111, "Ad": "Iğdır", "ParentIdareKimlikKodu": 24308110}]  # fmt: skip
    path = made(tmp_path, json.dumps({"Sonuc": {"Birimler": units}}), "units.json")
    assert [record.cells for record in read_records(path, UNITS).records] == [record.cells for record in RECORDS]


def test_managers_of_the_web_service_are_people_in_posts(tmp_path: Path) -> None:
    manager = {"YoneticiKodu": 7, "YoneticiAd": "Ayşe", "YoneticiSoyad": "Yılmaz", "DetsisNo": 24308110,
               "GorevTuru": "Amir", "GorevBaslamaTarihi": "2026-03-02T08:30:00"}  # fmt: skip
    [record] = read_records(made(tmp_path, json.dumps([manager]), "people.json"), PEOPLE).records
    assert record.cells == {"code": "7", "given_name": "Ayşe", "surname": "Yılmaz", "unit": "24308110",
                            "post": "Amir", "begins": "2026-03-02T08:30:00"}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("units.pdf", "x", "it is none of .csv, .txt, .csv.gz, .csv.zst, .xlsx, .parquet"),
        ("units.csv", "", "it holds no row"),
        ("units.csv", "DETSİS No;Adı\n", "it holds no row"),
        ("units.csv", "Adı;Tür\nx;y\n", "it has no column for registry number"),
        ("units.csv", "DETSİS No;Adı;Birim Adı\n24308110;x;y\n", "two columns stand for name"),
        ("units.csv", PLAIN.encode().decode("cp1254").encode(), "shows a wrong encoding"),
        ("units.csv", PLAIN.encode("cp857"), "neither in UTF-8, UTF-16 nor windows-1254"),
        ("units.csv", 'DETSİS No;Adı\n24308110;"x\n', "a quotation mark is opened and not closed"),
        ("units.json", "[{", "no JSON"),
        ("units.json", "[" * 100_000, "no JSON"),
        ("units.json", '{"Sonuc": []}', "it holds no row"),
        ("units.xml", "<a><b></a>", "no XML"),
        ("units.xml", "<a/>", "it holds no row"),
    ],
)
def test_what_cannot_be_read_is_told_in_one_line(tmp_path: Path, name: str, content: str | bytes, says: str) -> None:
    with pytest.raises(TableUnreadable) as refused:
        read_records(made(tmp_path, content, name), UNITS)
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)


def test_an_entity_of_an_xml_file_is_not_followed(tmp_path: Path) -> None:
    secret = made(tmp_path, "secret", "secret.txt")
    attack = f'<!DOCTYPE a [<!ENTITY e SYSTEM "{secret.as_uri()}">]><a><b><DETSISNo>1</DETSISNo><Ad>&e;</Ad></b></a>'
    [record] = read_records(made(tmp_path, attack, "units.xml"), UNITS).records
    assert record.cells == {"number": "1", "name": ""}


def test_a_row_cut_off_or_too_long_is_told_by_its_number(tmp_path: Path) -> None:
    path = made(tmp_path, "DETSİS No;Adı;Tür\n24308110;x;kurum\n24308111;y\n24308112;z;kurum;fazla\n24308113;z;kurum\n")
    with pytest.raises(RowsFlawed) as refused:
        read_records(path, UNITS)
    assert [(flaw.row, flaw.problem.say("en")) for flaw in refused.value.flaws] == [
        (3, "the row has more or fewer cells than the heading"),
        (4, "the row has more or fewer cells than the heading"),
    ]


def test_rows_in_another_encoding_than_the_rest_are_told_cell_by_cell(tmp_path: Path) -> None:
    pasted = "24308112;Iğdır Şubesi;24308110\n".encode("iso-8859-9")
    with pytest.raises(RowsFlawed) as refused:
        read_records(made(tmp_path, PLAIN.encode() + pasted + b"24308113;Son;\n"), UNITS)
    assert [(flaw.row, flaw.column, flaw.value, flaw.rule) for flaw in refused.value.flaws] == [
        (4, "name", "Iğdır Şubesi", "encoding"),
    ]


def test_packed_tables_and_parquet_are_read_and_progress_is_told(tmp_path: Path) -> None:
    told: list[tuple[int, float]] = []
    packed = made(tmp_path, gzip.compress(PLAIN.encode()), "units.csv.gz")
    assert read_records(packed, UNITS, lambda *each: told.append(each)).records == RECORDS
    assert told == [(2, 1.0)]
    pl.DataFrame([dict(record.cells) for record in RECORDS]).write_parquet(tmp_path / "units.parquet")
    assert read_records(tmp_path / "units.parquet", UNITS).records == RECORDS


def test_a_file_far_larger_than_the_registry_is_refused_by_a_named_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry_files, "MOST_RECORDS", 1)
    with pytest.raises(RegistryFileTooLarge, match="holds more than 1 rows"):
        read_records(made(tmp_path, PLAIN), UNITS)
    large = tmp_path / "large.json"
    with large.open("wb") as file:
        file.truncate(200_000_000)
    with pytest.raises(RegistryFileTooLarge, match="holds more than 50 MB"):
        read_records(large, UNITS)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(TableUnreadable, match="No such file"):
        read_records(tmp_path / "units.csv", UNITS)
