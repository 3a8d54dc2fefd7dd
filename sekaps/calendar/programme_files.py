"""The text of a programme file: its YAML values, and every error in it with line and column."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pydantic_core import ErrorDetails
from ruamel.yaml import YAML
from ruamel.yaml.constructor import SafeConstructor
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from sekaps.calendar.programme_checks import Path, problems
from sekaps.errors.programmes import Flaw, ProgrammeInvalid
from sekaps.texts import Text, text

_WORDED = {
    "missing": text("required, but missing"),
    "extra_forbidden": text("unknown key"),
    "string_type": text("a text is expected"),
    "int_type": text("a whole number is expected"),
    "int_parsing": text("a whole number is expected"),
    "bool_type": text("true or false is expected"),
    "bool_parsing": text("true or false is expected"),
    "tuple_type": text("a list is expected"),
    "dict_type": text("a mapping of keys to values is expected"),
    "model_type": text("a mapping of keys to values is expected"),
    "too_short": text("the list has too few items"),
    "too_long": text("the list has too many items"),
    "string_pattern_mismatch": text("a code is lower-case letters, digits and underscores, a letter first"),
}
_DATE_EXPECTED = text("a date is expected, such as 2023-04-28")


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """A YAML file as written: its values, and the nodes that know where each of them stands."""

    source: str
    root: Node | None
    data: object

    def flaws(self, errors: Sequence[ErrorDetails]) -> list[Flaw]:
        """Return the errors the model found together with those it cannot see, in the order of the file."""
        found = [
            *_repeated_keys(self.root),
            *(_flaw(self.root, path, problem) for path, problem in problems(self.data)),
        ]
        found += [_flaw_of(self.root, error) for error in errors]
        return sorted(found, key=lambda flaw: (flaw.line, flaw.column))


def read_yaml(written: str, source: str) -> WrittenFile:
    """Return the file; raise with the place where it stops being YAML."""
    try:
        return WrittenFile(source, _reader().compose(written), _reader().load(written))
    except MarkedYAMLError as broken:
        mark = broken.problem_mark or broken.context_mark
        problem = text("this is not YAML: {problem}", problem=broken.problem)
        flaw = Flaw(mark.line + 1 if mark else 1, mark.column + 1 if mark else 1, "", problem)
        raise ProgrammeInvalid(source=source, flaws=[flaw]) from None


class _WrittenDates(SafeConstructor):
    """Leaves dates as they are written: the model reads them, and a wrong one is an error with its place."""


_WrittenDates.add_constructor("tag:yaml.org,2002:timestamp", SafeConstructor.construct_yaml_str)


def _reader() -> YAML:
    reader = YAML(typ="safe", pure=True)
    reader.Constructor = _WrittenDates
    reader.allow_duplicate_keys = True
    return reader


def _repeated_keys(node: Node | None, path: Path = ()) -> Iterator[Flaw]:
    seen: set[str] = set()
    for key, value, part in _children(node):
        if key is not None and str(part) in seen:
            said = text("the key '{key}' stands here twice", key=str(part))
            yield Flaw(key.start_mark.line + 1, key.start_mark.column + 1, _worded_path((*path, part)), said)
        seen.add(str(part))
        yield from _repeated_keys(value, (*path, part))


def _flaw_of(root: Node | None, error: ErrorDetails) -> Flaw:
    facts = error.get("ctx", {})
    problem = facts.get("problem") or _wording(error)
    return _flaw(root, error["loc"], problem, offset=facts.get("offset", 0), is_key=error["type"] == "extra_forbidden")


def _wording(error: ErrorDetails) -> Text:
    if error["type"].startswith("date_"):
        return _DATE_EXPECTED
    return _WORDED.get(error["type"]) or text("this does not fit here: {detail}", detail=error["msg"])


def _flaw(root: Node | None, path: Path, problem: Text, *, offset: int = 0, is_key: bool = False) -> Flaw:
    line, column = _position(root, path, is_key=is_key)
    return Flaw(line, column + offset, _worded_path(path), problem)


def _position(root: Node | None, path: Path, *, is_key: bool) -> tuple[int, int]:
    """Return line and column, from 1, of the value a path leads to, or of the nearest thing around it."""
    node, found = root, root
    for part in path:
        step = next(((key, value) for key, value, name in _children(node) if str(name) == str(part)), None)
        if step is None:
            break
        node = step[1]
        found = step[0] if is_key and step[0] is not None else node
    if found is None:
        return 1, 1
    quoted = isinstance(found, ScalarNode) and found.style in ("'", '"')
    return found.start_mark.line + 1, found.start_mark.column + 1 + quoted


def _children(node: Node | None) -> Iterator[tuple[Node | None, Node, str | int]]:
    if isinstance(node, MappingNode):
        yield from ((key, value, str(key.value)) for key, value in node.value)
    elif isinstance(node, SequenceNode):
        yield from ((None, value, place) for place, value in enumerate(node.value))


def _worded_path(path: Path) -> str:
    parts = [f"[{part}]" if isinstance(part, int) else f".{part}" for part in path]
    return "".join(parts).removeprefix(".")
