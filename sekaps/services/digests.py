"""Digests and corrections as letters: subject, text and HTML in the reader's language first, the other one below."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template, select_autoescape

from sekaps.domain.corrections import Correction
from sekaps.domain.digests import DayName, Digest
from sekaps.domain.gap_letters import GapLetter
from sekaps.domain.revision_letters import RevisionLetter
from sekaps.domain.term_letters import TermLetter
from sekaps.texts import LANGUAGES, Language, word


@dataclass(frozen=True, slots=True)
class Rendered:
    """The wording of one message."""

    subject: str
    plain: str
    html: str


Letter = Digest | Correction | GapLetter | RevisionLetter | TermLetter
LAYOUTS: Mapping[type, str] = {
    Digest: "digest",
    Correction: "correction",
    GapLetter: "gaps",
    RevisionLetter: "revision",
    TermLetter: "terms",
}
"""The templates of each kind of letter."""


def render(letter: Letter) -> Rendered:
    """Return the wording of a letter."""
    first = letter.recipient.language
    languages = (first, *(language for language in LANGUAGES if language != first))
    subject = letter.subject.say(first)
    kind = LAYOUTS[type(letter)]
    plain, html = (
        _template(name).render({"letter": letter, "languages": languages, "subject": subject})
        for name in (f"{kind}.txt.j2", f"{kind}.html.j2")
    )
    return Rendered(subject, plain, html)


@lru_cache(maxsize=16)
def _template(name: str) -> Template:
    environment = Environment(
        loader=PackageLoader("sekaps", "templates/mail"),
        autoescape=select_autoescape(enabled_extensions=("html.j2",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"say": _say, "day": _day, "moment": word}
    return environment.get_template(name)


def _say(value: object, language: Language) -> str:
    """Word a sayable value; templates call it as a filter."""
    return value.say(language) if hasattr(value, "say") else str(value)


@lru_cache(maxsize=2048)
def _day(value: object, language: Language) -> str:
    return DayName(value).say(language)  # type: ignore[arg-type]
