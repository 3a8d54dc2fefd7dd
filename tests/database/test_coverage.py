"""Coverage of a small country worked out by hand, and of the demo country traced back to its rows."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from datetime import UTC, date, datetime
from typing import Any

import pytest
from cascade_play import decide_stage, play_year, propose_stages
from small_country import Country, on
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from sekaps.calendar.editions import draft
from sekaps.calendar.instants import at
from sekaps.database import transaction
from sekaps.demo.acting import act_out
from sekaps.demo.country import build_country
from sekaps.domain.allocation import Stage
from sekaps.domain.coverage import Coverage, Figures, Line, Offer, Side, Task, figures
from sekaps.domain.year_report import MethodsYear
from sekaps.errors.coverage import SectorUnknown
from sekaps.errors.editions import UnitUnknown
from sekaps.models.allocation import Allocation, Item, Resource
from sekaps.models.contracts import Notice, Protocol
from sekaps.models.documents import Document
from sekaps.services.allocations import propose, settle, transfer_resources
from sekaps.services.coverage import measure_coverage
from sekaps.services.coverage_part import Part, find_part
from sekaps.services.coverage_rows import CoverageRow, coverage_rows, resource_rows
from sekaps.services.editions import EditionView, load_edition, publish
from sekaps.services.extensions import extend
from sekaps.services.notices import prepare_notices
from sekaps.services.programmes import days_of_edition, programme_text, read_programme
from sekaps.services.progress import coverage as stage_totals
from sekaps.services.protocols import prepare_protocols
from sekaps.services.requests import ExtensionOrder
from sekaps.services.year_counts import year_methods

MINISTRY, ENERGY = 20000002, 20000003
NOVEMBER = on(2023, 11, 1)
SEED, SMALL = 7, 0.001


def need_and_offer(country: Country) -> None:
    """Two needs of diesel, one of flour that nobody has centrally; three resources of diesel, one of flour."""
    flour = {"code": "flour", "name_tr": "Un", "name_en": "Flour", "module": "goods_services", "sector": "food"}
    country.session.execute(insert(Item).values(**flour, measure="tonne", ministry_id=country.units["energy"]))
    country.signed_need("IBC-1", 100)
    owned = country.signed_need("IBC-2", 50, priority=2, beneficiary="institution")
    country.session.execute(update(Document).where(Document.id == owned).values(unit_id=country.units["institution"]))
    country.signed_need("IBC-3", 10, item_code="flour", scope="central", beneficiary="institution")
    country.signed_resource("KSC-1", 30)
    country.signed_resource("KSC-2", 20, district_code="1219")
    country.signed_resource("KSC-3", 40, scope="central")
    country.signed_resource("KSC-4", 7, item_code="flour")


def put_papers(country: Country) -> None:
    """The district's line is contracted and served, the province's is not yet, the centre's could not be."""
    states = {"district": ("concluded", ("served",)), "province": ("open", ("served", "prepared")),
              "transferred": ("not_concluded", ())}  # fmt: skip
    query = select(Allocation.stage, Allocation.id).where(Allocation.state.in_(("decided", "approved")))
    for stage, line in country.session.execute(query).all():
        _protocol(country, stage, line, states[stage][0])
        before = None
        for place, state in enumerate(states[stage][1]):
            before = _notice(country, f"TB-{stage}-{place}", line, state, before)


def _protocol(country: Country, stage: str, line: int, state: str) -> None:
    row = {"edition_id": country.edition.id, "kind": "detail", "number": f"SZ-{stage}", "allocation_id": line,
           "need_side_id": country.units["military"], "resource_side_id": country.units["industry"], "state": state,
           "reason": "fiyat" if state == "not_concluded" else None, "prepared_at": on(2023, 10, 2)}  # fmt: skip
    country.session.execute(insert(Protocol).values(row))


def _notice(country: Country, number: str, line: int, state: str, before: int | None) -> int:
    row = {"edition_id": country.edition.id, "number": number, "allocation_id": line, "corrects_id": before,
           "kind": "correction" if before else "obligation", "addressee_id": country.units["industry"],
           "served_by_id": country.units["kaymakam"], "recorded_by_id": country.units["afad"], "state": state,
           "served_on": date(2023, 10, 5) if state == "served" else None, "prepared_at": on(2023, 10, 2)}  # fmt: skip
    return country.session.scalars(insert(Notice).values(row).returning(Notice.id)).one()


def played(country: Country) -> Coverage:
    need_and_offer(country)
    play_year(country)
    put_papers(country)
    country.signed_need("IBC-9", 5)
    return measure_coverage(country.session, country.edition, NOVEMBER)


def told(lines: tuple[Line, ...]) -> dict[str | int, tuple[int, ...]]:
    """Return needs, met in full, needed, allocated, waiting, unmet, contracted and served by code."""
    return {
        line.code: tuple(getattr(line.figures, field.name) for field in fields(Figures) if field.name != "share")
        for line in lines
    }


def test_every_figure_of_a_small_country_is_the_one_worked_out_by_hand(country: Country) -> None:
    found = played(country)
    assert told((found.total,)) == {"": (3, 0, 160, 90, 0, 70, 30, 30)}
    assert told(found.by[Side.SECTOR]) == {"energy": (2, 0, 150, 90, 0, 60, 30, 30), "food": (1, 0, 10, 0, 0, 10, 0, 0)}
    assert told(found.by[Side.PROVINCE]) == {"01": (3, 0, 160, 90, 0, 70, 30, 30)}
    assert told(found.by[Side.MINISTRY]) == {
        ENERGY: (1, 0, 50, 0, 0, 50, 0, 0),
        MINISTRY: (2, 0, 110, 90, 0, 20, 30, 30),
    }
    assert told(found.by[Side.ITEM_MINISTRY]) == {ENERGY: (3, 0, 160, 90, 0, 70, 30, 30)}
    assert told(found.by[Side.BENEFICIARY]) == {
        "military": (1, 0, 100, 90, 0, 10, 30, 30),
        "institution": (2, 0, 60, 0, 0, 60, 0, 0),
    }
    assert told(found.by[Side.PRIORITY]) == {1: (2, 0, 110, 90, 0, 20, 30, 30), 2: (1, 0, 50, 0, 0, 50, 0, 0)}


def test_each_stage_is_told_and_agrees_with_the_years_report(country: Country) -> None:
    found = played(country)
    stages = {
        stage: (one.needed, one.allocated, one.transferred, one.unmet) for stage, one in found.total.stages.items()
    }
    assert stages == {
        "district": (100, 30, 70, 0),
        "province": (70, 20, 50, 0),
        "governor": (50, 0, 50, 0),
        "central": (10, 0, 0, 10),
        "transferred": (100, 40, 0, 60),
    }
    told_before = {one.stage: (one.needed, one.allocated, one.transferred, one.unmet)
                   for one in stage_totals(country.session, country.edition)}  # fmt: skip
    assert told_before == stages


def test_shares_offers_and_needs_nobody_took_up_are_told_by_side(country: Country) -> None:
    found = played(country)
    energy, food = found.by[Side.SECTOR]
    assert (energy.figures.share_met, food.figures.share_met, found.total.figures.share_met) == (0.45, 0.0, 0.3)
    assert (energy.offer, food.offer, found.total.offer) == (Offer(3, 90, 90), Offer(1, 7, 0), Offer(4, 97, 90))
    assert [line.offer for line in found.by[Side.PRIORITY]] == [None, None]
    assert (energy.untouched, food.untouched, found.total.untouched) == (1, 0, 1)


def test_what_has_not_settled_waits_and_is_not_unmet(country: Country) -> None:
    country.signed_need("IBC-1", 100)
    country.signed_resource("KSC-1", 30)
    propose(country.session, country.edition, Stage.DISTRICT, on(2023, 5, 2))
    found = measure_coverage(country.session, country.edition, on(2023, 5, 3)).total.figures
    assert (found.needed, found.allocated, found.waiting, found.unmet) == (100, 0, 100, 0)
    settle(country.session, country.edition, Stage.DISTRICT, on(2023, 7, 3))
    found = measure_coverage(country.session, country.edition, on(2023, 7, 3)).total.figures
    assert (found.needed, found.allocated, found.waiting, found.unmet) == (100, 0, 100, 0)


def test_the_bodies_that_have_not_finished_are_named_with_head_step_and_last_day(country: Country) -> None:
    country.signed_need("IBC-1", 100)
    country.signed_resource("KSC-1", 30)
    propose(country.session, country.edition, Stage.DISTRICT, on(2023, 5, 2))
    [one] = measure_coverage(country.session, country.edition, on(2023, 5, 3)).unfinished
    assert (one.task, one.step, one.unit_name, one.head) == (
        Task.DECIDE, "5.1", "district_commission", "district_commission head",
    )  # fmt: skip
    assert (one.sector, one.lines, one.needs, one.quantity) == ("energy", 1, 1, 30)
    assert (one.closes, one.is_late, one.province) == (date(2023, 6, 30), False, "01")


def test_a_body_may_act_until_the_end_of_its_own_extension_and_is_late_afterwards(country: Country) -> None:
    country.signed_need("IBC-1", 100)
    country.signed_resource("KSC-1", 30)
    session, edition = country.session, country.edition
    propose(session, edition, Stage.DISTRICT, on(2023, 5, 2))
    order = ExtensionOrder("allocation", "5.1", "province", "01", date(2023, 7, 7), "koordinatör", "bayram", "MGK-1")
    extend(session, edition, order, on(2023, 6, 20))
    [before] = measure_coverage(session, edition, on(2023, 7, 4)).unfinished
    assert (before.closes, before.is_late) == (date(2023, 7, 7), False)
    [after] = measure_coverage(session, edition, on(2023, 7, 10)).unfinished
    assert (after.closes, after.days_left) == (date(2023, 7, 7), -1)


def test_the_ministry_of_defence_is_named_for_what_awaits_its_approval_and_for_what_lapsed_without(
    country: Country,
) -> None:
    session, edition = country.session, country.edition
    country.signed_need("IBC-1", 10, scope="central")
    country.signed_resource("KSC-1", 30, scope="central")
    propose_stages(country, on(2023, 5, 2), Stage.CENTRAL)
    assert decide_stage(country, Stage.CENTRAL, on(2023, 5, 3)) == []
    [waits] = measure_coverage(session, edition, on(2023, 8, 1)).unfinished
    settle(session, edition, Stage.CENTRAL, on(2023, 9, 4))
    [lapsed] = measure_coverage(session, edition, on(2023, 9, 4)).unfinished
    assert [(one.task, one.step, one.unit, one.lines) for one in (waits, lapsed)] == [
        (Task.APPROVE, "5.b", MINISTRY, 1), (Task.LAPSED, "5.b", MINISTRY, 1),
    ]  # fmt: skip
    assert (waits.is_late, lapsed.is_late) == (False, True)


def test_a_body_that_let_its_proposals_lapse_is_named(country: Country) -> None:
    country.signed_need("IBC-1", 10)
    country.signed_resource("KSC-1", 30)
    propose_stages(country, on(2023, 5, 2), Stage.DISTRICT)
    settle(country.session, country.edition, Stage.DISTRICT, on(2023, 7, 3))
    [lapsed] = measure_coverage(country.session, country.edition, on(2023, 7, 3)).unfinished
    assert (lapsed.task, lapsed.step, lapsed.unit_name) == (Task.LAPSED, "5.1", "district_commission")
    assert (lapsed.closes, lapsed.is_late) == (date(2023, 6, 30), True)


def test_papers_nobody_recorded_are_somebodys_unfinished_work(country: Country) -> None:
    found = [(one.task, one.step, one.unit_name, one.quantity) for one in played(country).unfinished]
    assert (Task.CONCLUDE, "7.a", "military", 20) in found
    assert (Task.SERVE, "7.c", "afad", 20) in found
    assert len(found) == 2


def test_a_row_names_its_decision_contract_and_notice(country: Country) -> None:
    played(country)
    rows = {(row.need, row.stage): row for row in coverage_rows(country.session, country.edition)}
    district = rows["IBC-1", "district"]
    number = 20000001 + list(country.units).index("district_commission")
    assert district.papers.decisions == (f"2023/1 ({number})",)
    assert (district.papers.protocols, district.papers.notices) == (("SZ-district",), ("TB-district-0",))
    assert (rows["IBC-1", "province"].papers.protocols, rows["IBC-1", "province"].papers.notices) == ((), ())
    assert (district.unit_name, district.ministry, district.item_ministry) == ("military", MINISTRY, ENERGY)
    assert all(row.papers.quantity == row.amounts.allocated for row in rows.values())


def test_a_part_is_found_by_codes_and_what_is_unknown_is_refused(country: Country) -> None:
    played(country)
    part = find_part(country.session, sector="food", province="01", ministry=MINISTRY, item_ministry=ENERGY,
                     beneficiary="institution", priority=1)  # fmt: skip
    found = measure_coverage(country.session, country.edition, NOVEMBER, part)
    assert (told((found.total,)), found.total.offer) == ({"": (1, 0, 10, 0, 0, 10, 0, 0)}, None)
    with pytest.raises(SectorUnknown, match="no sector 'coal'; there are: energy, food"):
        find_part(country.session, sector="coal")
    with pytest.raises(UnitUnknown):
        find_part(country.session, ministry=29999999)


def test_the_years_report_tells_what_serving_stage_by_stage_would_cost_by_priority(country: Country) -> None:
    country.signed_need("IBC-1", 10, priority=2)
    country.signed_need("IBC-2", 10, priority=1, beneficiary="institution")
    country.signed_resource("KSC-1", 10)
    assert year_methods(country.session, country.edition) == (
        MethodsYear(1, 1, 10, {"foresight": 0, "stage_first": 10}),
        MethodsYear(2, 1, 10, {"foresight": 10, "stage_first": 0}),
    )


@contextmanager
def demo_country() -> Iterator[tuple[Session, EditionView]]:
    days, created_at = days_of_edition(2023), datetime(2023, 1, 2, 6, tzinfo=UTC)
    year = draft(read_programme("sekaps"), 2023, days)
    with transaction() as session:
        publish(session, year, programme_text("sekaps"), days, decided_by="MGK", as_of=created_at, synthetic=True)
        edition = load_edition(session, "sekaps", 2023)
        build_country(session, edition.id, edition.windows, scale=SMALL, seed=SEED, created_at=created_at)
        yield session, edition


def play_demo(session: Session, edition: EditionView) -> None:
    """Let the demo country sign, decide and record from January to November, its stages in their windows."""
    acted: date | None = None
    for day, settled, proposed in (
        (date(2023, 5, 2), (), (Stage.DISTRICT, Stage.CENTRAL)),
        (date(2023, 7, 3), (Stage.DISTRICT,), (Stage.PROVINCE, Stage.GOVERNOR)),
        (date(2023, 9, 4), (Stage.PROVINCE, Stage.GOVERNOR, Stage.CENTRAL), (Stage.TRANSFERRED,)),
        (date(2023, 10, 2), (Stage.TRANSFERRED,), ()),
    ):
        before = date.fromordinal(day.toordinal() - 1)
        act_out(session, edition, acted, before, scale=SMALL, seed=SEED)
        acted = before
        for stage in settled:
            settle(session, edition, stage, at(day))
        transfer_resources(session, edition, at(day))
        for stage in proposed:
            propose(session, edition, stage, at(day))
    prepare_protocols(session, edition, on(2023, 10, 2))
    prepare_notices(session, edition, on(2023, 10, 2))
    act_out(session, edition, acted, date(2023, 11, 1), scale=SMALL, seed=SEED)


def summed(rows: list[CoverageRow]) -> Figures:
    """Return the figures that rows add up to, one column after the other."""
    total = {name: sum(getattr(row.amounts, name) for row in rows) for name in ("needs", "met", "share", "entered",
             "allocated", "unmet", "open", "contracted", "served")}  # fmt: skip
    unmet = total["unmet"] - total["open"]
    waiting = total["entered"] - total["allocated"] - unmet
    return Figures(total["needs"], total["met"], total["share"], total["entered"], total["allocated"], waiting, unmet,
                   total["contracted"], total["served"])  # fmt: skip


def cell_of(row: CoverageRow, side: Side) -> Any:
    return getattr(row, side.value) or 0


@pytest.mark.usefixtures("database")
def test_the_rows_of_every_cell_of_the_demo_country_add_up_to_its_figures() -> None:
    with demo_country() as (session, edition):
        play_demo(session, edition)
        found = measure_coverage(session, edition, NOVEMBER)
        rows = coverage_rows(session, edition)
        assert found.total.figures == summed(rows)
        assert min(found.total.figures.contracted, found.total.figures.served, found.total.figures.unmet) > 0
        for side in Side:
            cells = {line.code: line for line in found.by[side] if line.figures.needs}
            assert {line.code: line.figures for line in cells.values()} == {
                code: summed([row for row in rows if cell_of(row, side) == code])
                for code in {cell_of(row, side) for row in rows}
            }
            assert all(figures(line.stages) == line.figures for line in cells.values())
        assert all(row.papers.quantity == row.amounts.allocated for row in rows)
        offers = resource_rows(session, edition)
        assert found.total.offer == Offer(len(offers), sum(r.offered for r in offers), sum(r.used for r in offers))
        energy = Part(sector="energy")
        one = measure_coverage(session, edition, NOVEMBER, energy)
        assert one.total.figures == summed(coverage_rows(session, edition, energy))
        assert one.total.figures == next(line.figures for line in found.by[Side.SECTOR] if line.code == "energy")
        used = session.scalars(select(Resource.allocated).join(Document, Document.id == Resource.document_id).where(
            Document.state == "complete")).all()  # fmt: skip
        assert sum(used) == found.total.offer.used
