"""The pictures that go with a year's report, each as SVG."""

from dataclasses import dataclass

from sekaps.domain.year_report import YearReport
from sekaps.reports.charts import cascade_chart, gaps_chart, progress_chart
from sekaps.reports.gantt import gantt


@dataclass(frozen=True, slots=True)
class Pictures:
    """The year, its progress, its gaps and its cascade as pictures; empty where there is nothing to draw."""

    gantt: str
    progress: str
    gaps: str
    cascade: str


def draw(report: YearReport) -> Pictures:
    """Return the pictures of a report; the same report gives the same pictures, byte for byte."""
    return Pictures(
        gantt=gantt(report.phases, report.special_days, report.day),
        progress=progress_chart(report.curves) if report.curves else "",
        gaps=gaps_chart(report.gaps, report.document_kinds) if report.gaps.total else "",
        cascade=cascade_chart(report.cascade) if report.cascade.entered else "",
    )
