"""Judging a file of forms row by row in batches: what is right is staged on disk, what is wrong goes to a list."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from tempfile import TemporaryFile

import polars as pl

from sekaps.domain.form_columns import References, judge
from sekaps.domain.form_fields import FormKind
from sekaps.domain.form_rows import WAITS, stored_rows
from sekaps.services.bulk_load import StageFile
from sekaps.services.flaw_files import FlawFile
from sekaps.services.repeated_numbers import repeated
from sekaps.services.table_files import Batch, TableFile, Told


@dataclass(slots=True)
class Staged:
    """A judged file: its rows staged, how many there are, and how many wait for a commission's decision."""

    stage: StageFile
    numbers: StageFile
    """Row and number of every row, to find what stands there twice without keeping them in memory."""
    rows: int = 0
    waiting: int = 0
    flawed_rows: int = 0


@contextmanager
def staged_file(
    table: TableFile, kind: FormKind, references: References, by_decision: Sequence[str], flaws: FlawFile, told: Told
) -> Iterator[Staged]:
    """Give the rows of a file, judged and staged; from the first flaw on rows are judged only."""
    folder = flaws.path.parent
    with TemporaryFile(dir=folder) as file, TemporaryFile(dir=folder) as numbers:
        staged = Staged(StageFile(file), StageFile(numbers))
        for batch in table.batches():
            _take(staged, batch, kind, references, by_decision, flaws)
            told(staged.rows, batch.share)
        _tell_twice(staged, flaws)
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
    staged.rows += batch.frame.height + batch.flaws["row"].n_unique()
    rows = stored_rows(judged.rows, kind, references, by_decision)
    staged.numbers.add(rows.select("row", "number").drop_nulls())
    if not flaws.count:
        staged.waiting += int(rows[WAITS].sum())
        staged.stage.add(rows)


def _tell_twice(staged: Staged, flaws: FlawFile) -> None:
    """Tell the rows whose number stood in the file before."""
    for again in repeated(staged.numbers, "number"):
        staged.flawed_rows += again.height
        twice = pl.lit("twice").alias("rule")
        flaws.add(again.select("row", pl.lit("number").alias("column"), pl.col("number").alias("value"), twice))
