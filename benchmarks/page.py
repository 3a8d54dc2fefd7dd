"""The page of figures: tables and pictures of what a run measured, written into the documentation."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
from growth import n_log_n
from results import Result

mpl.use("Agg")
from matplotlib import pyplot  # noqa: E402

HEAD = """# Performance

Written by `make bench`; every figure is of one run. Ours and a reference take turns in pairs; figures are CPU seconds
for one unit of work, the ratio is the median over the pairs, with their spread. Read the ratios: machines differ, and
other work may run beside. A target "<=" is a ceiling on ours / reference, ">=" a floor on reference / ours.

"""
GROWTH = """
## Growth

Each job by itself in a process of its own, on a country of that size, SQLite: CPU seconds of the work alone, and the
most memory the process held, what it started with included. The dotted line is n log n through the figure at 100 %.

"""
PICTURE, GROWTH_PICTURE = "pictures/performance.png", "pictures/growth.png"
Point = Mapping[str, Any]
"""A job at a scale: its CPU seconds and MiB."""


def write_page(results: Sequence[Result], points: Sequence[Point], facts: Mapping[str, str], docs: Path) -> None:
    """Write ``performance.md`` and its pictures."""
    aimed = [result for result in results if result.target != "-"]
    missed = [result for result in aimed if not result.met]
    _draw(aimed, docs / PICTURE)
    _draw_growth(points, docs / GROWTH_PICTURE)
    machine = "\n".join(f"- {name}: {value}" for name, value in facts.items())
    text = (
        HEAD
        + machine
        + f"\n\n{_verdict(len(aimed), missed)}\n\n![Ratios and targets]({PICTURE})\n\n{_table(results)}\n"
        + GROWTH
        + f"![Growth of time and memory]({GROWTH_PICTURE})\n\n{_growth_table(points)}\n"
    )
    (docs / "performance.md").write_text(text, encoding="utf-8")


def _verdict(count: int, missed: Sequence[Result]) -> str:
    if not missed:
        return f"All {count} targets are met."
    lines = "\n".join(f"- {one.job}: {one.ratio:g}, target {one.target}. {one.note}".rstrip() for one in missed)
    return f"{count - len(missed)} of {count} are met. Not met:\n\n{lines}"


def _table(results: Sequence[Result]) -> str:
    rows = [
        f"| {one.job} | {one.ours:.3g} | {one.reference:.3g} | {one.ratio:g} ({one.lowest:g} to {one.highest:g}) |"
        f" {one.target} | {_met(one)} |"
        for one in results
    ]
    return "\n".join(
        ["| job | ours | reference | ratio | target | met |", "| --- | --- | --- | --- | --- | --- |", *rows]
    )


def _met(result: Result) -> str:
    return "-" if result.target == "-" else "yes" if result.met else "**no**"


def _growth_table(points: Sequence[Point]) -> str:
    scales = sorted({point["scale"] for point in points})
    heads = [f"{scale:.0%}" for scale in scales]
    rows = [
        f"| {name} | {' | '.join(_told(found.get(scale)) for scale in scales)} |"
        for name, found in _by_job(points).items()
    ]
    return "\n".join([f"| job | {' | '.join(heads)} |", f"| --- |{' --- |' * len(heads)}", *rows])


def _told(point: Point | None) -> str:
    return "-" if point is None else f"{point['seconds']:.3g} s, {point['mebibytes']:,.0f} MiB"


def _by_job(points: Iterable[Point]) -> dict[str, dict[float, Point]]:
    found: dict[str, dict[float, Point]] = {}
    for point in points:
        found.setdefault(point["job"].replace("_", " "), {})[point["scale"]] = point
    return found


def _draw_growth(points: Sequence[Point], picture: Path) -> None:
    figure, (times, memories) = pyplot.subplots(1, 2, figsize=(11, 4.5))
    for name, found in _by_job(points).items():
        scales = sorted(found)
        (line,) = times.loglog(scales, [found[scale]["seconds"] for scale in scales], "o-", label=name)
        if 1.0 in found:
            guide = [found[1.0]["seconds"] * n_log_n(scale) / n_log_n(1) for scale in scales]
            times.loglog(scales, guide, ":", color=line.get_color(), linewidth=1)
        memories.semilogx(scales, [found[scale]["mebibytes"] for scale in scales], "o-", label=name)
    memories.axhline(1024, color="#a3241b", linewidth=1)
    times.set(xlabel="share of the nation", ylabel="CPU seconds")
    memories.set(xlabel="share of the nation", ylabel="MiB (line: 1 GiB)")
    times.legend(fontsize=7)
    figure.tight_layout()
    figure.savefig(picture, dpi=110, bbox_inches="tight")
    pyplot.close(figure)


def _draw(results: Sequence[Result], picture: Path) -> None:
    """Draw how far each is inside its target: 1 is the target itself, further right is better."""
    margins = [_margin(result) for result in results]
    figure, axes = pyplot.subplots(figsize=(9, 0.4 * len(results) + 1))
    colours = ["#14457c" if margin >= 1 else "#a3241b" for margin in margins]
    axes.barh([result.job for result in results], margins, color=colours)
    axes.axvline(1, color="#222222", linewidth=1)
    axes.set(xscale="log", xlabel="times better than the target (left of 1: not met)")
    axes.invert_yaxis()
    axes.margins(y=0.01)
    axes.tick_params(axis="y", labelsize=7)
    figure.tight_layout()
    figure.savefig(picture, dpi=110, bbox_inches="tight")
    pyplot.close(figure)


def _margin(result: Result) -> float:
    limit = float(result.target.split()[1])
    if result.target.startswith(">="):
        return max(result.ratio / limit, 1e-3)
    return max(limit, 1e-3) / max(result.ratio, 1e-3)
