"""Judging a file of forms row by row in batches: what is right is staged on disk, what is wrong goes to a list."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

import polars as pl

from sekaps.domain.form_columns import LONGEST_VALUE, References, judge
from sekaps.domain.form_fields import RULES, FormKind
from sekaps.domain.form_rows import WAITS, stored_rows
from sekaps.services.bulk_load import StageFile
from sekaps.services.table_files import Batch, TableFile
from sekaps.texts import Language

HEADING = ("row", "column", "value", "rule", "problem")
Told = Callable[[int, float], None]
"""Told of each batch: rows read so far, and the share of the file that is read."""


class FlawFile:
    """The list of what is wrong with a file, a line for each cell; made when the first one is found."""

    def __init__(self, path: Path, language: Language) -> None:
        self.path, self.count = path, 0
        self._unfinished = path.with_name(f".{path.name}.part")
        self._file: IO[bytes] | None = None
        self._problems = {code: rule.say(language) for code, rule in RULES.items()}

    def add(self, flaws: pl.DataFrame) -> None:
        """Append flaws; what a spreadsheet would take for a formula is kept from it."""
        if flaws.is_empty():
            return
        if self._file is None:
            self._file = self._unfinished.open("wb")
            self._file.write((",".join(HEADING) + "\n").encode("utf-8-sig"))
        value = pl.col("value")
        harmless = pl.when(value.str.contains(r"^[=+\-@\t]")).then("'" + value).otherwise(value)
        problem = pl.col("rule").replace_strict(self._problems)
        flaws.select("row", "column", harmless, "rule", problem.alias("problem")).write_csv(
            self._file, include_header=False
        )
        self.count += flaws.height

    def close(self) -> None:
        """Put the list under its name; a list of an earlier attempt goes where nothing is wrong any more."""
        if self._file is None:
            self.path.unlink(missing_ok=True)
            return
        self._file.close()
        self._unfinished.replace(self.path)


@dataclass(slots=True)
class Staged:
    """A judged file: its rows staged, how many there are, and how many wait for a commission's decision."""

    stage: StageFile
    rows: int = 0
    waiting: int = 0
    flawed_rows: int = 0
    _keys: list[pl.DataFrame] = field(default_factory=list)
    """A hash of each row's number in the year's files, to find what stands there twice in little memory."""


@contextmanager
def staged_file(
    table: TableFile, kind: FormKind, references: References, by_decision: Sequence[str], flaws: FlawFile, told: Told
) -> Iterator[Staged]:
    """Give the rows of a file, judged and staged; from the first flaw on rows are judged only."""
    folder = flaws.path.parent
    with TemporaryFile(dir=folder) as file:
        staged = Staged(StageFile(file))
        for batch in table.batches():
            _take(staged, batch, kind, references, by_decision, flaws)
            told(staged.rows, batch.share)
        _tell_twice(staged, table, flaws)
        yield staged


def _take(
    staged: Staged,
    batch: Batch,
    kind: FormKind,
    references: References,
    by_decision: Sequence[str],
    flaws: FlawFile,
) -> None:
    judged = judge(batch.frame, kind, references)
    found = pl.concat([batch.flaws, judged.flaws]).sort("row", maintain_order=True)
    flaws.add(found)
    staged.flawed_rows += found["row"].n_unique()
    staged.rows += batch.frame.height + batch.flaws.height
    rows = stored_rows(judged.rows, kind, references, by_decision)
    staged._keys.append(rows.select(pl.col("row").cast(pl.UInt32), pl.col("number").hash()).drop_nulls())
    if not flaws.count:
        staged.waiting += int(rows[WAITS].sum())
        staged.stage.add(rows)


def _tell_twice(staged: Staged, table: TableFile, flaws: FlawFile) -> None:
    """Tell the rows whose number stood in the file before; their values are read once more."""
    if not staged._keys:
        return
    keys = pl.concat(staged._keys)
    staged._keys.clear()
    again = keys.filter(~pl.col("number").is_first_distinct())["row"].cast(pl.Int64)
    if again.is_empty():
        return
    staged.flawed_rows += len(again)
    for batch in table.batches():
        rows = batch.frame.filter(pl.col("row").is_in(again.implode()))
        value = pl.col("number").str.strip_chars().str.slice(0, LONGEST_VALUE).alias("value")
        flaws.add(rows.select("row", pl.lit("number").alias("column"), value, pl.lit("twice").alias("rule")))
