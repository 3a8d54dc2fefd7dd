"""A generated country as files: tables under the headings our importers read, and what the audits are to find."""

from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import polars as pl

from sekaps.calendar.days import DayTable
from sekaps.calendar.editions import Draft
from sekaps.calendar.windows import Window
from sekaps.demo.country import expected
from sekaps.demo.evening import INSTANT, Evening, answers
from sekaps.demo.paperwork import FormPart, Paperwork
from sekaps.demo.people import MEMBERS, OFFICE
from sekaps.demo.population import Population
from sekaps.demo.signing_days import YearDays
from sekaps.demo.stages import FORMS, SIGNATURES, Told
from sekaps.demo.table_writers import KINDS, Format, TableFile
from sekaps.demo.work_rows import signed_slots
from sekaps.errors.editions import GenerationRefused
from sekaps.texts import text

FILES = {"need_form": "needs", "resource_form": "resources"}
HEADINGS = {"item_code": "item", "province_code": "province", "district_code": "district"}
NOT_STATED = ("step", "unit_id", "chain_id", "allocated", "recorded_scope", "origin", "supplier", "stated_quantity",
              "stated_measure")  # fmt: skip
"""Columns of forms that a file does not state."""
BOARD_POSTS = frozenset({*MEMBERS, OFFICE})
ROWS_AT_ONCE = 200_000


def year_days(draft: Draft, days: DayTable) -> YearDays:
    """Return the windows and days of a drafted year."""
    return YearDays({(each.activity, each.key): Window(each.opens, each.closes) for each in draft.windows}, days)


def require_new(folder: Path) -> None:
    """Raise GenerationRefused where a folder is there already."""
    if folder.exists():
        raise GenerationRefused(problem=text("{folder} is there already; name a new folder", folder=str(folder)))


def registry_numbers(people: Population) -> pl.Series:
    """Return the registry numbers of a country's units, by place."""
    return pl.Series([people.numbers[unit.key] for unit in people.specs])


def stated(part: FormPart, numbers: pl.Series) -> pl.DataFrame:
    """Return forms under the headings our importers read."""
    numbered = part.frame.with_columns(unit=numbers.gather(part.frame["unit"]))
    named = numbered.drop(NOT_STATED, strict=False).rename(HEADINGS, strict=False)
    return named.select("number", "unit", pl.exclude("number", "unit"))


class CountryFiles:
    """Writes the tables of one country into a folder that is there when all of them are."""

    def __init__(self, people: Population, paperwork: Paperwork, evening: Evening, year: YearDays) -> None:
        self._people, self._paperwork, self._evening, self._year = people, paperwork, evening, year
        self._numbers = registry_numbers(people)

    def write(self, folder: Path, kind: Format, begins: datetime, told: Told) -> None:
        """Write every table, all or none."""
        folder.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}-") as home, ExitStack() as stack:
            files: dict[str, TableFile] = {}
            for name, frame in self._tables(begins, told):
                if name not in files:
                    files[name] = stack.enter_context(closing(KINDS[kind](Path(home) / f"{name}.{kind.value}")))
                files[name].add(frame)
            stack.close()
            Path(home).chmod(0o755)
            Path(home).rename(folder)
            Path(home).mkdir()

    def _tables(self, begins: datetime, told: Told) -> Iterator[tuple[str, pl.DataFrame]]:
        yield "units", self._units()
        yield from self._posts(begins)
        place = 0
        for part in self._paperwork.parts():
            yield from self._forms(part, place)
            place += part.frame.height
            told(FORMS, place, len(self._evening.duties))
        yield from self._signatures(told)
        rows = [{**asdict(each), "cause": each.cause.value} for each in answers(self._evening)]
        yield "gaps", pl.DataFrame(rows)

    def _units(self) -> pl.DataFrame:
        numbers = self._people.numbers
        rows = [
            (numbers[unit.key], unit.name, unit.kind, numbers.get(unit.parent or ""), numbers.get(unit.ministry or ""),
             unit.province, unit.district)
            for unit in self._people.specs
        ]  # fmt: skip
        headings = ["number", "name", "kind", "parent", "ministry", "province", "district"]
        return pl.DataFrame(rows, schema=headings, orient="row", infer_schema_length=None)

    def _posts(self, begins: datetime) -> Iterator[tuple[str, pl.DataFrame]]:
        """Yield the people in posts, and apart from them those with a seat in a commission."""
        people = self._people
        rows = [
            (*people.person(post.person), people.numbers[post.unit], post.kind, post.title,
             people.in_office_since(post, begins).date().isoformat())
            for post in people.posts
        ]  # fmt: skip
        headings = ["code", "name", "email", "unit", "post", "title", "begins"]
        posts = pl.DataFrame(rows, schema=headings, orient="row")
        on_board = pl.col("post").is_in(list(BOARD_POSTS))
        yield "people", posts.filter(~on_board)
        yield "commission_members", posts.filter(on_board)

    def _forms(self, part: FormPart, first: int) -> Iterator[tuple[str, pl.DataFrame]]:
        if part.kind in FILES:
            yield FILES[part.kind], stated(part, self._numbers)
        opened = expected(part, self._year.windows)["waiting_since"]
        named = part.frame.select("number", pl.lit(part.kind).alias("kind"), pl.lit(part.activity).alias("activity"),
                                  "step", unit=self._numbers.gather(part.frame["unit"]))  # fmt: skip
        yield "documents", named.hstack(self._evening.standing(first, first + part.frame.height, opened))

    def _signatures(self, told: Told) -> Iterator[tuple[str, pl.DataFrame]]:
        evening, codes = self._evening, [0, *(self._people.person(key)[0] for key in self._people.person_ids)]
        code_of = pl.Series(codes)
        places, slots = signed_slots(evening)
        for start in range(0, len(places), ROWS_AT_ONCE):
            place, slot = places[start : start + ROWS_AT_ONCE], slots[start : start + ROWS_AT_ONCE]
            moments = pl.Series(evening.moments[place, slot - 1])
            person = evening.seats.person[evening.duties.chain[place], slot - 1]
            yield "signatures", pl.DataFrame({
                "document": [evening.duties.number(each) for each in place.tolist()],
                "slot": slot,
                "person": code_of.gather(person.astype(np.int64)),
                "at": moments.replace_strict(evening.instants, return_dtype=INSTANT),
            })  # fmt: skip
            told(SIGNATURES, min(start + ROWS_AT_ONCE, len(places)), len(places))
