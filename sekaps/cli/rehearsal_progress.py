"""How far a rehearsed year has come: its day, what is done on it, how fast, and how long the whole still takes."""

import sys
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from sekaps.cli.language import _, said
from sekaps.demo.acting import Outlook
from sekaps.texts import Text, counted, text

if TYPE_CHECKING:
    from sekaps.flows.rehearsal import Stop  # has Prefect behind it, which takes seconds to import

STOP_SIGNATURES, STOP_SHARE = 8_000, 0.02
"""What the flows of a stop cost, counted in signatures: so many in any country, and a share of all that are meant."""
TOLD_BY_SECONDS = 3600.0
"""Time left is told by what the last hour brought; the stretches of a year are too unlike for a shorter while."""


class YearBar(Progress):
    """A bar for the whole year, which moves within a long stop as well."""

    def __init__(self) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), TimeRemainingColumn())
        super().__init__(*columns, console=Console(file=sys.stderr), speed_estimate_period=TOLD_BY_SECONDS)
        self._year = self.add_task(_("starting"), total=None)
        self._set_out = self.get_time()

    def show(self, stop: "Stop") -> None:
        """Show how far the year is: on the way to a stop, or past it."""
        if stop.outlook is None:
            return
        now = self.get_time()
        total, done = work(stop.outlook, stop.place - (not stop.is_played), stop.of)
        if self.tasks[0].total is None:
            self.reset(self._year, completed=done)  # what an earlier run did says nothing of this one's speed
        told = doing(stop, now - self._set_out)
        self.update(self._year, total=total, completed=done, description=f"{said(stop.day)} {said(told)}")
        if stop.is_played:
            self._set_out = now


def work(outlook: Outlook, stops: int, of: int) -> tuple[int, int]:
    """Return what a year costs in all and what of it is done, counted in signatures."""
    each = STOP_SIGNATURES + round(STOP_SHARE * outlook.in_all)
    return outlook.in_all + of * each, outlook.in_all - outlook.to_come + stops * each


def doing(stop: "Stop", seconds: float) -> Text:
    """Return what is being done on the way to a stop, or that it was reached."""
    facts = {"place": stop.place, "of": stop.of}
    if stop.is_played:
        return text("day {place} of {of} played", **facts)
    if stop.outlook is None or not stop.outlook.to_come_soon:
        return text("day {place} of {of}: its flows run", **facts)
    counts = {"done": stop.acts, "left": stop.outlook.to_come_soon, "rate": round(stop.acts / max(seconds, 0.1))}
    return text(
        "day {place} of {of}: {done} acts done, {left} signatures to go, {rate} a second", **facts, **counted(counts)
    )
