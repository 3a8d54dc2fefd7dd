"""Where units stand among institutions: lineage, institution, coordinating office."""

import pytest
from signatory_offices import (
    AFFILIATED,
    DEPARTMENT,
    EMBASSY,
    GOVERNORATE,
    HOSPITAL,
    KAYMAKAM,
    MINISTRY,
    MUNICIPALITY,
    OFFICES,
    PARKS,
    PROVINCIAL_DIRECTORATE,
    REGION,
)

from sekaps.domain.offices import Office, Offices, Tier


@pytest.mark.parametrize(
    ("unit", "lineage"),
    [
        (MINISTRY, [MINISTRY]),
        (DEPARTMENT, [DEPARTMENT, MINISTRY]),
        (EMBASSY, [EMBASSY, MINISTRY]),
        (HOSPITAL, [HOSPITAL, REGION, MINISTRY]),
        (PROVINCIAL_DIRECTORATE, [PROVINCIAL_DIRECTORATE, GOVERNORATE, MINISTRY]),
        (PARKS, [PARKS, MUNICIPALITY]),
        (AFFILIATED, [AFFILIATED]),
    ],
)
def test_a_lineage_ends_with_the_units_own_institution(unit: int, lineage: list[int]) -> None:
    assert [office.number for office in OFFICES.lineage(unit)] == lineage
    assert OFFICES.institution(unit).number == lineage[-1]


@pytest.mark.parametrize(
    ("unit", "office"),
    [
        (HOSPITAL, MINISTRY),
        (PROVINCIAL_DIRECTORATE, GOVERNORATE),
        (KAYMAKAM, KAYMAKAM),
        (PARKS, MUNICIPALITY),
    ],
)
def test_the_coordinating_office_follows_from_how_a_unit_is_attached(unit: int, office: int) -> None:
    assert OFFICES.coordinating(unit).number == office


def test_a_circle_of_parents_ends_the_lineage() -> None:
    offices = Offices({1: Office(1, "institution", parent=2), 2: Office(2, "institution", parent=1)})
    assert [office.number for office in offices.lineage(1)] == [1, 2]


@pytest.mark.parametrize(
    ("office", "level"),
    [
        (Office(1, "ministry"), Tier.CENTRAL),
        (Office(1, "institution"), Tier.PROVINCIAL),
        (Office(1, "institution", tier="central"), Tier.CENTRAL),
        (Office(1, "institution", tier="abroad"), Tier.ABROAD),
    ],
)
def test_a_level_is_told_by_the_registry_or_follows_from_the_kind(office: Office, level: Tier) -> None:
    assert office.level is level
