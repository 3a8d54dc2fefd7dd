"""The headings of import files: one list in the documentation, and it is the one the importers read by."""

import re
from pathlib import Path

import pytest

from sekaps.domain.form_fields import FormKind
from sekaps.domain.suppliers import Feed
from sekaps.services.form_headings import form_headings
from sekaps.services.form_references import suppliers
from sekaps.services.registry_headings import PEOPLE, UNITS, Headings

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "import-files.md").read_text(encoding="utf-8")
SECTIONS: dict[str, Headings] = {
    "Needs": form_headings(FormKind.NEED),
    "Resources": form_headings(FormKind.RESOURCE),
    "Units": UNITS,
    "People": PEOPLE,
}
ROW = re.compile(r"^\| `(\w+)`( \(needed\))? \| ([^|]*) \|", re.MULTILINE)


def documented(title: str) -> list[tuple[str, bool, list[str]]]:
    """Return the fields of a section: name, whether it is needed, the other words for it."""
    section = PAGE.partition(f"### {title}\n")[2].partition("\n### ")[0]
    return [
        (name, bool(needed), [word.strip() for word in words.split(",")])
        for name, needed, words in ROW.findall(section)
    ]


@pytest.mark.parametrize("title", SECTIONS)
def test_the_page_lists_every_heading_that_is_understood(title: str) -> None:
    headings = SECTIONS[title]
    told = {word: name for name, _, words in documented(title) for word in (name.replace("_", ""), *words) if word}
    assert told == dict(headings.fields)
    assert {name for name, needed, _ in documented(title) if needed} == set(headings.required)


def test_the_page_lists_the_words_of_every_supplier() -> None:
    for code, supplier in suppliers().suppliers.items():
        [line] = [line for line in PAGE.splitlines() if line.startswith(f"| {code} |")]
        assert [word for words in supplier.headings.values() for word in words if word not in line] == []


@pytest.mark.parametrize("feed", Feed)
def test_a_feed_understands_every_heading_of_a_file_of_resources(feed: Feed) -> None:
    resources, of_feed = form_headings(FormKind.RESOURCE).fields, form_headings(FormKind.RESOURCE, feed).fields
    assert resources.items() <= of_feed.items()
