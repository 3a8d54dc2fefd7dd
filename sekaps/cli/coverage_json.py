"""Coverage as JSON for programs: every figure whole, with codes instead of words."""

from dataclasses import asdict
from typing import Any

from sekaps.cli.language import said
from sekaps.domain.allocation import Stage
from sekaps.domain.coverage import Amounts, ByStage, Coverage, Line, Side, Unfinished
from sekaps.services.coverage_rows import CoverageRow, ResourceRow

STAGE_KEYS = ("needed", "allocated", "transferred", "unmet")


def coverage_json(coverage: Coverage) -> dict[str, Any]:
    """Return coverage; ``stages`` are those of the whole part that was asked for."""
    return {
        "programme": coverage.programme,
        "year": coverage.year,
        "as_of": coverage.day.isoformat(),
        "synthetic": coverage.synthetic,
        "stages": _stages(coverage.total.stages),
        "total": _figures(coverage.total),
        **{f"by_{side.value}": [_line(line) for line in coverage.by[side]] for side in Side},
        "unfinished": [_unfinished(one) for one in coverage.unfinished],
    }


def row_json(row: CoverageRow | ResourceRow) -> dict[str, Any]:
    """Return one row behind a figure."""
    held = asdict(row)
    return {**held, **held.pop("amounts", {}), **held.pop("papers", {})}


def _stages(stages: ByStage) -> list[dict[str, Any]]:
    return [
        {"stage": stage.value, **{key: getattr(stages.get(stage, Amounts()), key) for key in STAGE_KEYS}}
        for stage in Stage
    ]


def _figures(line: Line) -> dict[str, Any]:
    told = line.figures
    offer = None if line.offer is None else asdict(line.offer)
    return {
        "needs": told.needs,
        "met_in_full": told.met,
        "share_met": told.share_met,
        "needed": told.needed,
        "allocated": told.allocated,
        "waiting": told.waiting,
        "unmet": told.unmet,
        "contracted": told.contracted,
        "served": told.served,
        "not_taken_up": line.untouched,
        "resources": offer,
    }


def _line(line: Line) -> dict[str, Any]:
    return {"code": line.code, "name": said(line.name), **_figures(line), "stages": _stages(line.stages)}


def _unfinished(one: Unfinished) -> dict[str, Any]:
    return {**asdict(one), "task": one.task.value, "closes": one.closes.isoformat(), "late": one.is_late}
