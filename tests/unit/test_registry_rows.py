"""Rows of the registry: only what is given counts, and every flaw of every row is told."""

import pytest

from sekaps.domain.registry_cells import Record
from sekaps.domain.registry_places import KnownPlaces
from sekaps.domain.registry_rows import UnitRow, read_rows

PLACES = KnownPlaces({"01": "Adana", "31": "Hatay"}, {"1104": ("01", "Seyhan"), "9001": ("31", "Antakya")})


def read(**cells: str) -> tuple[UnitRow, list[str]]:
    rows, flaws = read_rows([Record(2, {"number": "24308110", **cells})], PLACES)
    return rows[0], [flaw.problem.say("en") for flaw in flaws]


def test_only_the_fields_of_the_file_are_given() -> None:
    unit, flaws = read(
        name="Adana Valiliği", kind="Valilik", parent="0", ministry="24308110", tier="taşra", closing="arz ve rica"
    )
    assert flaws == []
    assert unit.given == {
        "name": "Adana Valiliği", "kind": "governorate", "parent": None, "ministry": None, "tier": "provincial",
        "closing": "both",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "place"),
    [
        ({"province": "Adana", "district": "Seyhan"}, ("01", "1104")),
        ({"district": "Seyhan"}, ("01", "1104")),
        ({"province": "31", "district": ""}, ("31", None)),
        ({"province": ""}, (None, "-")),
        ({"place": "Antakya/Hatay"}, ("31", "9001")),
    ],
)
def test_a_place_is_given_by_its_parts_or_as_free_text(cells: dict[str, str], place: tuple[str | None, str]) -> None:
    unit, flaws = read(**cells)
    assert flaws == []
    assert (unit.given.get("province_code", "-"), unit.given.get("district_code", "-")) == place


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ({"name": " "}, "the cell of name is empty"),
        ({"name": "=1+1"}, "begins like a formula"),
        ({"kind": "gemi"}, "'gemi' is none of"),
        ({"province": "Mars"}, "no province 'Mars'"),
        ({"province": "Mars", "district": "Seyhan"}, "no province 'Mars'"),
        ({"province": "Hatay", "district": "1104"}, "district 1104 is not in province 31"),
        ({"province": "Hatay", "district": "Seyhan"}, "no district 'Seyhan' there"),
        ({"active": "belki"}, "does not tell whether the unit is active"),
        ({"kep": "a@b.c"}, "is no KEP address"),
        ({"active_until": "dün"}, "is no date"),
    ],
)
def test_a_flaw_tells_what_is_wrong(cells: dict[str, str], says: str) -> None:
    _, flaws = read(**cells)
    assert [says in flaw for flaw in flaws] == [True]


def test_a_row_tells_whether_the_unit_is_active_and_its_address() -> None:
    assert [read(active=word)[0].active for word in ("1", "Faal", "hayır", "")] == [True, True, False, None]
    assert read(kep="Kurum@hs01.kep.tr")[0].kep == "kurum@hs01.kep.tr"
    assert read(kep="")[0].kep is None


def test_a_row_without_a_readable_number_is_no_unit() -> None:
    rows, flaws = read_rows([Record(2, {"number": "77"}), Record(3, {})], PLACES)
    assert (rows, [flaw.row for flaw in flaws]) == ([], [2, 3])


def test_a_flaw_names_its_cell_and_the_rule_it_breaks() -> None:
    _, [flaw] = read_rows([Record(2, {"number": "24308110", "kind": "gemi"})], PLACES)
    assert (flaw.row, flaw.column, flaw.value, flaw.rule) == (2, "kind", "gemi", "choice")
