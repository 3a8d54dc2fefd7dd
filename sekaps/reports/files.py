"""A year's report as files, each replaced in one step: a reader finds the old one or the new one, never half of one."""

import os
import tempfile
from pathlib import Path

from sekaps.domain.year_report import YearReport
from sekaps.errors.systems import ReportNotWritten
from sekaps.reports.html import render_html
from sekaps.reports.pictures import draw

JSON_NAME, HTML_NAME = "report.json", "report.html"
READABLE = 0o644


def publish_report(report: YearReport, folder: Path) -> list[Path]:
    """Write the report as JSON and as a page into a folder and return their paths.

    Raises ReportNotWritten when the disk or the folder does not take them; what was there before stays whole.
    """
    contents = {JSON_NAME: report.to_json(), HTML_NAME: render_html(report, draw(report))}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return [_replace(folder / name, content) for name, content in contents.items()]
    except OSError as failure:
        raise ReportNotWritten(folder=str(folder), reason=failure.strerror or str(failure)) from failure


def _replace(path: Path, content: str) -> Path:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    unfinished = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as written:
            written.write(content)
            written.flush()
            os.fsync(written.fileno())
        unfinished.chmod(READABLE)
        return unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
