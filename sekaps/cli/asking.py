"""What several verbs ask in the same words: the programme, the year, the day, and a database that is ready."""

from datetime import date, datetime
from typing import Annotated

import typer
from sqlalchemy.orm import Session

from sekaps import clock
from sekaps.calendar.instants import at
from sekaps.cli.language import _
from sekaps.database import require_current_schema
from sekaps.errors.calendar import DayUnreadable
from sekaps.errors.editions import ActBackdated
from sekaps.services.editions import EditionView, latest_year, load_edition

Programme = Annotated[str, typer.Option(help=_("Code of the programme."))]
Year = Annotated[int, typer.Option(help=_("The edition's year."))]
AsOf = Annotated[str | None, typer.Option("--as-of", metavar="DATE", help=_("As of this day, such as 2023-04-28."))]
AsJson = Annotated[bool, typer.Option("--json", help=_("Write JSON."))]


def instant_of(as_of: str | None, *, end_of_day: bool = False) -> datetime:
    """Return the instant a day stands for (its office hour, or its last moment), or now when none was given."""
    if as_of is None:
        return clock.now()
    day = read_day(as_of)
    return at(day, datetime.max.time().replace(microsecond=999000)) if end_of_day else at(day)


def instant_of_act(edition: EditionView, as_of: str | None) -> datetime:
    """Return the instant of an act: now, or in a rehearsed year the day asked for; raise ActBackdated in a real one."""
    if as_of is not None and not edition.synthetic:
        raise ActBackdated(year=edition.year)
    return instant_of(as_of)


def instant_in_latest(session: Session, programme: str, as_of: str | None) -> datetime:
    """Return the instant of an act of no edition: now, or the day asked for where the latest year is rehearsed."""
    if as_of is None:
        return clock.now()
    return instant_of_act(load_edition(session, programme, latest_year(session, programme)), as_of)


def read_day(asked: str) -> date:
    """Return the day written in ISO form; raise DayUnreadable."""
    try:
        return date.fromisoformat(asked)
    except ValueError:
        raise DayUnreadable(asked=asked) from None


def require_database() -> None:
    """Raise one clear line unless the database is there and at this program's schema."""
    require_current_schema()
