"""The rules of need and resource forms, judged in columns: one row or a million, by the same rule and sentence."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import polars as pl

from sekaps.domain.form_fields import (
    AGE_GROUP,
    CHOICES,
    CODES,
    FIELDS,
    HOLDER_NUMBERS,
    LARGEST_PRIORITY,
    FormFields,
    FormKind,
)
from sekaps.domain.measures import LARGEST_QUANTITY, Measures
from sekaps.domain.registry_cells import fold
from sekaps.domain.registry_places import KnownPlaces

FLAW_SCHEMA = {"row": pl.Int64, "column": pl.String, "value": pl.String, "rule": pl.String}
_NATURAL = ("unit_number", "item_code", "scope_code", "province_code", "district_code")
NATURAL: Mapping[FormKind, tuple[str, ...]] = {
    FormKind.NEED: (*_NATURAL, "place", "beneficiary_code", "age_group"),
    FormKind.RESOURCE: (*_NATURAL, "holder", "holder_number", "address"),
}
"""What makes two forms one and the same need or resource, from year to year; how much it is may change."""
LONGEST_VALUE = 200
"""So many characters of a flawed cell are told."""

Hits = list[tuple[str, str, pl.Expr]]
"""Rule, column and the condition under which a cell breaks it."""


@dataclass(frozen=True, slots=True)
class References:
    """What rows are judged against."""

    items: pl.DataFrame
    """item_code, sector, item_measure, and ministry: the registry number of the one that plans it."""
    item_words: Mapping[str, str]
    """The code of an item by the folded words that name it."""
    units: pl.DataFrame
    """unit_number, unit_id, unit_kind, and chain_id: what it signs such forms by."""
    steps: pl.DataFrame
    """activity and step by step_for (a scope or beneficiary) and unit_kind (empty: any other)."""
    earlier: pl.DataFrame
    """earlier_id, earlier_number and the natural columns of signed, unallocated forms of earlier years."""
    places: KnownPlaces
    measures: Measures
    is_open: Callable[[str, str, int], bool] | None = None
    """Whether the gate of an activity's step is open for a unit; left out where that is judged elsewhere."""
    supplied: Mapping[str, str] | None = None
    """The supplier by sector, where the rows come from a feed."""
    provincial: Mapping[str, int] | None = None
    """The unit that answers for a feed's local resources, by province."""


@dataclass(frozen=True, slots=True)
class Judged:
    """Rows with everything they resolve to, and what is wrong with cells of them."""

    rows: pl.DataFrame
    flaws: pl.DataFrame


def judge(frame: pl.DataFrame, kind: FormKind, references: References) -> Judged:
    """Return the rows (columns of text, and ``row``) with their values resolved, and every flaw in them."""
    fields = FIELDS[kind]
    rows = _supplied(_trimmed(frame, fields), references)
    hits = _text_hits(fields)
    rows = _numbered(rows, fields)
    hits += _quantity_hits(fields)
    rows = _chosen(rows, fields)
    hits += [("choice", name, pl.col(name).is_not_null() & pl.col(f"{name}_code").is_null()) for name in fields.choices]
    rows = _measured(_placed(rows, references), fields, references)
    hits += _item_hits(fields, references) + _place_hits()
    rows = _owned(rows, kind, references)
    hits += _unit_hits(references) + _kind_hits(kind)
    rows = _continued(_dated(rows, fields), kind, references)
    hits += _day_hits(fields) + _earlier_hits()
    return Judged(rows, _flaws(rows, hits))


def no_flaws() -> pl.DataFrame:
    """Return an empty list of flaws."""
    return pl.DataFrame(schema=FLAW_SCHEMA)


def _trimmed(frame: pl.DataFrame, fields: FormFields) -> pl.DataFrame:
    """Return every field as text without blanks around it, empty ones as nothing."""
    there = [pl.col(name).cast(pl.String).str.strip_chars() for name in fields.names if name in frame.columns]
    missing = [pl.lit(None, pl.String).alias(name) for name in fields.names if name not in frame.columns]
    trimmed = frame.with_columns(*there, *missing)
    return trimmed.with_columns(
        pl.when(pl.col(name) == "").then(None).otherwise(pl.col(name)).alias(name) for name in fields.names
    )


def _supplied(rows: pl.DataFrame, references: References) -> pl.DataFrame:
    """Return a feed's rows with what its registry leaves open: one of each, local."""
    if references.supplied is None:
        return rows
    return rows.with_columns(pl.col("capacity").fill_null("1"), pl.col("scope").fill_null("local"))


def _text_hits(fields: FormFields) -> Hits:
    required = [name for name in fields.required if name != "unit"]
    hits: Hits = [("required", name, pl.col(name).is_null()) for name in required]
    hits += [("formula", name, pl.col(name).str.contains(r"^[=+\-@]")) for name in _worded(fields)]
    hits += [("formula", name, pl.col(name).str.starts_with("=")) for name in fields.quantities]
    hits += [("too_long", name, pl.col(name).str.len_chars() > most) for name, most in fields.texts.items()]
    return hits + [("unprintable", name, pl.col(name).str.contains(r"\p{Cc}")) for name in fields.texts]


def _worded(fields: FormFields) -> list[str]:
    return [name for name in fields.names if name not in fields.quantities]


def _numbered(rows: pl.DataFrame, fields: FormFields) -> pl.DataFrame:
    whole = r"^-?\d+$"
    return rows.with_columns(
        pl.when(pl.col(name).str.contains(whole))
        .then(pl.col(name).str.to_integer(strict=False).fill_null(LARGEST_QUANTITY + 1))
        .alias(f"{name}_stated")
        for name in fields.quantities
    )


def _quantity_hits(fields: FormFields) -> Hits:
    hits: Hits = []
    for name in fields.quantities:
        stated, is_formula = pl.col(f"{name}_stated"), pl.col(name).str.starts_with("=")
        hits.append(("whole_number", name, pl.col(name).is_not_null() & stated.is_null() & ~is_formula))
        if name == "priority":
            hits.append(("priority", name, ~stated.is_between(1, LARGEST_PRIORITY)))
            continue
        negative = pl.col(name).str.starts_with("-")
        least = ("not_negative", name, negative) if name == "stock" else ("positive", name, negative | (stated == 0))
        hits += [least, ("too_large", name, ~negative & (stated > LARGEST_QUANTITY))]
    return hits


def _chosen(rows: pl.DataFrame, fields: FormFields) -> pl.DataFrame:
    for name in fields.choices:
        rows = _resolve(rows, name, f"{name}_code", _choice(name))
    return rows


def _choice(field: str) -> Callable[[str], str | None]:
    def chosen(written: str) -> str | None:
        return written if written in CODES[field] else CHOICES[field].get(fold(written))

    return chosen


def _resolve(rows: pl.DataFrame, column: str, to: str, resolve: Callable[[str], str | None]) -> pl.DataFrame:
    """Return the rows with what each written word stands for; every different word is looked up once."""
    words = rows[column].drop_nulls().unique()
    codes = [resolve(word) for word in words]
    known = pl.DataFrame({column: words, to: pl.Series(codes, dtype=pl.String)})
    return rows.join(known, on=column, how="left", maintain_order="left")


def _placed(rows: pl.DataFrame, references: References) -> pl.DataFrame:
    places = references.places
    rows = _resolve(rows, "province", "province_code", places.province)
    districts = rows.select("province_code", "district").unique().drop_nulls()
    codes = [_district(places, province, written) for province, written in districts.iter_rows()]
    known = districts.with_columns(pl.Series("district_code", codes, dtype=pl.String))
    return rows.join(known, on=["province_code", "district"], how="left", maintain_order="left")


def _district(places: KnownPlaces, province: str, written: str) -> str | None:
    code = places.district(written, province)
    return code if code and places.districts[code][0] == province else None


def _place_hits() -> Hits:
    province, district, told = pl.col("province_code"), pl.col("district_code"), pl.col("district").is_not_null()
    return [
        ("unknown_province", "province", pl.col("province").is_not_null() & province.is_null()),
        ("unknown_district", "district", told & province.is_not_null() & district.is_null()),
    ]


def _measured(rows: pl.DataFrame, fields: FormFields, references: References) -> pl.DataFrame:
    """Return the rows with their items, and each quantity in the item's measure where that comes out whole."""
    rows = _resolve(rows, "item", "item_code", lambda word: references.item_words.get(fold(word)))
    rows = rows.join(references.items, on="item_code", how="left", maintain_order="left")
    rows = _resolve(rows, "measure", "measure_code", references.measures.named)
    stated = pl.coalesce("measure_code", pl.when(pl.col("measure").is_null()).then(pl.col("item_measure")))
    rows = rows.with_columns(stated_in=stated)
    pairs = rows.select("stated_in", "item_measure").unique().drop_nulls()
    ratios = [references.measures.ratio(one, other) for one, other in pairs.iter_rows()]
    known = pairs.with_columns(
        pl.Series("times", [ratio and ratio.numerator for ratio in ratios], dtype=pl.Int64),
        pl.Series("over", [ratio and ratio.denominator for ratio in ratios], dtype=pl.Int64),
    )
    rows = rows.join(known, on=["stated_in", "item_measure"], how="left", maintain_order="left")
    return rows.with_columns(_converted(name) for name in fields.quantities if name != "priority")


def _converted(name: str) -> pl.Expr:
    stated = pl.col(f"{name}_stated")
    sane = stated.is_between(0, LARGEST_QUANTITY) & (stated <= (2**63 - 1) // pl.col("times"))
    product = pl.when(sane).then(stated) * pl.col("times")
    return pl.when(product % pl.col("over") == 0).then(product // pl.col("over")).alias(f"{name}_whole")


def _item_hits(fields: FormFields, references: References) -> Hits:
    item, measure, stated_in = pl.col("item_code"), pl.col("measure_code"), pl.col("stated_in")
    compared = item.is_not_null() & stated_in.is_not_null()
    hits: Hits = [
        ("unknown_item", "item", pl.col("item").is_not_null() & item.is_null()),
        ("unknown_measure", "measure", pl.col("measure").is_not_null() & measure.is_null()),
        ("incompatible", "measure", compared & pl.col("times").is_null()),
    ]
    for name in fields.quantities:
        if name != "priority":
            hits += _converted_hits(name)
    if references.supplied is not None:
        hits.append(("not_of_feed", "item", item.is_not_null() & ~pl.col("sector").is_in(list(references.supplied))))
    return hits


def _converted_hits(name: str) -> Hits:
    stated, whole = pl.col(f"{name}_stated"), pl.col(f"{name}_whole")
    sane = stated.is_between(0, LARGEST_QUANTITY) & pl.col("times").is_not_null()
    divisible = stated * pl.col("times") % pl.col("over") == 0
    return [
        ("not_whole", name, sane & whole.is_null() & ~divisible),
        ("too_large", name, sane & ((whole > LARGEST_QUANTITY) | (whole.is_null() & divisible))),
    ]


def _owned(rows: pl.DataFrame, kind: FormKind, references: References) -> pl.DataFrame:
    """Return the rows with their units, the chains those sign by, and the step the form is entered in."""
    unit = pl.col("unit").str.to_integer(strict=False)
    if references.provincial is not None:
        by_province = pl.col("province_code").replace_strict(references.provincial, default=None, return_dtype=pl.Int64)
        central = pl.col("scope_code") == "central"
        unit = pl.coalesce(unit, pl.when(central).then(pl.col("ministry")).otherwise(by_province))
    asked = pl.col("scope_code") if kind is FormKind.RESOURCE else pl.col("beneficiary_code")
    rows = rows.with_columns(unit_number=unit, step_for=asked)
    rows = rows.join(references.units, on="unit_number", how="left", maintain_order="left")
    keys = rows.select("step_for", "unit_kind")
    own = keys.join(references.steps, on=["step_for", "unit_kind"], how="left", maintain_order="left")
    any_kind = references.steps.filter(pl.col("unit_kind") == "").drop("unit_kind")
    common = keys.join(any_kind, on="step_for", how="left", maintain_order="left")
    rows = rows.with_columns(
        activity=pl.select(pl.coalesce(own["activity"], common["activity"])).to_series(),
        step=pl.select(pl.coalesce(own["step"], common["step"])).to_series(),
    )
    return _gated(rows, references)


def _gated(rows: pl.DataFrame, references: References) -> pl.DataFrame:
    """Return the rows with whether the gate of their step is open for their unit."""
    keys = ["activity", "step", "unit_number"]
    asked = rows.filter(pl.col("unit_id").is_not_null()).select(keys).unique().drop_nulls()
    is_open = references.is_open
    opened = [is_open is None or is_open(*key) for key in asked.iter_rows()]
    known = asked.with_columns(pl.Series("gate_open", opened, dtype=pl.Boolean))
    return rows.join(known, on=keys, how="left", maintain_order="left")


def _unit_hits(references: References) -> Hits:
    unit_id, chain, told = pl.col("unit_id"), pl.col("chain_id"), pl.col("unit").is_not_null()
    no_step = pl.col("step_for").is_not_null() & pl.col("step").is_null()
    left_open = pl.lit(references.provincial is not None)
    placed = pl.col("province_code").is_not_null() & pl.col("scope_code").is_not_null()
    missing = pl.col("unit").is_null() & (~left_open | (placed & pl.col("unit_number").is_null()))
    return [
        ("required", "unit", missing),
        ("unknown_unit", "unit", (told | pl.col("unit_number").is_not_null()) & unit_id.is_null()),
        ("no_chain", "unit", unit_id.is_not_null() & chain.is_null()),
        ("no_step", "unit", unit_id.is_not_null() & no_step),
        ("window", "unit", ~pl.col("gate_open")),
    ]


def _kind_hits(kind: FormKind) -> Hits:
    if kind is FormKind.NEED:
        age, public = pl.col("age_group"), pl.col("beneficiary_code") == "public"
        return [
            ("public_by_age", "age_group", pl.col("beneficiary_code").is_not_null() & (public != age.is_not_null())),
            ("age_group", "age_group", ~age.str.contains(AGE_GROUP)),
        ]
    shapes = [
        (pl.col("holder_kind_code") == code) & ~pl.col("holder_number").str.contains(shape)
        for code, shape in HOLDER_NUMBERS.items()
    ]
    return [("holder_number", "holder_number", pl.any_horizontal(shapes))]


def _dated(rows: pl.DataFrame, fields: FormFields) -> pl.DataFrame:
    return rows.with_columns(
        pl.coalesce(
            pl.col(name).str.to_date("%Y-%m-%d", strict=False), pl.col(name).str.to_date("%d.%m.%Y", strict=False)
        ).alias(f"{name}_day")
        for name in fields.days
    )


def _day_hits(fields: FormFields) -> Hits:
    hits: Hits = [("day", name, pl.col(name).is_not_null() & pl.col(f"{name}_day").is_null()) for name in fields.days]
    if fields.days:
        hits.append(("period", "needed_until", pl.col("needed_until_day") < pl.col("needed_from_day")))
    return hits


def _continued(rows: pl.DataFrame, kind: FormKind, references: References) -> pl.DataFrame:
    """Return the rows with the form of an earlier year each one goes on with, or enters again."""
    earlier, on = references.earlier, list(NATURAL[kind])
    if references.supplied is not None:
        return _known_by_reference(rows, references)
    if earlier.is_empty():
        empty = [pl.lit(None, pl.Int64).alias("earlier_id"), pl.lit(None, pl.String).alias("earlier_number")]
        return rows.with_columns(*empty, previous_id=pl.lit(None, pl.Int64))
    first = earlier.unique(on, keep="first", maintain_order=True)
    rows = rows.join(first, on=on, how="left", nulls_equal=True, maintain_order="left")
    named = earlier.select("earlier_number", previous_id="earlier_id", previous_unit="unit_number")
    rows = rows.join(named, left_on="previous", right_on="earlier_number", how="left", maintain_order="left")
    mine = pl.col("previous_unit") == pl.col("unit_number")
    return rows.with_columns(previous_id=pl.when(mine).then(pl.col("previous_id")))


def _known_by_reference(rows: pl.DataFrame, references: References) -> pl.DataFrame:
    """Return a feed's rows with the form of an earlier year that each goes on with: the one of its own number."""
    named = references.earlier.unique("earlier_number", keep="first", maintain_order=True)
    named = named.select(reference="earlier_number", previous_id="earlier_id")
    rows = rows.with_columns(reference=feed_number(references))
    rows = rows.join(named, on="reference", how="left", maintain_order="left")
    return rows.with_columns(earlier_id=pl.lit(None, pl.Int64), earlier_number=pl.lit(None, pl.String))


def supplier_of(references: References) -> pl.Expr:
    """Return whose registry a feed's row was read from, by its item's sector."""
    return pl.col("sector").replace_strict(references.supplied or {}, default=None, return_dtype=pl.String)


def feed_number(references: References) -> pl.Expr:
    """Return a feed's number of a form: the supplier's code and its own reference, the same every year."""
    return supplier_of(references) + "-" + pl.col("number")


def _earlier_hits() -> Hits:
    previous = pl.col("previous")
    return [
        ("unknown_previous", "previous", previous.is_not_null() & pl.col("previous_id").is_null()),
        ("entered_before", "earlier_number", previous.is_null() & pl.col("earlier_id").is_not_null()),
    ]


def _flaws(rows: pl.DataFrame, hits: Hits) -> pl.DataFrame:
    """Return a line for every cell that breaks a rule; of several rules for one cell the first."""
    broken = rows.select(condition.any().alias(str(place)) for place, (_, _, condition) in enumerate(hits)).row(0)
    lists = [
        rows.lazy().filter(condition).select(
            pl.col("row").cast(pl.Int64),
            pl.lit(column).alias("column"),
            pl.col(column).str.slice(0, LONGEST_VALUE).alias("value"),
            pl.lit(rule).alias("rule"),
        )
        for (rule, column, condition), is_broken in zip(hits, broken, strict=True)
        if is_broken
    ]  # fmt: skip
    if not lists:
        return no_flaws()
    found = pl.concat(lists).collect().with_columns(pl.col("column").replace("earlier_number", "previous"))
    return found.unique(["row", "column"], keep="first", maintain_order=True).sort("row", maintain_order=True)
