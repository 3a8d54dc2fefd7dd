"""The page of gaps tells in one line what came of verifying the signatures again."""

from datetime import UTC, date, datetime

import pytest
from sample_year import REPORT

from sekaps.domain.evidence import EvidenceCount, Flaw
from sekaps.domain.gaps import Cause
from sekaps.reports import pages
from sekaps.reports.markdown import Masthead

HEAD = Masthead("sekaps", REPORT.name, 2023, REPORT.day, True, {})
FLAW = Flaw("IBC-1", 1, 2, "Ayşe Yılmaz", datetime(2023, 3, 1, tzinfo=UTC), 9, Cause.BYTES_CHANGED)


def line(evidence: EvidenceCount | None) -> str:
    page = pages.gaps_page(HEAD, REPORT.gaps, REPORT.vacancies, REPORT.document_kinds, evidence)
    return "".join(line for line in page.markdown.splitlines() if line.startswith("Doğrulanan imza"))


@pytest.mark.parametrize(
    ("evidence", "told"),
    [
        (EvidenceCount(12_345), "12.345; **hepsi sağlam / all hold**"),
        (EvidenceCount(12_345, 3), "kanıtsız / without evidence: 3"),
        (EvidenceCount(12_345, again=2_000), "12.345 (yeniden / again: 2.000); **hepsi sağlam"),
        (EvidenceCount(9, oldest=date(2023, 3, 1)), "en eski doğrulama / oldest verification: 01.03.2023; **hepsi"),
        (EvidenceCount(9, miscounted=("IBC-1",)), "slot disagrees with signatures: **IBC-1**"),
        (EvidenceCount(12_345, 0, (FLAW,)), "bytes changed after signing: 1**"),
        (None, ""),
    ],
)
def test_the_line_counts_what_was_verified_and_what_does_not_hold(evidence: EvidenceCount | None, told: str) -> None:
    assert told in line(evidence)
    assert bool(line(evidence)) == bool(told)
