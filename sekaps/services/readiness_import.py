"""Takes evidence of readiness over from a list: all rows or none, set by set, the same list again changing nothing."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from sekaps.calendar.instants import local_day
from sekaps.domain.registry_cells import Record, read_number, read_start
from sekaps.domain.registry_fields import FIELD_NAMES
from sekaps.errors.registry import RowFlaw, RowsFlawed
from sekaps.services.editions import EditionView
from sekaps.services.readiness_records import Desk, Evidence, Recorded, record_all
from sekaps.services.registry_headings import Headings
from sekaps.texts import Text, text

READINESS = Headings(
    {
        **dict.fromkeys(("unit", "number", "birim", "birimno", "detsis", "detsisno"), "unit"),
        **dict.fromkeys(("code", "requirement", "kod", "kodu", "gerek"), "requirement"),
        **dict.fromkeys(("date", "since", "tarih", "baslangic"), "since"),
        **dict.fromkeys(("until", "bitis", "gecerlilik"), "until"),
        **dict.fromkeys(("note", "aciklama"), "note"),
    },
    ("unit", "requirement", "since"),
    FIELD_NAMES,
)
"""How a list names its columns: unit, code and date; until and note where there are any."""


RULE_OF = {"unit": "number", "code": "required", "since": "day", "until": "day"}
"""The code of the rule that a cell of each field breaks when it cannot be read."""


def import_evidence(
    session: Session, edition: EditionView, records: Sequence[Record], *, by: int, as_of: datetime, source: str
) -> Recorded:
    """Record every row and report what changed; raise RowsFlawed with every flaw, and then record nothing."""
    rows, flaws = _read(records)
    desk = Desk(session, edition, by, {row.unit for row in rows}, as_of)
    flaws += [
        RowFlaw(row.row, problem, "requirement", row.code, "code")
        for row in rows
        if (problem := desk.problem(row)) is not None
    ]
    flaws += _told_twice(rows)
    if flaws:
        raise RowsFlawed(source=source, flaws=sorted(flaws, key=lambda flaw: flaw.row))
    return record_all(session, desk, rows, source=source)


def _read(records: Sequence[Record]) -> tuple[list[Evidence], list[RowFlaw]]:
    rows, flaws = [], []
    for record in records:
        values = _values(record.cells)
        problems = {name: value for name, value in values.items() if isinstance(value, Text)}
        for name, problem in problems.items():
            column = "requirement" if name == "code" else name
            flaws.append(RowFlaw(record.row, problem, column, record.cells.get(column, ""), RULE_OF[name]))
        if not problems:
            rows.append(Evidence(row=record.row, **values))  # type: ignore[arg-type]
    return rows, flaws


def _values(cells: Mapping[str, str]) -> dict[str, object]:
    return {
        "unit": read_number(cells.get("unit", "")),
        "code": cells.get("requirement", "") or text("the requirement is not given"),
        "since": _day(cells.get("since", "")) or text("the date is not given"),
        "until": _day(cells.get("until", "")),
        "note": cells.get("note", ""),
    }


def _day(written: str) -> date | None | Text:
    read = read_start(written)
    return local_day(read) if isinstance(read, datetime) else read


def _told_twice(rows: Sequence[Evidence]) -> Iterator[RowFlaw]:
    """Yield the rows that tell of a unit and code what a row before tells otherwise."""
    first: dict[tuple[int, str], Evidence] = {}
    for row in rows:
        before = first.setdefault((row.unit, row.code), row)
        if (before.since, before.until) != (row.since, row.until):
            problem = text("row {row} gives other days for the same unit and requirement", row=before.row)
            yield RowFlaw(row.row, problem, "unit", str(row.unit), "twice")
