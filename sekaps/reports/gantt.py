"""A Gantt picture: windows as bars, the days nobody works, and today; what the bars stand for is the caller's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
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
    picture_as_png,
    place_of,
    plain_axes,
)
from sekaps.reports.words import LAYERS, STATES, day, month, short_window
from sekaps.texts import LANGUAGES, Bilingual, Language

WIDTH_INCHES, ROW_INCHES, FRAME_INCHES, TITLE_INCHES = 10.4, 0.46, 1.25, 0.3
BAR_HEIGHT = 0.56
MARGIN_DAYS = 6
WIDE_ENOUGH = 0.28
"""A bar this share of the year wide holds its own label."""
PLANNED_ROW, PLANNED_STEP = "row", "step"
KINDS = STATES | {
    PLANNED_ROW: Bilingual("faaliyet", "activity"),
    PLANNED_STEP: Bilingual("süresi ayrı olan adım", "step with a window of its own"),
}
"""What a bar can stand for: a phase in one of its states, or a row or step of a calendar that is only planned."""
COLOURS = {
    "planned": PALE,
    "open": BLUE,
    "closed": GREEN,
    "closed_with_gaps": ORANGE,
    PLANNED_ROW: BLUE,
    PLANNED_STEP: GREEN,
}
HATCHES = {"closed_with_gaps": "////"}
LIGHT_TEXT = {"open", "closed", PLANNED_ROW, PLANNED_STEP}
SHADES = {"statutory": VERMILION, "half": PURPLE, "leave": SKY, "closure": FAINT}
SHADE_STRENGTH = 0.28


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of the picture: what stands beside it, its days, and which of KINDS it is."""

    label: str
    opens: date
    closes: date
    kind: str


@dataclass(frozen=True, slots=True)
class Chart:
    """What a picture shows; a day that is today is marked, and the words are said in each of the languages."""

    bars: Sequence[Bar]
    special_days: Sequence[SpecialDay]
    today: date | None
    languages: tuple[Language, ...]
    title: str = ""

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in inches."""
        above = TITLE_INCHES * len(self.title.splitlines())
        return WIDTH_INCHES, ROW_INCHES * len(self.bars) + FRAME_INCHES + above

    @property
    def first(self) -> date:
        """The first day of the first bar."""
        return min(bar.opens for bar in self.bars)

    @property
    def last(self) -> date:
        """The last day of the last bar."""
        return max(bar.closes for bar in self.bars)


def gantt(phases: Sequence[PhaseYear], special_days: Sequence[SpecialDay], today: date) -> str:
    """Return a year's phases as an SVG picture."""
    bars = [Bar(f"{phase.name.tr}\n{phase.name.en}", phase.opens, phase.closes, phase.state) for phase in phases]
    return svg_chart(Chart(bars, special_days, today, LANGUAGES))


def svg_chart(chart: Chart) -> str:
    """Return a chart as an SVG picture."""
    return picture(*chart.size, partial(_paint, chart))


def png_chart(chart: Chart) -> bytes:
    """Return a chart as a PNG picture."""
    return picture_as_png(*chart.size, partial(_paint, chart))


@dataclass(frozen=True, slots=True)
class _Span:
    """The days the picture shows, as its axis counts them."""

    first: float
    last: float

    @property
    def length(self) -> float:
        return self.last - self.first


def _paint(chart: Chart, figure: Figure) -> None:
    if chart.title:
        figure.suptitle(chart.title, fontsize=12)
    axes = figure.subplots()
    plain_axes(axes)
    span = _span(chart)
    _shade(axes, chart.special_days)
    for row, bar in enumerate(chart.bars):
        _bar(axes, row, bar, span, chart.languages[0])
    if chart.today is not None:
        _mark_today(axes, chart.today, chart.languages[0])
    _label_axes(axes, chart, span)
    handles = _legend(chart)
    figure.legend(handles=handles, loc="outside lower center", ncols=4, frameon=False, fontsize=8.5, labelcolor=INK)


def _span(chart: Chart) -> _Span:
    margin = timedelta(days=MARGIN_DAYS)
    today = () if chart.today is None else (chart.today,)
    return _Span(place_of(min((chart.first, *today)) - margin), place_of(max((chart.last, *today)) + margin))


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


def _bar(axes: Axes, row: int, bar: Bar, span: _Span, language: Language) -> None:
    left, right = place_of(bar.opens), place_of(bar.closes) + 1
    colour, hatch = COLOURS[bar.kind], HATCHES.get(bar.kind)
    axes.barh(row, right - left, left=left, height=BAR_HEIGHT, color=colour, edgecolor="white", hatch=hatch)
    label = short_window(bar.opens, bar.closes, language)
    if right - left > WIDE_ENOUGH * span.length:
        ink = "white" if bar.kind in LIGHT_TEXT else INK
        _write(axes, (left + right) / 2, row, label, "center", ink=ink, ground=colour)
        return
    is_late_in_year = right > span.first + (1 - WIDE_ENOUGH) * span.length
    x, side = (left - 2, "right") if is_late_in_year else (right + 2, "left")
    _write(axes, x, row, label, side, ink=INK, ground="white")


def _write(axes: Axes, x: float, row: int, label: str, side: str, *, ink: str, ground: str) -> None:
    """Write a label over everything else, on a ground of its own."""
    ground_box = {"boxstyle": "square,pad=0.15", "facecolor": ground, "edgecolor": "none"}
    axes.text(x, row, label, ha=side, va="center", color=ink, bbox=ground_box, zorder=4)


def _mark_today(axes: Axes, today: date, language: Language) -> None:
    noon = place_of(today) + 0.5
    axes.axvline(noon, color=INK, linewidth=1.4, zorder=3)
    ground = {"boxstyle": "round,pad=0.3", "facecolor": INK, "edgecolor": INK}
    above = axes.get_xaxis_transform()
    said = day(today, language)
    axes.text(noon, 1.02, said, transform=above, color="white", ha="center", va="bottom", fontsize=9, bbox=ground)


def _label_axes(axes: Axes, chart: Chart, span: _Span) -> None:
    axes.set_xlim(span.first, span.last)
    axes.set_ylim(len(chart.bars) - 0.4, -0.6)
    axes.set_yticks(range(len(chart.bars)), [bar.label for bar in chart.bars], fontsize=8.5)
    months = month_starts(chart.first, chart.last)
    axes.set_xticks([place_of(first) for first in months], [_month_label(first, chart.languages) for first in months])
    axes.tick_params(axis="x", labelsize=8.5)
    for label in axes.get_xticklabels():
        label.set_horizontalalignment("left")
    axes.grid(axis="x")


def _month_label(first: date, languages: tuple[Language, ...]) -> str:
    year = [str(first.year)] if first.month == 1 else []
    return "\n".join([*(month(first, language) for language in languages), *year])


def _legend(chart: Chart) -> list[Patch]:
    kinds = {bar.kind for bar in chart.bars}
    layers = {_kind(special) for special in chart.special_days}
    bars = [
        Patch(facecolor=COLOURS[kind], edgecolor="white", hatch=HATCHES.get(kind), label=_said(words, chart))
        for kind, words in KINDS.items()
        if kind in kinds
    ]
    shades = [
        Patch(facecolor=SHADES[layer], alpha=SHADE_STRENGTH, label=_said(words, chart))
        for layer, words in LAYERS.items()
        if layer in layers
    ]
    return [*bars, *shades]


def _said(words: Bilingual, chart: Chart) -> str:
    return " / ".join(dict.fromkeys(words.say(language) for language in chart.languages))
