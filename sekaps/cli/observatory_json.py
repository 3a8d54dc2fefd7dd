"""The observatory as JSON for programs: the same figures as the page, with codes instead of words."""

from typing import Any

from sekaps.cli.language import said
from sekaps.domain.closing_acts import CLOSING_ACTS, PENDING, sending_command
from sekaps.domain.gaps import Cause
from sekaps.domain.observatory import (
    Ending,
    Line,
    Observatory,
    Pen,
    Side,
    Stuck,
    Vacancy,
    Waiting,
    breakdown,
    count_ages,
    pens,
    vacancies,
)


def observatory_json(seen: Observatory, top: int) -> dict[str, Any]:
    """Return the observatory; lists of people and chains go up to the first so many."""
    piles, day = seen.piles, seen.day
    sides = {side: [_line(line) for line in breakdown(piles, side, day)] for side in Side if side is not Side.PERSON}
    ages = {
        cause.value: [{"from": each.first, "to": each.last, "documents": count} for each, count in classes.items()]
        for cause, classes in count_ages(piles, day).items()
    }
    return {
        "programme": seen.programme,
        "year": seen.year,
        "as_of": day.isoformat(),
        "synthetic": seen.synthetic,
        "documents": seen.documents,
        "unheard": seen.unheard,
        "days_counted": "calendar",
        "causes": [_cause(seen, cause) for cause in PENDING],
        **{f"by_{side.value}": lines for side, lines in sides.items()},
        "ages": ages,
        "people": [_pen(pen) for pen in pens(piles, day)[:top]],
        "vacant_posts": [_vacancy(one) for one in vacancies(piles, day)[:top]],
        "ending": [_ending(one) for one in seen.endings],
        "stuck": [_stuck(one) for one in seen.stuck],
    }


def _cause(seen: Observatory, cause: Cause) -> dict[str, object]:
    act = CLOSING_ACTS[cause]
    command = sending_command(cause, seen.programme, seen.year)
    return {"cause": cause.value, "closed_by": said(act.does), "by": said(act.by), "command": act.command,
            "send": command}  # fmt: skip


def _waiting(waiting: Waiting) -> dict[str, object]:
    return {
        "documents": waiting.documents,
        "oldest": waiting.oldest.isoformat(),
        "median_days": waiting.median_days,
        "longest_days": waiting.longest_days,
        "total_days": waiting.total_days,
    }


def _line(line: Line) -> dict[str, object]:
    causes = {cause.value: count for cause, count in line.by_cause.items()}
    return {"name": line.name, **_waiting(line.waiting), "by_cause": causes}


def _pen(pen: Pen) -> dict[str, object]:
    told = {"code": pen.person.number, "name": pen.person.name, "posts": pen.posts, "units": pen.units}
    return {**told, **_waiting(pen.waiting)}


def _vacancy(one: Vacancy) -> dict[str, object]:
    who = one.closer.number if one.closer else None
    return {"unit": one.unit.number, "name": one.unit.name, "post": one.post, "filled_by": who, **_waiting(one.waiting)}


def _ending(one: Ending) -> dict[str, object]:
    return {
        "kind": one.hold.value,
        "unit": one.unit.number,
        "name": one.unit.name,
        "post": one.post,
        "code": one.person.number,
        "person": one.person.name,
        "until": one.until.isoformat(),
        "back_to": one.back_to,
        "waiting_now": one.waiting_now,
        "coming": one.coming,
    }


def _stuck(one: Stuck) -> dict[str, object]:
    return {
        "why": one.block.value,
        "unit": one.unit.number,
        "name": one.unit.name,
        "slot": one.slot,
        "post": one.post,
        "post_at": one.post_at,
        "documents": one.documents,
        "since": one.since.isoformat(),
        "such_as": one.example,
    }
