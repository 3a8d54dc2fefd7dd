"""Which unit plays an actor of the programme towards another."""

import pytest

from sekaps.calendar.programme_values import Name
from sekaps.calendar.programmes import Actor, Scope
from sekaps.domain.bodies import Body, plays

HOSPITAL = Body(10, "institution", ministry_id=1, parent_id=2, province="01", district="1104")
CENTRAL = Body(11, "institution", ministry_id=1)
MINISTRY, OTHER_MINISTRY = Body(1, "ministry"), Body(3, "ministry")
AFAD, AFAD_OF_ANKARA = Body(20, "il_afad", province="01"), Body(21, "il_afad", province="06")
KAYMAKAM, OTHER_KAYMAKAM = Body(30, "civil", district="1104"), Body(31, "civil", district="1219")


def actor(kind: str | None, per: Scope | None) -> Actor:
    return Actor(name=Name(tr="x", en="x"), kind=kind, per=per)


@pytest.mark.parametrize(
    ("kind", "per", "unit", "body", "expected"),
    [
        (None, Scope.UNIT, HOSPITAL, HOSPITAL, True),
        (None, Scope.UNIT, HOSPITAL, MINISTRY, False),
        ("ministry", Scope.UNIT, HOSPITAL, MINISTRY, True),
        ("ministry", Scope.UNIT, HOSPITAL, OTHER_MINISTRY, False),
        ("ministry", None, HOSPITAL, Body(2, "ministry"), True),
        ("ministry", Scope.UNIT, HOSPITAL, HOSPITAL, False),
        ("ministry", Scope.NATION, HOSPITAL, OTHER_MINISTRY, True),
        ("il_afad", Scope.PROVINCE, HOSPITAL, AFAD, True),
        ("il_afad", Scope.PROVINCE, HOSPITAL, AFAD_OF_ANKARA, False),
        ("il_afad", Scope.PROVINCE, CENTRAL, AFAD, False),
        ("civil", Scope.DISTRICT, HOSPITAL, KAYMAKAM, True),
        ("civil", Scope.DISTRICT, HOSPITAL, OTHER_KAYMAKAM, False),
        ("civil", Scope.DISTRICT, CENTRAL, KAYMAKAM, False),
    ],
)
def test_a_body_plays_an_actor_for_the_units_it_stands_over(
    kind: str | None, per: Scope | None, unit: Body, body: Body, *, expected: bool
) -> None:
    assert plays(body, actor(kind, per), unit) is expected
