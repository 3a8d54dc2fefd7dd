"""Coverage's tables on the terminal: amounts stand right and whole, names fold."""

import re
from collections.abc import Sequence

from rich.markup import escape
from rich.table import Column

from sekaps.cli.language import current, said
from sekaps.cli.printing import console, table
from sekaps.reports.observatory_tables import Sheet, is_count, told
from sekaps.texts import text

FIGURE = re.compile(r"[\d.,%–/-]*( ?[A-Za-zığüşöç]{1,2})?")
"""An amount, a share, a day or a step; large amounts end in letters (1,3 Mn)."""
NAME_WIDTH, CODE_WIDTH = 13, 15
"""Names and codes fold beyond so many letters, where there is no room for more."""


def print_sheet(sheet: Sheet, top: int) -> None:
    """Print the first rows of a table, and how many more there are."""
    if not sheet.rows:
        return
    out, shown = console(), sheet.first(top)
    listed = table(said(sheet.title), *map(said, sheet.headings))
    rows = [[told(cell, current()) for cell in row] for row in shown.rows]
    for place, column in enumerate(listed.columns):
        _shape(column, [row[place] for row in rows], counts=is_count(shown.rows[0][place]))
    for row in rows:
        listed.add_row(*map(escape, row))
    out.print(listed)
    if len(sheet.rows) > top:
        out.print(said(text("… and {count} more; --csv, --xlsx and --json have all", count=len(sheet.rows) - top)))


def _shape(column: Column, cells: Sequence[str], *, counts: bool) -> None:
    """Let a column of names fold, and one of figures or codes stand whole."""
    longest = max(map(len, cells))
    if counts or all(map(FIGURE.fullmatch, cells)):
        column.justify = "right"
        column.header = "\n".join(str(column.header).split())
        column.min_width = max(longest, *map(len, str(column.header).split()))
    else:
        column.min_width = min(CODE_WIDTH if " " not in "".join(cells) else NAME_WIDTH, longest)
