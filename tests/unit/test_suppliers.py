from pathlib import Path

import pytest

import sekaps
from sekaps.domain.suppliers import Feed, read_suppliers
from sekaps.errors.programmes import ProgrammeInvalid

FILE = Path(sekaps.__file__).parent / "data" / "suppliers.yaml"


def test_a_feed_knows_the_supplier_of_each_of_its_sectors() -> None:
    suppliers = read_suppliers(FILE.read_text(encoding="utf-8"), FILE.name)
    assert {feed: suppliers.by_sector(feed) for feed in Feed} == {
        Feed.VEHICLES: {"land": "TNB", "sea": "UAB", "air": "UAB"},
        Feed.MACHINES: {"construction_machinery": "TOBB"},
        Feed.MANPOWER: {"manpower": "ISKUR"},
    }


def test_a_sector_has_one_supplier_only() -> None:
    line = "{name: {tr: a, en: a}, feed: vehicles, sectors: [land]}"
    with pytest.raises(ProgrammeInvalid) as refused:
        read_suppliers(f"suppliers:\n  A: {line}\n  B: {line}\n", "s.yaml")
    problems = [flaw.problem.say("en") for flaw in refused.value.flaws]
    assert problems == ["a sector is supplied by one supplier only"]


def test_the_words_of_a_suppliers_files_stand_for_fields_of_a_resource() -> None:
    suppliers = read_suppliers(FILE.read_text(encoding="utf-8"), FILE.name)
    assert suppliers.headings(Feed.MANPOWER)["kişi sayısı"] == "capacity"
    line = "{name: {tr: a, en: a}, feed: vehicles, sectors: [land], headings: {colour: [renk], number: [no]}}"
    with pytest.raises(ProgrammeInvalid) as refused:
        read_suppliers(f"suppliers:\n  A: {line}\n", "s.yaml")
    assert [flaw.problem.say("en") for flaw in refused.value.flaws] == ["a resource has no field colour"]
