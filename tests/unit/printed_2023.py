"""The printed calendar of 2023 with its irregularities, as lines of cells, and written in the four file kinds."""

import csv
import html
import io
from pathlib import Path

import docx
import openpyxl

from sekaps.calendar.printed_lines import Place, PrintedLine

HEADING = ("SIRA NO", "TARİH", "FAALİYETLER", "SORUMLU MAKAM", "AÇIKLAMA")
NARROWER = (
    "İlçe MMM Komisyonları: 02 Mayıs - 30 Haziran 2023;\n"
    "İl MMM Komisyonları: 03 Temmuz – 01 Eylül 2023;\n"
    "MSB onayı: 01 Ağustos-01 Eylül 2023"
)
LINES: list[tuple[str, str, str, str, str]] = [
    ("", "", "HİZMETE ÖZEL", "", "EK-2"),
    ("", "", "SEKAPS 2023 YILI FAALİYET TAKVİMİ", "", ""),
    HEADING,
    ("1", "09 Ocak- 29 Eylül 2023", "Çerçeve protokol", "Bakanlıklar", ""),
    ("2", "09-31 Ocak 2023", "İhtiyaç tespit işlemlerine ilişkin ön hazırlıklar", "", ""),
    ("(1)", "", "Sağlık ürünleri için ihtiyaç bildirecek askerî birlikler tanımlanır.", "MSB", ""),
    ("(2)", "", "Araç modülünde ihtiyaç bildirecek kurumlar ilgili bakanlık yapılması", "Bakanlıklar", ""),
    ("3", "09 Ocak-28 Nisan 2023", "Kaynak tespit işlemleri", "", "a) Kataloglar\nb) Çizelgeler\nc) Cetveller"),
    ("4", "01 Şubat – 28 Nisan 2023", "İhtiyaç tespit işlemleri", "", ""),
    ("a", "", "İhtiyaçlar kaydedilir, imza süreçleri", "Bakanlıklar", ""),
    ("", "", "HİZMETE ÖZEL", "", ""),
    ("", "", "- 2 -", "", ""),
    ("", "", "HİZMETE ÖZEL", "", "EK-2"),
    HEADING,
    ("", "", "tamamlanır.", "", ""),
    ("b", "", "Halkın gıda ve orman ürünü ihtiyaçları", "İl Tarım ve Orman Müdürlüğü", ""),
    ("c", "", "Halkın sanayi ve enerji ihtiyaçları", "Sanayi ve Teknoloji İl Müdürlüğü", ""),
    ("ç", "", "Halkın tali konaklama ihtiyaçları", "İl Kültür ve Turizm Müdürlüğü", ""),
    ("5", "02 MAYIS - 01 EYLÜL 2023", "Merkezî kaynak tahsis işlemleri", "Kaynak sahibi bakanlıklar", NARROWER),
    ("", "", "Mahallî kaynak tahsis işlemleri", "", ""),
    ("6", "04-29 Eylül 2023", "Merkezî kaynak tahsis işlemleri", "", ""),
    ("7", "02 Ekim 2023 - 01 Mart 2024", "Sözleşme ve tebliğ işlemleri", "", ""),
]
"""Annex 2 as printed: marks, a page in the middle of row 4, a sub-row without a number, a title printed twice."""


def printed_lines(lines: list[tuple[str, ...]] | None = None) -> list[PrintedLine]:
    return [PrintedLine(Place(place), tuple(cells)) for place, cells in enumerate(lines or LINES, start=1)]


def write_csv(path: Path, encoding: str = "utf-8", delimiter: str = ";") -> Path:
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter).writerows(LINES)
    path.write_bytes(written.getvalue().encode(encoding))
    return path


def write_workbook(path: Path) -> Path:
    book = openpyxl.Workbook()
    for cells in LINES:
        book.active.append([int(cells[0]) if cells[0].isdecimal() else cells[0] or None, *cells[1:]])
    book.active.title = "EK-2"
    book.active.merge_cells("A2:E2")
    book.save(path)
    return path


def write_document(path: Path) -> Path:
    """Write the pages as two tables, as Word does when a page break is set by hand."""
    document = docx.Document()
    document.add_paragraph("HİZMETE ÖZEL")
    for page in (LINES[1:10], LINES[13:]):
        table = document.add_table(rows=0, cols=len(HEADING))
        for cells in page:
            row = table.add_row()
            for cell, said in zip(row.cells, cells, strict=True):
                cell.text = said
        document.add_paragraph("HİZMETE ÖZEL")
    title = document.tables[0].rows[0]
    title.cells[0].merge(title.cells[-1])
    document.save(str(path))
    return path


def write_page(path: Path, encoding: str = "utf-8") -> Path:
    rows = "".join(f"<tr>{''.join(f'<td>{_escaped(cell)}</td>' for cell in cells)}</tr>\n" for cells in LINES)
    path.write_bytes(f"<html><body><p>HİZMETE ÖZEL</p><table>{rows}</table></body></html>".encode(encoding))
    return path


def _escaped(cell: str) -> str:
    return html.escape(cell).replace("\n", "<br>\n")
