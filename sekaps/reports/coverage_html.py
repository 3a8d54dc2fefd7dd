"""Coverage as one printable page that asks nothing of the network; Turkish first, English beside it."""

from functools import lru_cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from sekaps.domain.allocation import Stage
from sekaps.domain.coverage import Amounts, Coverage, Side
from sekaps.domain.sectors import sector_name
from sekaps.reports import words
from sekaps.reports.coverage_charts import flow_chart, side_chart
from sekaps.reports.coverage_map import coverage_map
from sekaps.reports.coverage_words import BY, NOT_ADDED, SIDES, TASKS, share_met

WORK_SHOWN = 500
"""Bodies the page lists one by one; the workbook has all of them."""


def render_coverage(coverage: Coverage) -> str:
    """Return coverage as a self-contained HTML page."""
    pictures = {}
    if coverage.total.figures.needs:
        pictures = {
            "flow": flow_chart(coverage),
            "map": coverage_map(coverage),
            "sectors": side_chart(coverage, Side.SECTOR),
            "priorities": side_chart(coverage, Side.PRIORITY),
        }
    stages = [(words.STAGES[stage], coverage.total.stages.get(stage, Amounts())) for stage in Stage]
    return _template().render(coverage=coverage, pictures=pictures, stages=stages, work_shown=WORK_SHOWN)


@lru_cache(maxsize=1)
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("sekaps", "templates/report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "both": words.both,
        "day": words.day,
        "number": words.number,
        "percent": words.percent,
        "share_met": share_met,
        "svg": _svg,
    }
    environment.globals |= {
        "not_added": NOT_ADDED,
        "planning": words.PLANNING,
        "sector_name": sector_name,
        "side_titles": BY,
        "side_words": SIDES,
        "sides": tuple(Side),
        "synthetic": words.SYNTHETIC,
        "tasks": TASKS,
    }
    return environment.get_template("coverage.html.j2")


def _svg(drawn: str) -> Markup:
    """Let a picture of our own drawing into the page as it is."""
    return Markup(drawn)  # noqa: S704 - drawn by matplotlib, which escapes every label
