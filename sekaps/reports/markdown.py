"""Pages in Markdown and what they are made of: tables, counts, pictures, and links from every page to the others."""

import re
from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sekaps.reports import words
from sekaps.reports.words import both, day, number
from sekaps.texts import Bilingual, Sayable

YEAR, GAPS, REMINDERS = "year-at-a-glance", "signature-gaps", "reminders"
COVERAGE, CONTRACTS = "allocation-coverage", "contracts"
OBSERVATORY = "observatory"
SUBJECTS = {
    YEAR: Bilingual("Yıla bakış", "Year at a glance"),
    GAPS: Bilingual("İmza eksikleri", "Signature gaps"),
    OBSERVATORY: Bilingual("İmza gözlemevi", "Signature observatory"),
    REMINDERS: Bilingual("Hatırlatmalar", "Reminders"),
    COVERAGE: Bilingual("Tahsis", "Allocation coverage"),
    CONTRACTS: Bilingual("Sözleşme ve tebliğ kayıtları", "Contracts and notices"),
}
GALLERY = "/artifacts"
_SPECIAL = re.compile(r"([\\`*_\[\]<>|#])")


@dataclass(frozen=True, slots=True)
class Masthead:
    """What stands at the head of every page: the programme and year, the day it is of, and the phases to lead to."""

    programme: str
    name: Bilingual
    year: int
    day: date
    synthetic: bool
    phases: Mapping[str, Bilingual]

    def key(self, subject: str) -> str:
        """Return the key of the page on a subject."""
        return key_of(self.programme, self.year, subject)

    def link(self, subject: str, label: str) -> str:
        """Return a link to the page on a subject."""
        return f"[{label}]({GALLERY}/key/{self.key(subject)})"


@dataclass(frozen=True, slots=True)
class Page:
    """One page: the key it keeps for good, the line that stands for it in a gallery, and its text."""

    key: str
    description: str
    markdown: str


def key_of(programme: str, year: int, subject: str) -> str:
    """Return the key of a page: programme, year and subject, in lower case with dashes."""
    return f"{programme}-{year}-{subject}".lower().replace("_", "-").replace(" ", "-")


def page(head: Masthead, subject: str, title: Sayable, figure: str, parts: Iterable[str]) -> Page:
    """Return a page: title, its figure in one line, the parts, and the links on."""
    lines = [
        f"# {title.say('tr')} {head.year} · {day(head.day)}",
        f"*{title.say('en')} · {head.name.say('tr')} / {head.name.say('en')}*",
        f"> **{words.SYNTHETIC.tr}** {words.SYNTHETIC.en}" if head.synthetic else "",
        f"**{figure}**",
        *parts,
        "---",
        _links(head, subject),
        f"*{words.PLANNING.tr} / {words.PLANNING.en}*",
    ]
    return Page(head.key(subject), f"{day(head.day)}: {figure}", "\n\n".join(line for line in lines if line))


def table(headings: Sequence[str], rows: Iterable[Sequence[str]], *, left: int = 1) -> str:
    """Return a table; its first columns stand left, the figures after them right."""
    rules = ["---" if column < left else "---:" for column in range(len(headings))]
    return "\n".join(_row(cells) for cells in (headings, rules, *rows))


def counts_table(heading: str, counts: Sequence[tuple[str, int]]) -> str:
    """Return a table of names and counts, or nothing when there are none."""
    rows = [(name, number(count)) for name, count in counts]
    return table((heading, "Sayı / Count"), rows) if rows else ""


def counts_line(heading: str, counts: Sequence[tuple[str, int]]) -> str:
    """Return many small counts as one paragraph, or nothing when there are none."""
    return f"**{heading}:** " + " · ".join(f"{name} {number(count)}" for name, count in counts) if counts else ""


def image(svg: str, label: Sayable) -> str:
    """Return a picture inside the page itself."""
    return f"![{both(label)}](data:image/svg+xml;base64,{b64encode(svg.encode()).decode()})"


def plain(value: object) -> str:
    """Return data as text in which nothing is read as Markdown."""
    return _SPECIAL.sub(r"\\\1", str(value))


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _links(head: Masthead, subject: str) -> str:
    """Link to every other page, the pages of phases in a line of their own."""
    pages = [head.link(other, both(title)) for other, title in SUBJECTS.items() if other != subject]
    phases = [head.link(code, both(name)) for code, name in head.phases.items() if code != subject]
    gallery = f"[Bütün sayfalar / All pages]({GALLERY})"
    return " · ".join([*pages, gallery]) + "\n\n" + " · ".join(phases)
