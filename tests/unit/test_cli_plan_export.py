"""What cannot be exported is told in one line before a database is asked for."""

import pytest

from sekaps.cli.main import run


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ("--out a.doc", "'doc' is none of ics, xlsx, pdf, html, svg, png; choose one with --format"),
        ("--out a", "'' is none of ics, xlsx, pdf, html, svg, png; choose one with --format"),
        ("--format tiff --out a.png", "'tiff' is none of ics, xlsx, pdf, html, svg, png; choose one with --format"),
        ("--format pdf", "pdf goes to a file only; name it with --out"),
        ("--format PNG", "png goes to a file only; name it with --out"),
        ("--unit 1 --person 2", "give --unit or --person, not both"),
        ("--unit 1 --out a.xlsx", "one unit's or one person's part of the year is written as ics only"),
        ("--person 1 --format html", "one unit's or one person's part of the year is written as ics only"),
    ],
)
def test_what_cannot_be_exported_is_told_in_one_line(asked: str, says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--lang", "en", "plan", "export", "--year", "2023", *asked.split()]) == 2
    assert capsys.readouterr().err == f"error: nothing was written: {says}\n"
