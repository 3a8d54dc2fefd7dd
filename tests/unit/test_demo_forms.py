from collections import Counter, defaultdict

import pytest

from sekaps.demo.forms import FormSpec, document_number, office_forms
from sekaps.demo.items import ITEMS, RESOURCE_MINISTRIES
from sekaps.demo.needs import need_forms
from sekaps.demo.places import real_places
from sekaps.demo.resources import resource_forms
from sekaps.demo.units import UnitSpec, country_units


def units_at(scale: float) -> list[UnitSpec]:
    return [unit for wave in country_units(real_places(), scale=scale, seed=7) for unit in wave]


def needs_at(scale: float, seed: int = 7) -> list[FormSpec]:
    return list(need_forms(units_at(scale), real_places(), scale=scale, seed=seed))


@pytest.mark.parametrize(("scale", "needs", "resources"), [(0.001, 138, 1_299), (0.01, 1_379, 12_993)])
def test_there_are_as_many_forms_as_the_scale_asks(scale: float, needs: int, resources: int) -> None:
    assert len(needs_at(scale)) == needs
    forms = resource_forms(units_at(scale), real_places(), scale=scale, seed=7)
    assert sum(1 for _ in forms) == resources


def test_the_same_seed_makes_the_same_forms() -> None:
    assert needs_at(0.01) == needs_at(0.01)
    assert needs_at(0.01) != needs_at(0.01, seed=8)


def test_every_province_enters_needs_of_the_public_in_each_step() -> None:
    forms = Counter((form.step, form.unit) for form in needs_at(0.01) if form.step != "4.a")
    assert len(forms) == 3 * 81


def test_only_the_public_has_age_groups() -> None:
    lines = [form.line for form in needs_at(0.01) if form.line is not None]
    assert all((line["beneficiary"] == "public") == (line["age_group"] is not None) for line in lines)


def test_scope_and_priority_are_skewed() -> None:
    lines = [form.line for form in needs_at(0.01) if form.line is not None]
    central = sum(line["scope"] == "central" for line in lines) / len(lines)
    priorities = Counter(line["priority"] for line in lines)
    assert 0.1 < central < 0.25
    assert priorities[1] > priorities[2] > priorities[3] > priorities[4] > 0


def test_each_troop_needs_items_found_near_far_centrally_and_nowhere() -> None:
    supply = {item.code: item.supply for item in ITEMS}
    found: dict[str, set[str]] = defaultdict(set)
    counts: Counter[str] = Counter()
    for form in needs_at(0.01):
        if form.line is not None and form.line["beneficiary"] == "military":
            counts[form.unit] += 1
            if form.line["scope"] == "local":
                found[form.unit].add(supply[form.line["item_code"]])
    assert set(counts.values()) == {25}
    assert set(map(len, found.values())) == {4}


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
