"""A generated country as files: the same bytes for the same seed, under the headings our importers read."""

from pathlib import Path

import polars as pl
import pytest

from sekaps.demo.generating import CountryOrder, Generated, generate_files
from sekaps.demo.table_writers import Format
from sekaps.domain.form_fields import FormKind
from sekaps.domain.registry_cells import fold
from sekaps.errors.editions import GenerationRefused
from sekaps.services.form_headings import form_headings
from sekaps.services.publication import planned_year
from sekaps.services.registry_headings import PEOPLE, UNITS

ORDER = CountryOrder(0.001, seed=7)
TABLES = ("commission_members", "documents", "gaps", "needs", "people", "resources", "signatures", "units")
HEADINGS = {
    "needs": form_headings(FormKind.NEED),
    "resources": form_headings(FormKind.RESOURCE),
    "units": UNITS,
    "people": PEOPLE,
}


def written(folder: Path, kind: Format = Format.CSV) -> Generated:
    return generate_files(planned_year(folder.parent, "sekaps", 2023), ORDER, folder, kind, lambda *_: None)


def test_the_same_seed_writes_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "other"):
        written(tmp_path / name)
    for table in TABLES:
        assert (tmp_path / f"one/{table}.csv").read_bytes() == (tmp_path / f"other/{table}.csv").read_bytes()


def test_tables_hold_what_was_made_under_headings_that_importers_know(tmp_path: Path) -> None:
    made = written(tmp_path / "country", Format.PARQUET)
    tables = {name: pl.read_parquet(tmp_path / f"country/{name}.parquet") for name in TABLES}
    assert (tables["needs"].height, tables["resources"].height) == (138, 1_299)
    assert (tables["signatures"].height, tables["gaps"].height) == (made.signatures, len(made.answers))
    for name, headings in HEADINGS.items():
        assert [each for each in tables[name].columns if fold(each) not in headings.fields] == []


def test_a_folder_that_is_there_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "country").mkdir()
    with pytest.raises(GenerationRefused):
        written(tmp_path / "country")
    assert list((tmp_path / "country").iterdir()) == []


def test_a_writing_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(OSError, match="No space"):
        written(tmp_path / "country")
    assert list(tmp_path.iterdir()) == []
