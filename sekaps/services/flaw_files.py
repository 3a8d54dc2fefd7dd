"""The list of what is wrong with a file, a line for each cell: written as flaws are found, kept in no memory."""

from collections.abc import Iterable
from pathlib import Path
from typing import IO

import polars as pl

from sekaps.domain.form_columns import FLAW_SCHEMA
from sekaps.domain.form_fields import RULES
from sekaps.errors.registry import RowFlaw
from sekaps.texts import Language

HEADING = ("row", "column", "value", "rule", "problem")
SHOWN = 5
"""So many flaws are shown beside the list."""
Shown = tuple[int, str, str, str]
"""A flaw as it is shown: row, column and value (empty where the sentence names them), and the sentence."""


class FlawFile:
    """The list of flaws, made when the first one is found; its first few are kept to be shown."""

    def __init__(self, path: Path, language: Language) -> None:
        self.path, self.count = path, 0
        self.shown: list[Shown] = []
        self._language = language
        self._unfinished = path.with_name(f".{path.name}.part")
        self._file: IO[bytes] | None = None
        self._problems = {code: rule.say(language) for code, rule in RULES.items()}

    def add(self, flaws: pl.DataFrame) -> None:
        """Append flaws of cells, each by the code of the rule it breaks."""
        if not flaws.is_empty():
            told = flaws.with_columns(problem=pl.col("rule").replace_strict(self._problems))
            self._write(told)
            self._keep(told)

    def add_rows(self, flaws: Iterable[RowFlaw]) -> None:
        """Append flaws that bring their own sentence."""
        rows = [(each.row, each.column, each.value, each.rule, each.problem.say(self._language)) for each in flaws]
        if rows:
            told = pl.DataFrame(rows, schema={**FLAW_SCHEMA, "problem": pl.String}, orient="row")
            self._write(told)
            self._keep(told.with_columns(column=pl.lit(""), value=pl.lit("")))

    def _write(self, flaws: pl.DataFrame) -> None:
        """Write lines; what a spreadsheet would take for a formula is kept from it."""
        if self._file is None:
            self._file = self._unfinished.open("wb")
            self._file.write((",".join(HEADING) + "\n").encode("utf-8-sig"))
        value = pl.col("value")
        harmless = pl.when(value.str.contains(r"^[=+\-@\t\r]")).then("'" + value).otherwise(value).alias("value")
        lines = flaws.with_columns(harmless).select(HEADING)
        lines.write_csv(self._file, include_header=False)
        self.count += lines.height

    def _keep(self, flaws: pl.DataFrame) -> None:
        few = flaws.head(SHOWN - len(self.shown)).select("row", "column", "value", "problem").fill_null("")
        self.shown += few.rows()

    def close(self) -> None:
        """Put the list under its name; a list of an earlier attempt goes where nothing is wrong any more."""
        if self._file is None:
            self._unfinished.unlink(missing_ok=True)
            self.path.unlink(missing_ok=True)
            return
        self._file.close()
        self._unfinished.replace(self.path)
