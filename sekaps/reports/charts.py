"""Charts of a year's report: progress week by week, gaps by cause and kind, needs through the cascade."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from itertools import cycle

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from sekaps.domain.year_report import CascadeYear, Curve, GapsYear, StageYear
from sekaps.reports.canvas import (
    BLUE,
    FAINT,
    GREEN,
    INK,
    ORANGE,
    PURPLE,
    VERMILION,
    month_starts,
    picture,
    place_of,
    plain_axes,
)
from sekaps.reports.words import STAGES, both, cause_words, month, number, percent
from sekaps.texts import Bilingual, Sayable

WIDTH_INCHES, CURVES_INCHES = 10.4, 3.9
BAR_INCHES, FRAME_INCHES = 0.42, 1.0
MONTHS_APART = 2
LINES = ((BLUE, "-"), (VERMILION, "--"), (GREEN, "-."), (ORANGE, ":"), (PURPLE, "-"), (FAINT, "--"))
"""Lines are told apart by colour and by stroke."""
PARTS = (
    ("allocated", GREEN, None, Bilingual("tahsis edilen", "allocated")),
    ("transferred", ORANGE, "////", Bilingual("sonraki aşamaya geçen", "passed on")),
    ("unmet", VERMILION, "xxxx", Bilingual("karşılanamayan", "unmet")),
)
LABELLED_SHARE = 0.05
"""A part of a bar this large carries its share in figures."""


def progress_chart(curves: Sequence[Curve]) -> str:
    """Return documents completed as a share of those owed, and signatures made, week by week."""
    return picture(WIDTH_INCHES, CURVES_INCHES, lambda figure: _paint_progress(figure, curves))


def gaps_chart(gaps: GapsYear, kinds: Mapping[str, Sayable]) -> str:
    """Return the signature gaps by cause and by kind of document."""
    causes = [(cause_words(cause), count) for cause, count in gaps.by_cause.items()]
    documents = [(kinds.get(kind) or Bilingual(kind, kind), count) for kind, count in gaps.by_kind.items()]
    height = BAR_INCHES * max(len(causes), len(documents), 2) + FRAME_INCHES
    return picture(WIDTH_INCHES, height, lambda figure: _paint_gaps(figure, causes, documents))


@lru_cache(maxsize=4)  # most days of a year pass without a decision, and the page is published again
def cascade_chart(cascade: CascadeYear) -> str:
    """Return what became of the needs at each stage, as shares of what the stage was asked for."""
    height = BAR_INCHES * len(cascade.stages) + FRAME_INCHES
    return picture(WIDTH_INCHES, height, lambda figure: _paint_cascade(figure, cascade.stages))


def _paint_progress(figure: Figure, curves: Sequence[Curve]) -> None:
    shares, signatures = figure.subplots(1, 2)
    for curve, (colour, stroke) in zip(curves, cycle(LINES), strict=False):
        places = [place_of(week.day) for week in curve.weeks]
        done = [100 * week.documents / curve.owed for week in curve.weeks]
        shares.plot(places, done, stroke, color=colour, linewidth=2, label=both(curve.name))
        signatures.plot(places, [week.signatures for week in curve.weeks], stroke, color=colour, linewidth=2)
    shares.set_ylim(0, 103)
    signatures.set_ylim(bottom=0)
    days = [week.day for week in curves[0].weeks]
    _dress(shares, Bilingual("Tamamlanan belgeler", "Documents completed"), days, lambda value: percent(value, 100))
    _dress(signatures, Bilingual("Atılan imzalar", "Signatures made"), days, number)
    figure.legend(loc="outside lower center", ncols=2, frameon=False, fontsize=8.5)


def _dress(axes: Axes, title: Bilingual, days: Sequence[date], write: Callable[[int], str]) -> None:
    plain_axes(axes)
    axes.set_title(both(title), loc="left", fontsize=10, fontweight="bold", color=INK)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: write(int(value))))
    months = month_starts(days[0], days[-1])[::MONTHS_APART]
    axes.set_xticks([place_of(first) for first in months], [f"{month(first)}\n{first.year}" for first in months])
    axes.tick_params(labelsize=8.5)
    axes.grid()


def _paint_gaps(figure: Figure, causes: Sequence[tuple[Sayable, int]], kinds: Sequence[tuple[Sayable, int]]) -> None:
    by_cause, by_kind = figure.subplots(1, 2)
    _count_bars(by_cause, Bilingual("Nedene göre", "By cause"), causes, VERMILION)
    _count_bars(by_kind, Bilingual("Belge türüne göre", "By kind of document"), kinds, BLUE)


def _count_bars(axes: Axes, title: Bilingual, counts: Sequence[tuple[Sayable, int]], colour: str) -> None:
    ranked = sorted(counts, key=lambda pair: (-pair[1], pair[0].say("tr")))
    bars = axes.barh(range(len(ranked)), [count for _, count in ranked], height=0.6, color=colour)
    axes.bar_label(bars, [number(count) for _, count in ranked], padding=4)
    axes.set_yticks(range(len(ranked)), [f"{name.say('tr')}\n{name.say('en')}" for name, _ in ranked], fontsize=8)
    axes.set_ylim(max(len(ranked), 1) - 0.4, -0.6)
    axes.set_title(both(title), loc="left", fontsize=10, fontweight="bold", color=INK)
    axes.margins(x=0.12)
    plain_axes(axes)
    axes.spines["bottom"].set_visible(False)
    axes.set_xticks([])


def _paint_cascade(figure: Figure, stages: Sequence[StageYear]) -> None:
    axes = figure.subplots()
    plain_axes(axes)
    left = [0.0] * len(stages)
    for name, colour, hatch, label in PARTS:
        amounts = [getattr(stage, name) for stage in stages]
        shares = [amount / max(stage.needed, 1) for amount, stage in zip(amounts, stages, strict=True)]
        bars = axes.barh(range(len(stages)), shares, left=left, height=0.62, color=colour, hatch=hatch,
                         edgecolor="white", label=both(label))  # fmt: skip
        axes.bar_label(bars, _share_labels(stages, amounts), label_type="center", fontsize=9, fontweight="bold",
                       bbox={"boxstyle": "square,pad=0.15", "facecolor": "white", "edgecolor": "none"})  # fmt: skip
        left = [before + share for before, share in zip(left, shares, strict=True)]
    _label_stages(axes, stages)
    figure.legend(loc="outside lower center", ncols=3, frameon=False, fontsize=8.5)


def _share_labels(stages: Sequence[StageYear], amounts: Sequence[int]) -> list[str]:
    shown = [amount > LABELLED_SHARE * stage.needed for amount, stage in zip(amounts, stages, strict=True)]
    labels = [percent(amount, stage.needed) for amount, stage in zip(amounts, stages, strict=True)]
    return [label if is_shown else "" for label, is_shown in zip(labels, shown, strict=True)]


def _label_stages(axes: Axes, stages: Sequence[StageYear]) -> None:
    names = [STAGES[stage.stage] for stage in stages]
    axes.set_yticks(range(len(stages)), [f"{name.tr}\n{name.en}" for name in names], fontsize=8.5)
    axes.set_ylim(len(stages) - 0.4, -0.6)
    axes.set_xlim(0, 1.16)
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    for row, stage in enumerate(stages):
        axes.text(1.015, row, number(stage.needed), va="center", fontsize=9)
