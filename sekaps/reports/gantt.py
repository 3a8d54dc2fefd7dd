"""The year as a Gantt picture: phases on their windows, the days nobody works, and today."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from sekaps.domain.year_report import PhaseYear, SpecialDay
from sekaps.reports.canvas import (
    BLUE,
    FAINT,
    GREEN,
    INK,
    ORANGE,
    PALE,
    PURPLE,
    SKY,
    VERMILION,
    month_starts,
    picture,
    place_of,
    plain_axes,
)
from sekaps.reports.words import LAYERS, STATES, both, day, month, short_window

WIDTH_INCHES, ROW_INCHES, FRAME_INCHES = 10.4, 0.46, 1.25
BAR_HEIGHT = 0.56
MARGIN_DAYS = 6
WIDE_ENOUGH = 0.28
"""A bar this share of the year wide holds its own label."""
COLOURS = {"planned": PALE, "open": BLUE, "closed": GREEN, "closed_with_gaps": ORANGE}
HATCHES = {"closed_with_gaps": "////"}
LIGHT_TEXT = {"open", "closed"}
SHADES = {"statutory": VERMILION, "half": PURPLE, "leave": SKY, "closure": FAINT}
SHADE_STRENGTH = 0.28


@dataclass(frozen=True, slots=True)
class _Span:
    """The days the picture shows, as its axis counts them."""

    first: float
    last: float

    @property
    def length(self) -> float:
        return self.last - self.first


def gantt(phases: Sequence[PhaseYear], special_days: Sequence[SpecialDay], today: date) -> str:
    """Return the year as an SVG picture."""
    height = ROW_INCHES * len(phases) + FRAME_INCHES
    return picture(WIDTH_INCHES, height, lambda figure: _paint(figure, phases, special_days, today))


def _paint(figure: Figure, phases: Sequence[PhaseYear], special_days: Sequence[SpecialDay], today: date) -> None:
    axes = figure.subplots()
    plain_axes(axes)
    span = _span(phases, today)
    _shade(axes, special_days)
    for row, phase in enumerate(phases):
        _bar(axes, row, phase, span)
    _mark_today(axes, today)
    _label_axes(axes, phases, span)
    handles = _legend(phases, special_days)
    figure.legend(handles=handles, loc="outside lower center", ncols=4, frameon=False, fontsize=8.5, labelcolor=INK)


def _span(phases: Sequence[PhaseYear], today: date) -> _Span:
    first = min(phase.opens for phase in phases)
    last = max(phase.closes for phase in phases)
    margin = timedelta(days=MARGIN_DAYS)
    return _Span(place_of(min(first, today) - margin), place_of(max(last, today) + margin))


def _shade(axes: Axes, special_days: Sequence[SpecialDay]) -> None:
    """Shade each run of like days once; a half day from its middle."""
    for kind, first, last in _runs(special_days):
        starts = place_of(first) + (0.5 if kind == "half" else 0)
        axes.axvspan(starts, place_of(last) + 1, color=SHADES[kind], alpha=SHADE_STRENGTH, linewidth=0, zorder=0)


def _runs(special_days: Sequence[SpecialDay]) -> list[tuple[str, date, date]]:
    days = sorted({(_kind(special), special.day) for special in special_days})
    follows = [(*after,) == (before[0], before[1] + timedelta(days=1)) for before, after in pairwise(days)]
    firsts = [one for one, joined in zip(days, [False, *follows], strict=False) if not joined]
    lasts = [one for one, joined in zip(days, [*follows, False], strict=False) if not joined]
    return [(kind, first, last) for (kind, first), (_, last) in zip(firsts, lasts, strict=True)]


def _kind(special: SpecialDay) -> str:
    return "half" if special.half else special.layer


def _bar(axes: Axes, row: int, phase: PhaseYear, span: _Span) -> None:
    left, right = place_of(phase.opens), place_of(phase.closes) + 1
    colour, hatch = COLOURS[phase.state], HATCHES.get(phase.state)
    axes.barh(row, right - left, left=left, height=BAR_HEIGHT, color=colour, edgecolor="white", hatch=hatch)
    label = short_window(phase.opens, phase.closes)
    if right - left > WIDE_ENOUGH * span.length:
        ink = "white" if phase.state in LIGHT_TEXT else INK
        _write(axes, (left + right) / 2, row, label, "center", ink=ink, ground=colour)
        return
    is_late_in_year = right > span.first + (1 - WIDE_ENOUGH) * span.length
    x, side = (left - 2, "right") if is_late_in_year else (right + 2, "left")
    _write(axes, x, row, label, side, ink=INK, ground="white")


def _write(axes: Axes, x: float, row: int, label: str, side: str, *, ink: str, ground: str) -> None:
    """Write a label over everything else, on a ground of its own."""
    ground_box = {"boxstyle": "square,pad=0.15", "facecolor": ground, "edgecolor": "none"}
    axes.text(x, row, label, ha=side, va="center", color=ink, bbox=ground_box, zorder=4)


def _mark_today(axes: Axes, today: date) -> None:
    noon = place_of(today) + 0.5
    axes.axvline(noon, color=INK, linewidth=1.4, zorder=3)
    ground = {"boxstyle": "round,pad=0.3", "facecolor": INK, "edgecolor": INK}
    above = axes.get_xaxis_transform()
    axes.text(noon, 1.02, day(today), transform=above, color="white", ha="center", va="bottom", fontsize=9, bbox=ground)


def _label_axes(axes: Axes, phases: Sequence[PhaseYear], span: _Span) -> None:
    axes.set_xlim(span.first, span.last)
    axes.set_ylim(len(phases) - 0.4, -0.6)
    axes.set_yticks(range(len(phases)), [f"{phase.name.tr}\n{phase.name.en}" for phase in phases], fontsize=8.5)
    months = month_starts(min(phase.opens for phase in phases), max(phase.closes for phase in phases))
    axes.set_xticks([place_of(first) for first in months], [_month_label(first) for first in months])
    axes.tick_params(axis="x", labelsize=8.5)
    for label in axes.get_xticklabels():
        label.set_horizontalalignment("left")
    axes.grid(axis="x")


def _month_label(first: date) -> str:
    year = f"\n{first.year}" if first.month == 1 else ""
    return f"{month(first)}\n{month(first, 'en')}{year}"


def _legend(phases: Sequence[PhaseYear], special_days: Sequence[SpecialDay]) -> list[Patch]:
    states = {phase.state for phase in phases}
    kinds = {_kind(special) for special in special_days}
    bars = [
        Patch(facecolor=COLOURS[state], edgecolor="white", hatch=HATCHES.get(state), label=both(words))
        for state, words in STATES.items()
        if state in states
    ]
    shades = [
        Patch(facecolor=SHADES[kind], alpha=SHADE_STRENGTH, label=both(words))
        for kind, words in LAYERS.items()
        if kind in kinds
    ]
    return [*bars, *shades]
