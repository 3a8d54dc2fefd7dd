"""``sekaps day``: what a day is, layer by layer, and why."""

from datetime import date, time
from typing import Annotated

import typer

from sekaps.calendar.days import DayFact, DayTable, Place
from sekaps.calendar.explanations import explain_day
from sekaps.calendar.holidays_tr import KNOWN_YEARS
from sekaps.cli.language import _, current, said
from sekaps.cli.places import find_place, place_name
from sekaps.cli.printing import console, print_json, table
from sekaps.errors.calendar import DayUnreadable, YearUnknown
from sekaps.services.programmes import day_table
from sekaps.texts import weekday_name


def day(
    asked: Annotated[str, typer.Argument(metavar="DATE", help=_("The day, such as 2023-06-30."))],
    province: Annotated[str | None, typer.Option(help=_("Plate code of a province, such as 34."))] = None,
    district: Annotated[str | None, typer.Option(help=_("Code or name of a district."))] = None,
    as_json: Annotated[bool, typer.Option("--json", help=_("Write JSON."))] = False,
) -> None:
    """Print the layers of a day at a place and whether it is worked."""
    wanted, place = _read_day(asked), find_place(province, district)
    days = _days_around(wanted)
    if as_json:
        print_json(_day_as_json(wanted, place, days))
    else:
        _print_day(wanted, place, days)


def _read_day(asked: str) -> date:
    try:
        return date.fromisoformat(asked)
    except ValueError:
        raise DayUnreadable(asked=asked) from None


def _days_around(wanted: date) -> DayTable:
    """Return the days of the year and, where they are known, those beside it, so that a next working day exists."""
    first, last = KNOWN_YEARS
    if not first <= wanted.year <= last:
        raise YearUnknown(year=wanted.year, first=first, last=last)
    return day_table(date(max(wanted.year - 1, first), 1, 1), date(min(wanted.year + 1, last), 12, 31))


def _day_as_json(wanted: date, place: Place, days: DayTable) -> dict[str, object]:
    return {
        "day": wanted.isoformat(),
        "weekday": weekday_name(wanted, current()),
        "place": _place_as_json(place),
        "working_day": days.is_working_day(wanted),
        "full_working_day": days.is_full_working_day(wanted, place),
        "layers": [_fact_as_json(fact) for fact in days.facts_on(wanted, place)],
        "explanation": [said(sentence) for sentence in explain_day(wanted, days, place)],
    }


def _fact_as_json(fact: DayFact) -> dict[str, object]:
    return {
        "layer": fact.layer.value,
        "name": said(fact.name),
        "from": _hour(fact.starts) or None,
        "to": _hour(fact.ends) or None,
        "place": _place_as_json(Place(fact.province, fact.district)),
        "source": fact.source,
        "estimated": fact.estimated,
    }


def _place_as_json(place: Place) -> dict[str, str | None]:
    return {"province": place.province, "district": place.district, "name": place_name(place)}


def _hour(moment: time | None) -> str:
    return f"{moment:%H:%M}" if moment else ""


def _print_day(wanted: date, place: Place, days: DayTable) -> None:
    out = console()
    out.print(f"[bold]{said(wanted)}, {weekday_name(wanted, current())} · {place_name(place)}[/bold]")
    for sentence in explain_day(wanted, days, place):
        out.print(f"  {said(sentence)}")
    facts = days.facts_on(wanted, place)
    if facts:
        layers = table("", _("layer"), _("name"), _("from"), _("to"), _("place"), _("source"))
        for fact in facts:
            where = place_name(Place(fact.province, fact.district))
            cells = (
                said(fact.layer.meaning),
                said(fact.name),
                _hour(fact.starts),
                _hour(fact.ends),
                where,
                fact.source,
            )
            layers.add_row(*cells)
        out.print(layers)
