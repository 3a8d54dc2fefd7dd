"""The observatory on the operations dashboard: its picture, and tables as long as a page can hold."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sekaps.domain.closing_acts import sending_command
from sekaps.domain.gaps import Cause
from sekaps.domain.observatory import AGE_CLASSES, Hold, Observatory, Side, count_ages, count_causes
from sekaps.reports import markdown as md
from sekaps.reports.canvas import BLUE, GREEN, INK, ORANGE, PURPLE, VERMILION, picture, plain_axes
from sekaps.reports.markdown import Masthead, Page
from sekaps.reports.observatory_tables import (
    Sheet,
    age_sheet,
    cause_sheet,
    ending_sheet,
    is_count,
    people_sheet,
    side_sheet,
    stuck_sheet,
    told,
    vacancy_sheet,
)
from sekaps.reports.words import both, number
from sekaps.texts import Bilingual

ROWS_SHOWN = 25
"""Rows of each table a page shows; the command line writes all of them."""
WIDTH_INCHES, BAR_INCHES, FRAME_INCHES = 10.4, 0.5, 1.2
COLOURS = (GREEN, BLUE, ORANGE, VERMILION, PURPLE)
HATCHES = (None, "--", "//", "xx", "\\\\")
"""Classes of waiting are told apart by colour and by hatching."""
TITLE = Bilingual("Bekleme süresine göre eksikler", "Gaps by how long they have waited")


def observatory_page(head: Masthead, observatory: Observatory) -> Page:
    """Return the observatory's page: what waits, for whom, how long, and what is about to hold up more."""
    stuck = sum(one.documents for one in observatory.stuck)
    figure = (
        f"{number(observatory.documents)} belge imza bekliyor, {number(stuck)} belgeyi kimse tamamlayamaz"
        f" ({number(observatory.documents, 'en')} wait, {number(stuck, 'en')} nobody can finish)"
    )
    tables = [
        cause_sheet(observatory),
        age_sheet(observatory),
        people_sheet(observatory),
        vacancy_sheet(observatory),
        ending_sheet(observatory, Hold.OWN),
        ending_sheet(observatory, Hold.DEPUTY),
        stuck_sheet(observatory),
        *(side_sheet(observatory, side) for side in (Side.MINISTRY, Side.PROVINCE, Side.MODULE)),
    ]
    chart = md.image(ages_chart(observatory), TITLE) if observatory.documents else ""
    parts = [chart, *map(_section, tables), _commands(observatory)]
    return md.page(head, md.OBSERVATORY, md.SUBJECTS[md.OBSERVATORY], figure, parts)


def ages_chart(observatory: Observatory) -> str:
    """Return the gaps of each cause by how long they have waited, as a picture."""
    causes = [cause for cause, count in count_causes(observatory.piles).items() if count]
    height = BAR_INCHES * max(len(causes), 2) + FRAME_INCHES
    return picture(WIDTH_INCHES, height, lambda figure: _paint(figure, observatory, causes))


def _paint(figure: Figure, observatory: Observatory, causes: list[Cause]) -> None:
    axes = figure.subplots()
    counts = count_ages(observatory.piles, observatory.day)
    left = [0] * len(causes)
    for each, colour, hatch in zip(AGE_CLASSES, COLOURS, HATCHES, strict=True):
        amounts = [counts[cause][each] for cause in causes]
        axes.barh(range(len(causes)), amounts, left=left, height=0.6, color=colour, hatch=hatch, edgecolor="white",
                  label=both(each.name))  # fmt: skip
        left = [before + amount for before, amount in zip(left, amounts, strict=True)]
    _dress(axes, causes, left)
    figure.legend(loc="outside lower center", ncols=3, frameon=False, fontsize=7.5)


def _dress(axes: Axes, causes: list[Cause], totals: list[int]) -> None:
    plain_axes(axes)
    labels = [f"{cause.meaning.say('tr')}\n{cause.meaning.say('en')}" for cause in causes]
    axes.set_yticks(range(len(causes)), labels, fontsize=8)
    axes.set_ylim(max(len(causes), 1) - 0.4, -0.6)
    axes.set_title(both(TITLE), loc="left", fontsize=10, fontweight="bold", color=INK)
    axes.margins(x=0.12)
    axes.spines["bottom"].set_visible(False)
    axes.set_xticks([])
    for row, total in enumerate(totals):
        axes.text(total + max(totals) * 0.01, row, number(total), va="center", fontsize=9)


def _section(sheet: Sheet) -> str:
    if not sheet.rows:
        return ""
    headings = [both(heading) for heading in sheet.headings]
    shown = sheet.first(ROWS_SHOWN)
    rows = [[md.plain(told(cell, "tr")) for cell in row] for row in shown.rows]
    left = next((place for place, cell in enumerate(sheet.rows[0]) if is_count(cell)), len(headings))
    more = len(sheet.rows) - len(shown.rows)
    rest = f"\n\nve {number(more)} satır daha / and {number(more, 'en')} more rows" if more else ""
    return f"### {both(sheet.title)}\n\n{md.table(headings, rows, left=left)}{rest}"


def _commands(observatory: Observatory) -> str:
    causes = [cause for cause, count in count_causes(observatory.piles).items() if count]
    lines = [
        f"- {both(cause.meaning)}: `{sending_command(cause, observatory.programme, observatory.year)}`"
        for cause in causes
    ]
    heading = "### Kapatabileceklere bildirmek için / To write to those who can close them"
    return "\n".join((heading, "", *lines)) if lines else ""
