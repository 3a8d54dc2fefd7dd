"""The observatory's tables as files for Excel: CSV as Turkish Excel opens it, and a workbook with numbers and dates.

Names come from a registry that others fill in, so no cell is ever a formula: CSV puts an apostrophe before what would
be read as one, the workbook stores it as text.
"""

import csv
import io
from collections.abc import Sequence
from datetime import date

from openpyxl import Workbook
from openpyxl.cell import Cell as SheetCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from sekaps.reports.observatory_tables import Cell, Sheet
from sekaps.texts import Language, word

BOM = "\ufeff"
SEPARATOR = ";"
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n")
DATE_FORMAT = "dd.mm.yyyy"
HEADING_FILL = PatternFill("solid", fgColor="D9E2EF")
TITLE_LENGTH = 31
"""Characters that Excel allows in a sheet's name."""
NOT_IN_TITLES = str.maketrans("[]:*?/\\", "       ")
NARROWEST, WIDEST = 10, 60


def render_csv(sheet: Sheet, language: Language) -> bytes:
    """Return a table as CSV: byte order mark, semicolons, days as 28.04.2023."""
    written = io.StringIO()
    writer = csv.writer(written, delimiter=SEPARATOR, lineterminator="\r\n")
    writer.writerow([guarded(word(heading, language)) for heading in sheet.headings])
    writer.writerows([_csv_cell(cell, language) for cell in row] for row in sheet.rows)
    return (BOM + written.getvalue()).encode()


def _csv_cell(cell: Cell, language: Language) -> str | int:
    if cell is None or isinstance(cell, int):
        return "" if cell is None else cell
    return f"{cell:%d.%m.%Y}" if isinstance(cell, date) else guarded(word(cell, language))


def guarded(value: str) -> str:
    """Return text that a spreadsheet reads as text, whatever it begins with."""
    return f"'{value}" if value.startswith(FORMULA_SIGNS) else value


def render_xlsx(sheets: Sequence[Sheet], language: Language) -> bytes:
    """Return the tables as a workbook: a sheet for each, its heading frozen and ready to filter."""
    book = Workbook()
    book.remove(book.active)
    for sheet in sheets:
        title = word(sheet.title, language).translate(NOT_IN_TITLES)[:TITLE_LENGTH].strip()
        _fill(book.create_sheet(title), sheet, language)
    book.properties.creator, book.properties.language = "SEKAPS", language
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _fill(page: Worksheet, sheet: Sheet, language: Language) -> None:
    rows = [sheet.headings, *sheet.rows]
    for place, row in enumerate(rows, start=1):
        for column, cell in enumerate(row, start=1):
            _write(page.cell(place, column), cell, language)
    for cell in page[1]:
        cell.font, cell.fill = Font(bold=True), HEADING_FILL
        cell.alignment = Alignment(vertical="center", wrap_text=True)
    page.freeze_panes = "A2"
    page.auto_filter.ref = f"A1:{get_column_letter(len(sheet.headings))}{len(rows)}"
    for column in range(1, len(sheet.headings) + 1):
        longest = max(len(str(page.cell(place, column).value or "")) for place in range(1, len(rows) + 1))
        page.column_dimensions[get_column_letter(column)].width = min(max(longest + 2, NARROWEST), WIDEST)


def _write(target: SheetCell, cell: Cell, language: Language) -> None:
    if cell is None or isinstance(cell, int):
        target.value = cell
    elif isinstance(cell, date):
        target.value, target.number_format = cell, DATE_FORMAT
    else:
        target.value = word(cell, language)
        target.data_type = "s"  # never a formula, whatever the text begins with
