"""The report as a page, as files, as Markdown pages and in the terminal."""

import json
import re
from dataclasses import replace
from datetime import time
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console
from sample_year import CASCADE, GAPS, NEEDS_ENTRY, REPORT

from sekaps.calendar.instants import at
from sekaps.domain.mail_domains import DomainWait
from sekaps.domain.year_report import GapsYear
from sekaps.errors.systems import ReportNotWritten
from sekaps.reports import pages
from sekaps.reports.files import publish_report
from sekaps.reports.html import render_html
from sekaps.reports.markdown import Masthead, Page, key_of
from sekaps.reports.pictures import draw
from sekaps.reports.terminal import terminal_report
from sekaps.services import files
from sekaps.texts import Language

HEAD = Masthead("sekaps", REPORT.name, 2023, REPORT.day, True, {phase.code: phase.name for phase in REPORT.phases})
BIDS = re.compile(r"""(?:src|href|action|xlink:href)=["'](?!\#|data:)|url\((?!["']?\#)|@import""")
"""What would make a browser ask for something."""


@pytest.fixture(scope="module")
def html() -> str:
    return render_html(REPORT, draw(REPORT))


def test_the_page_asks_nothing_of_the_network(html: str) -> None:
    assert BIDS.findall(html) == []


def test_the_page_says_that_it_is_planning_and_synthetic(html: str) -> None:
    assert "seferberlik emri değildir" in html
    assert "not a mobilization order" in html
    assert "Sentetik veri" in html
    assert "Sentetik veri" not in render_html(replace(REPORT, synthetic=False), draw(REPORT))


def test_the_page_escapes_what_the_registry_holds(html: str) -> None:
    assert "Adana &lt;b&gt;Müdürlüğü&lt;/b&gt;" in html
    assert "<b>Müdürlüğü" not in html


def test_the_page_writes_numbers_and_days_as_turkish_does(html: str) -> None:
    assert "1.379" in html
    assert "28.04.2023" in html
    assert 'lang="tr"' in html


def test_the_pages_tags_are_all_closed(html: str) -> None:
    assert _left_open(html) == []


def test_a_year_with_nothing_in_it_is_a_page_too() -> None:
    cascade = replace(CASCADE, stages=(), handovers=(), entered=0, allocated=0, unmet=0)
    gaps = GapsYear(0, {}, {}, {}, {}, {}, (), 0)
    empty = replace(REPORT, gaps=gaps, cascade=cascade, curves=(), extensions=(), refusals=(), vacancies=())
    assert "İmza eksiği yok." in render_html(empty, draw(empty))


def test_the_files_are_the_same_bytes_each_time(tmp_path: Path) -> None:
    first = [path.read_bytes() for path in publish_report(REPORT, tmp_path / "first")]
    assert first == [path.read_bytes() for path in publish_report(REPORT, tmp_path / "second")]
    assert json.loads(first[0])["phases"][0]["closes"] == "2023-04-28"


def test_a_report_replaces_the_one_before_and_leaves_nothing_else(tmp_path: Path) -> None:
    publish_report(REPORT, tmp_path)
    publish_report(replace(REPORT, revision=2), tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["report.html", "report.json"]
    assert json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))["revision"] == 2


def test_a_full_disk_leaves_the_old_report_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = [path.read_bytes() for path in publish_report(REPORT, tmp_path)]
    monkeypatch.setattr(files.os, "fsync", _full_disk)
    with pytest.raises(ReportNotWritten, match="No space left on device; an earlier report there is unchanged"):
        publish_report(replace(REPORT, revision=2), tmp_path)
    assert [path.read_bytes() for path in (tmp_path / "report.json", tmp_path / "report.html")] == before
    assert len(list(tmp_path.iterdir())) == 2


def test_a_folder_that_cannot_be_one_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(ReportNotWritten, match="cannot be written to") as refused:
        publish_report(REPORT, tmp_path / "taken")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("language", ["tr", "en"])
def test_the_terminals_tables_fit_a_hundred_columns(language: Language) -> None:
    printed = StringIO()
    Console(width=100, file=printed).print(terminal_report(REPORT, language))
    written = printed.getvalue()
    assert max(map(len, written.splitlines())) <= 100
    assert ("1.379" if language == "tr" else "1,379") in written


def all_pages() -> list[Page]:
    return [
        pages.year_page(HEAD, REPORT.phases, REPORT.special_days),
        pages.phase_page(HEAD, NEEDS_ENTRY),
        pages.gaps_page(HEAD, REPORT.gaps, REPORT.vacancies, REPORT.document_kinds),
        pages.reminders_page(HEAD, REPORT.reminders),
        pages.coverage_page(HEAD, REPORT.cascade),
        pages.contracts_page(HEAD, REPORT.contracts, REPORT.notices),
    ]


def test_each_page_keeps_its_key_and_says_its_figure_in_one_line() -> None:
    assert {page.key: page.description for page in all_pages()} == {
        "sekaps-2023-year-at-a-glance": "05.05.2023: 1 açık, 1 eksikle kapandı (1 open, 1 closed with gaps)",
        "sekaps-2023-needs-entry": "05.05.2023: 1.301 / 1.379 imzalı, eksikle kapandı (closed with gaps)",
        "sekaps-2023-signature-gaps": "05.05.2023: 2 imza eksiği (2 gaps)",
        "sekaps-2023-reminders": "05.05.2023: 8 ileti gönderildi, 1 teslim edilemedi (8 sent, 1 failed)",
        "sekaps-2023-allocation-coverage": "05.05.2023: ihtiyacın %70 kadarı tahsis edildi (70% of need allocated)",
        "sekaps-2023-contracts": "05.05.2023: 7 / 10 sözleşme yapıldı, 5 / 5 tebliğ edildi (concluded, served)",
    }


def test_the_page_of_reminders_says_which_domains_take_nothing_until_when_and_what_they_answered() -> None:
    since, until = at(REPORT.day, time(9)), at(REPORT.day, time(14))
    held = DomainWait("a|b.invalid", since, 6, until, "451 4.4.1 no answer", 1_204)
    written = pages.reminders_page(HEAD, REPORT.reminders, [held]).markdown
    assert "| Bekletilen e-posta alanı / Mail domain held |" in written
    assert r"| a\|b.invalid | 5 Mayıs 2023 14:00 / 5 May 2023 14:00 | 451 4.4.1 no answer | 1.204 | 6 |" in written
    assert "Mail domain held" not in pages.reminders_page(HEAD, REPORT.reminders).markdown


def test_every_page_leads_to_the_others() -> None:
    for page in all_pages():
        links = set(re.findall(r"\(/artifacts/key/([a-z0-9-]+)\)", page.markdown))
        keys = {other.key for other in all_pages()} | {"sekaps-2023-district-allocation"}
        assert links >= keys - {page.key}, page.key


def test_a_page_stays_small_and_reads_no_markdown_from_the_registry() -> None:
    lines = [replace(GAPS[0], document=f"IBC-{number}") for number in range(200)]
    gaps = replace(REPORT.gaps, total=900, listed=tuple(lines), more=700)
    page = pages.gaps_page(HEAD, gaps, REPORT.vacancies, REPORT.document_kinds)
    assert max(len(one.markdown.encode()) for one in (*all_pages(), page)) < 60_000
    assert "Onay \\| makamı" in page.markdown
    assert "<b>" not in page.markdown.replace("\\<b\\>", "")
    assert "ve 700 eksik daha" in page.markdown


def test_keys_hold_dashes_only() -> None:
    assert key_of("sekaps", 2023, "needs_entry") == "sekaps-2023-needs-entry"


def _full_disk(_handle: int) -> None:
    raise OSError(28, "No space left on device")


class _Tags(HTMLParser):
    """Remembers which tags are open."""

    VOID = ("meta", "br", "hr", "img", "link", "input", "path", "use", "rect")

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        """An SVG element closes itself."""

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self.open.pop() == tag


def _left_open(html: str) -> list[str]:
    tags = _Tags()
    tags.feed(html)
    return tags.open
