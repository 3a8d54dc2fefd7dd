"""Taking the state registry over: all rows or none, in any order, whole or in part, again and at once."""

import random
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from small_country import on
from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from sekaps.database import transaction
from sekaps.domain.registry_cells import Record
from sekaps.errors.registry import RowsFlawed, TooManyClosed
from sekaps.models.registry import KepAddress, Unit, UnitChange
from sekaps.models.trail import Act
from sekaps.services.kep_addresses import open_address
from sekaps.services.registry_cards import unit_card
from sekaps.services.registry_import import ImportReport, import_registry
from sekaps.services.trail import broken_links

MARCH, APRIL, MAY = on(2026, 3, 2), on(2026, 4, 1), on(2026, 5, 4)
MINISTRY, GOVERNORATE, DIRECTORATE, OFFICE = 10000001, 10000002, 10000003, 10000004
FILE: list[dict[str, str]] = [
    {"number": str(OFFICE), "name": "Seyhan Şubesi", "kind": "kurum", "parent": str(DIRECTORATE), "district": "Seyhan"},
    {"number": str(DIRECTORATE), "name": "Adana İl Müdürlüğü", "kind": "il_tarim", "parent": str(GOVERNORATE),
     "ministry": str(MINISTRY), "province": "Adana", "kep": "adana@hs01.kep.tr"},
    {"number": str(GOVERNORATE), "name": "Adana Valiliği", "kind": "valilik", "parent": "", "province": "01"},
    {"number": str(MINISTRY), "name": "Tarım Bakanlığı", "kind": "bakanlık", "former_head": "Eski Bakan"},
]  # fmt: skip


def take(
    session: Session, cells: list[dict[str, str]], *, whole: bool = False, as_of: datetime = MARCH, **options: bool
) -> ImportReport:
    records = [Record(row, each) for row, each in enumerate(cells, start=2)]
    return import_registry(session, records, whole=whole, as_of=as_of, source="units.csv", **options)


def told(report: ImportReport) -> dict[str, int]:
    return {name: count for name in report.__dataclass_fields__ if (count := getattr(report, name))}


def state(session: Session) -> list[tuple[object, ...]]:
    parent = aliased(Unit)
    columns = (Unit.number, Unit.name, Unit.kind, parent.number, Unit.province_code, Unit.district_code)
    query = select(*columns, Unit.active_until).outerjoin(parent, parent.id == Unit.parent_id)
    return [tuple(row) for row in session.execute(query.order_by(Unit.number))]


def changed(cells: list[dict[str, str]], number: int, **values: str) -> list[dict[str, str]]:
    return [each | values if each["number"] == str(number) else each for each in cells]


def history(session: Session, number: int) -> list[tuple[str, Mapping[str, object]]]:
    query = select(UnitChange.what, UnitChange.after).join(Unit, Unit.id == UnitChange.unit_id)
    rows = session.execute(query.where(Unit.number == number).order_by(UnitChange.id))
    return [(what, after) for what, after in rows]


def test_a_file_is_taken_over_whatever_the_order_of_its_rows(database: object) -> None:
    with transaction() as session:
        assert told(take(session, FILE)) == {"added": 4, "kep_addresses": 1}
        assert state(session) == [
            (MINISTRY, "Tarım Bakanlığı", "ministry", None, None, None, None),
            (GOVERNORATE, "Adana Valiliği", "governorate", None, "01", None, None),
            (DIRECTORATE, "Adana İl Müdürlüğü", "il_tarim", GOVERNORATE, "01", None, None),
            (OFFICE, "Seyhan Şubesi", "institution", DIRECTORATE, "01", "1104", None),
        ]
        assert open_address(session, DIRECTORATE, MARCH) == "adana@hs01.kep.tr"


def test_the_same_file_again_changes_nothing_not_even_the_trail(database: object) -> None:
    with transaction() as session:
        take(session, FILE, whole=True)
        shuffled = random.Random(3).sample(FILE, len(FILE))
        assert told(take(session, shuffled, whole=True, as_of=APRIL)) == {"unchanged": 4}
        assert session.scalar(select(func.count()).select_from(Act)) == 1
        assert session.scalar(select(func.count()).select_from(KepAddress)) == 1


def test_units_move_merge_and_change_and_their_history_tells_it(database: object) -> None:
    with transaction() as session:
        take(session, FILE)
        moved = changed(FILE, OFFICE, parent=str(GOVERNORATE), name="Seyhan Müdürlüğü")
        assert told(take(session, moved, as_of=APRIL)) == {"moved": 1, "changed": 1, "unchanged": 3}
        merged = [{"number": str(DIRECTORATE), "successor": str(GOVERNORATE)}]
        assert told(take(session, merged, as_of=MAY)) == {"merged": 1}
        assert told(take(session, merged, as_of=MAY)) == {"unchanged": 1}
        assert history(session, OFFICE)[1:] == [
            ("changed", {"name": "Seyhan Müdürlüğü"}), ("moved", {"parent": GOVERNORATE}),
        ]  # fmt: skip
        assert history(session, DIRECTORATE)[1:] == [
            ("merged", {"active_until": MAY.isoformat(), "successor": GOVERNORATE})
        ]
        assert unit_card(session, DIRECTORATE, MAY)["successor"] == GOVERNORATE
        assert list(broken_links(session)) == []


def test_a_whole_file_closes_what_it_lacks_and_deletes_nothing_and_may_open_it_again(database: object) -> None:
    with transaction() as session:
        take(session, FILE)
        assert told(take(session, FILE[1:], whole=True, as_of=APRIL)) == {"closed": 1, "unchanged": 3}
        assert [row[-1] for row in state(session)] == [None, None, None, APRIL]
        assert told(take(session, FILE[1:], whole=True, as_of=MAY)) == {"unchanged": 3}
        assert told(take(session, FILE, whole=True, as_of=MAY)) == {"reopened": 1, "unchanged": 3}


def test_a_part_leaves_the_rest_as_it_is(database: object) -> None:
    with transaction() as session:
        take(session, FILE)
        new = {"number": "10000009", "name": "Yeni", "parent": str(DIRECTORATE)}
        assert told(take(session, [new], as_of=APRIL)) == {"added": 1}
        assert [row[-1] for row in state(session)] == [None] * 5


def test_half_a_file_is_not_taken_for_the_whole(database: object) -> None:
    many = [{"number": str(20000000 + place), "name": f"Birim {place}"} for place in range(60)]
    with transaction() as session:
        take(session, many)
        with pytest.raises(TooManyClosed, match="lacks 30 of 60 active units"):
            take(session, many[:30], whole=True, as_of=APRIL)
        report = take(session, many[:30], whole=True, as_of=APRIL, close_many=True)
        assert told(report) == {"closed": 30, "unchanged": 30}


def test_every_flaw_of_every_row_is_told_and_then_nothing_is_imported(database: object) -> None:
    flawed = [
        *FILE,
        {"number": "77", "name": "x"},
        {"number": str(OFFICE), "name": "y"},
        {"number": "10000005", "name": "z", "parent": "10000099"},
        {"number": "10000006", "name": "z", "province": "Atlantis"},
        {"number": "10000007", "name": "z", "parent": "10000008"},
        {"number": "10000008", "name": "z", "parent": "10000007"},
    ]
    with pytest.raises(RowsFlawed) as refused, transaction() as session:
        take(session, flawed)
    assert [flaw.row for flaw in refused.value.flaws] == [6, 7, 8, 9, 10]
    with transaction() as session:
        assert state(session) == []


def test_an_import_that_is_killed_midway_leaves_nothing(database: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sekaps.services.registry_import.take_over", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError), transaction() as session:
        take(session, FILE)
    with transaction() as session:
        assert (state(session), session.scalar(select(func.count()).select_from(UnitChange))) == ([], 0)


def test_of_two_imports_at_once_one_adds_and_the_other_finds_nothing_to_do(database: object) -> None:
    many = [{"number": str(20000000 + place), "name": f"Birim {place}"} for place in range(200)]

    def one(cells: list[dict[str, str]]) -> tuple[int, int]:
        with transaction() as session:
            report = take(session, cells)
        return report.added, report.unchanged

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(one, (many, many[::-1]))) == [(0, 200), (200, 0)]


def test_any_shuffled_file_imports_to_the_same_state(database: object) -> None:
    states = []
    for seed in range(5):
        with transaction() as session:
            take(session, random.Random(seed).sample(FILE, len(FILE)), as_of=MARCH)
            states.append(state(session))
            session.rollback()
    assert all(each == states[0] for each in states)


def test_a_new_address_from_the_registry_replaces_the_one_before(database: object) -> None:
    with transaction() as session:
        take(session, FILE)
        again = changed(FILE, DIRECTORATE, kep="yeni@hs02.kep.tr")
        assert told(take(session, again, as_of=APRIL)) == {"unchanged": 4, "kep_addresses": 1}
        states = dict(session.execute(select(KepAddress.address, KepAddress.state)).tuples().all())
        assert states == {"adana@hs01.kep.tr": "replaced", "yeni@hs02.kep.tr": "verified"}
