"""One page of paper for one document: what it says, who signed it and in which order, and the digest that binds it.

Laid out as official letters are (Resmî Yazışmalarda Uygulanacak Usul ve Esaslar Hakkında Yönetmelik): the unit on top
and centred, number and date below, then the text. The same page always gives the same bytes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import matplotlib
from fpdf import FPDF, FontFace
from fpdf.enums import Align, TableBordersLayout, XPos, YPos

from sekaps.evidence.certificates import TEST_MARK, whole_second
from sekaps.texts import Language, Text, text, word

FONT = "DejaVu"
MARGIN_MM, LINE_MM, FOOTER_MM = 20, 5.5, 32
TITLE_PT, TEXT_PT, TABLE_PT, SMALL_PT, MARK_PT = 13, 10, 8.5, 7.5, 11
SHADE, MARK_COLOUR = (235, 235, 235), (176, 0, 32)
CHAIN_HEADINGS = (
    text("Slot"),
    text("Post"),
    text("Name"),
    text("Authority"),
    text("Signed at"),
    text("Certificate"),
)
CHAIN_WIDTHS = (6, 22, 20, 12, 18, 22)


@dataclass(frozen=True, slots=True)
class ChainRow:
    """One signature of the chain, as the page shows it."""

    slot: int
    post: str
    name: str
    mandate: str
    """The kind of mandate in words: own post (asil) or deputy (vekil)."""
    signed_at: datetime
    certificate_serial: str


@dataclass(frozen=True, slots=True)
class PdfPage:
    """What stands on the page."""

    title: str
    number: str
    unit: str
    fields: Sequence[tuple[str, str]]
    chain: Sequence[ChainRow]
    digest: bytes
    """The SHA-256 of the document's canonical bytes."""
    made_at: datetime
    is_test: bool
    """Whether a certificate of a test authority stands behind any signature."""


def document_pdf(page: PdfPage, language: Language = "tr") -> bytes:
    """Return the page as an A4 PDF."""
    paper = _Paper(page, language)
    paper.add_page()
    paper.heading()
    paper.field_table()
    paper.chain_table()
    return bytes(paper.output())


class _Paper(FPDF):
    """An A4 page that knows its document; header and footer are drawn on every sheet a long document takes."""

    def __init__(self, page: PdfPage, language: Language) -> None:
        super().__init__(format="A4")
        self.document, self.language = page, language
        folder = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
        self.add_font(FONT, fname=folder / "DejaVuSans.ttf")
        self.add_font(FONT, style="B", fname=folder / "DejaVuSans-Bold.ttf")
        self.set_margin(MARGIN_MM)
        self.set_auto_page_break(auto=True, margin=FOOTER_MM)
        self.set_creation_date(whole_second(page.made_at))
        self.set_title(f"{page.number} {page.title}")
        self.set_lang(language)

    def header(self) -> None:
        """Draw the mark of a test on top of the sheet."""
        if self.document.is_test:
            self.set_text_color(*MARK_COLOUR)
            self._line(TEST_MARK, size=MARK_PT, bold=True, centred=True)
            self.set_text_color(0)

    def footer(self) -> None:
        """Draw the digest, and what it is, at the foot of the sheet."""
        self.set_y(-FOOTER_MM + LINE_MM)
        self._line(self._said(text("SHA-256 of the signed bytes:")), size=SMALL_PT, bold=True)
        self._line(self.document.digest.hex(), size=SMALL_PT)
        told = text("This page shows the document; the evidence is the electronic signatures over its bytes.")
        self._line(self._said(told), size=SMALL_PT)

    def heading(self) -> None:
        """Draw unit, number, date and title."""
        self._line("T.C.", size=TEXT_PT, bold=True, centred=True)
        self._line(self.document.unit, size=TEXT_PT, bold=True, centred=True)
        self.ln(LINE_MM)
        number = text("Number: {number}", number=self.document.number)
        dated = text("Date: {at}", at=self.document.made_at)
        self._line(self._said(number), size=TEXT_PT)
        self._line(self._said(dated), size=TEXT_PT)
        self.ln(LINE_MM)
        self._line(self.document.title, size=TITLE_PT, bold=True, centred=True)
        self.ln(LINE_MM / 2)

    def field_table(self) -> None:
        """Draw what the document says, a field a row."""
        self.set_font(FONT, size=TEXT_PT)
        label = FontFace(emphasis="BOLD", fill_color=SHADE)
        with self.table(
            col_widths=(32, 68), first_row_as_headings=False, line_height=LINE_MM, text_align=Align.L
        ) as table:
            for name, value in self.document.fields:
                row = table.row()
                row.cell(name, style=label)
                row.cell(value)

    def chain_table(self) -> None:
        """Draw the chain of signatures, in order."""
        self.ln(LINE_MM)
        self._line(self._said(text("Signatures")), size=TEXT_PT, bold=True)
        self.set_font(FONT, size=TABLE_PT)
        heading = FontFace(emphasis="BOLD", fill_color=SHADE)
        with self.table(
            col_widths=CHAIN_WIDTHS,
            headings_style=heading,
            line_height=LINE_MM * 0.8,
            text_align=Align.L,
            borders_layout=TableBordersLayout.ALL,
        ) as table:
            table.row([self._said(each) for each in CHAIN_HEADINGS])
            for row in self.document.chain:
                at = word(row.signed_at, self.language)
                table.row([str(row.slot), row.post, row.name, row.mandate, at, row.certificate_serial])

    def _line(self, words: str, *, size: float, bold: bool = False, centred: bool = False) -> None:
        self.set_font(FONT, style="B" if bold else "", size=size)
        align = Align.C if centred else Align.L
        height = size * 0.5
        self.multi_cell(0, height, words, align=align, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def _said(self, words: Text) -> str:
        return words.say(self.language)
