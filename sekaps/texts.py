"""Sentences that can be said in Turkish and in English; knows wording and formats, not who reads them."""

import gettext
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Literal, Protocol, TypeGuard, get_args
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal

Language = Literal["tr", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
LOCALE_DIR = Path(__file__).parent / "locale"
ZONE = ZoneInfo("Europe/Istanbul")


class Sayable(Protocol):
    """Anything that can be said in a language."""

    def say(self, language: Language) -> str:
        """Return the wording in that language."""
        ...


@dataclass(frozen=True, slots=True)
class Bilingual:
    """A wording kept as data in both languages, such as the title of an activity."""

    tr: str
    en: str

    def say(self, language: Language) -> str:
        """Return the wording in that language."""
        return self.tr if language == "tr" else self.en


class Count(int):
    """How many there are: a plain number, and said with its thousands apart (1.301, 1,301)."""

    def say(self, language: Language) -> str:
        """Return the number as it is written in that language."""
        return format_decimal(int(self), locale=language)


def counted(facts: Mapping[str, int]) -> dict[str, Count]:
    """Return facts that are counts, so that a sentence says them as such."""
    return {name: Count(count) for name, count in facts.items()}


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence by its English template (the gettext message id) and the facts that fill it.

    Facts may be numbers, strings, dates, instants, other sayable values or sequences of them; a fact named
    ``day`` fills ``{day}``. Templates use ``str.format`` names only.
    """

    msgid: str
    facts: Mapping[str, object] = field(default_factory=dict)

    def say(self, language: Language) -> str:
        """Return the sentence in that language, dates and lists worded for it."""
        worded = {name: word(value, language) for name, value in self.facts.items()}
        return translate(self.msgid, language).format(**worded)


def text(msgid: str, **facts: object) -> Text:
    """Return a sentence; the name is what the message extractor looks for."""
    return Text(msgid, facts)


def word(value: object, language: Language) -> str:
    """Return a value as a person of that language writes it (28 Nisan 2023, 28 April 2023)."""
    if is_sayable(value):
        return value.say(language)
    if isinstance(value, datetime):
        return format_datetime(value.astimezone(ZONE), "d MMMM y HH:mm", locale=language)
    if isinstance(value, date):
        return format_date(value, "d MMMM y", locale=language)
    if isinstance(value, list | tuple):
        return ", ".join(word(item, language) for item in value)
    return str(value)


def is_sayable(value: object) -> TypeGuard[Sayable]:
    """Tell whether a value words itself."""
    return callable(getattr(value, "say", None))


def weekday_name(day: date, language: Language) -> str:
    """Return the weekday's full name (Cuma, Friday)."""
    return format_date(day, "EEEE", locale=language)


def translate(msgid: str, language: Language) -> str:
    """Return the template in that language; English templates are the message ids themselves."""
    return msgid if language == "en" else _turkish().gettext(msgid)


@lru_cache(maxsize=1)
def _turkish() -> gettext.NullTranslations:
    return gettext.translation("sekaps", LOCALE_DIR, languages=["tr"], fallback=True)


TURKISH_ORDER = str.maketrans(
    {letter: chr(0x10F000 + place) for place, letter in enumerate("abcçdefgğhıijklmnoöprsştuüvyz")}
)
"""Each letter's place in the alphabet, as characters after all others."""


def turkish_key(name: str) -> str:
    """Return the sort key of a name in Turkish alphabetical order (ç after c, ı before i), case folded."""
    return turkish_fold(name).translate(TURKISH_ORDER)


def turkish_fold(name: str) -> str:
    """Return a name in Turkish small letters (I becomes ı, İ becomes i), as two names are compared."""
    return name.replace("I", "ı").replace("İ", "i").lower()
