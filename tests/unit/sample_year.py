"""A year's report made by hand: two phases, two gaps, a cascade that adds up."""

from datetime import date

from sekaps.domain.year_report import (
    CascadeYear,
    Curve,
    CurvePoint,
    ExtensionYear,
    GapLine,
    GapsYear,
    Handover,
    MethodsYear,
    PapersYear,
    PhaseYear,
    RefusalYear,
    RemindersYear,
    SpecialDay,
    StageYear,
    StepYear,
    VacancyYear,
    YearReport,
)
from sekaps.texts import Bilingual

NEEDS = Bilingual("İhtiyaç girişi", "Needs entry")
DISTRICT = Bilingual("İlçede tahsis", "Allocation in the district")
OPENS, CLOSES = date(2023, 2, 1), date(2023, 4, 28)

STEP = StepYear(
    "needs_entry", "4.a", Bilingual("İhtiyaçlar kaydedilir.", "Needs are recorded."), OPENS, CLOSES,
    owed=1379, done=1301, open=78, late=3, refused=1, extended=2, reminders=1019, escalations=24,
)  # fmt: skip
NEEDS_ENTRY = PhaseYear(
    "needs_entry", NEEDS, "needs_entry", OPENS, CLOSES, "closed_with_gaps", OPENS, date(2023, 5, 2), 78, signed=True,
    owed=1379, done=1301, open=78, late=3, refused=1, extended=2, reminders=1019, escalations=24, steps=(STEP,),
)  # fmt: skip
DISTRICT_ALLOCATION = PhaseYear(
    "district_allocation", DISTRICT, "allocation", date(2023, 5, 2), date(2024, 3, 1), "open", date(2023, 5, 2),
    None, None, signed=False, owed=36, done=24, open=12, late=0, refused=0, extended=0, reminders=7, escalations=0,
    steps=(),
)  # fmt: skip
GAPS = tuple(
    GapLine(
        f"IBC-2023-00000{number}", "need_form", "needs_entry", "4.a", "Adana <b>Müdürlüğü</b>", 2, 3, "Bakanlık",
        "Onay | makamı", person, date(2023, 4, 20), True, cause, "Sağlık Bakanlığı", "Adana",
    )
    for number, (person, cause) in enumerate([("Ayşe Şahin", "waiting"), (None, "post_vacant")])
)  # fmt: skip
CASCADE = CascadeYear(
    stages=(StageYear("district", 2, 1, 100, 60, 40, 0), StageYear("province", 1, 0, 40, 10, 0, 30)),
    handovers=(Handover(("district",), "province", 40, 40),),
    entered=100, allocated=70, unmet=30, on_its_way=0, conserved=True, resources_moved=9,
)  # fmt: skip
CURVES = (Curve("needs_entry", NEEDS, 1379, (CurvePoint(date(2023, 2, 5), 100, 350), CurvePoint(CLOSES, 1301, 4000))),)
REPORT = YearReport(
    programme="sekaps",
    name=Bilingual("SEKAPS faaliyet takvimi", "Mobilization resource planning"),
    year=2023,
    synthetic=True,
    day=date(2023, 5, 5),
    revision=1,
    activities={"needs_entry": NEEDS, "allocation": DISTRICT},
    document_kinds={"need_form": Bilingual("İhtiyaç Bildirim Çizelgesi", "Need form")},
    phases=(NEEDS_ENTRY, DISTRICT_ALLOCATION),
    special_days=(
        SpecialDay(date(2023, 4, 20), "statutory", Bilingual("Ramazan Bayramı", "Eid al-Fitr"), True),
        SpecialDay(date(2023, 4, 21), "statutory", Bilingual("Ramazan Bayramı", "Eid al-Fitr"), False),
        SpecialDay(date(2023, 6, 26), "leave", Bilingual("idari izin", "leave"), False),
    ),
    reminders=RemindersYear(10, 8, 1, 1, 5, 20, 3, {-3: 9, 0: 8, 5: 3}),
    gaps=GapsYear(2, {"waiting": 1, "post_vacant": 1}, {"need_form": 2}, {"needs_entry": 2},
                  {"Sağlık Bakanlığı": 2}, {"Adana": 2}, GAPS, 0),
    cascade=CASCADE,
    contracts=PapersYear(10, 7, 2, 1, {"fiyatta anlaşılamadı": 2}),
    notices=PapersYear(5, 5, 0, 0, {}),
    extensions=(ExtensionYear("needs_entry", "4.a", "unit", "20000001", CLOSES, date(2023, 5, 8), "MGK", "sertifika",
                              "MGK-2023/1", False),),
    refusals=(RefusalYear("needs_entry", "4.a", "too_late", 1, 1),),
    vacancies=(VacancyYear(20000001, "Adana <b>Müdürlüğü</b>", "Onay | makamı", 1),),
    curves=CURVES,
    methods=(MethodsYear(1, 3, 100, {"foresight": 30, "stage_first": 75}),),
)  # fmt: skip
