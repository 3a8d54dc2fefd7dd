"""A year's report as files, each replaced in one step: a reader finds the old one or the new one, never half of one."""

from pathlib import Path

from sekaps.domain.year_report import YearReport
from sekaps.errors.systems import ReportNotWritten
from sekaps.reports.html import render_html
from sekaps.reports.pictures import draw
from sekaps.services.files import replace_file

JSON_NAME, HTML_NAME = "report.json", "report.html"


def publish_report(report: YearReport, folder: Path) -> list[Path]:
    """Write the report as JSON and as a page into a folder and return their paths.

    Raises ReportNotWritten when the disk or the folder does not take them; what was there before stays whole.
    """
    contents = {JSON_NAME: report.to_json(), HTML_NAME: render_html(report, draw(report))}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return [replace_file(folder / name, content) for name, content in contents.items()]
    except OSError as failure:
        raise ReportNotWritten(folder=str(folder), reason=failure.strerror or str(failure)) from failure
