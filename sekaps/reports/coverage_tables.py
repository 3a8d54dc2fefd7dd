"""Coverage as tables of plain values: files hold every figure, terminal and pages the columns they have room for."""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter

from sekaps.domain.allocation import Stage
from sekaps.domain.coverage import Amounts, Coverage, Line, Offer, Side, Unfinished
from sekaps.domain.sectors import sector_name
from sekaps.reports.coverage_words import BY, HEADINGS, SIDES, TASKS, VACANT, amount, share_met
from sekaps.reports.observatory_tables import Cell, Identifier, Sheet
from sekaps.reports.words import STAGES, number
from sekaps.services.coverage_rows import CoverageRow, ResourceRow
from sekaps.texts import Bilingual, Language, Sayable

FIGURES = ("needed", "allocated", "waiting", "unmet", "contracted", "served")
OFFERS = ("resources", "offered", "used")
BY_STAGE = ("allocated", "transferred", "unmet")
OF_A_STAGE = ("taken_up", "met", "needed", "allocated", "transferred", "unmet", "contracted", "served")
OF_A_ROW = ("needs", "entered", "met", "needed", "allocated", "transferred", "unmet", "open", "contracted", "served")
PAPERS = ("decisions", "protocols", "notices")
UNFINISHED = ("closes", "days_left", "step", "task", "registry_number", "unit", "head", "sector", "lines", "needs",
              "quantity")  # fmt: skip
BRIEF_UNFINISHED = ("closes", "step", "task", "unit", "head", "sector", "lines", "needs")
ROW = ("need", "registry_number", "unit", "item", *(side.value for side in Side), "stage", *OF_A_ROW, "lines", *PAPERS)
BRIEF_ROW = ("need", "stage", "needed", "allocated", "transferred", "unmet", "contracted", "served", "decisions")
RESOURCE = ("resource", "registry_number", "unit", "item", "sector", "province", "item_ministry", "scope",
            "recorded_scope", "offered", "used")  # fmt: skip


@dataclass(frozen=True, slots=True)
class OfStage:
    """A heading of two parts: the stage, and what of it."""

    stage: Sayable
    what: Sayable

    def say(self, language: Language) -> str:
        """Return both in that language."""
        return f"{self.stage.say(language)}: {self.what.say(language)}"


def stage_sheet(coverage: Coverage) -> Sheet:
    """Return what each stage was asked for and what became of it."""
    stages = [(stage, coverage.total.stages.get(stage, Amounts())) for stage in Stage]
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (STAGES[stage], *attrgetter(*OF_A_STAGE)(amounts)) for stage, amounts in stages
    )
    return Sheet(Bilingual("Aşamalar", "Stages"), _headings("stage", *OF_A_STAGE), rows)


def brief_stage_sheet(coverage: Coverage, language: Language) -> Sheet:
    """Return the same as narrow cells; large amounts are shortened."""
    whole = stage_sheet(coverage)
    rows = tuple((row[0], *(amount(cell, language) for cell in row[1:] if isinstance(cell, int))) for row in whole.rows)
    return Sheet(whole.title, _headings("stage", "brief_needs", *(f"brief_{name}" for name in OF_A_STAGE[1:])), rows)


def side_sheet(coverage: Coverage, side: Side) -> Sheet:
    """Return every figure by one side, with what each stage allocated and passed on."""
    stages = [OfStage(STAGES[stage], HEADINGS[what]) for stage in Stage for what in BY_STAGE]
    named = _headings("needs", "met", "share_met", *FIGURES, "untouched", *OFFERS)
    headings: tuple[Sayable, ...] = (HEADINGS["code"], SIDES[side], *named, *stages)
    return Sheet(BY[side], headings, tuple(_whole(line) for line in coverage.by[side]))


def brief_sheet(coverage: Coverage, side: Side, language: Language) -> Sheet:
    """Return the figures by one side as narrow cells, the whole country last; large amounts are shortened."""
    rows = tuple(_brief(line, language) for line in (*coverage.by[side], coverage.total))
    headings = [HEADINGS[f"brief_{name}"] for name in ("needs", "met", "share_met", *FIGURES)]
    return Sheet(BY[side], (SIDES[side], *headings), rows)


def unfinished_sheet(coverage: Coverage) -> Sheet:
    """Return the bodies that have not finished, nearest last day first."""
    rows = tuple(_unfinished(one) for one in coverage.unfinished)
    return Sheet(Bilingual("Bitirmeyen makamlar", "Bodies that have not finished"), _headings(*UNFINISHED), rows)


def brief_unfinished_sheet(coverage: Coverage) -> Sheet:
    """Return the bodies that have not finished with the columns a terminal has room for."""
    picked = _picked(unfinished_sheet(coverage), UNFINISHED, BRIEF_UNFINISHED)
    return Sheet(picked.title, (*picked.headings[:-1], HEADINGS["brief_needs"]), picked.rows)


def coverage_sheets(coverage: Coverage) -> list[Sheet]:
    """Return every table, in the order they are read."""
    return [stage_sheet(coverage), *(side_sheet(coverage, side) for side in Side), unfinished_sheet(coverage)]


def rows_sheet(rows: Sequence[CoverageRow]) -> Sheet:
    """Return the rows behind figures: sums of its columns are the figures of the part they are of."""
    return Sheet(Bilingual("Tahsis satırları", "Rows of coverage"), _headings(*ROW), tuple(map(_row, rows)))


def brief_rows_sheet(rows: Sequence[CoverageRow]) -> Sheet:
    """Return the rows with the columns a terminal has room for."""
    picked = _picked(rows_sheet(rows), ROW, BRIEF_ROW)
    return Sheet(picked.title, tuple(HEADINGS.get(f"brief_{name}", HEADINGS[name]) for name in BRIEF_ROW), picked.rows)


def resources_sheet(rows: Sequence[ResourceRow]) -> Sheet:
    """Return the signed resources behind what is offered and used."""
    title = Bilingual("Kaynak satırları", "Resources of coverage")
    return Sheet(title, _headings(*RESOURCE), tuple(map(_resource, rows)))


def _headings(*names: str) -> tuple[Sayable, ...]:
    return tuple(HEADINGS[name] for name in names)


def _picked(sheet: Sheet, names: Sequence[str], wanted: Sequence[str]) -> Sheet:
    """Return a table with some of its columns only."""
    places = [names.index(name) for name in wanted]
    rows = tuple(tuple(row[place] for place in places) for row in sheet.rows)
    return Sheet(sheet.title, tuple(sheet.headings[place] for place in places), rows)


def _whole(line: Line) -> tuple[Cell, ...]:
    told = line.figures
    code: Cell = Identifier(line.code) if isinstance(line.code, int) else line.code
    share = None if told.share_met is None else int(100 * told.share_met)
    stages = [getattr(line.stages.get(stage, Amounts()), name) for stage in Stage for name in BY_STAGE]
    counts = (told.needs, told.met, share, *attrgetter(*FIGURES)(told), line.untouched)
    return (code, line.name, *counts, *_offer(line.offer), *stages)


def _offer(offer: Offer | None) -> tuple[Cell, ...]:
    return (None,) * len(OFFERS) if offer is None else (offer.resources, offer.offered, offer.used)


def _brief(line: Line, language: Language) -> tuple[Cell, ...]:
    told = line.figures
    counts = (number(told.needs, language), number(told.met, language), share_met(told, language))
    return (line.name, *counts, *(amount(value, language) for value in attrgetter(*FIGURES)(told)))


def _unfinished(one: Unfinished) -> tuple[Cell, ...]:
    who = (Identifier(one.unit), one.unit_name, one.head or VACANT)
    counts = (one.lines, one.needs, one.quantity)
    return (one.closes, one.days_left, one.step, TASKS[one.task], *who, sector_name(one.sector), *counts)


def _row(row: CoverageRow) -> tuple[Cell, ...]:
    ministries = [None if number is None else Identifier(number) for number in (row.ministry, row.item_ministry)]
    sides = (row.sector, row.province, *ministries, row.beneficiary, Identifier(row.priority))
    papers = [", ".join(getattr(row.papers, name)) for name in PAPERS]
    amounts = attrgetter(*OF_A_ROW)(row.amounts)
    return (
        row.need,
        Identifier(row.unit),
        row.unit_name,
        row.item,
        *sides,
        row.stage,
        *amounts,
        row.papers.lines,
        *papers,
    )


def _resource(row: ResourceRow) -> tuple[Cell, ...]:
    of = (row.item, row.sector, row.province, Identifier(row.item_ministry), row.scope, row.recorded_scope)
    return (row.resource, Identifier(row.unit), row.unit_name, *of, row.offered, row.used)
