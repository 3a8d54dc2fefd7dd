"""A numbered decision as a PDF, one A4 page for as many lines as fit: who sat, how they voted, what was decided."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from fpdf import FPDF, FontFace
from fpdf.enums import Align, XPos, YPos
from fpdf.fonts import TTFFont

from sekaps.evidence.certificates import TEST_MARK, whole_second
from sekaps.reports.document_page import VALUES
from sekaps.reports.official_pdf import FONTS, STYLES
from sekaps.reports.words import PLANNING, STAGES, SYNTHETIC, number
from sekaps.services.decision_papers import DecisionPaper, PaperLine
from sekaps.texts import Bilingual, Language, word

FAMILY = "DejaVu"
MARGIN_MM, FOOT_MM, LINE_MM = 18, 18, 4.4
TEXT_PT, TITLE_PT, HEAD_PT, TABLE_PT, SMALL_PT = 9, 13, 10, 7.5, 7
SHADE, MARK_COLOUR = (238, 241, 246), (176, 0, 32)
TITLES = {
    "allocation": Bilingual("TAHSİS KARARI", "DECISION OF ALLOCATION"),
    "local_resource": Bilingual("MAHALLÎ KAYNAK KARARI", "DECISION ON LOCAL RESOURCES"),
}
STATES = {
    "decided": Bilingual("tahsis edildi", "allocated"),
    "awaiting_approval": Bilingual("MSB onayı bekliyor", "awaits the ministry of defence"),
    "approved": Bilingual("tahsis edildi, onaylandı", "allocated, approved"),
    "refused": Bilingual("reddedildi", "refused"),
    "lapsed": Bilingual("süresinde onaylanmadı", "not approved in time"),
    "revoked": Bilingual("geri alındı", "revoked"),
    "local": Bilingual("mahallî kaynak", "local resource"),
}
VOTE_HEADS = (Bilingual("Üyelik", "Seat"), Bilingual("Adı soyadı", "Name"), Bilingual("Sıfatı", "Authority"),
              Bilingual("Oyu", "Vote"), Bilingual("İmza", "Signature"))  # fmt: skip
VOTE_WIDTHS = (32, 26, 10, 14, 18)
VOTES = {
    "for": Bilingual("kabul", "in favour"),
    "against": Bilingual("ret", "against"),
    "abstained": Bilingual("çekimser", "abstained"),
}
LINE_HEADS = (Bilingual("Sıra", "No"), Bilingual("İhtiyaç", "Need"), Bilingual("Kaynak", "Resource"),
              Bilingual("Miktar", "Quantity"), Bilingual("Karar", "Decided"))  # fmt: skip
LINE_WIDTHS = (7, 27, 31, 14, 21)
TALLY = Bilingual(
    "Komisyonun {seats} üyesinden {present} üye toplantıya katılmış; {in_favour} kabul, {against} ret, {abstained}"
    " çekimser oy kullanılmıştır.",
    "{present} of the commission's {seats} members were present; {in_favour} voted in favour, {against} against,"
    " {abstained} abstained.",
)
BY_CHAIR = Bilingual(
    "Hazır bulunanların yarısı kabul oyu verdiğinden, eşitlikte Başkanın bulunduğu taraf tercih edilmiştir (3634 s."
    " Kanun m.8).",
    "Half of those present were in favour; in a tie the chair's side decides (law 3634, article 8).",
)


def decision_pdf(paper: DecisionPaper, made_at: datetime, language: Language, *, is_test: bool) -> bytes:
    """Return a decision as a PDF; the same decision gives the same bytes."""
    page = _Page(paper, made_at, language, is_test=is_test)
    try:
        page.write_decision()
        return bytes(page.output())
    finally:
        for font in page.fonts.values():
            if isinstance(font, TTFFont):
                font.close()


class _Page(FPDF):
    """An A4 page that knows its decision."""

    def __init__(self, paper: DecisionPaper, made_at: datetime, language: Language, *, is_test: bool) -> None:
        super().__init__(format="A4")
        self.told, self.language = paper, language
        self.marks = [*([TEST_MARK] if is_test else []), *([SYNTHETIC.say(language)] if paper.synthetic else [])]
        for style, file in STYLES.items():
            self.add_font(FAMILY, style, FONTS / file)
        self.set_margin(MARGIN_MM)
        self.set_auto_page_break(auto=True, margin=FOOT_MM)
        self.set_creation_date(whole_second(made_at))
        self.set_title(f"{paper.number} {TITLES[paper.kind].say(language)}")
        self.set_lang(language)

    def header(self) -> None:
        """Write what makes it no decision that binds: a test key, a rehearsal."""
        self.set_text_color(*MARK_COLOUR)
        for mark in self.marks:
            self.write_line(mark, size=TEXT_PT, bold=True, align=Align.C)
        self.set_text_color(0)

    def footer(self) -> None:
        """Write that it is planning, and which decision and page this is."""
        self.set_y(-FOOT_MM + LINE_MM)
        self.write_line(PLANNING.say(self.language), size=SMALL_PT, bold=True, align=Align.C)
        page = Bilingual("Sayfa", "Page").say(self.language)
        self.write_line(
            f"{self.told.body} · {self.told.number} · {page} {self.page_no()}", size=SMALL_PT, align=Align.C
        )

    def write_decision(self) -> None:
        """Write it from head to signatures."""
        self.add_page()
        self._head()
        if self.told.text:
            self.write_line(self.told.text, size=TEXT_PT)
            self.ln(LINE_MM / 2)
        self._table(LINE_HEADS, LINE_WIDTHS, list(self._line_rows()))
        self.ln(LINE_MM / 2)
        if self.told.seats is not None:
            self._sitting()
        else:
            self._signature()

    def _head(self) -> None:
        self.ln(LINE_MM)
        self.write_line("T.C.", size=HEAD_PT, bold=True, align=Align.C)
        self.write_line(self.told.body, size=HEAD_PT, bold=True, align=Align.C)
        self.ln(LINE_MM / 2)
        number_and_day = (
            (Bilingual("Karar No", "Decision"), str(self.told.number)),
            (Bilingual("Karar tarihi", "Date"), word(self.told.decided_at, self.language)),
        )
        for label, value in number_and_day:
            self.write_line(f"{label.say(self.language)}: {value}", size=TEXT_PT)
        self.ln(LINE_MM / 2)
        self.write_line(TITLES[self.told.kind].say(self.language), size=TITLE_PT, bold=True, align=Align.C)
        if self.told.stage is not None:
            self.write_line(STAGES[self.told.stage].say(self.language), size=TEXT_PT, align=Align.C)
        self.ln(LINE_MM / 2)

    def _line_rows(self) -> Iterator[Sequence[str]]:
        for place, line in enumerate(self.told.lines, start=1):
            need = f"{line.need}\n{line.unit}" if line.need else "–"
            resource = f"{line.resource}\n{line.item.say(self.language)}\n{line.holder}"
            outcome = STATES[line.state].say(self.language)
            yield (
                str(place),
                need,
                resource,
                self._amount(line),
                f"{outcome}: {line.reason}" if line.reason else outcome,
            )

    def _amount(self, line: PaperLine) -> str:
        measure = VALUES.get(line.measure, Bilingual(line.measure, line.measure)).say(self.language)
        told = f"{number(line.quantity, self.language)} {measure}"
        if line.proposed_quantity is None:
            return told
        proposed = Bilingual("önerilen", "proposed").say(self.language)
        return f"{told}\n({proposed}: {number(line.proposed_quantity, self.language)})"

    def _sitting(self) -> None:
        told = TALLY.say(self.language).format(**self.told.counted)
        self.write_line(f"{told} {BY_CHAIR.say(self.language)}" if self.told.by_chair else told, size=TEXT_PT)
        self.ln(LINE_MM / 2)
        rows = [
            (vote.seat, vote.person, VALUES[vote.mandate].say(self.language), VOTES[vote.vote].say(self.language), "")
            for vote in self.told.votes
        ]
        self._table(VOTE_HEADS, VOTE_WIDTHS, rows)

    def _signature(self) -> None:
        self.ln(LINE_MM * 2)
        for part in (self.told.chair, self.told.chair_title):
            self.write_line(part, size=TEXT_PT, bold=part == self.told.chair, align=Align.R)

    def _table(self, heads: Sequence[Bilingual], widths: Sequence[int], rows: Sequence[Sequence[str]]) -> None:
        self.set_font(FAMILY, size=TABLE_PT)
        self.set_draw_color(150)
        heading = FontFace(emphasis="BOLD", fill_color=SHADE)
        with self.table(
            col_widths=tuple(widths), headings_style=heading, line_height=LINE_MM * 0.85, text_align=Align.L,
            padding=(0.6, 1),
        ) as table:  # fmt: skip
            table.row([head.say(self.language) for head in heads])
            for row in rows:
                table.row(row)

    def write_line(self, words: str, *, size: float, bold: bool = False, align: Align = Align.L) -> None:
        """Write a paragraph in a size, style and alignment."""
        self.set_font(FAMILY, style="B" if bold else "", size=size)
        self.multi_cell(0, size * 0.5, words, align=align, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
