from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sekaps
from sekaps.domain.form_columns import References, judge, no_flaws
from sekaps.domain.form_fields import FIELDS, NAMES, RULES, FormKind
from sekaps.domain.form_rows import LINES, OWNED, WAITS, stored_rows
from sekaps.domain.measures import LARGEST_QUANTITY, read_measures
from sekaps.domain.registry_places import KnownPlaces

FILE = Path(sekaps.__file__).parent / "data" / "measures.yaml"
PLACES = KnownPlaces(
    {"01": "Adana", "34": "İstanbul"},
    {"1104": ("01", "Seyhan"), "1421": ("34", "Kadıköy"), "1105": ("01", "Merkez"), "1422": ("34", "Merkez")},
)
NEED = {
    "number": "N1", "unit": "10000001", "item": "Motorin", "quantity": "4", "priority": "2", "scope": "mahallî",
    "beneficiary": "TSK", "province": "adana", "district": "Seyhan",
}  # fmt: skip
RESOURCE = {
    "number": "R1", "unit": "10000002", "item": "wheat", "capacity": "4", "scope": "local", "holder": "Deneme",
    "province": "01", "district": "1104",
}  # fmt: skip
UNITS = [(10000001, 1, "military_unit", 11), (10000002, 2, "il_afad", 12), (10000003, 3, "il_tarim", 13),
         (10000004, 4, "institution", None)]  # fmt: skip
ITEMS = [("diesel", "energy", "litre", 10000002), ("wheat", "agriculture", "tonne", 10000003),
         ("truck", "land", "vehicle", 10000002)]  # fmt: skip
STEPS = {
    FormKind.NEED: [("military", "", "needs", "4.a"), ("public", "", "needs", "4.a"),
                    ("public", "il_tarim", "needs", "4.b")],
    FormKind.RESOURCE: [("local", "", "resources", "3.c")],
}  # fmt: skip


def references(kind: FormKind, **changes: Any) -> References:
    earlier = pl.DataFrame(schema={"earlier_id": pl.Int64, "earlier_number": pl.String, "unit_number": pl.Int64})
    known: dict[str, Any] = {
        "items": pl.DataFrame(ITEMS, schema=["item_code", "sector", "item_measure", "ministry"], orient="row"),
        "item_words": {"motorin": "diesel", "diesel": "diesel", "wheat": "wheat", "truck": "truck"},
        "units": pl.DataFrame(UNITS, schema=["unit_number", "unit_id", "unit_kind", "chain_id"], orient="row"),
        "steps": pl.DataFrame(STEPS[kind], schema=["step_for", "unit_kind", "activity", "step"], orient="row"),
        "earlier": earlier,
        "places": PLACES,
        "measures": read_measures(FILE.read_text(encoding="utf-8"), FILE.name),
    }
    return References(**known | changes)


def judged(kind: FormKind, *rows: dict[str, str], **changes: Any) -> tuple[list[tuple[Any, ...]], list[dict[str, Any]]]:
    """Return the flaws of rows, and the rows as they would be stored."""
    known = references(kind, **changes)
    frame = pl.DataFrame([{"row": place, **row} for place, row in enumerate(rows, 1)])
    found = judge(frame, kind, known)
    return found.flaws.rows(), stored_rows(found.rows, kind, known, ["agriculture"]).to_dicts()


def test_a_need_is_stored_by_codes_in_the_measure_of_its_item() -> None:
    flaws, [row] = judged(FormKind.NEED, NEED | {"measure": "m³", "needed_from": "01.05.2023"})
    assert flaws == []
    assert row == {
        "row": 1, "number": "N1", "unit_id": 1, "chain_id": 11, "activity": "needs", "step": "4.a",
        "previous_id": None, "item_code": "diesel", "quantity": 4_000, "priority": 2, "scope": "local",
        "beneficiary": "military", "age_group": None, "necessity": None, "province_code": "01",
        "district_code": "1104", "place": None, "needed_from": "2023-05-01", "needed_until": None,
        "stated_quantity": 4, "stated_measure": "cubic_metre", "waits": False,
    }  # fmt: skip


def test_a_resource_of_agriculture_waits_to_be_decided_local() -> None:
    _, [row] = judged(FormKind.RESOURCE, RESOURCE)
    assert (row["capacity"], row["stock"], row["origin"], row["supplier"], row[WAITS]) == (
        4,
        None,
        "manual",
        None,
        True,
    )


def test_what_is_stored_is_what_the_tables_have() -> None:
    for kind, row in ((FormKind.NEED, NEED), (FormKind.RESOURCE, RESOURCE)):
        _, [stored] = judged(kind, row)
        assert tuple(stored) == ("row", *OWNED, *LINES[kind], WAITS)
        assert {*FIELDS[kind].names} <= {*NAMES}


@pytest.mark.parametrize(
    ("changes", "column", "value", "rule"),
    [
        ({"quantity": "-5"}, "quantity", "-5", "positive"),
        ({"quantity": "0"}, "quantity", "0", "positive"),
        ({"quantity": "9" * 30}, "quantity", "9" * 30, "too_large"),
        ({"quantity": str(LARGEST_QUANTITY + 1)}, "quantity", str(LARGEST_QUANTITY + 1), "too_large"),
        ({"quantity": "1000000001", "measure": "m3"}, "quantity", "1000000001", "too_large"),
        ({"quantity": "1,5"}, "quantity", "1,5", "whole_number"),
        ({"quantity": "=1"}, "quantity", "=1", "formula"),
        ({"quantity": "1500", "measure": "ml"}, "quantity", "1500", "not_whole"),
        ({"measure": "kg"}, "measure", "kg", "incompatible"),
        ({"measure": "ell"}, "measure", "ell", "unknown_measure"),
        ({"item": "x"}, "item", "x", "unknown_item"),
        ({"priority": "10"}, "priority", "10", "priority"),
        ({"scope": "x"}, "scope", "x", "choice"),
        ({"scope": " "}, "scope", None, "required"),
        ({"beneficiary": "halk"}, "age_group", None, "public_by_age"),
        ({"age_group": "0-6"}, "age_group", "0-6", "public_by_age"),
        ({"beneficiary": "public", "age_group": "old"}, "age_group", "old", "age_group"),
        ({"beneficiary": "kurum"}, "unit", "10000001", "no_step"),
        ({"unit": "10000009"}, "unit", "10000009", "unknown_unit"),
        ({"unit": "ten"}, "unit", "ten", "unknown_unit"),
        ({"unit": "10000004"}, "unit", "10000004", "no_chain"),
        ({"province": "x"}, "province", "x", "unknown_province"),
        ({"district": "Kadıköy"}, "district", "Kadıköy", "unknown_district"),
        ({"district": "1421"}, "district", "1421", "unknown_district"),
        ({"place": "@x"}, "place", "@x", "formula"),
        ({"place": "x" * 301}, "place", "x" * 200, "too_long"),
        ({"place": "a\x00b"}, "place", "a\x00b", "unprintable"),
        ({"needed_from": "soon"}, "needed_from", "soon", "day"),
        ({"needed_from": "2023-05-02", "needed_until": "2023-05-01"}, "needed_until", "2023-05-01", "period"),
        ({"previous": "N0"}, "previous", "N0", "unknown_previous"),
    ],
)
def test_a_cell_that_breaks_a_rule_is_told(changes: dict[str, str], column: str, value: str | None, rule: str) -> None:
    flaws, _ = judged(FormKind.NEED, NEED, NEED | changes)
    assert flaws == [(2, column, value, rule)]
    assert rule in RULES


@pytest.mark.parametrize(
    ("changes", "flaws"),
    [
        ({"stock": "0"}, []),
        ({"stock": "-1"}, [(1, "stock", "-1", "not_negative")]),
        ({"capacity": "-1"}, [(1, "capacity", "-1", "positive")]),
        ({"holder_kind": "şirket", "holder_number": "0001234567"}, []),
        ({"holder_kind": "person", "holder_number": "123"}, [(1, "holder_number", "123", "holder_number")]),
        ({"scope": "central"}, [(1, "unit", "10000002", "no_step")]),
    ],
)
def test_resources_have_rules_of_their_own(changes: dict[str, str], flaws: list[tuple[Any, ...]]) -> None:
    assert judged(FormKind.RESOURCE, RESOURCE | changes)[0] == flaws


def test_the_public_is_entered_in_the_step_of_the_units_kind() -> None:
    row = NEED | {"unit": "10000003", "beneficiary": "public", "age_group": "65+"}
    _, stored = judged(FormKind.NEED, row, NEED)
    assert [each["step"] for each in stored] == ["4.b", "4.a"]


def test_a_closed_gate_is_told_for_its_unit_only() -> None:
    flaws, _ = judged(
        FormKind.NEED, NEED, NEED | {"unit": "10000003"}, is_open=lambda activity, step, unit: unit == 10000001
    )
    assert flaws == [(2, "unit", "10000003", "window")]


def test_a_feed_fills_what_its_registry_leaves_open() -> None:
    feed = {"supplied": {"land": "TNB"}, "provincial": {"01": 10000002}}
    bare = {"number": "01 ABC 01", "item": "truck", "holder": "Deneme", "province": "01", "district": "1104"}
    flaws, [row] = judged(FormKind.RESOURCE, bare, **feed)
    assert flaws == []
    assert (row["number"], row["capacity"], row["scope"], row["unit_id"]) == ("TNB-01 ABC 01", 1, "local", 2)
    assert (row["origin"], row["supplier"]) == ("web_service", "TNB")
    flaws, _ = judged(FormKind.RESOURCE, bare | {"item": "wheat"}, **feed)
    assert flaws == [(1, "item", "wheat", "not_of_feed")]


def test_a_feed_goes_on_with_the_earlier_form_of_its_own_number_only() -> None:
    earlier = pl.DataFrame({"earlier_id": [7], "earlier_number": ["TNB-01 AB 1"], "unit_number": [10000002]})
    feed = {"supplied": {"land": "TNB"}, "provincial": {"01": 10000002}, "earlier": earlier}
    bare = {"item": "truck", "holder": "Deneme", "province": "01", "district": "1104"}
    flaws, rows = judged(FormKind.RESOURCE, *({**bare, "number": f"01 AB {place}"} for place in (1, 2)), **feed)
    assert (flaws, [row["previous_id"] for row in rows]) == ([], [7, None])


def earlier(**changes: str | None) -> pl.DataFrame:
    """Return one earlier need that is naturally the one stated above."""
    row = {
        "earlier_id": 5, "earlier_number": "OLD-1", "unit_number": 10000001, "item_code": "diesel",
        "scope_code": "local", "province_code": "01", "district_code": "1104", "place": None,
        "beneficiary_code": "military", "age_group": None,
    }  # fmt: skip
    texts = dict.fromkeys(("place", "age_group"), pl.String)
    return pl.DataFrame([row | changes], schema_overrides=texts)


def test_what_was_entered_in_an_earlier_year_is_not_entered_again() -> None:
    flaws, _ = judged(FormKind.NEED, NEED | {"quantity": "99"}, earlier=earlier())
    assert flaws == [(1, "previous", "OLD-1", "entered_before")]
    flaws, [row] = judged(FormKind.NEED, NEED | {"previous": "OLD-1"}, earlier=earlier())
    assert (flaws, row["previous_id"]) == ([], 5)
    assert judged(FormKind.NEED, NEED, earlier=earlier(place="Depo"))[0] == []
    others = NEED | {"unit": "10000003", "previous": "OLD-1"}
    assert judged(FormKind.NEED, others, earlier=earlier())[0] == [(1, "previous", "OLD-1", "unknown_previous")]


def test_no_flaws_is_an_empty_list_of_flaws() -> None:
    assert no_flaws().columns == ["row", "column", "value", "rule"]


cells = st.one_of(
    st.none(), st.text(max_size=12), st.sampled_from(["-1", "0", "7", "=1", "kg", "Adana", "1104", "65+"])
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.fixed_dictionaries(dict.fromkeys(FIELDS[FormKind.NEED].names, cells)), min_size=1, max_size=5))
def test_whatever_a_file_holds_a_row_is_right_or_told(rows: list[dict[str, str]]) -> None:
    flaws, stored = judged(FormKind.NEED, *rows)
    told = {flaw[0] for flaw in flaws}
    for row in stored:
        if row["row"] not in told:
            assert None not in (row["number"], row["unit_id"], row["chain_id"], row["step"], row["item_code"])
            assert 0 < row["quantity"] <= LARGEST_QUANTITY
            assert row["district_code"] in PLACES.districts


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 10**13), st.sampled_from(["litre", "ml", "hl", "m3"]))
def test_columns_convert_as_the_measures_do(quantity: int, measure: str) -> None:
    measures = references(FormKind.NEED).measures
    code = measures.named(measure) or ""
    flaws, [row] = judged(FormKind.NEED, NEED | {"quantity": str(quantity), "measure": measure})
    whole = measures.convert(quantity, code, "litre")
    fits = isinstance(whole, int) and max(whole, quantity) <= LARGEST_QUANTITY
    assert (flaws == []) == fits
    assert (row["quantity"] if fits else None) == (whole if fits else None)
