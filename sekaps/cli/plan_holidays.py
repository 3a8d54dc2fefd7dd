"""``sekaps plan holidays``: the statutory holidays of a year by independent sources, and where these differ."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from sekaps.calendar.holiday_check import Disagreement, HolidayCheck, Reading, check_holidays
from sekaps.cli.asking import AsJson
from sekaps.cli.language import _, current, said
from sekaps.cli.printing import console, print_json, table
from sekaps.errors.holidays import HolidayListFlawed, HolidaysDisagree
from sekaps.services.draft_review import religious_days
from sekaps.services.holiday_lists import HolidayList, read_holiday_list
from sekaps.texts import Text, text, weekday_name

HELP = _("Compare the statutory holidays of a year by independent sources; exits non-zero where they differ.")


def holidays(
    year: Annotated[int, typer.Option(help=_("The year whose holidays are compared."))],
    against: Annotated[
        Path | None, typer.Option(metavar="FILE", help=_("A list to compare as well: .ics, or date and name in .csv."))
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Print what the sources agree on, every day they differ about, and the rows of the file that could not be read."""
    given = read_holiday_list(against, year) if against else None
    check = check_holidays(year, religious_days(), [given.listing] if given else [])
    if as_json:
        print_json(check_as_json(check) | ({"flaws": _flaws_as_json(given)} if given else {}))
    else:
        _print(check, given)
    if check.disagreements:
        raise HolidaysDisagree(year=year, days=len(check.disagreements))
    if given and given.flaws:
        raise HolidayListFlawed(path=str(against), flaws=len(given.flaws))


def agreement(check: HolidayCheck) -> Text:
    """Return in one sentence which sources were compared for a year, and whether they agree."""
    sources = tuple(listing.source for listing in check.listings)
    facts: dict[str, object] = {"year": check.year, "sources": sources, "count": len(check.days)}
    if not check.is_compared:
        return text("holidays of {year}: only one source, {sources}; nothing to compare it with", **facts)
    if check.disagreements:
        return text("holidays of {year}: these sources do not agree: {sources}", **facts)
    return text("holidays of {year}: the sources agree on all {count} days: {sources}", **facts)


def print_disagreements(out: Console, checks: Iterable[HolidayCheck]) -> None:
    """Print every day the sources differ about, with what each of them says in a column of its own."""
    for check in checks:
        if check.disagreements:
            sources = [said(listing.source) for listing in check.listings]
            title = said(text("Days of {year} the sources differ about", year=check.year))
            days = table(title, _("date"), _("day of the week"), *sources)
            for each in check.disagreements:
                readings = [escape(_cell(reading)) for reading in each.readings]
                days.add_row(said(each.day), weekday_name(each.day, current()), *readings)
            out.print(days)


def _cell(reading: Reading) -> str:
    extent = said(reading.extent.meaning)
    return extent if reading.name is None else f"{extent}\n{said(reading.name)}"


def check_as_json(check: HolidayCheck) -> dict[str, object]:
    """Return a comparison as plain values; agrees is null where there was only one source."""
    return {
        "year": check.year,
        "sources": [said(listing.source) for listing in check.listings],
        "agrees": not check.disagreements if check.is_compared else None,
        "announced": check.is_announced,
        "disagreements": [_disagreement_as_json(each) for each in check.disagreements],
    }


def _disagreement_as_json(each: Disagreement) -> dict[str, object]:
    readings = [
        {
            "source": said(reading.source),
            "extent": reading.extent.value,
            "name": said(reading.name) if reading.name is not None else None,
        }
        for reading in each.readings
    ]
    return {"day": each.day.isoformat(), "readings": readings}


def _flaws_as_json(given: HolidayList) -> list[dict[str, object]]:
    return [{"line": flaw.line, "reason": said(flaw.reason)} for flaw in given.flaws]


def _print(check: HolidayCheck, given: HolidayList | None) -> None:
    out = console()
    out.print(escape(said(agreement(check))))
    if not check.is_announced:
        out.print(
            escape(
                said(text("the announcement of the religious holidays of {year} has not been entered", year=check.year))
            )
        )
    print_disagreements(out, [check])
    for flaw in given.flaws if given else ():
        out.print(escape(said(text("! line {line}: {reason}", line=flaw.line, reason=flaw.reason))), style="yellow")
