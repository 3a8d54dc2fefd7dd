"""The language of this run of the command line: chosen once at the start, asked for by every command."""

from collections.abc import Mapping, Sequence
from typing import Literal

from sekaps.texts import LANGUAGES, Language, translate, word

OPTION = "--lang"
VARIABLE = "SEKAPS_LANG"
LOCALE_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")

_chosen: dict[Literal["language"], Language] = {"language": "tr"}


def current() -> Language:
    """Return the language of this run; Turkish unless another was chosen."""
    return _chosen["language"]


def use(language: Language) -> None:
    """Choose the language of this run."""
    _chosen["language"] = language


def resolve(argv: Sequence[str], environ: Mapping[str, str]) -> Language:
    """Return the language asked for: --lang first, then SEKAPS_LANG, then an English locale; otherwise Turkish."""
    return _known(_option(argv)) or _known(environ.get(VARIABLE)) or _of_locale(environ)


def _(msgid: str) -> str:
    """Return a help string in the language of this run."""
    return translate(msgid, current())


def said(value: object) -> str:
    """Return a value as this run's reader writes it."""
    return word(value, current())


def _option(argv: Sequence[str]) -> str | None:
    for place, argument in enumerate(argv):
        if argument.startswith(f"{OPTION}="):
            return argument.removeprefix(f"{OPTION}=")
        if argument == OPTION:
            return next(iter(argv[place + 1 :]), None)
    return None


def _known(asked: str | None) -> Language | None:
    return next((language for language in LANGUAGES if language == asked), None)


def _of_locale(environ: Mapping[str, str]) -> Language:
    """Follow the POSIX order: the first locale variable that is set decides."""
    locale = next((environ[name] for name in LOCALE_VARIABLES if environ.get(name)), "")
    return "en" if locale.startswith("en_") else "tr"
