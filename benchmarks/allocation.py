"""Measures the allocation at national scale against one sort, the solver and a bare bulk load.

Run by itself it plans the nation once and prints the peak of its memory.
"""

import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1] / "tests" / "database")]

from national_allocation import DISTRICTS, nation, rings  # noqa: E402
from results import PAIRS, Result, cpu, judged, measured_value  # noqa: E402

from sekaps.calendar.allocating import Method  # noqa: E402
from sekaps.domain.allocation_columns import Needs, Resources  # noqa: E402
from sekaps.domain.cascade import Plan, everywhere, foresee, plan, unmet_by_rank  # noqa: E402

MIB = 400


def one_sort(resources: Resources) -> Callable[[], object]:
    """Return one stable sort of the resources by item and district."""
    return lambda: np.argsort(resources.item * DISTRICTS + resources.district, kind="stable")


def computing() -> list[Result]:
    """Measure the plan with every assignment, the solver's optimum, and how far apart they are."""
    needs, resources = nation()
    ours: Callable[[], Plan] = lambda: plan(needs, resources, (), Method.FORESIGHT)  # noqa: E731
    swaps = rings()
    sorted_ = [(cpu(ours), cpu(one_sort(resources))) for _ in range(PAIRS)]
    tangled = [(cpu(lambda: plan(needs, resources, swaps, Method.OPTIMUM)), cpu(ours)) for _ in range(PAIRS)]
    gap = int(
        np.abs(unmet(ours(), needs) - unmet(foresee(needs, resources, everywhere(needs, resources)), needs)).max()
    )
    _tell("unmet by priority, foresight", unmet(ours(), needs))
    _tell("unmet by priority, stage first", unmet(plan(needs, resources, (), Method.STAGE_FIRST), needs))
    _tell("unmet by priority, one-way substitutes", unmet(plan(needs, resources, swaps, Method.OPTIMUM), needs))
    return [
        judged("national allocation, every assignment / one stable sort of the resources", sorted_, at_most=5),
        judged("its largest gap to the solver's optimum in any priority, units / none", [(gap, 1)], at_most=0),
        judged("one-way substitutes through the solver / the same without", tangled, at_most=10),
        _peak(),
    ]


def unmet(found: Plan, needs: Needs) -> np.ndarray:
    """Return what is unmet by priority."""
    return unmet_by_rank(found, needs, needs.rank)


def _tell(what: str, figures: np.ndarray) -> None:
    print(f"{what}: {', '.join(f'{figure:,}' for figure in figures)}", file=sys.stderr)


def _peak() -> Result:
    """Return the most memory a process that only plans takes, the synthetic nation included."""
    done = subprocess.run([sys.executable, __file__], check=True, capture_output=True, text=True)  # noqa: S603
    most = float(done.stdout)
    return measured_value("peak memory of a process that plans the nation / 400 MiB", most, MIB)


def plan_and_tell_peak() -> None:
    """Plan once and print the peak memory in MiB."""
    needs, resources = nation()
    plan(needs, resources, (), Method.FORESIGHT)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def storing(name: str, scale: float) -> Result:
    """Measure storing every line in the configured database against a bare bulk load of the same rows."""
    from allocation_store import NationStored

    stored = NationStored(*nation(scale))
    pairs = [(stored.cpu(stored.engine_stores), stored.cpu(stored.driver_loads)) for _ in range(PAIRS)]
    print(f"{name}: {stored.lines:,} lines, {pairs}", file=sys.stderr)
    return judged(f"storing {stored.lines:,} lines on {name} / bulk load of the same rows", pairs, at_most=2)


if __name__ == "__main__":
    plan_and_tell_peak()
