"""What the verbs of contracts, notices and objections share: filters, one outcome told, lines as JSON, prices."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

import typer
from rich.markup import escape
from sqlalchemy.orm import Session

from sekaps.cli.asking import instant_of_act, require_database
from sekaps.cli.language import _, current, said
from sekaps.cli.printing import console, print_json, table
from sekaps.database import reading, transaction
from sekaps.errors.contracts import NoticeUnknown, PriceUnreadable, ProtocolUnknown
from sekaps.reports.words import day
from sekaps.reports.words import number as worded
from sekaps.services.editions import EditionView, load_edition
from sekaps.services.outcomes import Outcome
from sekaps.services.paper_lists import ids_of_notices, ids_of_protocols
from sekaps.services.registry import require_person
from sekaps.texts import Bilingual, Sayable, Text, text

SHOWN = 40
"""How many lines people are shown; ``--json`` has all of them."""
NOTHING = "–"
REFUSED = 1
RECORDED = text("recorded")
KURUS = 100
STATES: dict[str, Sayable] = {
    "open": Bilingual("açık", "open"),
    "concluded": Bilingual("yapıldı", "concluded"),
    "not_concluded": Bilingual("yapılmadı", "not concluded"),
    "terminated": Bilingual("sona erdirildi", "terminated"),
    "void": Bilingual("hükümsüz", "void"),
    "prepared": Bilingual("hazır", "prepared"),
    "served": Bilingual("tebliğ edildi", "served"),
    "not_served": Bilingual("tebliğ edilmedi", "not served"),
    "running": Bilingual("işliyor", "running"),
    "met": Bilingual("yerine getirildi", "met"),
    "lapsed": Bilingual("doldu", "lapsed"),
}
"""What the states of protocols, notices and terms are called."""

Person = Annotated[int, typer.Option("--as", help=_("Manager code of who does it (yönetici kodu)."))]
State = Annotated[str, typer.Option(help=_("Only those in this state."))]
Province = Annotated[str, typer.Option(help=_("Plate code of a province, such as 34."))]
UnitNumber = Annotated[int | None, typer.Option("--unit", help=_("Registry number of a unit with a part in it."))]
Notice = Annotated[str, typer.Argument(metavar="NUMBER", help=_("Number of the notice, as listed."))]


def notice_id(session: Session, edition: EditionView, number: str) -> int:
    """Return the id of a notice of this year; raise NoticeUnknown."""
    found = ids_of_notices(session, edition, [number])
    if number not in found:
        raise NoticeUnknown(number=number)
    return found[number]


def protocol_id(session: Session, edition: EditionView, number: str) -> int:
    """Return the id of a detail protocol of this year; raise ProtocolUnknown."""
    found = ids_of_protocols(session, edition, [number])
    if number not in found:
        raise ProtocolUnknown(number=number)
    return found[number]


def show_lines(
    lines_of: Callable[[Session, EditionView], Sequence[Any]],
    title: str,
    columns: Mapping[str, Callable[[Any], object]],
    *,
    of: tuple[str, int],
    as_json: bool,
) -> None:
    """List what is found of a programme's year: the first rows as a table of those columns, or all of it as JSON."""
    require_database()
    with reading() as session:
        lines = lines_of(session, load_edition(session, *of))
    if as_json:
        print_json(lines_as_json(lines))
    else:
        print_lines(title, list(columns), [[cell(each) for cell in columns.values()] for each in lines])


def act_on_notice(
    record: Callable[[Session, EditionView, list[Any], datetime], Sequence[Outcome]],
    request: Callable[[int, int], object],
    number: str,
    *,
    of: tuple[str, int],
    person: int,
    as_of: str | None,
    done: Text = RECORDED,
    as_json: bool,
) -> None:
    """Record what a person does to a notice: the request is made of the two's ids; say what came of it."""
    require_database()
    with transaction() as session:
        edition = load_edition(session, *of)
        asked = request(notice_id(session, edition, number), require_person(session, person).id)
        [outcome] = record(session, edition, [asked], instant_of_act(edition, as_of))
    tell(number, outcome, done, as_json=as_json)


def tell(number: str, outcome: Outcome, done: Text, *, as_json: bool) -> None:
    """Say what came of one act, and leave with 1 when it was refused."""
    if as_json:
        refusal = said(outcome.refusal) if outcome.refusal else None
        print_json({"number": number, "done": outcome.done, "refusal": refusal})
    elif outcome.refusal is None:
        typer.echo(said(text("{number}: {done}", number=number, done=done)))
    else:
        typer.echo(said(text("{number}: refused: {refusal}", number=number, refusal=outcome.refusal)), err=True)
    if not outcome.done:
        raise typer.Exit(REFUSED)


def print_lines(title: str, headings: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print the first rows of a list as a table, and how many there are."""
    listed = table(title, *headings)
    listed.columns[0].no_wrap = True
    for row in rows[:SHOWN]:
        listed.add_row(*map(_cell, row))
    out = console()
    out.print(listed)
    count, shown = worded(len(rows), current()), worded(min(SHOWN, len(rows)), current())
    out.print(said(text("{shown} of {count} shown; --json writes all of them", shown=shown, count=count)))


def _cell(value: object) -> str:
    """Return a cell; days in figures, so that numbers keep their room."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return day(value, current())
    return escape(said(NOTHING if value is None else value))


def lines_as_json(lines: Sequence[Any]) -> list[dict[str, object]]:
    """Return lines with their dates and instants in ISO form."""
    return [{name: _plain(value) for name, value in asdict(line).items()} for line in lines]


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date | datetime) else value


def read_price(asked: str | None) -> int | None:
    """Return a price written in lira as kuruş; raise PriceUnreadable."""
    if asked is None:
        return None
    try:
        kurus = Decimal(asked) * KURUS
        if kurus == kurus.to_integral_value():
            return int(kurus)
    except (InvalidOperation, OverflowError, ValueError):
        pass
    raise PriceUnreadable(asked=asked)


def price(kurus: int | None) -> str | None:
    """Return a price in lira as this run's reader writes it."""
    if kurus is None:
        return None
    mark = "," if current() == "tr" else "."
    return f"{worded(kurus // KURUS, current())}{mark}{kurus % KURUS:02}"
