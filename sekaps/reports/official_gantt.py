"""The planned year as a Gantt picture: the rows of the calendar and the steps with windows of their own."""

import textwrap
from collections.abc import Iterator
from datetime import date

from sekaps.calendar.programmes import Activity, Step
from sekaps.reports.gantt import PLANNED_ROW, PLANNED_STEP, Bar, Chart
from sekaps.reports.words import SYNTHETIC
from sekaps.services.editions import EditionView
from sekaps.services.year_phases import special_days
from sekaps.texts import Language

LABEL_WIDTH = 44
"""Characters of a label before it goes on in a second line."""


def plan_chart(
    edition: EditionView, language: Language, today: date | None = None, *, is_titled: bool = False
) -> Chart:
    """Return the chart of an edition's windows; a day is marked only when it is given."""
    bars = [bar for activity in edition.programme.activities for bar in _bars(edition, activity, language)]
    return Chart(bars, special_days(edition), today, (language,), _title(edition, language) if is_titled else "")


def _title(edition: EditionView, language: Language) -> str:
    title = f"{edition.programme.name.say(language)} {edition.year}"
    return f"{title}\n{SYNTHETIC.say(language)}" if edition.synthetic else title


def _bars(edition: EditionView, activity: Activity, language: Language) -> Iterator[Bar]:
    window = edition.window(activity.code)
    label = f"{activity.row or ''} {activity.name.say(language)}"
    yield Bar(_wrapped(label), window.opens, window.closes, PLANNED_ROW)
    for step in activity.steps:
        own = edition.window(activity.code, step.key)
        if own != window:
            yield Bar(_wrapped(_step_label(edition, step, language)), own.opens, own.closes, PLANNED_STEP)


def _step_label(edition: EditionView, step: Step, language: Language) -> str:
    who = edition.programme.actors[step.actor].name if step.actor else step.does
    return f"{step.key} {who.say(language)}"


def _wrapped(label: str) -> str:
    return textwrap.fill(" ".join(label.split()), LABEL_WIDTH, max_lines=2, placeholder=" …")
