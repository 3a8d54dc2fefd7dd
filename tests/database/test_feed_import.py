"""Feeds of suppliers: files of their own headings, known by the supplier's reference, taken again with what changed."""

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from small_country import Country, make_country
from sqlalchemy import URL, insert, select, update

from sekaps.cli.main import run
from sekaps.database import reading, transaction
from sekaps.models.allocation import Item, Resource
from sekaps.models.documents import Chain, Document
from sekaps.models.programmes import Edition
from sekaps.models.registry import Unit
from sekaps.models.trail import Act
from sekaps.services.places import store_places

ITEMS = {"truck": ("Kamyon", "land"), "ferry": ("Feribot", "sea"), "helicopter": ("Helikopter", "air"),
         "excavator": ("Ekskavatör", "construction_machinery"), "welder": ("Kaynakçı", "manpower")}  # fmt: skip
TRUCK = {"plaka no": "01 ABC 001", "aracın cinsi": "Kamyon", "ruhsat sahibi": "Deneme Taşıma A.Ş.",
         "tescil ili": "Adana", "tescil ilçesi": "Seyhan"}  # fmt: skip
FILES = {
    "vehicles": (
        TRUCK,
        {"IMO No": "9074729", "Gemi Cinsi": "Feribot", "Donatan": "Deneme Denizcilik", "Bağlama İli": "01",
         "Bağlama İlçesi": "Seyhan"},
        {"Tescil İşareti": "TC-HAB", "Hava Aracı Tipi": "Helikopter", "İşletici": "Deneme Hava", "İl": "01",
         "İlçe": "Seyhan"},
    ),
    "machines": ({"Tescil Belge No": "M-77", "Makine Cinsi": "Ekskavatör", "Makine Sahibi": "Deneme İnşaat",
                  "Oda İli": "Adana", "Oda İlçesi": "Seyhan"},),
    "manpower": ({"İşyeri Kayıt No": "555", "Meslek Adı": "Kaynakçı", "Kişi Sayısı": "12", "İşyeri": "Deneme Çelik",
                  "İl": "Adana", "İlçe": "Seyhan"},),
}  # fmt: skip


@pytest.fixture
def country(database: URL) -> Country:
    with transaction() as session:
        made = make_country(session)
        for code, (name, sector) in ITEMS.items():
            item = {"code": code, "name_tr": name, "name_en": code, "module": "vehicles", "sector": sector}
            session.execute(insert(Item).values(**item, measure="vehicle", ministry_id=made.units["energy"]))
        chain = {"document_kind": "resource_form", "variant": "", "length": 1}
        session.execute(insert(Chain).values(unit_id=made.units["afad"], **chain))
    return made


def feed(folder: Path, rows: Sequence[Mapping[str, str]], name: str = "feed.csv") -> Path:
    with (folder / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    return folder / name


def imported(subject: str, path: Path, *words: str, year: int = 2023) -> int:
    return run(["--lang", "en", "import", subject, str(path), "--year", str(year), "--as-of", "2023-03-01", *words])


def stored() -> list[tuple[str, str | None, int, str, str]]:
    """Return what is known of each resource: number, supplier, capacity, holder, state."""
    query = select(Document.number, Resource.supplier, Resource.capacity, Resource.holder, Document.state)
    with reading() as session:
        rows = session.execute(query.join(Resource, Resource.document_id == Document.id).order_by(Document.number))
        return [tuple(row) for row in rows]


def test_each_supplier_names_its_columns_its_own_way(country: Country, tmp_path: Path) -> None:
    for subject, rows in FILES.items():
        for row in rows:
            assert imported(subject, feed(tmp_path, [row])) == 0
    assert [row[:4] for row in stored()] == [
        ("ISKUR-555", "ISKUR", 12, "Deneme Çelik"),
        ("TNB-01 ABC 001", "TNB", 1, "Deneme Taşıma A.Ş."),
        ("TOBB-M-77", "TOBB", 1, "Deneme İnşaat"),
        ("UAB-9074729", "UAB", 1, "Deneme Denizcilik"),
        ("UAB-TC-HAB", "UAB", 1, "Deneme Hava"),
    ]
    with reading() as session:
        assert set(session.execute(select(Resource.origin, Resource.scope)).tuples()) == {("web_service", "local")}


def test_the_same_feed_again_changes_nothing_and_leaves_no_act(
    country: Country, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = feed(tmp_path, [TRUCK, TRUCK | {"plaka no": "01 ABC 002"}])
    assert [imported("vehicles", path), imported("vehicles", path)] == [0, 0]
    assert capsys.readouterr().out.splitlines()[-1] == "nothing changed: all 2 forms are recorded already"
    with reading() as session:
        assert len(session.scalars(select(Act).where(Act.verb == "import_forms")).all()) == 1


def test_an_item_of_another_feed_is_refused(country: Country, tmp_path: Path) -> None:
    assert imported("machines", feed(tmp_path, FILES["manpower"])) == 2
    wrong = FILES["machines"][0] | {"Makine Cinsi": "Kamyon"}
    assert imported("machines", feed(tmp_path, [wrong])) == 1
    assert stored() == []


def test_a_feed_taken_again_changes_what_nobody_has_signed(
    country: Country, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert imported("vehicles", feed(tmp_path, [TRUCK, TRUCK | {"plaka no": "01 ABC 002"}])) == 0
    later = [TRUCK | {"ruhsat sahibi": "Yeni Sahip"}, *[TRUCK | {"plaka no": f"01 ABC 00{n}"} for n in (2, 3)]]
    capsys.readouterr()
    path = feed(tmp_path, later)
    assert imported("vehicles", path) == 0
    assert capsys.readouterr().out.splitlines() == [
        "1 forms added, 1 recorded already", "1 resources changed as the feed tells of them now",
    ]  # fmt: skip
    assert [(row[0], row[3]) for row in stored()] == [
        ("TNB-01 ABC 001", "Yeni Sahip"), ("TNB-01 ABC 002", "Deneme Taşıma A.Ş."),
        ("TNB-01 ABC 003", "Deneme Taşıma A.Ş."),
    ]  # fmt: skip
    assert imported("vehicles", path) == 0
    assert capsys.readouterr().out == "nothing changed: all 3 forms are recorded already\n"
    with reading() as session:
        acts = session.scalars(select(Act).where(Act.verb == "import_forms").order_by(Act.id)).all()
    assert [(act.documents, act.facts["added"], act.facts["changed"]) for act in acts] == [(2, 2, 0), (2, 1, 1)]


def test_an_unsigned_resource_moves_to_the_unit_of_its_new_province(country: Country, tmp_path: Path) -> None:
    with transaction() as session:
        store_places(session)
        other = {"number": 20000099, "name": "Ankara İl AFAD", "kind": "il_afad", "synthetic": True}
        unit_id = session.scalars(insert(Unit).values(**other, province_code="06").returning(Unit.id)).one()
        chain = {"document_kind": "resource_form", "variant": "", "length": 1}
        session.execute(insert(Chain).values(unit_id=unit_id, **chain))
    assert imported("vehicles", feed(tmp_path, [TRUCK])) == 0
    moved = TRUCK | {"tescil ili": "Ankara", "tescil ilçesi": "Çankaya"}
    assert imported("vehicles", feed(tmp_path, [moved])) == 0
    with reading() as session:
        assert session.scalars(select(Document.unit_id)).one() == unit_id
        assert session.scalars(select(Resource.province_code)).one() == "06"


def test_what_people_have_signed_stays_and_is_listed(
    country: Country, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert imported("vehicles", feed(tmp_path, [TRUCK])) == 0
    with transaction() as session:
        session.execute(update(Document).values(state="recorded"))
    errors = tmp_path / "left.csv"
    capsys.readouterr()
    changed = feed(tmp_path, [TRUCK | {"ruhsat sahibi": "Yeni Sahip"}, TRUCK | {"plaka no": "01 ABC 002"}])
    assert imported("vehicles", changed, "--errors", str(errors), "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["added"], told["changed"], told["left"], told["errors"]) == (1, 0, 1, str(errors))
    assert [line.split(",")[:4] for line in errors.read_text(encoding="utf-8-sig").splitlines()[1:]] == [
        ["2", "number", "TNB-01 ABC 001", "signed"]
    ]
    assert stored()[0][3:] == ("Deneme Taşıma A.Ş.", "recorded")


def test_a_number_typed_by_hand_is_never_changed_by_a_feed(country: Country, tmp_path: Path) -> None:
    assert imported("vehicles", feed(tmp_path, [TRUCK])) == 0
    with transaction() as session:
        session.execute(update(Resource).values(origin="manual"))
    assert imported("vehicles", feed(tmp_path, [TRUCK | {"ruhsat sahibi": "Yeni Sahip"}])) == 0
    assert stored()[0][3] == "Deneme Taşıma A.Ş."


def test_next_years_feed_goes_on_with_this_years_resource_by_its_number(country: Country, tmp_path: Path) -> None:
    """Two vehicles of one holder at one place are alike in all but their plates."""
    path = feed(tmp_path, [TRUCK, TRUCK | {"plaka no": "01 ABC 002"}])
    assert imported("vehicles", path) == 0
    with transaction() as session:
        edition = session.scalars(select(Edition)).one()
        columns = [column.name for column in Edition.__table__.columns if column.name not in ("id", "year")]
        earlier = {name: getattr(edition, name) for name in columns}
        year = session.scalars(insert(Edition).values(**earlier, year=2022).returning(Edition.id)).one()
        session.execute(update(Document).values(edition_id=year, state="complete", next_slot=0))
        ids = dict(session.execute(select(Document.number, Document.id)).tuples().all())
    assert imported("vehicles", path) == 0
    with reading() as session:
        query = select(Document.number, Document.previous_id).where(Document.edition_id == edition.id)
        assert dict(session.execute(query).tuples().all()) == ids
