"""Keeps an imported calendar as a programme file in the home folder, replaced in one step, and finds it again."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from sekaps.calendar.published import published_yaml
from sekaps.errors.imports import CalendarNotWritten
from sekaps.services.files import replace_file
from sekaps.services.programmes import parsed, programme_text

FOLDER = "programmes"


def imported_path(home: Path, code: str) -> Path:
    """Return where the programme with its imported dates is kept."""
    return home / FOLDER / f"{code}.yaml"


def imported_programme(home: Path, code: str) -> Path | None:
    """Return the file of a programme whose calendar was imported, or none; its path serves wherever a code does."""
    path = imported_path(home, code)
    return path if path.is_file() else None


def text_with_imports(home: Path, code_or_path: str) -> str:
    """Return the programme file dates are imported into: the one that holds earlier imports, else the programme's."""
    imported = imported_programme(home, code_or_path)
    return programme_text(str(imported or code_or_path))


def keep_imported(home: Path, code: str, written: str, *, year: int, dates: Mapping[str, date]) -> Path:
    """Write the programme with the dates of a year; raise CalendarNotWritten, the earlier file whole."""
    content = published_yaml(written, year, dates)
    path = imported_path(home, code)
    parsed(content, str(path))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return replace_file(path, content)
    except OSError as failure:
        raise CalendarNotWritten(path=str(path), reason=failure.strerror or str(failure)) from failure
