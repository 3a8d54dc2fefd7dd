"""Rows of a list of people in posts: what the cells say, field by field; knows values, not what is stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sekaps.domain.registry_cells import (
    Record,
    a_formula,
    is_formula,
    read_choice,
    read_end,
    read_name,
    read_number,
    read_start,
)
from sekaps.domain.terms import Term
from sekaps.errors.registry import RowFlaw
from sekaps.texts import Text, text

LARGEST_CODE = 2**31 - 1
LONGEST_VITA = 2000
UNFIT_VITA = text("the curriculum vitae is too long, or holds what cannot be kept")
POSTS = {
    "amir": "head", "birimamiri": "head", "yonetici": "head", "amiryardimcisi": "deputy_head",
    "yardimci": "deputy_head", "gorevli": "officer", "uzman": "officer", "onaymakami": "approver",
    **{f"deputyhead{number}": f"deputy_head_{number}" for number in range(2, 10)},
    **{f"amiryardimcisi{number}": f"deputy_head_{number}" for number in range(2, 10)},
}  # fmt: skip
"""Kinds of posts by the words the administration uses."""
RULE_OF: Mapping[str, str] = {
    "code": "code", "name": "text", "email": "address", "unit": "number", "post": "choice", "title": "text",
    "begins": "day", "ends": "day", "curriculum_vitae": "text",
}  # fmt: skip
"""The code of the rule that a cell of each field breaks when it cannot be read."""


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person in a post as a row tells it; name and e-mail are empty where the file does not give them."""

    row: int
    code: int
    name: str
    email: str
    unit: int
    post: str
    title: str
    begins: datetime
    ends: datetime | None
    curriculum_vitae: str | None

    @property
    def term(self) -> Term:
        """The person's time in the post."""
        return Term(self.code, self.begins, self.ends)


def read_people(records: Sequence[Record]) -> tuple[list[PersonRow], list[RowFlaw]]:
    """Return the rows that can be read, and every flaw of the others."""
    rows, flaws = [], []
    for record in records:
        values = _values(record.cells)
        problems = {name: value for name, value in values.items() if isinstance(value, Text)}
        for name, problem in problems.items():
            flaws.append(RowFlaw(record.row, problem, name, record.cells.get(name, ""), RULE_OF[name]))
        if not problems:
            rows.append(PersonRow(row=record.row, **values))  # type: ignore[arg-type]
    return rows, flaws


def _values(cells: Mapping[str, str]) -> dict[str, object]:
    joined = " ".join(filter(None, (cells.get("given_name", ""), cells.get("surname", ""))))
    return {
        "code": _code(cells.get("code", "")),
        "name": _or_empty(read_name(cells.get("name", "") or joined)),
        "email": _email(cells.get("email", "")),
        "unit": read_number(cells.get("unit", "")),
        "post": read_choice(cells.get("post", ""), POSTS) or text("the post is not given"),
        "title": _or_empty(read_name(cells.get("title", ""))),
        "begins": read_start(cells.get("begins", "")) or text("the beginning is not given"),
        "ends": read_end(cells.get("ends", "")),
        "curriculum_vitae": _vita(cells.get("curriculum_vitae", "")),
    }


def _code(written: str) -> int | Text:
    if written.isascii() and written.isdigit() and 0 < int(written[:11]) <= LARGEST_CODE:
        return int(written)
    return text("'{written}' is no manager code: a whole number", written=written[:40])


def _vita(written: str) -> str | Text:
    if is_formula(written):
        return a_formula(written)
    return written if len(written) <= LONGEST_VITA and "\0" not in written else UNFIT_VITA


def _or_empty(name: str | None | Text) -> str | Text:
    return name or ""


def _email(written: str) -> str | Text:
    local, _, host = written.partition("@")
    if not written or (local and "." in host and written.isprintable() and not set(written) & set(" ,;<>")):
        return written
    return text("'{written}' is no e-mail address", written=written[:60])
