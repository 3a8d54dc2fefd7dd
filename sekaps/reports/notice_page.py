"""A notice as a PDF of one A4 page: its words are a Jinja2 letter, Turkish first; here they are laid out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from fpdf import FPDF, FontFace
from fpdf.enums import Align, XPos, YPos
from fpdf.fonts import TTFFont
from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from sekaps.domain.notices import Channel, NoticeKind
from sekaps.evidence.certificates import TEST_MARK, whole_second
from sekaps.reports.document_page import VALUES
from sekaps.reports.official_pdf import FONTS, STYLES
from sekaps.reports.words import PLANNING, SYNTHETIC, number
from sekaps.services.legal_terms import length_of
from sekaps.services.notice_papers import NoticePaper
from sekaps.services.periods import find_period
from sekaps.texts import LANGUAGES, Bilingual, Language, Sayable, word

FAMILY = "DejaVu"
MARGIN_MM, FOOT_MM, LINE_MM, SIGNATURE_MM = 18, 18, 4.6, 16
TEXT_PT, TITLE_PT, HEAD_PT, SMALL_PT = 9, 14, 10, 7
SCALES = (1.0, 0.9, 0.8, 0.7)
"""How much smaller letters may become so that the page holds all."""
LABEL_WIDTH, VALUE_WIDTH = 28, 72
SHADE, MARK_COLOUR, SMALL_COLOUR = (238, 241, 246), (176, 0, 32), 70


@dataclass(frozen=True, slots=True)
class Terms:
    """The legal times a notice tells of, as phrases."""

    objection: Sayable
    silence: Sayable
    court: Sayable
    inaction: Sayable


@dataclass(frozen=True, slots=True)
class NoticePage:
    """What the letter's words are filled with."""

    number: str
    kind: str
    corrects: str
    prepared_on: date
    server: str
    recorder: str
    commission: str
    decision_number: str
    decided_on: date | None
    item: Sayable
    quantity: Sayable
    resource_number: str
    holder: str
    resource_place: str
    delivery_place: str
    needed_from: date | None
    needed_until: date | None
    served_on: date | None
    channel: Sayable | None
    last_moment: datetime | None
    terms: Terms | None
    copies: int
    planning: Sayable = PLANNING


AS_THEY_ARE = (
    "number", "kind", "corrects", "prepared_on", "server", "recorder", "commission", "decision_number", "decided_on",
    "item", "resource_number", "holder", "resource_place", "delivery_place", "needed_from", "needed_until",
    "served_on", "copies",
)  # fmt: skip


def notice_page(paper: NoticePaper) -> NoticePage:
    """Return a notice as its letter says it; an annulment tells of no time to object."""
    has_terms = paper.kind != NoticeKind.ANNULMENT
    return NoticePage(
        **{name: getattr(paper, name) for name in AS_THEY_ARE},
        quantity=_quantity(paper),
        channel=Channel(paper.channel).meaning if paper.channel else None,
        last_moment=paper.last_moment if has_terms else None,
        terms=_terms() if has_terms else None,
    )


def _quantity(paper: NoticePaper) -> Bilingual:
    measure = VALUES.get(paper.measure, Bilingual(paper.measure, paper.measure))
    return Bilingual(*(f"{number(paper.quantity, language)} {measure.say(language)}" for language in LANGUAGES))


def _terms() -> Terms:
    objection = find_period("price_objection").row
    assert objection is not None
    assert objection.then is not None
    court, inaction = length_of("commission_court_action"), length_of("commission_inaction")
    return Terms(objection.period.wording, objection.then, court.wording, inaction.wording)


def notice_pdf(page: NoticePage, made_at: datetime, *, is_test: bool, is_synthetic: bool) -> bytes:
    """Return the letter as a PDF of one page, in smaller letters where much is to be said; the same gives the same."""
    marks = [*([TEST_MARK] if is_test else []), *([SYNTHETIC.tr] if is_synthetic else [])]
    words = _template().make_module({"page": page})
    for scale in SCALES:
        pdf, sheets = _drawn(_Paper(page, made_at, marks, scale), words)
        if sheets == 1:
            break
    return pdf


def _drawn(paper: "_Paper", words: Any) -> tuple[bytes, int]:
    """Return the letter and how many pages it took, its fonts closed again."""
    try:
        paper.write_letter(words)
        return bytes(paper.output()), paper.page_no()
    finally:
        for font in paper.fonts.values():
            if isinstance(font, TTFFont):
                font.close()


class _Paper(FPDF):
    """An A4 page with what it is on top and at its foot."""

    def __init__(self, page: NoticePage, made_at: datetime, marks: list[str], scale: float) -> None:
        super().__init__(format="A4")
        self.told, self.marks, self.scale = page, marks, scale
        for style, file in STYLES.items():
            self.add_font(FAMILY, style, FONTS / file)
        self.set_margin(MARGIN_MM)
        self.set_auto_page_break(auto=True, margin=FOOT_MM)
        self.set_creation_date(whole_second(made_at))
        self.set_title(f"{page.number} {NoticeKind(page.kind).meaning.tr}")
        self.set_lang("tr-TR")

    def write_letter(self, words: Any) -> None:
        """Write the whole letter."""
        self.add_page()
        self.head(words)
        self.rows(words.details)
        if words.objection:
            self.section(words.objection_title)
            self.rows(words.objection)
            self.paragraph(words.counting, gap=1)
        self.signatures(words.signatures)
        self.paragraph(words.copies, gap=1.5)
        self.set_text_color(SMALL_COLOUR)
        self.paragraph(words.english, size=SMALL_PT, gap=2)

    def header(self) -> None:
        """Write what makes it no notice that binds: a test key, a rehearsal."""
        self.set_text_color(*MARK_COLOUR)
        for mark in self.marks:
            self.write_line(mark, size=TEXT_PT, bold=True, align=Align.C)
        self.set_text_color(0)

    def footer(self) -> None:
        """Write that it is planning, and which notice this is."""
        self.set_y(-FOOT_MM + LINE_MM)
        self.set_text_color(0)
        self.write_line(PLANNING.tr, size=SMALL_PT, bold=True, align=Align.C)
        self.write_line(f"{self.told.number} · Sayfa {self.page_no()}", size=SMALL_PT, align=Align.C)

    def head(self, words: Any) -> None:
        """Write whose letter it is, its number and day, what it is, and to whom it speaks."""
        self.ln(LINE_MM)
        for name in words.heading:
            self.write_line(name, size=HEAD_PT, bold=True, align=Align.C)
        self.ln(LINE_MM / 2)
        for part in words.reference:
            self.write_line(part, size=TEXT_PT)
        self.ln(LINE_MM / 2)
        self.write_line(words.title, size=TITLE_PT, bold=True, align=Align.C)
        self.write_line(words.subtitle, size=TEXT_PT, align=Align.C)
        self.paragraph(words.greeting, gap=LINE_MM)
        self.paragraph(words.opening, gap=1)
        self.ln(LINE_MM / 2)

    def section(self, title: str) -> None:
        """Write the title of a section."""
        self.ln(LINE_MM * 0.8)
        self.write_line(title, size=HEAD_PT, bold=True)
        self.ln(0.8)

    def rows(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Write labels with their values, a row each; what has no value is left out."""
        self.set_font(FAMILY, size=TEXT_PT * self.scale)
        self.set_draw_color(150)
        label = FontFace(emphasis="BOLD", fill_color=SHADE)
        with self.table(
            col_widths=(LABEL_WIDTH, VALUE_WIDTH), first_row_as_headings=False, line_height=LINE_MM * self.scale,
            text_align=Align.L, padding=(0.6, 1.2),
        ) as table:  # fmt: skip
            for name, value in pairs:
                if value:
                    row = table.row()
                    row.cell(name, style=label)
                    row.cell(value)

    def signatures(self, columns: Sequence[Sequence[str]]) -> None:
        """Write the room in which who serves and who receives sign."""
        self.ln(LINE_MM * 0.8)
        self.set_font(FAMILY, size=TEXT_PT * self.scale)
        with self.table(
            first_row_as_headings=False, line_height=LINE_MM * self.scale, text_align=Align.L, padding=1
        ) as table:
            heading = table.row()
            for title, *_ in columns:
                heading.cell(title, style=FontFace(emphasis="BOLD", fill_color=SHADE))
            for place in range(1, len(columns[0])):
                row = table.row(min_height=SIGNATURE_MM / 2)
                for column in columns:
                    row.cell(column[place])

    def paragraph(self, words: str, *, size: float = TEXT_PT, gap: float = 0) -> None:
        """Write a paragraph below a gap."""
        self.ln(gap)
        self.write_line(words, size=size)

    def write_line(self, words: str, *, size: float, bold: bool = False, align: Align = Align.L) -> None:
        """Write a paragraph in a size, style and alignment."""
        self.set_font(FAMILY, style="B" if bold else "", size=size * self.scale)
        self.multi_cell(0, size * self.scale * 0.5, words, align=align, new_x=XPos.LMARGIN, new_y=YPos.NEXT)


@lru_cache(maxsize=1)
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("sekaps", "templates/letters"),
        autoescape=False,  # noqa: S701 - words for a PDF, which knows no markup
        undefined=StrictUndefined,
    )
    environment.filters["say"] = _say
    return environment.get_template("notice.j2")


def _say(value: object, language: Language) -> str:
    return word(value, language)
