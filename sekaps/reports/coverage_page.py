"""Coverage on the operations dashboard: its pictures, and tables as long as a page can hold."""

from sekaps.domain.coverage import Coverage, Side, Unfinished
from sekaps.domain.sectors import sector_name
from sekaps.reports import markdown as md
from sekaps.reports.coverage_charts import flow_chart, side_chart
from sekaps.reports.coverage_map import TITLE, coverage_map
from sekaps.reports.coverage_tables import brief_sheet
from sekaps.reports.coverage_words import NOT_ADDED, TASKS, VACANT
from sekaps.reports.observatory_tables import Sheet, told
from sekaps.reports.words import both, day, number
from sekaps.texts import Bilingual

ROWS_SHOWN = 25
"""Bodies a page shows; the command line writes all of them."""
SIDES_SHOWN = (Side.SECTOR, Side.BENEFICIARY, Side.PRIORITY, Side.MINISTRY, Side.ITEM_MINISTRY)
"""Sides with a table of their own on the page; provinces are on the map, and whole in the command line's files."""
FLOW = Bilingual("İhtiyaçların aşamalardan geçişi", "Needs through the stages")
SECTORS = Bilingual("Sektörlere göre sonuç", "What became of needs by sector")
WORK_HEADINGS = ("Son gün / Last day", "Adım / Step", "Ne / What", "Makam / Body", "Amir / Head", "Sektör / Sector",
                 "Satır / Lines", "İhtiyaç / Needs")  # fmt: skip


def coverage_parts(coverage: Coverage) -> list[str]:
    """Return the parts that follow the stages: flow, map, sectors and other sides, and who has not finished."""
    if not coverage.total.figures.needs:
        return unfinished_parts(coverage)
    return [
        md.image(flow_chart(coverage), FLOW),
        md.image(coverage_map(coverage), TITLE),
        md.image(side_chart(coverage, Side.SECTOR), SECTORS),
        f"*{NOT_ADDED.tr} / {NOT_ADDED.en}*",
        *(_section(brief_sheet(coverage, side, "tr")) for side in SIDES_SHOWN),
        *unfinished_parts(coverage),
        _commands(coverage),
    ]


def unfinished_parts(coverage: Coverage) -> list[str]:
    """Return who has not finished, the late first, up to what a page can hold."""
    if not coverage.unfinished:
        return ["**Bitirmeyen makam yok / every body has finished**"]
    late = sum(one.is_late for one in coverage.unfinished)
    heading = (
        f"### Bitirmeyenler: {number(len(coverage.unfinished))}, süresi geçen {number(late)} / "
        f"Not finished: {number(len(coverage.unfinished), 'en')}, late {number(late, 'en')}"
    )
    shown = coverage.unfinished[:ROWS_SHOWN]
    more = len(coverage.unfinished) - len(shown)
    rest = f"ve {number(more)} satır daha / and {number(more, 'en')} more rows" if more else ""
    return [heading, md.table(WORK_HEADINGS, map(_work, shown), left=6), rest]


def _section(sheet: Sheet) -> str:
    rows = [[md.plain(told(cell, "tr")) for cell in row] for row in sheet.rows]
    return f"### {both(sheet.title)}\n\n{md.table([both(heading) for heading in sheet.headings], rows)}"


def _work(one: Unfinished) -> tuple[str, ...]:
    closes = f"**{day(one.closes)}**" if one.is_late else day(one.closes)
    head = one.head or both(VACANT)
    names = (both(TASKS[one.task]), one.unit_name, head, both(sector_name(one.sector)))
    return (closes, one.step, *map(md.plain, names), number(one.lines), number(one.needs))


def _commands(coverage: Coverage) -> str:
    year = coverage.year
    return (
        "Bir rakamın satırları / The rows behind a figure: "
        f"`sekaps coverage rows --year {year} --sector energy --province 01 --csv rows.csv`"
    )
