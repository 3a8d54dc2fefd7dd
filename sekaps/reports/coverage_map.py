"""A map of Türkiye in equal tiles, one for each province: shaded by the share met, grey where nothing was needed."""

from matplotlib import colormaps
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import FancyBboxPatch, Patch
from matplotlib.ticker import FuncFormatter

from sekaps.domain.coverage import Coverage, Line, Side
from sekaps.reports.canvas import FAINT, INK, PALE, VERMILION, picture, picture_as_png
from sekaps.reports.coverage_words import share_met
from sekaps.reports.province_tiles import COLUMNS, ROWS, Tile, province_names, province_tiles
from sekaps.reports.words import both, percent
from sekaps.texts import Bilingual

WIDTH_INCHES, HEIGHT_INCHES = 13.2, 6.6
SHADES = colormaps["viridis"].reversed().resampled(10)
"""Ten steps, light where little was met, dark where much, never grey; told apart with every colour vision."""
DARK = 0.4
"""From this share on a tile is so dark that its letters are light."""
TILE = 0.93
"""The side of a tile, where one column is wide."""
LONG = 11
"""Names of more letters are written smaller."""
TITLE = Bilingual("İllere göre karşılanma oranı", "Share met by province")
NOTHING = Bilingual("ihtiyaç yok", "no need")
LATE = Bilingual("süresi geçtiği hâlde işini bitirmeyen makam var", "a body there is late")


def coverage_map(coverage: Coverage) -> str:
    """Return the map as SVG."""
    return picture(WIDTH_INCHES, HEIGHT_INCHES, lambda figure: _paint(figure, coverage))


def coverage_map_as_png(coverage: Coverage) -> bytes:
    """Return the map as PNG."""
    return picture_as_png(WIDTH_INCHES, HEIGHT_INCHES, lambda figure: _paint(figure, coverage))


def _paint(figure: Figure, coverage: Coverage) -> None:
    axes = figure.subplots()
    lines = {str(line.code): line for line in coverage.by[Side.PROVINCE]}
    late = {one.province for one in coverage.unfinished if one.is_late}
    for code, tile in province_tiles().items():
        _tile(axes, code, tile, lines.get(code))
        if code in late:
            _mark(axes, tile)
    _dress(figure, axes, has_late=bool(late & province_tiles().keys()))


def _tile(axes: Axes, code: str, tile: Tile, line: Line | None) -> None:
    column, row = tile
    share = line.figures.share_met if line is not None else None
    shade = PALE if share is None else SHADES(share)
    ink = FAINT if share is None else "white" if share >= DARK else INK
    axes.add_patch(FancyBboxPatch((column, row), TILE, TILE, boxstyle="round,pad=0,rounding_size=0.06",
                                  facecolor=shade, edgecolor="none"))  # fmt: skip
    middle = column + TILE / 2
    axes.text(column + 0.07, row + 0.2, code, ha="left", va="center", fontsize=7.5, color=ink)
    name = province_names()[code]
    axes.text(middle, row + 0.44, name, ha="center", va="center", fontsize=7 if len(name) <= LONG else 5.6, color=ink)
    if line is None or share is None:
        return
    axes.text(middle, row + 0.72, share_met(line.figures), ha="center", va="center", fontsize=10, fontweight="bold",
              color=ink)  # fmt: skip


def _mark(axes: Axes, tile: Tile) -> None:
    """Mark a province where a body is late, by a shape as well as a colour."""
    column, row = tile
    axes.plot(column + TILE - 0.13, row + 0.17, marker="^", markersize=7, color=VERMILION, markeredgecolor="white")


def _dress(figure: Figure, axes: Axes, *, has_late: bool) -> None:
    axes.set_xlim(-0.05, COLUMNS)
    axes.set_ylim(ROWS, -0.05)
    axes.set_aspect("equal")
    axes.set_axis_off()
    axes.set_title(both(TITLE), loc="left", fontsize=13, fontweight="bold", color=INK)
    bar = figure.colorbar(ScalarMappable(Normalize(0, 1), SHADES), ax=axes, orientation="horizontal", shrink=0.35,
                          aspect=28, pad=0.01, anchor=(0.0, 1.0))  # fmt: skip
    bar.outline.set_visible(False)
    bar.ax.xaxis.set_major_formatter(FuncFormatter(lambda share, _: percent(round(100 * share), 100)))
    bar.ax.tick_params(length=0, labelsize=9)
    shown: list[Artist] = [Patch(facecolor=PALE, label=both(NOTHING))]
    if has_late:
        shown.append(Line2D([], [], linestyle="", marker="^", color=VERMILION, label=both(LATE)))
    figure.legend(handles=shown, loc="lower right", frameon=False, fontsize=9)
