"""How far a rehearsal has come, kept beside what it plays so that a second start goes on from there."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from sekaps.errors.editions import RehearsalRefused
from sekaps.models.programmes import Edition
from sekaps.models.registry import Unit
from sekaps.models.trail import Rehearsal
from sekaps.texts import text


@dataclass(frozen=True, slots=True)
class Cast:
    """What makes one rehearsal's country: how large it is, and the seed of everything that is drawn."""

    scale: float
    seed: int


def require_playable(session: Session, year: int | None = None) -> None:
    """Raise when the database holds a real edition or registry, or the rehearsal of another year than asked for."""
    real = session.scalar(select(Edition.year).where(Edition.synthetic.is_(False)).limit(1))
    if real is not None:
        raise RehearsalRefused(
            problem=text("this database holds the real {year} edition; rehearse in a home of its own", year=real)
        )
    if session.scalar(select(Unit.id).where(Unit.synthetic.is_(False)).limit(1)) is not None:
        raise RehearsalRefused(problem=text("this database holds the real registry; rehearse in a home of its own"))
    other = session.scalar(select(Edition.year).where(Edition.year != year).limit(1))
    if year is not None and other is not None:
        raise RehearsalRefused(
            problem=text("this database holds the rehearsal of {year}; give --fresh to start again", year=other)
        )
    if year is not None and _holds_a_country(session) and session.scalar(select(Rehearsal.seed).limit(1)) is None:
        raise RehearsalRefused(
            problem=text("this database holds a generated country; give --fresh to rehearse here in its place")
        )


def _holds_a_country(session: Session) -> bool:
    return session.scalar(select(Unit.id).limit(1)) is not None


def begun(session: Session, edition_id: int, cast: Cast) -> bool:
    """Tell whether the rehearsal was begun; raise when it was begun with another scale or seed."""
    held = session.get(Rehearsal, edition_id)
    if held is None:
        return False
    if (held.seed, held.scale) != (cast.seed, _written(cast.scale)):
        raise RehearsalRefused(
            problem=text(
                "this database holds a rehearsal of scale {scale} with seed {seed};"
                " give the same ones to go on with it, or --fresh to start again",
                scale=held.scale,
                seed=held.seed,
            )
        )
    return True


def begin(session: Session, edition_id: int, cast: Cast) -> None:
    """Note that the rehearsal's country stands."""
    row = {"edition_id": edition_id, "seed": cast.seed, "scale": _written(cast.scale)}
    session.execute(insert(Rehearsal).values(row))


def acted_through(session: Session, edition_id: int) -> datetime | None:
    """Return the instant through which the people have acted, under lock: two players of one year queue."""
    query = select(Rehearsal.acted_through).where(Rehearsal.edition_id == edition_id)
    return session.scalars(query.with_for_update()).one()


def note_acted(session: Session, edition_id: int, through: datetime) -> None:
    """Note through which instant the people have acted."""
    session.execute(update(Rehearsal).where(Rehearsal.edition_id == edition_id).values(acted_through=through))


def _written(scale: float) -> str:
    return f"{scale:g}"
