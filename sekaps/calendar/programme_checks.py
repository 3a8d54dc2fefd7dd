"""Checks across a programme file: every name used is declared, every code once, no rule waits for itself.

They walk the plain data rather than the model, so that one misspelt key does not hide the other errors of a file.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from sekaps.calendar.holidays_tr import KNOWN_YEARS
from sekaps.calendar.rules import parse_rule
from sekaps.errors.calendar import RuleUnreadable
from sekaps.texts import Text, text

EARLIEST_MONTH_OF_YEAR_BEFORE = 7
"""An edition's first dates may lie in the second half of the year before it, never earlier."""

Path = tuple[str | int, ...]
Problem = tuple[Path, Text]

_UNKNOWN = {
    "boundary": text("boundary"),
    "ladder": text("ladder"),
    "document": text("document"),
    "actor": text("actor"),
    "activity": text("activity"),
    "step": text("step"),
    "window": text("activity or step"),
}


@dataclass(frozen=True, slots=True)
class Reference:
    """A name used somewhere in the file, and what it ought to be the name of."""

    path: Path
    name: str
    kind: str


def problems(data: object) -> Iterator[Problem]:
    """Yield every problem between the parts of a programme, with the path to it."""
    programme = _mapping(data)
    yield from _unknown_names(programme)
    yield from _repeated_codes(programme)
    yield from _readiness_not_stated(programme)
    yield from _boundaries_without_date(programme)
    yield from _published_far_away(programme)
    yield from _circular_rules(programme)


def _unknown_names(programme: Mapping[object, object]) -> Iterator[Problem]:
    known = _known_names(programme)
    for used in _references(programme):
        if used.name not in known[used.kind]:
            near = get_close_matches(used.name, known[used.kind]) or sorted(known[used.kind])
            what = _UNKNOWN[used.kind]
            yield used.path, text("unknown {kind} '{name}'; known: {known}", kind=what, name=used.name, known=near)
    yield from _steps_of_other_activities(programme, known["step"])


def _known_names(programme: Mapping[object, object]) -> dict[str, list[str]]:
    activities = [str(activity.get("code")) for _, activity in _entries(programme, "activities")]
    steps = [key for _, _, key in _steps(programme)]
    declared = {"boundary": "boundaries", "ladder": "ladders", "document": "documents", "actor": "actors"}
    names = {kind: [str(code) for code in _mapping(programme.get(key))] for kind, key in declared.items()}
    return names | {"activity": activities, "step": steps, "window": activities + steps}


def _references(programme: Mapping[object, object]) -> Iterator[Reference]:
    yield from _references_of_rules(programme)
    yield from _references_of_activities(programme)
    yield from _references_of_invariants(programme)
    yield from _references_of_readiness(programme)
    for path, phase in _entries(programme, "phases"):
        yield from _named(path, phase, activity="activity")


def _references_of_readiness(programme: Mapping[object, object]) -> Iterator[Reference]:
    readiness = _mapping(programme.get("readiness"))
    yield from _named(("readiness",), readiness, prepared_in="activity")
    for path, requirement in _entries(readiness, "requirements", ("readiness",)):
        yield from _named(path, requirement, done_by="actor")


def _references_of_rules(programme: Mapping[object, object]) -> Iterator[Reference]:
    for code, boundary in _mapping(programme.get("boundaries")).items():
        path: Path = ("boundaries", str(code))
        rules = [((*path, "rule"), _mapping(boundary).get("rule"))]
        alternatives = _list(_mapping(boundary).get("alternatives"))
        rules += [((*path, "alternatives", place), rule) for place, rule in enumerate(alternatives)]
        for place, rule in rules:
            yield from (Reference(place, need, "boundary") for need in _needs(rule))


def _references_of_activities(programme: Mapping[object, object]) -> Iterator[Reference]:
    for path, activity in _entries(programme, "activities"):
        yield from _listed((*path, "window"), activity.get("window"))
        yield from _named(path, activity, ladder="ladder")
    for path, step, _ in _steps(programme):
        yield from _listed((*path, "window"), step.get("window"))
        yield from _named(path, step, ladder="ladder", document="document", actor="actor", after="step")


def _references_of_invariants(programme: Mapping[object, object]) -> Iterator[Reference]:
    for path, invariant in _entries(programme, "invariants"):
        yield from _listed((*path, "abut"), invariant.get("abut"))
        yield from _listed((*path, "order"), invariant.get("order"))
        yield from _named((*path, "inside"), _mapping(invariant.get("inside")), window="window", of="window")


def _steps_of_other_activities(programme: Mapping[object, object], keys: list[str]) -> Iterator[Problem]:
    codes = [activity.get("code") for _, activity in _entries(programme, "activities")]
    own = {key: codes[int(path[1])] for path, _, key in _steps(programme)}
    for path, phase in _entries(programme, "phases"):
        for place, key in enumerate(_list(phase.get("steps"))):
            if own.get(str(key)) != phase.get("activity"):
                steps = [name for name in keys if own[name] == phase.get("activity")]
                said = text("'{key}' is no step of the activity; its steps: {steps}", key=key, steps=steps)
                yield (*path, "steps", place), said


def _repeated_codes(programme: Mapping[object, object]) -> Iterator[Problem]:
    windows = [((*path, "code"), str(activity.get("code"))) for path, activity in _entries(programme, "activities")]
    windows += [((*path, "id") if "id" in step else path, key) for path, step, key in _steps(programme)]
    phases = [((*path, "code"), str(phase.get("code"))) for path, phase in _entries(programme, "phases")]
    asked = _entries(_mapping(programme.get("readiness")), "requirements", ("readiness",))
    requirements = [((*path, "code"), str(requirement.get("code"))) for path, requirement in asked]
    for named in (windows, phases, requirements):
        seen: set[str] = set()
        for path, name in named:
            if name in seen:
                yield path, text("'{name}' is used twice", name=name)
            seen.add(name)


def _readiness_not_stated(programme: Mapping[object, object]) -> Iterator[Problem]:
    for path, activity in _entries(programme, "activities"):
        if activity.get("needs_ready") is True and not programme.get("readiness"):
            yield (*path, "needs_ready"), text("the programme states no readiness that could be needed")


def _boundaries_without_date(programme: Mapping[object, object]) -> Iterator[Problem]:
    for code, boundary in _mapping(programme.get("boundaries")).items():
        stated = _mapping(boundary)
        if not stated.get("rule") and not stated.get("published"):
            yield ("boundaries", str(code)), text("a boundary needs a rule or a published date")


def _published_far_away(programme: Mapping[object, object]) -> Iterator[Problem]:
    for code, boundary in _mapping(programme.get("boundaries")).items():
        for year, written in _mapping(_mapping(boundary).get("published")).items():
            day = _date(written)
            if isinstance(year, int) and day is not None and (problem := _far_away(year, day)):
                yield ("boundaries", str(code), "published", year), problem


def _far_away(year: int, day: date) -> Text | None:
    """Return why a date cannot belong to an edition: its years are the edition's, the next, and late the one before."""
    first, last = KNOWN_YEARS
    if not first <= year <= last:
        return text("{year} is no edition's year; they go from {first} to {last}", year=year, first=first, last=last)
    earliest, latest = date(year - 1, EARLIEST_MONTH_OF_YEAR_BEFORE, 1), date(year + 1, 12, 31)
    if earliest <= day <= latest:
        return None
    return text(
        "{day} is too far away to belong to the {year} edition, which lies between {earliest} and {latest}",
        day=day,
        year=year,
        earliest=earliest,
        latest=latest,
    )


def _date(written: object) -> date | None:
    """Return the date of a text, or None where the model will say that it is none."""
    try:
        return date.fromisoformat(str(written))
    except ValueError:
        return None


def _circular_rules(programme: Mapping[object, object]) -> Iterator[Problem]:
    """Follow each rule to the boundary it waits for; a rule waits for one at most, so the way never forks."""
    boundaries = _mapping(programme.get("boundaries"))
    waits_for = {str(code): next(iter(_needs(_mapping(entry).get("rule"))), None) for code, entry in boundaries.items()}
    reported: set[str] = set()
    for code in waits_for:
        way = _way_from(code, waits_for)
        if waits_for.get(way[-1]) == code and code not in reported:
            reported.update(way)
            said = text("the rules wait for one another: {way}", way=" → ".join([*way, code]))
            yield ("boundaries", code, "rule"), said


def _way_from(code: str, waits_for: Mapping[str, str | None]) -> list[str]:
    way = [code]
    following = waits_for.get(code)
    while following is not None and following not in way and following in waits_for:
        way.append(following)
        following = waits_for[following]
    return way


def _needs(rule: object) -> list[str]:
    try:
        return sorted(parse_rule(rule).needs) if isinstance(rule, str) else []
    except RuleUnreadable:
        return []


def _steps(programme: Mapping[object, object]) -> Iterator[tuple[Path, Mapping[object, object], str]]:
    for path, activity in _entries(programme, "activities"):
        row = activity.get("row") or activity.get("code")
        for place, (step_path, step) in enumerate(_entries(activity, "steps", path), start=1):
            yield step_path, step, str(step.get("id") or f"{row}({place})")


def _named(path: Path, entry: Mapping[object, object], **kinds: str) -> Iterator[Reference]:
    for key, kind in kinds.items():
        if isinstance(entry.get(key), str | int):
            yield Reference((*path, key), str(entry[key]), kind)


def _listed(path: Path, names: object) -> Iterator[Reference]:
    for place, name in enumerate(_list(names)):
        if isinstance(name, str):
            yield Reference((*path, place), name, "boundary")


def _entries(
    parent: Mapping[object, object], key: str, path: Path = ()
) -> Iterator[tuple[Path, Mapping[object, object]]]:
    for place, entry in enumerate(_list(parent.get(key))):
        yield (*path, key, place), _mapping(entry)


def _mapping(value: object) -> Mapping[object, object]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []
