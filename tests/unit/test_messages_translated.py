"""Every sentence the program says has a Turkish wording that holds the same facts, and the compiled catalog is it."""

import re
from functools import lru_cache
from pathlib import Path
from string import Formatter

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

import sekaps
from sekaps.texts import LOCALE_DIR

PACKAGE = Path(sekaps.__file__).parent
CATALOG = LOCALE_DIR / "tr" / "LC_MESSAGES"
KEYWORDS = {"text": None, "_": None}
SOURCES = [("migrations/**", "ignore"), ("**.py", "python")]
"""Migrations are left out: their text() is SQL."""
GLUED = re.compile(r"}['’]?[a-zçğıöşü]")
"""A suffix glued to a fact: it fits one value and not the next."""


@lru_cache(maxsize=1)
def said() -> set[str]:
    """Return every template the source holds."""
    return {found[2] for found in extract_from_dir(PACKAGE, SOURCES, keywords=KEYWORDS) if isinstance(found[2], str)}


def wordings(catalog: Catalog) -> dict[str, str]:
    return {str(message.id): str(message.string) for message in catalog if message.id and message.string}


@lru_cache(maxsize=1)
def turkish() -> dict[str, str]:
    with (CATALOG / "sekaps.po").open("rb") as written:
        return wordings(read_po(written, locale="tr"))


def facts(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}


def test_every_sentence_has_a_turkish_wording() -> None:
    assert sorted(said() - turkish().keys()) == []


def test_no_wording_is_left_of_a_sentence_nobody_says() -> None:
    assert sorted(turkish().keys() - said()) == []


def test_the_turkish_wording_holds_the_same_facts() -> None:
    assert [msgid for msgid, wording in turkish().items() if facts(wording) != facts(msgid)] == []


def test_no_suffix_is_glued_to_a_fact() -> None:
    assert [wording for wording in turkish().values() if GLUED.search(wording)] == []


def test_the_compiled_catalog_is_up_to_date() -> None:
    with (CATALOG / "sekaps.mo").open("rb") as compiled:
        assert wordings(read_mo(compiled)) == turkish()
