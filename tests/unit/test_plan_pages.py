"""The pages and forms of planning say what is decided: the dates, who asks, what stands against it, what follows."""

from datetime import UTC, date, datetime

from sekaps.calendar.editions import draft
from sekaps.calendar.windows import Window
from sekaps.domain.schedules import Timetable
from sekaps.reports.plan_pages import close_form, draft_page, publish_form, schedule_page
from sekaps.services.draft_review import reviewed
from sekaps.services.programmes import days_of_edition, read_programme
from sekaps.services.proposals import Kind, Order, Proposal
from sekaps.texts import Bilingual

DRAFT = draft(read_programme("sekaps"), 2023, days_of_edition(2023))
PROPOSAL = Proposal(
    id=7,
    kind=Kind.PUBLICATION,
    state="proposed",
    base_revision=0,
    dates={"needs_close": "2023-04-28"},
    order=Order("Ayşe", "", "E-1"),
    proposed_at=datetime(2022, 11, 22, tzinfo=UTC),
    decided_by=None,
)


def test_the_drafts_page_has_what_asks_for_a_second_look_before_the_dates() -> None:
    page = draft_page(reviewed(DRAFT))
    assert page.key == "sekaps-2023-draft"
    assert page.description.startswith("13 tarih, ")
    assert page.markdown.index("**resmî tatil / statutory holiday**") < page.markdown.index(
        "| needs_close | 28.04.2023 |"
    )
    assert "seferberlik emri değildir" in page.markdown


def test_the_schedules_page_lists_its_days_month_by_month() -> None:
    days = (date(2027, 1, 11), date(2027, 1, 20), date(2027, 2, 1))
    page = schedule_page("sekaps", 2027, Timetable(days, Window(days[0], days[-1])))
    assert page.description == "saat 08.30, 3 gün (3 days at 08:30)"
    assert "| Ocak 2027 / January 2027 | 11, 20 |" in page.markdown
    assert "02:00: 11.01.2027 – 01.02.2027" in page.markdown
    assert "–" in schedule_page("sekaps", 2027, Timetable((), None)).markdown


def test_the_form_shows_the_dates_proposed_who_proposed_them_and_why_it_asks_again() -> None:
    assert publish_form(DRAFT, PROPOSAL, None).startswith("**SEKAPS faaliyet takvimi 2023 yayımlansın mı?**")
    asked_again = publish_form(DRAFT, PROPOSAL, Bilingual("iki kişi gerekir", "two people are needed"))
    assert asked_again.startswith("> **iki kişi gerekir**\n>\n> two people are needed")
    assert "Öneri 7: Ayşe; gerekçe: –; yazı: E-1." in asked_again
    assert "| needs_close | 28.04.2023 |" in asked_again


def test_the_form_of_closing_names_the_gaps_that_would_stay() -> None:
    told = close_form("sekaps", 2023, PROPOSAL, {"İhtiyaç girişi": 1301}, None)
    assert told.endswith("Eksikle kapanan aşamalar / Phases closed with gaps: İhtiyaç girişi: 1.301")
    assert close_form("sekaps", 2023, PROPOSAL, {}, None).endswith(": –")
