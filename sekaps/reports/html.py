"""A year's report as one printable page that asks nothing of the network; Turkish first, English beside it."""

from collections.abc import Mapping
from functools import lru_cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from sekaps.domain.year_report import YearReport
from sekaps.reports import words
from sekaps.reports.pictures import Pictures
from sekaps.texts import Bilingual, Sayable

COLUMNS = (
    ("Beklenen", "Owed"),
    ("Biten", "Done"),
    ("Açık", "Open"),
    ("Uzatımla biten", "Done late"),
    ("Ret", "Refused"),
    ("Uzatım", "Extended"),
    ("Hatırlatma", "Reminders"),
    ("Üste bildirim", "Escalated"),
)


def render_html(report: YearReport, pictures: Pictures) -> str:
    """Return the report as a self-contained HTML page."""

    def total(name: str) -> int:
        return sum(getattr(phase, name) for phase in report.phases)

    return _template().render(report=report, pictures=pictures, total=total)


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
        "named": _named,
        "number": words.number,
        "percent": words.percent,
        "ranked": words.ranked,
        "rungs": _rungs,
        "stage_name": _stage_name,
        "svg": _svg,
    }
    environment.globals |= {
        "cause_words": words.cause_words,
        "columns": COLUMNS,
        "methods": words.METHODS,
        "papers_words": words.PAPERS,
        "planning": words.PLANNING,
        "refusal_words": words.refusal_words,
        "scopes": words.SCOPES,
        "stages": words.STAGES,
        "states": words.STATES,
        "synthetic": words.SYNTHETIC,
    }
    return environment.get_template("year.html.j2")


def _named(counts: Mapping[str, int], names: Mapping[str, Bilingual]) -> list[tuple[Sayable | str, int]]:
    """Return ranked counts under the names of their codes."""
    return [(names.get(code, code), count) for code, count in words.ranked(counts)]


def _rungs(counts: Mapping[int, int]) -> list[tuple[str, int]]:
    """Return the counts of rungs in their order (-30, 0, +5)."""
    return [(words.rung(rung), count) for rung, count in sorted(counts.items())]


def _stage_name(stage: str) -> str:
    return words.STAGES[stage].tr


def _svg(drawn: str) -> Markup:
    """Let a picture of our own drawing into the page as it is."""
    return Markup(drawn)  # noqa: S704 - drawn by matplotlib, which escapes every label
