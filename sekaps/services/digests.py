"""Digests and corrections as letters: subject, text and HTML in the reader's language first, the other one below.

A night writes thousands of digests that share nearly all their words. So a digest's page, and what it says of a step
under a deadline, are stencils rendered once; a person's name, counts and units are filled in.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache

from markupsafe import escape

from sekaps.domain.corrections import Correction
from sekaps.domain.digests import Deadline, Digest, Issuer, Section, StepWords, UnitWork
from sekaps.domain.gap_letters import GapLetter
from sekaps.domain.revision_letters import RevisionLetter
from sekaps.domain.term_letters import TermLetter
from sekaps.services.stencils import gap, mail_template, part, stencil
from sekaps.texts import LANGUAGES, Language


@dataclass(frozen=True, slots=True)
class Rendered:
    """The wording of one message."""

    subject: str
    plain: str
    html: str


Letter = Digest | Correction | GapLetter | RevisionLetter | TermLetter
TEMPLATES: Mapping[type, str] = {
    Correction: "correction",
    GapLetter: "gaps",
    RevisionLetter: "revision",
    TermLetter: "terms",
}
"""The templates of each kind of letter that is rendered as a whole."""
Stencils = Mapping[Language, str]
STENCILS_KEPT = 1024
WORDINGS_KEPT = 4096


def render(letter: Letter) -> Rendered:
    """Return the wording of a letter."""
    subject = letter.subject.say(letter.recipient.language)
    if isinstance(letter, Digest):
        page, tally = _facts(letter), _tally(letter)
        return Rendered(subject, *(_filled(layout, letter, page, tally, subject) for layout in LAYOUTS))
    facts = {"letter": letter, "languages": _languages(letter.recipient.language), "subject": subject}
    kind = TEMPLATES[type(letter)]
    return Rendered(subject, *(mail_template(f"{kind}.{form}.j2").render(facts) for form in ("txt", "html")))


def _languages(first: Language) -> tuple[Language, ...]:
    return (first, *(language for language in LANGUAGES if language != first))


@dataclass(frozen=True, slots=True)
class Layout:
    """A form of a digest: the ending of its templates, and how personal text is made safe in it."""

    form: str
    safe: Callable[[str], str]


LAYOUTS = (Layout("txt", str), Layout("html", lambda value: str(escape(value))))


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What decides the wording of a digest's page, and is the same for very many people."""

    issuer: Issuer
    languages: tuple[Language, ...]
    synthetic: bool
    day: date
    nearest: Deadline
    has_due: bool
    has_below: bool
    has_other: bool


@dataclass(frozen=True, slots=True)
class Tally:
    """The counts a digest opens with."""

    due: bool
    below: bool
    open_documents: int
    late_documents: int
    below_documents: int


def _filled(layout: Layout, letter: Digest, facts: PageFacts, tally: Tally, subject: str) -> str:
    """Return a digest's page in one layout, with everything personal filled in."""
    filled = {"subject": layout.safe(subject), "name": layout.safe(letter.recipient.name)}
    due, below = _works(layout, letter.due), _works(layout, letter.below)
    for language in LANGUAGES:
        filled[f"opening_{language}"] = layout.safe(_worded("opening", tally, language))
        filled[f"due_{language}"] = due[language]
        filled[f"below_{language}"] = below[language]
        filled[f"other_{language}"] = _others(layout, letter.other, language)
    return _page(layout.form, facts) % filled


def _tally(letter: Digest) -> Tally:
    counts = (letter.open_documents, letter.late_documents, letter.below_documents)
    return Tally(bool(letter.due), bool(letter.below), *counts)


def _facts(letter: Digest) -> PageFacts:
    recipient = letter.recipient
    has = (bool(letter.due), bool(letter.below), bool(letter.other))
    return PageFacts(
        letter.issuer, _languages(recipient.language), recipient.synthetic, letter.day, letter.nearest, *has
    )


@lru_cache(maxsize=STENCILS_KEPT)
def _page(form: str, facts: PageFacts) -> str:
    return stencil(
        mail_template(f"digest.{form}.j2").render(
            {"facts": facts, "languages": facts.languages, "subject": gap("subject")}
        )
    )


def _works(layout: Layout, sections: Iterable[Section]) -> Mapping[Language, str]:
    """Return by language what is said of each step whose work is due or late, unit by unit."""
    said: dict[Language, str] = dict.fromkeys(LANGUAGES, "")
    for section in sections:
        stencils = _step("work", layout.form, section.words, section.deadline)
        units = "".join(_unit(layout, unit) for unit in section.named)
        for language in LANGUAGES:
            items = _worded("items", section.documents, language)
            said[language] += stencils[language] % {"items": items, "units": units + _more(layout, section, language)}
    return said


def _others(layout: Layout, sections: Iterable[Section], language: Language) -> str:
    """Return the steps whose work is open but not due."""
    return "".join(
        _step("other", layout.form, section.words, section.deadline)[language]
        % {"documents": section.documents, "items": _worded("items", section.documents, language)}
        for section in sections
    )


def _more(layout: Layout, section: Section, language: Language) -> str:
    unnamed = section.unnamed
    return _row("more", layout.form) % {"more": _worded("more", unnamed, language)} if unnamed else ""


def _unit(layout: Layout, unit: UnitWork) -> str:
    return _row("unit", layout.form) % {"unit": layout.safe(unit.unit), "documents": unit.documents}


@lru_cache(maxsize=STENCILS_KEPT)
def _step(macro: str, form: str, words: StepWords, deadline: Deadline) -> Stencils:
    """Return by language what is said of a step under a deadline."""
    name = f"digest_parts.{form}.j2"
    return {language: stencil(part(name, macro, words, deadline, language)) for language in LANGUAGES}


@cache
def _row(macro: str, form: str) -> str:
    return stencil(part(f"digest_parts.{form}.j2", macro))


@lru_cache(maxsize=WORDINGS_KEPT)
def _worded(macro: str, count: int | Tally, language: Language) -> str:
    return part("words.j2", macro, count, language)
