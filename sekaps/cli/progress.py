"""The bar of long work: how far, how fast, how much longer; on a terminal's error output only."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from sekaps.cli.language import _, said
from sekaps.texts import Count, text


class Bar:
    """Told of each batch that is read, and of when storing begins."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task = progress.add_task(_("reading"), total=1.0, rate="")

    def read(self, rows: int, share: float) -> None:
        """Show so many rows and so large a share of the file as read."""
        elapsed = max(self._progress.tasks[0].elapsed or 0.0, 0.1)
        rate = text("{rows} rows, {rate} a second", rows=Count(rows), rate=Count(rows / elapsed))
        self._progress.update(self._task, completed=share, rate=said(rate))

    def storing(self) -> None:
        """Show that all is read and right, and goes into the database in one piece."""
        self._progress.update(self._task, description=_("storing"), total=None)


@contextmanager
def bar() -> Iterator[Bar]:
    """Show a bar while the block runs."""
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as progress:
        yield Bar(progress)
