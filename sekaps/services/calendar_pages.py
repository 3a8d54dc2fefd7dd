"""The tables of an HTML page as lines of cells, spanned cells laid out on the grid."""

from collections.abc import Iterator
from itertools import count
from typing import Any

from lxml import html
from lxml.etree import ParserError

from sekaps.calendar.printed_lines import Place, PrintedLine

Element = Any
"""An element of a page; lxml brings no types of its own."""
BREAKS = frozenset({"br", "p", "div", "li", "tr"})
UNSEEN = frozenset({"script", "style", "table"})
LARGEST_SPAN = 200


def html_tables(written: str) -> Iterator[PrintedLine]:
    """Yield every line of every table of a page, tables inside cells after the one around them."""
    try:
        page = html.document_fromstring(written.encode(), parser=html.HTMLParser(encoding="utf-8"))
    except ParserError:
        return
    for number, table in enumerate(page.iter("table"), start=1):
        rows = [row for row in table.iter("tr") if next(row.iterancestors("table")) is table]
        yield from _lines(number, rows)


def _lines(number: int, rows: list[Element]) -> Iterator[PrintedLine]:
    taken: set[tuple[int, int]] = set()
    for line, row in enumerate(rows):
        cells: dict[int, str] = {}
        for cell in row.iterchildren("td", "th"):
            column = next(place for place in count() if (line, place) not in taken)
            height, width = _span(cell, "rowspan"), _span(cell, "colspan")
            taken |= {(line + down, column + across) for down in range(height) for across in range(width)}
            cells[column] = _text(cell)
        columns = [column for taken_line, column in taken if taken_line == line]
        texts = tuple(cells.get(column, "") for column in range(max(columns, default=-1) + 1))
        yield PrintedLine(Place(line + 1, table=number), texts)


def _span(cell: Element, name: str) -> int:
    written = cell.get(name, "1").strip()
    return max(1, min(int(written), LARGEST_SPAN)) if written.isdecimal() else 1


def _text(cell: Element) -> str:
    """Return a cell's text, a line for each paragraph or break."""
    lines = "".join(_pieces(cell)).split("\n")
    return "\n".join(line for line in (" ".join(each.split()) for each in lines) if line)


def _pieces(element: Element) -> Iterator[str]:
    yield _collapsed(element.text)
    for child in element:
        yield "\n" if child.tag in BREAKS else ""
        if isinstance(child.tag, str) and child.tag not in UNSEEN:
            yield from _pieces(child)
        yield "\n" if child.tag in BREAKS else ""
        yield _collapsed(child.tail)


def _collapsed(said: str | None) -> str:
    return (said or "").replace("\n", " ").replace("\r", " ")
