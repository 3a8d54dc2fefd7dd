"""What is stored of judged rows: columns of documents, needs and resources, and nothing of how they were written."""

from collections.abc import Sequence

import polars as pl

from sekaps.domain.form_columns import References, feed_number, supplier_of
from sekaps.domain.form_fields import FormKind

OWNED = ("number", "unit_id", "chain_id", "activity", "step", "previous_id")
"""What the document's row takes from a form."""
LINES: dict[FormKind, tuple[str, ...]] = {
    FormKind.NEED: (
        "item_code", "quantity", "priority", "scope", "beneficiary", "age_group", "necessity", "province_code",
        "district_code", "place", "needed_from", "needed_until", "stated_quantity", "stated_measure",
    ),
    FormKind.RESOURCE: (
        "item_code", "capacity", "stock", "scope", "origin", "supplier", "holder", "holder_kind", "holder_number",
        "address", "province_code", "district_code",
    ),
}  # fmt: skip
"""What the need's or resource's own row takes from it."""
WAITS = "waits"
"""Whether a resource becomes local by a commission's decision only, and has none yet."""


def stored_rows(rows: pl.DataFrame, kind: FormKind, references: References, by_decision: Sequence[str]) -> pl.DataFrame:
    """Return the rows as they are stored, with their number in the file and whether they wait for a decision."""
    is_local, of_those = pl.col("scope_code") == "local", pl.col("sector").is_in(list(by_decision))
    waits = is_local & of_those if kind is FormKind.RESOURCE else pl.lit(False)
    line = _need(rows) if kind is FormKind.NEED else _resource(rows, references)
    kept = line.select("row", *OWNED, *LINES[kind], waits.alias(WAITS))
    return kept.with_columns(pl.col(pl.Date).dt.to_string("iso"))


def _need(rows: pl.DataFrame) -> pl.DataFrame:
    other = pl.col("stated_in") != pl.col("item_measure")
    return rows.with_columns(
        quantity=pl.col("quantity_whole"),
        priority=pl.col("priority_stated"),
        scope=pl.col("scope_code"),
        beneficiary=pl.col("beneficiary_code"),
        necessity=pl.col("necessity_code"),
        needed_from=pl.col("needed_from_day"),
        needed_until=pl.col("needed_until_day"),
        stated_quantity=pl.when(other).then(pl.col("quantity_stated")),
        stated_measure=pl.when(other).then(pl.col("stated_in")),
    )


def _resource(rows: pl.DataFrame, references: References) -> pl.DataFrame:
    supplier, number = pl.lit(None, pl.String), pl.col("number")
    if references.supplied is not None:
        supplier, number = supplier_of(references), feed_number(references)
    return rows.with_columns(
        number=number,
        supplier=supplier,
        origin=pl.lit("manual" if references.supplied is None else "web_service"),
        capacity=pl.col("capacity_whole"),
        stock=pl.col("stock_whole"),
        scope=pl.col("scope_code"),
        holder_kind=pl.col("holder_kind_code"),
    )
