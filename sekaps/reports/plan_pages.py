"""What the dashboard shows while a year is planned: its draft, the forms of the two decisions, and its schedule."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby

from babel.dates import format_date

from sekaps.calendar.anomalies import MEANINGS, Anomaly
from sekaps.calendar.draft_review import DraftReview
from sekaps.calendar.editions import BoundaryDraft, Draft, WindowDraft
from sekaps.domain.schedules import MORNING, NIGHT, Timetable
from sekaps.reports import markdown as md
from sekaps.reports.markdown import Page, key_of
from sekaps.reports.words import PLANNING, both, day, number
from sekaps.services.proposals import Proposal
from sekaps.texts import Bilingual, Language, Sayable, weekday_name

DRAFT, SCHEDULE = "draft", "schedule"
"""Subjects of the pages of a planned year, beside those of a year that is worked."""
BOUNDARY_HEADINGS = ("Sınır / Boundary", "Tarih / Date", "Gün / Day", "Kural / Rule")
WINDOW_HEADINGS = ("Süre / Window", "Açılış / Opens", "Kapanış / Closes", "İş günü / Working days")


def draft_page(review: DraftReview) -> Page:
    """Return a draft as a page: what asks for a second look, the gravest first, then its boundaries and windows."""
    draft = review.draft
    figure = (
        f"{number(len(draft.boundaries))} tarih, {number(len(review.anomalies))} uyarı,"
        f" {number(len(draft.violations))} bozulan koşul (dates, warnings, broken conditions)"
    )
    parts = [
        "\n".join(f"{place}. {_anomaly(anomaly)}" for place, anomaly in enumerate(review.anomalies, 1)),
        md.table(BOUNDARY_HEADINGS, map(_boundary_row, draft.boundaries), left=len(BOUNDARY_HEADINGS)),
        md.table(WINDOW_HEADINGS, map(_window_row, draft.windows), left=3),
    ]
    title = Bilingual("Yılın taslağı", "Draft of the year")
    return _page(draft.programme_code, draft.year, DRAFT, title, figure, parts)


def schedule_page(programme: str, year: int, ahead: Timetable) -> Page:
    """Return the mornings that lie ahead, month by month, and the nights of the audit."""
    count = len(ahead.mornings)
    figure = f"saat {MORNING:%H.%M}, {number(count)} gün ({number(count, 'en')} days at {MORNING:%H:%M})"
    rows = [(f"{both(_month_name(first))}", days) for first, days in months(ahead.mornings)]
    nights = "–" if ahead.nights is None else f"{day(ahead.nights.opens)} – {day(ahead.nights.closes)}"
    parts = [
        md.table(("Ay / Month", "Günler / Days"), rows, left=2) if rows else "",
        f"Gece denetimi / Nightly audit, {NIGHT:%H:%M}: {nights}",
    ]
    title = Bilingual("Günlük işlerin takvimi", "Schedule of the year")
    return _page(programme, year, SCHEDULE, title, figure, parts)


def months(days: Sequence[date]) -> list[tuple[date, str]]:
    """Return days month by month: the month by its first day, and its days in figures (4, 11, 22)."""
    grouped = groupby(sorted(days), key=lambda each: each.replace(day=1))
    return [(first, ", ".join(str(each.day) for each in members)) for first, members in grouped]


def month_of_year(first: date, language: Language) -> str:
    """Return a month with its year (Ocak 2027, January 2027)."""
    return format_date(first, "LLLL y", locale=language)


def publish_form(draft: Draft, proposal: Proposal, refusal: Sayable | None) -> str:
    """Return what the form that asks to publish a year says: the dates proposed, by whom, and why it is asked again."""
    name, year = draft.programme.name, draft.year
    lines = [
        _refused(refusal),
        f"**{name.say('tr')} {year} yayımlansın mı?** {_proposed(proposal, 'tr')} Öneren kişi kendi önerisini"
        " yayımlayamaz; karar verenin adı yazılır.",
        f"**Publish {name.say('en')} {year}?** {_proposed(proposal, 'en')} Whoever proposed it does not publish it;"
        " write the name of the one who decides.",
        _dates(proposal.dates),
        f"[Taslağın tamamı / The whole draft](/artifacts/key/{key_of(draft.programme_code, year, DRAFT)})",
    ]
    return "\n\n".join(line for line in lines if line)


def close_form(programme: str, year: int, proposal: Proposal, gaps: Mapping[str, int], refusal: Sayable | None) -> str:
    """Return what the form that asks to close a year says: who proposed it, and the gaps that would stay."""
    told = ", ".join(f"{md.plain(phase)}: {number(count)}" for phase, count in gaps.items()) or "–"
    lines = [
        _refused(refusal),
        f"**{programme} {year} kapatılsın mı?** {_proposed(proposal, 'tr')} Kapanan yılda değişiklik yapılamaz, süre"
        " uzatılamaz. Öneren kişi kendi önerisine karar veremez.",
        f"**Close {programme} {year}?** {_proposed(proposal, 'en')} A closed year is neither amended nor extended."
        " Whoever proposed it does not decide.",
        f"Eksikle kapanan aşamalar / Phases closed with gaps: {told}",
    ]
    return "\n\n".join(line for line in lines if line)


def _proposed(proposal: Proposal, language: Language) -> str:
    asked = proposal.order
    name, reason = md.plain(asked.proposed_by), md.plain(asked.reason) or "–"
    letter = md.plain(asked.letter_number) or "–"
    if language == "tr":
        return f"Öneri {proposal.id}: {name}; gerekçe: {reason}; yazı: {letter}."
    return f"Proposal {proposal.id}: {name}; reason: {reason}; letter: {letter}."


def _refused(refusal: Sayable | None) -> str:
    return "" if refusal is None else f"> **{refusal.say('tr')}**\n>\n> {refusal.say('en')}"


def _dates(dates: Mapping[str, str]) -> str:
    rows = [(code, day(date.fromisoformat(written))) for code, written in dates.items()]
    return md.table(("Sınır / Boundary", "Tarih / Date"), rows, left=2)


def _boundary_row(boundary: BoundaryDraft) -> tuple[str, ...]:
    rule = both(boundary.wording) if boundary.wording is not None else "–"
    weekday = f"{weekday_name(boundary.date, 'tr')} / {weekday_name(boundary.date, 'en')}"
    return (boundary.code, day(boundary.date), weekday, md.plain(rule))


def _anomaly(anomaly: Anomaly) -> str:
    return f"**{both(MEANINGS[anomaly.kind])}**: {md.plain(both(anomaly.text))}"


def _window_row(window: WindowDraft) -> tuple[str, ...]:
    return (window.key or f"**{window.activity}**", day(window.opens), day(window.closes), number(window.working_days))


def _month_name(first: date) -> Bilingual:
    return Bilingual(month_of_year(first, "tr"), month_of_year(first, "en"))


def _page(programme: str, year: int, subject: str, title: Bilingual, figure: str, parts: Sequence[str]) -> Page:
    lines = [
        f"# {title.tr} {year}",
        f"*{title.en} · {programme}*",
        f"**{figure}**",
        *parts,
        "---",
        f"[Bütün sayfalar / All pages]({md.GALLERY})",
        f"*{PLANNING.tr} / {PLANNING.en}*",
    ]
    return Page(key_of(programme, year, subject), figure, "\n\n".join(line for line in lines if line))
