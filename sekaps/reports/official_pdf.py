"""The official table as a PDF on A4 pages, its heading on each of them, with the year's picture on the last."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import matplotlib
from fpdf import FPDF, FontFace, XPos, YPos
from fpdf.enums import TableCellFillMode
from fpdf.fonts import TTFFont
from fpdf.table import Table

from sekaps.errors.exports import ExportRefused
from sekaps.reports.official_table import COLUMNS, DATES, HEADLINES, OfficialTable, TableRow
from sekaps.texts import text

FONTS = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
"""DejaVu, which knows every Turkish letter, comes with matplotlib."""
FAMILY = "DejaVu"
STYLES = {"": "DejaVuSans.ttf", "B": "DejaVuSans-Bold.ttf"}
MARGIN_MM, FOOT_MM = 12, 14
WIDTHS_MM = (13, 52, 93, 50, 65)
ALIGNMENTS = ("CENTER", "CENTER", "LEFT", "LEFT", "LEFT")
TITLE_POINTS, HEAD_POINTS, TEXT_POINTS, SMALL_POINTS = 12, 10, 7.5, 7
LINE_MM = 3.8
HEADING_FILL, ROW_FILL, LINE_GREY = (217, 226, 239), (241, 244, 249), 110
PAGE_COUNT = "{nb}"
PICTURE_TITLE = "YILIN GÖRÜNÜMÜ"


class _Pages(FPDF):
    """Pages that end in the coordinator and their number."""

    def __init__(self, coordinator: str) -> None:
        super().__init__(orientation="landscape", unit="mm", format="A4")
        self.coordinator = coordinator
        for style, file in STYLES.items():
            self.add_font(FAMILY, style, FONTS / file)
        self.set_margins(MARGIN_MM, MARGIN_MM)
        self.set_auto_page_break(True, FOOT_MM + 2)

    def footer(self) -> None:
        """Write the foot of a page."""
        self.set_y(-FOOT_MM)
        self.set_font(FAMILY, size=SMALL_POINTS)
        self.cell(self.epw, LINE_MM, self.coordinator, border="T", align="L", new_x=XPos.LMARGIN)
        # The count of pages comes in place of its alias, which is wider, once all of them are written.
        slack = self.get_string_width(PAGE_COUNT) - self.get_string_width("0")
        self.cell(self.epw + slack, LINE_MM, f"Sayfa {self.page_no()} / {PAGE_COUNT}", align="R")


def render_pdf(table: OfficialTable, picture: bytes) -> bytes:
    """Return the table and the year's picture (PNG); the same table and picture give the same bytes.

    Raises ExportRefused when a row is longer than a page.
    """
    pages = _Pages(table.coordinator)
    try:
        _write(pages, table, picture)
        return bytes(pages.output())
    finally:
        for font in pages.fonts.values():
            if isinstance(font, TTFFont):
                font.close()


def _write(pages: _Pages, table: OfficialTable, picture: bytes) -> None:
    pages.set_creation_date(table.decided_at)
    pages.set_title(table.title)
    pages.set_author(table.coordinator)
    pages.set_lang("tr-TR")
    pages.add_page()
    _write_above(pages, table)
    _write_table(pages, table)
    _write_lines(pages, (table.note,), SMALL_POINTS, align="L")
    _write_picture(pages, picture)


def _write_above(pages: _Pages, table: OfficialTable) -> None:
    _write_lines(pages, table.masthead, HEAD_POINTS, style="B")
    pages.ln(2)
    _write_lines(pages, (table.title,), TITLE_POINTS, style="B")
    _write_lines(pages, (table.issue,), TEXT_POINTS)
    _write_lines(pages, (table.warning,) if table.warning else (), TEXT_POINTS, style="B")
    pages.ln(2)


def _write_lines(pages: _Pages, lines: tuple[str, ...], points: float, *, style: str = "", align: str = "C") -> None:
    pages.set_font(FAMILY, style, points)
    for line in lines:
        pages.multi_cell(0, points * 0.55, line, align=align, new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _write_table(pages: _Pages, table: OfficialTable) -> None:
    try:
        with _grid(pages) as grid:
            heading = grid.row()
            for column in COLUMNS:
                heading.cell(column, align="CENTER")
            for row, span in table.spanned_rows:
                _write_row(grid, row, span)
    except ValueError as too_high:
        raise ExportRefused(problem=text("a row of the table is longer than a page")) from too_high
    pages.ln(2)


@contextmanager
def _grid(pages: _Pages) -> Iterator[Table]:
    pages.set_font(FAMILY, size=TEXT_POINTS)
    pages.set_draw_color(LINE_GREY)
    with pages.table(
        col_widths=WIDTHS_MM,
        text_align=ALIGNMENTS,
        headings_style=FontFace(emphasis="BOLD", fill_color=HEADING_FILL),
        line_height=LINE_MM,
        padding=1.1,
        v_align="MIDDLE",
        cell_fill_mode=TableCellFillMode.NONE,
    ) as grid:
        yield grid


def _write_row(grid: Table, row: TableRow, date_span: int) -> None:
    """Write a row; the rows a date cell stands beside stay together on a page."""
    line = grid.row()
    for column, said in zip(COLUMNS, row.cells, strict=True):
        if column != DATES or date_span:
            is_heading = not row.is_sub and column in HEADLINES
            style = FontFace(emphasis="BOLD" if is_heading else None, fill_color=None if row.is_sub else ROW_FILL)
            line.cell(said, style=style, rowspan=date_span if column == DATES else 1)


def _write_picture(pages: _Pages, picture: bytes) -> None:
    pages.add_page()
    _write_lines(pages, (PICTURE_TITLE,), HEAD_POINTS, style="B")
    pages.ln(2)
    pages.image(io.BytesIO(picture), w=pages.epw, h=pages.eph - 12, keep_aspect_ratio=True)
