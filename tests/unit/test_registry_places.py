"""Places as registry files write them: by code, by name, or as free text."""

import pytest

from sekaps.domain.registry_places import KnownPlaces

PLACES = KnownPlaces(
    {"01": "Adana", "31": "Hatay", "34": "İstanbul"},
    {"1104": ("01", "Seyhan"), "9001": ("31", "Merkez"), "9002": ("01", "Merkez")},
)


def test_a_province_goes_by_plate_code_or_name_in_any_case() -> None:
    assert [PLACES.province(written) for written in ("1", "01", "adana", "ISTANBUL", "99", "Mars")] == [
        "01", "01", "01", "34", None, None,
    ]  # fmt: skip


def test_a_district_of_a_common_name_needs_its_province() -> None:
    assert PLACES.district("1104", None) == "1104"
    assert PLACES.district("SEYHAN", None) == "1104"
    assert PLACES.district("Merkez", None) is None
    assert PLACES.district("Merkez", "31") == "9001"
    assert PLACES.district("Seyhan", "31") is None


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ("Seyhan/ADANA", ("01", "1104")),
        ("Adana - Merkez", ("01", "9002")),
        ("Seyhan", ("01", "1104")),
        ("Hatay", ("31", None)),
        ("Berlin, Almanya", (None, None)),
        ("", (None, None)),
    ],
)
def test_a_free_place_name_is_understood_as_far_as_it_is_known(written: str, place: tuple[str | None, ...]) -> None:
    assert PLACES.named(written) == place
