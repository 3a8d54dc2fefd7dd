"""Pictures of coverage: how need flows through the stages, and what became of it in each sector."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch, PathPatch, Rectangle
from matplotlib.path import Path

from sekaps.domain.allocation import RULES, Stage
from sekaps.domain.coverage import WHOLE, Amounts, ByStage, Coverage, Line, Side
from sekaps.reports.canvas import (
    FAINT,
    GREEN,
    INK,
    ORANGE,
    SKY,
    VERMILION,
    picture,
    picture_as_png,
    plain_axes,
)
from sekaps.reports.coverage_words import share_met
from sekaps.reports.words import STAGES, both, number
from sekaps.texts import Bilingual

FLOW_INCHES = (12.4, 5.6)
SIDE_WIDTH_INCHES, BAR_INCHES, FRAME_INCHES = 12.4, 0.42, 1.35
BAR, GAP = 0.3, 0.05
"""The width of a stage's bar where columns are one apart, and the room between bars as a part of the whole."""
PLACES = {
    Stage.DISTRICT: (0, 0),
    Stage.GOVERNOR: (1, 1),
    Stage.PROVINCE: (1, 0),
    Stage.TRANSFERRED: (2, 0),
    Stage.CENTRAL: (2, 1),
}
"""Each stage's column, and its place from the top of it: a stage stands right of those whose remainder it takes up."""
ALLOCATED = Bilingual("tahsis edilen", "allocated")
PASSED = Bilingual("sonraki aşamaya geçen", "passed on")
OPEN = Bilingual("bu aşamada bekleyen", "still before the stage")
UNMET = Bilingual("karşılanamayan", "unmet")
PARTS = ((ALLOCATED, GREEN, None), (OPEN, SKY, ".."), (UNMET, VERMILION, "xxxx"), (PASSED, ORANGE, "////"))
"""Parts of a stage's bar from the top, told apart by colour and by hatching."""
FLOW_TITLE = Bilingual("İhtiyaçların aşamalardan geçişi (ihtiyaç sayısıyla)", "Needs through the stages (in needs)")
SIDE_TITLES = {
    Side.SECTOR: Bilingual("Sektörlere göre (ihtiyaç sayısıyla)", "By sector (in needs)"),
    Side.BENEFICIARY: Bilingual("Yararlanana göre (ihtiyaç sayısıyla)", "By beneficiary (in needs)"),
    Side.PRIORITY: Bilingual("Önceliğe göre (ihtiyaç sayısıyla)", "By priority (in needs)"),
}
ENDS = (
    (Bilingual("karşılanan", "met"), GREEN, None),
    (Bilingual("bekleyen", "waiting"), SKY, ".."),
    (Bilingual("karşılanamayan", "unmet"), VERMILION, "xxxx"),
)
LABEL = {"boxstyle": "square,pad=0.15", "facecolor": "white", "edgecolor": "none"}
SMALLEST_LABELLED = 0.035
"""A part this large, of all needs, carries its number."""


def flow_chart(coverage: Coverage) -> str:
    """Return how needs flow through the stages as SVG; each need counts as one, whatever it is measured in."""
    return picture(*FLOW_INCHES, lambda figure: _paint_flow(figure, coverage.total.stages))


def flow_chart_as_png(coverage: Coverage) -> bytes:
    """Return the same as PNG."""
    return picture_as_png(*FLOW_INCHES, lambda figure: _paint_flow(figure, coverage.total.stages))


def side_chart(coverage: Coverage, side: Side) -> str:
    """Return what became of needs by one side as SVG."""
    lines = coverage.by[side]
    height = BAR_INCHES * max(len(lines), 2) + FRAME_INCHES
    return picture(SIDE_WIDTH_INCHES, height, lambda figure: _paint_side(figure, side, lines))


def needs_of(amounts: Amounts) -> tuple[float, float, float, float]:
    """Return what a stage allocated, has before it, left unmet and passed on, in needs."""
    allocated, passed = amounts.share / WHOLE, amounts.passed_share / WHOLE
    rest = max(amounts.asked_share / WHOLE - allocated - passed, 0.0)
    still = rest * amounts.open / amounts.unmet if amounts.unmet else 0.0
    return allocated, still, rest - still, passed


def _paint_flow(figure: Figure, stages: ByStage) -> None:
    axes = figure.subplots()
    held = {stage: needs_of(stages.get(stage, Amounts())) for stage in Stage}
    tops, whole = _tops({stage: sum(parts) for stage, parts in held.items()})
    for stage, parts in held.items():
        _bar(axes, stage, parts, tops[stage], whole)
    for stage, rule in RULES.items():
        arrives = tops[stage]
        for source in rule.takes_from:
            passed = held[source][-1]
            taken = min(passed, max(tops[stage] + sum(held[stage]) - arrives, 0.0))
            leaves = tops[source] + sum(held[source]) - passed
            _ribbon(axes, PLACES[source][0] + BAR, leaves, PLACES[stage][0], arrives, taken)
            arrives += taken
    _dress_flow(figure, axes, whole)


def _tops(sizes: Mapping[Stage, float]) -> tuple[dict[Stage, float], float]:
    """Return where each stage's bar begins, and how far down the longest column reaches."""
    unit = max(sum(sizes.values()), 1.0)
    tops: dict[Stage, float] = {}
    ends: dict[int, float] = {}
    for stage, (column, _) in sorted(PLACES.items(), key=lambda place: place[1]):
        tops[stage] = ends.get(column, 0.0)
        ends[column] = tops[stage] + sizes[stage] + GAP * unit * 2
    return tops, max(ends.values())


def _bar(axes: Axes, stage: Stage, parts: Sequence[float], top: float, whole: float) -> None:
    column, at = PLACES[stage][0], top
    for (_, colour, hatch), size in zip(PARTS, parts, strict=True):
        if size > 0:
            axes.add_patch(Rectangle((column, at), BAR, size, facecolor=colour, hatch=hatch, edgecolor="white"))
        if size > SMALLEST_LABELLED * whole:
            axes.text(column + BAR / 2, at + size / 2, number(round(size)), ha="center", va="center", fontsize=9,
                      fontweight="bold", bbox=LABEL)  # fmt: skip
        at += size
    name = STAGES[stage]
    axes.text(column, top - 0.012 * whole, f"{name.tr} / {name.en}: {number(round(at - top))}", ha="left", va="bottom",
              fontsize=9.5, fontweight="bold", color=INK if at > top else FAINT)  # fmt: skip


def _ribbon(axes: Axes, x: float, leaves: float, until: float, arrives: float, size: float) -> None:
    """Draw what passes from one bar to another."""
    if size <= 0:
        return
    half = (x + until) / 2
    points = [(x, leaves), (half, leaves), (half, arrives), (until, arrives), (until, arrives + size),
              (half, arrives + size), (half, leaves + size), (x, leaves + size), (x, leaves)]  # fmt: skip
    codes = [Path.MOVETO, Path.CURVE4, Path.CURVE4, Path.CURVE4, Path.LINETO, Path.CURVE4, Path.CURVE4, Path.CURVE4,
             Path.CLOSEPOLY]  # fmt: skip
    axes.add_patch(PathPatch(Path(np.array(points), codes), facecolor=ORANGE, alpha=0.3, edgecolor="none"))


def _dress_flow(figure: Figure, axes: Axes, whole: float) -> None:
    axes.set_xlim(-0.02, max(column for column, _ in PLACES.values()) + 0.75)
    axes.set_ylim(whole, -0.07 * whole)
    axes.set_axis_off()
    axes.set_title(both(FLOW_TITLE), loc="left", fontsize=11, fontweight="bold", color=INK, pad=12)
    handles = [
        Patch(facecolor=colour, hatch=hatch, edgecolor="white", label=both(name)) for name, colour, hatch in PARTS
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=4, frameon=False, fontsize=9)


def _paint_side(figure: Figure, side: Side, lines: Sequence[Line]) -> None:
    axes = figure.subplots()
    plain_axes(axes)
    left = np.zeros(len(lines))
    ends = np.array([_ends(line) for line in lines]).reshape(len(lines), len(ENDS))
    for place, (name, colour, hatch) in enumerate(ENDS):
        axes.barh(range(len(lines)), ends[:, place], left=left, height=0.62, color=colour, hatch=hatch,
                  edgecolor="white", label=both(name))  # fmt: skip
        left = left + ends[:, place]
    for row, line in enumerate(lines):
        told = f"{share_met(line.figures)} · {number(line.figures.needs)}"
        axes.text(left[row] + 0.006 * max(left, default=1), row, told, va="center", fontsize=9)
    _dress_side(figure, axes, side, lines)


def _ends(line: Line) -> tuple[float, float, float]:
    """Return a row's needs: met, waiting and unmet, each need by its parts."""
    parts = [needs_of(amounts) for amounts in line.stages.values()]
    met, unmet = sum(part[0] for part in parts), sum(part[2] for part in parts)
    return met, max(line.figures.needs - met - unmet, 0.0), unmet


def _dress_side(figure: Figure, axes: Axes, side: Side, lines: Sequence[Line]) -> None:
    names = [
        line.name if isinstance(line.name, str) else f"{line.name.say('tr')}\n{line.name.say('en')}" for line in lines
    ]
    axes.set_yticks(range(len(lines)), names, fontsize=8)
    axes.set_ylim(max(len(lines), 1) - 0.4, -0.6)
    axes.set_title(both(SIDE_TITLES[side]), loc="left", fontsize=11, fontweight="bold", color=INK)
    axes.margins(x=0.1)
    axes.spines["bottom"].set_visible(False)
    axes.set_xticks([])
    figure.legend(loc="outside lower center", ncols=3, frameon=False, fontsize=9)
