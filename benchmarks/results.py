"""What every benchmark shares: paired CPU times of ours and a reference in one run, and the result they give."""

import os
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

PAIRS = 5
"""Pairs of one comparison: ours and the reference in turn, so that a slow hour slows both."""


@dataclass(frozen=True)
class Result:
    """One job against its reference: medians in CPU seconds, the median of the pairs' ratios and their spread.

    The target is a ratio at most (or at least) so large; a job without one is told for what it is.
    """

    job: str
    ours: float
    reference: float
    ratio: float
    target: str
    met: bool
    lowest: float
    highest: float
    note: str = ""


def cpu(work: Callable[[], object]) -> float:
    """Return the CPU seconds a piece of work takes in this process and in the children that end during it."""
    begun = _cpu_now()
    work()
    return _cpu_now() - begun


def _cpu_now() -> float:
    children = os.times()
    return time.process_time() + children.children_user + children.children_system


def peak_mebibytes() -> float:
    """Return the most MiB this process has held; what it was started from is no part of it."""
    status = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024


def compare(
    job: str,
    ours: Callable[[], object],
    reference: Callable[[], object],
    *,
    at_most: float | None = None,
    cheaper: float | None = None,
    times: tuple[float, float] = (1, 1),
    pairs: int = PAIRS,
    note: str = "",
) -> Result:
    """Run the two in turn and return the median of the pairwise ratios.

    ``at_most`` is a ceiling on ours / reference; ``cheaper`` a floor on reference / ours, and then the ratio is told
    that way round. ``times`` tells how often each does the unit of work, so that both are told for one.
    """
    measured = [(cpu(ours) / times[0], cpu(reference) / times[1]) for _ in range(pairs)]
    return judged(job, measured, at_most=at_most, cheaper=cheaper, note=note)


def judged(
    job: str,
    measured: Sequence[tuple[float, float]],
    *,
    at_most: float | None = None,
    cheaper: float | None = None,
    note: str = "",
) -> Result:
    """Return the result of pairs measured elsewhere."""
    turned = cheaper is not None
    ratios = [_ratio(theirs, mine) if turned else _ratio(mine, theirs) for mine, theirs in measured]
    mine, theirs = (statistics.median(column) for column in zip(*measured, strict=True))
    ratio = statistics.median(ratios)
    target = f">= {cheaper:g}" if turned else f"<= {at_most:g}" if at_most is not None else "-"
    met = ratio >= cheaper if cheaper is not None else at_most is None or ratio <= at_most
    spread = (round(min(ratios), 3), round(max(ratios), 3))
    return Result(job, round(mine, 7), round(theirs, 7), round(ratio, 3), target, met, *spread, note)


def measured_value(job: str, value: float, limit: float, *, note: str = "") -> Result:
    """Return a figure that has a limit of its own, such as bytes or MiB, as a result."""
    return judged(job, [(value, limit)], at_most=1, note=note)


def _ratio(over: float, under: float) -> float:
    return over / max(under, 1e-9)
