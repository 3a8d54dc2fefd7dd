"""The files of a generated country are files our importers take over whole."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from sekaps.cli.main import run
from sekaps.database import reading
from sekaps.demo.country_files import BOARD_POSTS
from sekaps.demo.generating import CountryOrder, generate_files
from sekaps.demo.places import real_places
from sekaps.demo.population import country_population
from sekaps.demo.table_writers import Format
from sekaps.models.registry import Mandate, Unit
from sekaps.services.publication import planned_year

pytestmark = pytest.mark.usefixtures("database")
SCALE = 0.001


def test_units_and_people_of_a_generated_country_are_taken_over(tmp_path: Path) -> None:
    planned, order = planned_year(tmp_path, "sekaps", 2023), CountryOrder(SCALE, seed=7)
    generate_files(planned, order, tmp_path / "files", Format.CSV, lambda *_: None)
    assert run(["import", "units", str(tmp_path / "files/units.csv")]) == 0
    assert run(["import", "people", str(tmp_path / "files/people.csv"), "--by", "authority"]) == 0
    people = country_population(real_places(), scale=SCALE, seed=7)
    with reading() as session:
        stored = [session.scalar(select(func.count()).select_from(model)) for model in (Unit, Mandate)]
    assert stored == [len(people.specs), sum(post.kind not in BOARD_POSTS for post in people.posts)]
