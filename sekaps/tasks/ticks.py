"""One tick of one phase: which edition, which phase, as of when; passed from task to task of a flow."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from sekaps.calendar.instants import local_day
from sekaps.calendar.programmes import Phase
from sekaps.database import reading, transaction
from sekaps.services.editions import EditionView, load_edition


@dataclass(frozen=True, slots=True)
class Tick:
    """An evaluation of an edition, or of one phase of it, for one instant."""

    programme: str
    year: int
    as_of: datetime
    phase: str = ""

    @property
    def day(self) -> str:
        """The local date, as ISO text."""
        return local_day(self.as_of).isoformat()

    @property
    def name(self) -> str:
        """What runs and artifacts call it: the phase and year."""
        return f"{self.phase or self.programme} {self.year}"


@contextmanager
def writing(tick: Tick) -> Iterator[tuple[Session, EditionView]]:
    """Give a transaction and the tick's edition in it."""
    with transaction() as session:
        yield session, load_edition(session, tick.programme, tick.year, tick.as_of)


@contextmanager
def consulting(tick: Tick) -> Iterator[tuple[Session, EditionView]]:
    """Give a session that only reads, and the tick's edition."""
    with reading() as session:
        yield session, load_edition(session, tick.programme, tick.year, tick.as_of)


def phase_of(edition: EditionView, tick: Tick) -> Phase:
    """Return the phase the tick is for."""
    return edition.phase(tick.phase)
