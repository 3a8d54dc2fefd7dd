"""Coverage made by hand: two sectors in two provinces, one of them met in part, and a body that is late."""

from datetime import date

from sekaps.domain.coverage import (
    WHOLE,
    Amounts,
    Coverage,
    Line,
    Offer,
    Side,
    Task,
    Unfinished,
    figures,
)
from sekaps.domain.sectors import sector_name
from sekaps.services.coverage_rows import CoverageRow, Papers, ResourceRow
from sekaps.texts import Bilingual

DAY = date(2023, 7, 10)
HOSTILE = '=HYPERLINK("x")<b>|'
STAGES = {
    "district": Amounts(taken_up=2, needs=2, met=1, asked_share=2 * WHOLE, share=13_000, passed_share=7_000,
                        entered=130, needed=130, allocated=60, transferred=70, contracted=30, served=30),
    "province": Amounts(taken_up=1, asked_share=7_000, share=2_000, needed=70, allocated=20, unmet=50, open=50),
    "central": Amounts(taken_up=1, needs=1, asked_share=WHOLE, entered=2_000_000, needed=2_000_000, unmet=2_000_000),
}  # fmt: skip
ENERGY = {stage: STAGES[stage] for stage in ("district", "province")}
FOOD = {"central": STAGES["central"]}


def line(code: str | int, name: object, stages: dict[str, Amounts], offer: Offer | None = None) -> Line:
    return Line(code, name, figures(stages), stages, offer)  # type: ignore[arg-type]


def unfinished(number: int, *, days_left: int = 3, head: str | None = "Ayşe Şahin") -> Unfinished:
    who = (20000000 + number, f"Komisyon {number} {HOSTILE}", "01", head)
    closes = date(2023, 7, 7) if days_left < 0 else date(2023, 7, 13)
    return Unfinished(Task.DECIDE, "allocation", "5.1", *who, "energy", 2, 1, 50, closes, days_left)


SEEN = Coverage(
    programme="sekaps",
    year=2023,
    synthetic=True,
    day=DAY,
    total=Line("", Bilingual("Toplam", "In all"), figures(STAGES), STAGES, Offer(3, 90, 80), untouched=4),
    by={
        Side.SECTOR: (line("energy", sector_name("energy"), ENERGY, Offer(2, 80, 80)),
                      line("food", sector_name("food"), FOOD, Offer(1, 10, 0))),
        Side.PROVINCE: (line("01", "Adana", ENERGY, Offer(2, 80, 80)), line("46", "Kahramanmaraş", FOOD, Offer())),
        Side.MINISTRY: (line(20000002, HOSTILE, STAGES),),
        Side.ITEM_MINISTRY: (line(20000003, "Enerji Bakanlığı", STAGES, Offer(3, 90, 80)),),
        Side.BENEFICIARY: (line("military", Bilingual("Askerî birlikler", "Military units"), STAGES),),
        Side.PRIORITY: (line(1, Bilingual("1. öncelik", "priority 1"), STAGES),),
    },
    unfinished=(unfinished(1, days_left=-1), unfinished(2, head=None)),
)  # fmt: skip
EMPTY = Coverage("sekaps", 2023, False, DAY, Line("", "-", figures({}), {}), {side: () for side in Side}, ())
ROWS = [
    CoverageRow("IBC-1", 20000009, HOSTILE, "diesel", "energy", "01", 20000002, 20000003, "military", 1, "district",
                STAGES["district"], Papers(1, 60, ("2023/1 (20000008)",), ("SZ-1",), ("TB-1",))),
    CoverageRow("IBC-1", 20000009, HOSTILE, "diesel", "energy", "01", None, 20000003, "military", 1, "province",
                STAGES["province"]),
]  # fmt: skip
RESOURCES = [
    ResourceRow("KSC-1", 20000011, "İl Müdürlüğü", "diesel", "energy", "01", 20000003, "central", "local", 80, 80)
]
