"""The official table as an Excel workbook: one A4 sheet to print, with real dates beside the printed ones."""

import io
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from sekaps.reports.official_table import COLUMNS, HEADLINES, OfficialTable, TableRow

DATE_COLUMNS = ("AÇILIŞ", "KAPANIŞ")
"""The days as dates that Excel can sort and count with; the printed column stays the official one."""
WIDTHS = (9, 24, 52, 32, 46, 12, 12)
LAST_COLUMN = "G"
DATE_FORMAT = "dd.mm.yyyy"
FONT = "Calibri"
SHEET = "Faaliyet takvimi"
LINE = Side(style="thin", color="808080")
BOX = Border(left=LINE, right=LINE, top=LINE, bottom=LINE)
HEADING_FILL, ROW_FILL = PatternFill("solid", fgColor="D9E2EF"), PatternFill("solid", fgColor="F1F4F9")
A4 = 9
MARGIN_INCHES = 0.5
OLDEST_STAMP = (1980, 1, 1, 0, 0, 0)
"""The time every part of the package bears: the oldest a ZIP archive can name."""


def render_xlsx(table: OfficialTable) -> bytes:
    """Return the workbook; the same table gives the same bytes."""
    book = Workbook()
    sheet = book.active
    sheet.title = SHEET
    _write_above(sheet, table)
    _write_heading(sheet)
    for row in table.rows:
        _write_row(sheet, row)
    _lay_out(sheet, table)
    book.properties.title, book.properties.creator = table.title, table.coordinator
    book.properties.language = "tr"
    book.properties.created = book.properties.modified = table.decided_at.replace(tzinfo=None, microsecond=0)
    return _packed(book)


def _write_above(sheet: Worksheet, table: OfficialTable) -> None:
    bold, plain = Font(name=FONT, size=12, bold=True), Font(name=FONT, size=9)
    titles = [(said, bold) for said in (*table.masthead, table.title)]
    for said, font in [*titles, *((said, plain) for said in (table.issue, table.warning, table.note) if said)]:
        sheet.append([said])
        line = sheet.max_row
        sheet.merge_cells(f"A{line}:{LAST_COLUMN}{line}")
        cell = sheet.cell(line, 1)
        cell.font, cell.alignment = font, Alignment(horizontal="center", vertical="center", wrap_text=True)


def _write_heading(sheet: Worksheet) -> None:
    sheet.append([*COLUMNS, *DATE_COLUMNS])
    for cell in sheet[sheet.max_row]:
        cell.font, cell.fill, cell.border = Font(name=FONT, bold=True), HEADING_FILL, BOX
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    sheet.freeze_panes = f"A{sheet.max_row + 1}"
    sheet.print_title_rows = f"{sheet.max_row}:{sheet.max_row}"


def _write_row(sheet: Worksheet, row: TableRow) -> None:
    number, *texts = row.cells
    sheet.append(
        [int(number) if number.isdecimal() else number, *(said or None for said in texts), row.opens, row.closes]
    )
    for place, cell in enumerate(sheet[sheet.max_row]):
        is_short = place in (0, 1) or place >= len(COLUMNS)
        cell.font, cell.border = Font(name=FONT, bold=not row.is_sub and place < len(HEADLINES)), BOX
        cell.alignment = Alignment(horizontal="center" if is_short else "left", vertical="center", wrap_text=True)
        if not row.is_sub:
            cell.fill = ROW_FILL
        if isinstance(cell.value, str):
            cell.data_type = "s"  # never a formula, whatever the text begins with
        elif place >= len(COLUMNS):
            cell.number_format = DATE_FORMAT


def _lay_out(sheet: Worksheet, table: OfficialTable) -> None:
    for place, width in enumerate(WIDTHS):
        sheet.column_dimensions["ABCDEFG"[place]].width = width
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_options.horizontalCentered = True
    sheet.page_margins.left = sheet.page_margins.right = MARGIN_INCHES
    sheet.oddFooter.left.text = table.coordinator.replace("&", "&&")
    sheet.oddFooter.right.text = "Sayfa &P / &N"


def _packed(book: Workbook) -> bytes:
    """Return the package with no trace of when it was packed."""
    made, packed = io.BytesIO(), io.BytesIO()
    ExcelWriter(book, ZipFile(made, "w", ZIP_DEFLATED)).save()
    with ZipFile(made) as package, ZipFile(packed, "w", ZIP_DEFLATED) as stamped:
        for entry in package.infolist():
            stamped.writestr(ZipInfo(entry.filename, OLDEST_STAMP), package.read(entry), ZIP_DEFLATED)
    return packed.getvalue()
