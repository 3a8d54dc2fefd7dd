"""The mail's templates, and stencils: a wording rendered once, with gaps that every letter fills with its own."""

import re
from functools import lru_cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template, select_autoescape

from sekaps.domain.digests import day_name
from sekaps.texts import Language, word

GAP = re.compile("\x00([a-z_]+)\x00")
"""How a gap stands in rendered text: no wording holds that character."""


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("sekaps", "templates/mail"),
        autoescape=select_autoescape(enabled_extensions=("html.j2",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    environment.filters |= {"say": _say, "day": day_name, "moment": word}
    environment.globals["gap"] = gap
    return environment


def mail_template(name: str) -> Template:
    """Return a template of the mail, compiled once."""
    return _environment().get_template(name)


def part(template: str, macro: str, *facts: object) -> str:
    """Return what a macro of a template renders."""
    rendered: str = getattr(_macros(template), macro)(*facts)
    return str(rendered)


def stencil(rendered: str) -> str:
    """Return rendered text with its gaps as ``%(name)s``, to be filled with ``%`` and a mapping."""
    return GAP.sub(r"%(\1)s", rendered.replace("%", "%%"))


@lru_cache(maxsize=16)
def _macros(template: str) -> object:
    return mail_template(template).module


def gap(name: str) -> str:
    """Return a gap of that name, as templates leave it in what they render."""
    return f"\x00{name}\x00"


def _say(value: object, language: Language) -> str:
    """Word a sayable value; templates call it as a filter."""
    return value.say(language) if hasattr(value, "say") else str(value)
