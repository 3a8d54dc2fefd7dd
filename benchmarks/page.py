"""The page of figures: a table and a picture of what a run measured, written into the documentation."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import matplotlib as mpl
from results import Result

mpl.use("Agg")
from matplotlib import pyplot  # noqa: E402

HEAD = """# Performance

Written by `make bench`; every figure is of one run. Ours and a reference take turns in pairs; figures are CPU seconds
for one unit of work, the ratio is the median over the pairs, with their spread. Read the ratios: machines differ, and
other work may run beside. A target "<=" is a ceiling on ours / reference, ">=" a floor on reference / ours.

"""
PICTURE = "pictures/performance.png"


def write_page(results: Sequence[Result], facts: Mapping[str, str], docs: Path) -> None:
    """Write ``performance.md`` and its picture."""
    _draw([result for result in results if result.target != "-"], docs / PICTURE)
    machine = "\n".join(f"- {name}: {value}" for name, value in facts.items())
    missed = [result for result in results if not result.met]
    text = (
        HEAD
        + machine
        + f"\n\n{_verdict(len(results), missed)}\n\n![Ratios and targets]({PICTURE})\n\n{_table(results)}\n"
    )
    (docs / "performance.md").write_text(text, encoding="utf-8")


def _verdict(count: int, missed: Sequence[Result]) -> str:
    if not missed:
        return f"All {count} targets are met."
    lines = "\n".join(f"- {result.job}: {result.ratio:g}, target {result.target}" for result in missed)
    return f"{count - len(missed)} of {count} are met. Not met:\n\n{lines}"


def _table(results: Sequence[Result]) -> str:
    rows = [
        f"| {one.job} | {one.ours:.3g} | {one.reference:.3g} | {one.ratio:g} ({one.lowest:g} to {one.highest:g}) |"
        f" {one.target} | {'yes' if one.met else '**no**'} |"
        for one in results
    ]
    return "\n".join(
        ["| job | ours | reference | ratio | target | met |", "| --- | --- | --- | --- | --- | --- |", *rows]
    )


def _draw(results: Sequence[Result], picture: Path) -> None:
    """Draw how far each is inside its target: 1 is the target itself, further right is better."""
    margins = [_margin(result) for result in results]
    figure, axes = pyplot.subplots(figsize=(9, 0.4 * len(results) + 1))
    colours = ["#14457c" if margin >= 1 else "#a3241b" for margin in margins]
    axes.barh([result.job for result in results], margins, color=colours)
    axes.axvline(1, color="#222222", linewidth=1)
    axes.set(xscale="log", xlabel="times better than the target (left of 1: not met)")
    axes.invert_yaxis()
    axes.tick_params(axis="y", labelsize=7)
    figure.tight_layout()
    figure.savefig(picture, dpi=110)
    pyplot.close(figure)


def _margin(result: Result) -> float:
    limit = float(result.target.split()[1])
    if result.target.startswith(">="):
        return max(result.ratio / limit, 1e-3)
    return max(limit, 1e-3) / max(result.ratio, 1e-3)
