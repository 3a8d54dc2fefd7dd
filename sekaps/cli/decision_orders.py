"""What a body decides, as it is written on the command line or in a file (YAML, or CSV for the lines)."""

import csv
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from sekaps.domain.commissions import Vote
from sekaps.domain.decision_numbers import DecisionNumber, read_decision_number
from sekaps.domain.line_decisions import LineChange
from sekaps.errors.decisions import DecisionUnreadable, LinesUndecided
from sekaps.texts import Text, text

T = TypeVar("T")
WHOLE = re.compile(r"[+-]?\d{1,18}")
LARGEST_FILE = 10_000_000
COLUMNS = ("line", "decision", "quantity", "resource", "reason")
SHOWN = 10
"""How many lines left out an error names."""


@dataclass(slots=True)
class Orders:
    """What was asked so far of lines and votes; people by their manager codes."""

    accepted: set[int] = field(default_factory=set)
    refused: dict[int, str] = field(default_factory=dict)
    changed: dict[int, LineChange] = field(default_factory=dict)
    votes: dict[int, Vote] = field(default_factory=dict)
    number: DecisionNumber | None = None
    text: str = ""

    def require_all(self, open_lines: Iterable[int]) -> None:
        """Raise LinesUndecided unless every open line is named."""
        left = sorted(set(open_lines) - self.accepted - self.refused.keys() - self.changed.keys())
        if left:
            raise LinesUndecided(lines=left[:SHOWN], count=len(left))


class _Line(BaseModel):
    """One line in a file: accepted, refused, or changed, the last two with a reason."""

    model_config = ConfigDict(extra="forbid")
    decision: Literal["accept", "refuse", "change"]
    quantity: int | None = None
    resource: str | None = None
    reason: str = ""

    @model_validator(mode="after")
    def _only_changes_change(self) -> "_Line":
        if self.decision != "change" and (self.quantity is not None or self.resource is not None):
            raise ValueError("a quantity or resource is given with 'change' only")
        return self


class _File(BaseModel):
    """A decision as a file."""

    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)
    number: str | None = None
    text: str = ""
    votes: dict[int, Vote] = Field(default_factory=dict)
    lines: dict[int, _Line] = Field(default_factory=dict)


def read_orders(file: Path | None) -> Orders:
    """Return what a file asks, or nothing asked without one; raise DecisionUnreadable."""
    orders = Orders()
    if file is None:
        return orders
    read = _validated(file, _csv(file) if file.suffix.lower() == ".csv" else _yaml(file))
    for line, asked in read.lines.items():
        if asked.decision == "accept":
            orders.accepted.add(line)
        elif asked.decision == "refuse":
            orders.refused[line] = asked.reason
        else:
            orders.changed[line] = LineChange(asked.reason, asked.quantity, asked.resource)
    orders.votes, orders.text = dict(read.votes), read.text
    orders.number = read_decision_number(read.number) if read.number else None
    return orders


def add_flags(orders: Orders, refuse: Sequence[str], change: Sequence[str], vote: Sequence[str]) -> None:
    """Add what the options ask: LINE=reason, LINE=QUANTITY:reason, PERSON=for; raise DecisionUnreadable."""
    _add("--refuse", refuse, orders.refused, lambda asked: asked)
    _add("--change", change, orders.changed, _change)
    _add("--vote", vote, orders.votes, _vote)


def _add(option: str, given: Sequence[str], into: dict[int, T], read: Callable[[str], T]) -> None:
    for one in given:
        key, sign, asked = one.partition("=")
        if not sign or not WHOLE.fullmatch(key.strip()):
            raise DecisionUnreadable(source=f"{option} {one}", problem=text("give a number, =, and what is decided"))
        try:
            value = read(asked.strip())
        except ValueError as problem:
            raise DecisionUnreadable(source=f"{option} {one}", problem=_problem(problem)) from None
        if int(key) in into:
            raise DecisionUnreadable(source=f"{option} {one}", problem=text("{number} is named twice", number=key))
        into[int(key)] = value


def _problem(problem: ValueError) -> Text | str:
    told = problem.args[0]
    return told if isinstance(told, Text) else str(told)


def _change(asked: str) -> LineChange:
    quantity, _, reason = asked.partition(":")
    if not WHOLE.fullmatch(quantity.strip()):
        raise ValueError(text("give a whole quantity, :, and the reason"))
    return LineChange(reason.strip(), int(quantity))


def _vote(asked: str) -> Vote:
    if asked not in {vote.value for vote in Vote}:
        raise ValueError(text("a vote is one of: {votes}", votes=[vote.value for vote in Vote]))
    return Vote(asked)


def _validated(file: Path, held: object) -> _File:
    try:
        return _File.model_validate(held or {})
    except ValidationError as failure:
        first = failure.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise DecisionUnreadable(source=file.name, problem=f"{where}: {first['msg']}") from None


def _yaml(file: Path) -> Any:
    try:
        return YAML(typ="safe").load(_words(file))
    except YAMLError as failure:
        raise DecisionUnreadable(source=file.name, problem=" ".join(str(failure).split())) from failure


def _csv(file: Path) -> Mapping[str, Any]:
    rows = csv.DictReader(_words(file).splitlines())
    if rows.fieldnames is None or {"line", "decision"} - set(rows.fieldnames):
        problem = text("its first row names the columns: {columns}", columns=list(COLUMNS))
        raise DecisionUnreadable(source=file.name, problem=problem)
    lines: dict[str, dict[str, str]] = {}
    for place, row in enumerate(rows, start=2):
        line = (row.pop("line") or "").strip()
        if line in lines or None in row:
            problem = text("row {row}: its line is there before, or it has too many cells", row=place)
            raise DecisionUnreadable(source=file.name, problem=problem)
        lines[line] = {name: value.strip() for name, value in row.items() if value and value.strip()}
    return {"lines": lines}


def _words(file: Path) -> str:
    try:
        if file.stat().st_size > LARGEST_FILE:
            raise DecisionUnreadable(source=file.name, problem=text("is larger than a decision can be"))
        return file.read_text(encoding="utf-8-sig")
    except OSError as failure:
        raise DecisionUnreadable(source=str(file), problem=failure.strerror or str(failure)) from failure
    except UnicodeDecodeError as failure:
        raise DecisionUnreadable(source=file.name, problem=text("is not UTF-8 text")) from failure
