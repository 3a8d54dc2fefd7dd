"""Which unit plays an actor of the programme towards another unit, and so alone acts for that actor."""

from dataclasses import dataclass

from sekaps.calendar.programmes import Actor, Scope


@dataclass(frozen=True, slots=True)
class Body:
    """A unit with its kind, what it stands under, and its place."""

    id: int
    kind: str
    ministry_id: int | None = None
    parent_id: int | None = None
    province: str | None = None
    district: str | None = None


def plays(body: Body, actor: Actor, unit: Body) -> bool:
    """Tell whether a body is the actor as far as a unit is concerned; an actor of no kind is the unit itself."""
    if actor.kind is None:
        return body.id == unit.id
    if body.kind != actor.kind:
        return False
    if actor.per is Scope.PROVINCE:
        return unit.province is not None and body.province == unit.province
    if actor.per is Scope.DISTRICT:
        return unit.district is not None and body.district == unit.district
    return actor.per is Scope.NATION or body.id in (unit.id, unit.ministry_id, unit.parent_id)
