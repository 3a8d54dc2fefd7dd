from collections import Counter, defaultdict

import pytest

from sekaps.demo.people import COMMISSIONS, MEMBERS, PEOPLE, country_posts
from sekaps.demo.places import real_places
from sekaps.demo.units import UnitSpec, country_units, registry_number
from sekaps.services.programmes import read_programme

OFFICES = {
    "coordinator": 1,
    "ministry": 17,
    "governorate": 81,
    "il_afad": 81,
    "il_tarim": 81,
    "il_sanayi": 81,
    "il_kultur": 81,
    "mmm_province": 81,
    "civil_administration": 973,
    "mmm_district": 973,
}


def units_at(scale: float) -> list[UnitSpec]:
    return [unit for wave in country_units(real_places(), scale=scale, seed=7) for unit in wave]


@pytest.mark.parametrize(("scale", "institutions", "troops"), [(0.001, 25, 1), (0.01, 246, 5), (0.1, 2460, 50)])
def test_offices_are_real_and_the_rest_follows_the_scale(scale: float, institutions: int, troops: int) -> None:
    kinds = Counter(unit.kind for unit in units_at(scale))
    assert kinds == OFFICES | {"institution": institutions, "military_unit": troops}


def test_the_whole_country_has_as_many_organisations_and_people_as_the_running_system() -> None:
    units = units_at(1.0)
    bodies = [unit for unit in units if unit.kind not in COMMISSIONS]
    people = {post.person for post in country_posts(units)}
    assert (len(bodies), len(people)) == (26_000 + 500, PEOPLE)


def test_names_and_keys_are_unique() -> None:
    units = units_at(0.1)
    assert len({unit.name for unit in units}) == len({unit.key for unit in units}) == len(units)


def test_every_parent_comes_before_its_children() -> None:
    known: set[str | None] = {None}
    for unit in units_at(0.01):
        assert {unit.parent, unit.ministry} <= known
        known.add(unit.key)


def test_registry_numbers_have_eight_digits_and_are_unique() -> None:
    numbers = {registry_number(serial) for serial in range(30_000)}
    assert len(numbers) == 30_000
    assert all(10_000_000 <= number <= 99_999_999 for number in numbers)


def test_offices_are_named_as_the_state_names_them() -> None:
    names = {unit.key: unit.name for unit in units_at(0.001)}
    assert names["il_tarim:01"] == "Adana İl Tarım ve Orman Müdürlüğü"
    assert names["il_sanayi:34"] == "İstanbul Sanayi ve Teknoloji İl Müdürlüğü"
    assert names["mmm_district:1104"] == "Adana Seyhan İlçe Millî Müdafaa Mükellefiyeti Komisyonu"
    assert names["civil_administration:1105"] == "Adıyaman Merkez Mülki İdare Amirliği"


def test_the_governor_chairs_the_provincial_commission_and_the_kaymakam_the_districts() -> None:
    people = {post.key: post.person for post in country_posts(units_at(0.001))}
    assert people["mmm_province:06/head"] == people["governorate:06/head"]
    assert people["mmm_district:1104/head"] == people["civil_administration:1104/head"]


def test_nobody_is_officer_and_head_of_one_unit() -> None:
    people = {post.key: post.person for post in country_posts(units_at(0.1))}
    units = {key.partition("/")[0] for key in people}
    assert [unit for unit in units if people[f"{unit}/officer"] == people[f"{unit}/head"]] == []


def test_some_people_serve_several_institutions() -> None:
    posts = [post for post in country_posts(units_at(0.1)) if post.unit.startswith("institution")]
    assert len({post.person for post in posts}) < len({post.unit for post in posts})


def test_the_seats_of_commissions_are_those_of_the_programme_and_no_person_sits_twice_in_one() -> None:
    rules = read_programme("sekaps").allocation
    assert rules is not None
    seats: dict[str, dict[str, str]] = defaultdict(dict)
    for post in country_posts(units_at(0.001)):
        seats[post.unit][post.kind] = post.person
    for unit in units_at(0.001):
        if unit.kind in rules.commissions:
            sitting = [seats[unit.key][seat] for seat in rules.commissions[unit.kind].seats]
            assert len(set(sitting)) == len(sitting)


def test_members_of_commissions_come_last_and_sit_in_neighbouring_districts_and_the_province() -> None:
    posts = country_posts(units_at(0.001))
    first = next(place for place, post in enumerate(posts) if post.kind in MEMBERS)
    assert {post.kind for post in posts[first:]} == {*MEMBERS, "mobilization_officer"}
    people = {post.key: post.person for post in posts}
    assert people["mmm_province:01/chamber_member"] == people["mmm_district:1104/chamber_member"]
    assert len({post.person for post in posts if post.kind in MEMBERS}) < 1_200
