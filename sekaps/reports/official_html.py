"""The official table as one printable page with the year's picture; it asks nothing of the network."""

import re
from functools import lru_cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from sekaps.reports.official_table import COLUMNS, OfficialTable


def render_official_html(table: OfficialTable, drawn: str) -> str:
    """Return the table and the year's picture (SVG) as a self-contained page."""
    picture = Markup(drawn)  # noqa: S704 - drawn by matplotlib, which escapes every label
    return _template().render(table=table, columns=COLUMNS, picture=picture)


@lru_cache(maxsize=1)
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("sekaps", "templates/official"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["css_string"] = _css_string
    return environment.get_template("table.html.j2")


def _css_string(said: str) -> Markup:
    """Return a text as a quoted CSS string; whatever is no letter, figure or plain mark is escaped."""
    escaped = re.sub(r"[^\w .,/-]", lambda found: f"\\{ord(found[0]):x} ", said)
    return Markup(f'"{escaped}"')  # noqa: S704 - nothing is left in it that ends a string or a style sheet
