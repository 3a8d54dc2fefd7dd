"""The surface of every picture: one style, colours that the colour-blind tell apart, the same bytes each time."""

import io
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

BLUE, GREEN, ORANGE, VERMILION, SKY, PURPLE = "#0072B2", "#009E73", "#E69F00", "#D55E00", "#56B4E9", "#CC79A7"
"""Of the palette of Okabe and Ito."""
INK, FAINT, PALE, GRID = "#1d2733", "#5b6b7f", "#d5dbe3", "#e6eaf0"
STYLE: dict[Any, object] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "sekaps",
    "font.family": "DejaVu Sans",
    "font.size": 10,
    "text.color": INK,
    "axes.edgecolor": PALE,
    "axes.labelcolor": FAINT,
    "axes.axisbelow": True,
    "xtick.color": FAINT,
    "ytick.color": INK,
    "grid.color": GRID,
    "hatch.linewidth": 0.6,
    "figure.constrained_layout.w_pad": 0.12,
    "figure.constrained_layout.h_pad": 0.1,
}
FONTS = "'DejaVu Sans', Verdana, 'Segoe UI', Arial, sans-serif"
DOTS_PER_INCH = 150
NO_METADATA = dict.fromkeys(("Date", "Creator", "Format", "Type"))
_PROLOGUE = re.compile(r"^.*?(?=<svg)", re.DOTALL)
_GROUP_IDS = re.compile(r' id="[A-Za-z0-9]+_\d+"')
_COMMENTS = re.compile(r"<!--.*?-->\s*", re.DOTALL)
_INDENTS = re.compile(r"\n\s+")
_style_lock = threading.Lock()


def picture(width: float, height: float, paint: Callable[[Figure], None]) -> str:
    """Return what is painted on a figure of so many inches as SVG; the same painting gives the same text."""
    with _painted(width, height, paint) as figure:
        return _tidy(_svg(figure))


def picture_as_png(width: float, height: float, paint: Callable[[Figure], None]) -> bytes:
    """Return what is painted on a figure of so many inches as PNG; the same painting gives the same bytes."""
    with _painted(width, height, paint) as figure:
        written = io.BytesIO()
        figure.savefig(written, format="png", dpi=DOTS_PER_INCH, metadata={"Software": None})
        return written.getvalue()


def plain_axes(axes: Axes) -> None:
    """Leave only the horizontal axis of a chart."""
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(axis="both", length=0)


def place_of(day: date) -> float:
    """Return where a day begins on an axis of days."""
    return float(day.toordinal())


def month_starts(first: date, last: date) -> list[date]:
    """Return the first day of each month from one day's month to another's."""
    numbers = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [date(number // 12, number % 12 + 1, 1) for number in numbers]


@contextmanager
def _painted(width: float, height: float, paint: Callable[[Figure], None]) -> Iterator[Figure]:
    # The style is the process's own while it is in force, so threads draw one after the other.
    with _style_lock, rc_context(STYLE):
        figure = Figure(figsize=(width, height), layout="constrained")
        paint(figure)
        yield figure


def _svg(figure: Figure) -> str:
    written = io.StringIO()
    figure.savefig(written, format="svg", metadata=NO_METADATA)
    return written.getvalue()


def _tidy(svg: str) -> str:
    """Drop what a page does not need: prologue, comments, ids that nothing refers to."""
    for unneeded in (_PROLOGUE, _COMMENTS, _GROUP_IDS):
        svg = unneeded.sub("", svg)
    return _INDENTS.sub("\n", svg).replace("'DejaVu Sans'", FONTS).strip()
