from collections import Counter

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from sekaps.demo.forms import FormSize, document_number, office_forms
from sekaps.demo.items import ITEMS, RESOURCE_MINISTRIES
from sekaps.demo.needs import need_forms
from sekaps.demo.places import real_places
from sekaps.demo.resources import resource_forms
from sekaps.demo.units import UnitSpec, country_units


def units_at(scale: float) -> list[UnitSpec]:
    return [unit for wave in country_units(real_places(), scale=scale, seed=7) for unit in wave]


def needs_at(scale: float, seed: int = 7) -> pl.DataFrame:
    return pl.concat(need_forms(units_at(scale), real_places(), size=FormSize(scale), seed=seed))


def resources_at(scale: float, seed: int = 7) -> pl.DataFrame:
    return pl.concat(resource_forms(units_at(scale), real_places(), size=FormSize(scale), seed=seed))


@pytest.mark.parametrize(("scale", "needs", "resources"), [(0.001, 138, 1_299), (0.01, 1_379, 12_993)])
def test_there_are_as_many_forms_as_the_scale_asks(scale: float, needs: int, resources: int) -> None:
    assert (needs_at(scale).height, resources_at(scale).height) == (needs, resources)


def test_the_same_seed_makes_the_same_forms() -> None:
    assert_frame_equal(needs_at(0.01), needs_at(0.01))
    assert_frame_equal(resources_at(0.01), resources_at(0.01))
    assert not needs_at(0.01).equals(needs_at(0.01, seed=8))


def test_twice_the_forms_are_owed_by_the_same_units() -> None:
    forms = pl.concat(need_forms(units_at(0.01), real_places(), size=FormSize(0.01, complete=2.0), seed=7))
    assert forms.height == 2_759
    assert set(forms["unit"]) == set(needs_at(0.01)["unit"])


def test_every_province_enters_needs_of_the_public_in_each_step() -> None:
    forms = needs_at(0.01).filter(pl.col("step") != "4.a")
    assert forms.select("step", "unit").unique().height == 3 * 81


def test_only_the_public_has_age_groups() -> None:
    needs = needs_at(0.01)
    assert ((needs["beneficiary"] == "public") == needs["age_group"].is_not_null()).all()


def test_needs_of_the_public_lie_in_the_province_of_the_directorate_that_enters_them() -> None:
    places = {district.code: district.province for district in real_places().districts}
    public = needs_at(0.01).filter(pl.col("beneficiary") == "public")
    assert [places[code] for code in public["district_code"]] == public["province_code"].to_list()


def test_scope_and_priority_are_skewed() -> None:
    needs = needs_at(0.01)
    priorities = Counter(needs["priority"])
    assert 0.1 < (needs["scope"] == "central").mean() < 0.25
    assert priorities[1] > priorities[2] > priorities[3] > priorities[4] > 0


def test_few_institutions_state_many_needs_and_most_state_few() -> None:
    asked = Counter(needs_at(0.1).filter(pl.col("beneficiary") == "institution")["unit"])
    counts = sorted(asked.values(), reverse=True)
    assert len(counts) == 2_460
    assert counts[0] > 20 * counts[len(counts) // 2]


def test_each_troop_needs_items_found_near_far_centrally_and_nowhere() -> None:
    supply = {item.code: item.supply for item in ITEMS}
    military = needs_at(0.01).filter(pl.col("beneficiary") == "military")
    local = military.filter(pl.col("scope") == "local").group_by("unit").agg("item_code")
    assert set(Counter(military["unit"]).values()) == {25}
    assert {len({supply[code] for code in codes}) for codes in local["item_code"]} == {4}


def test_resources_are_counted_by_the_directorate_or_ministry_that_plans_them() -> None:
    units, planned = units_at(0.01), {item.code: item for item in ITEMS}
    resources = resources_at(0.01)
    for unit, item, scope, province in resources.select("unit", "item_code", "scope", "province_code").iter_rows():
        local = f"{planned[item].directorate}:{province}"
        assert units[unit].key == (local if scope == "local" else planned[item].ministry)


def test_items_are_some_sixty_over_every_resource_ministry() -> None:
    assert 55 <= len(ITEMS) <= 65
    assert len({item.code for item in ITEMS}) == len(ITEMS)
    assert {item.ministry for item in ITEMS} == set(RESOURCE_MINISTRIES)


def test_offices_owe_the_forms_of_their_places() -> None:
    numbers = {unit.key: serial for serial, unit in enumerate(units_at(0.001))}
    forms = Counter(form.kind for form in office_forms(real_places(), numbers))
    assert forms == {
        "framework_protocol": 17 * 9 - 9,
        "preparation_record": 1 + 17 + 17,
        "resource_catalog": 9,
        "resource_determination_form": 2 * 81,
        "merged_resource_ledger": 81 + 973,
    }


def test_a_document_is_numbered_by_kind_year_and_serial() -> None:
    assert document_number("need_form", 2023, 123) == "IBC-2023-000123"
    assert document_number("resource_form", 2023, 1_299_322) == "KSC-2023-1299322"
