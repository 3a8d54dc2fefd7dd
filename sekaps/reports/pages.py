"""The pages of the operations dashboard: one for the year, each phase, gaps, reminders, allocation and contracts."""

from collections import Counter
from collections.abc import Mapping, Sequence

from sekaps.domain.conservation import AllocationProof
from sekaps.domain.coverage import Coverage
from sekaps.domain.evidence import EvidenceCount
from sekaps.domain.mail_domains import DomainWait
from sekaps.domain.readiness import ReadyYear
from sekaps.domain.year_report import (
    CascadeYear,
    GapLine,
    GapsYear,
    PapersYear,
    PhaseYear,
    RemindersYear,
    SpecialDay,
    StageYear,
    StepYear,
    VacancyYear,
)
from sekaps.reports import markdown as md
from sekaps.reports import words
from sekaps.reports.charts import cascade_chart
from sekaps.reports.coverage_page import coverage_parts
from sekaps.reports.gantt import gantt
from sekaps.reports.markdown import Masthead, Page
from sekaps.reports.words import both, day, number, percent, short_window
from sekaps.texts import LANGUAGES, Sayable, word

PHASE_HEADINGS = ("Aşama / Phase", "Süre / Window", "Durum / State", "Biten / Done")
STEP_HEADINGS = ("Adım / Step", "Süre / Window", "Beklenen / Owed", "Biten / Done", "Açık / Open", "Ret / Refused")
STAGE_HEADINGS = ("Aşama / Stage", "Kayıt / Needs", "Tam / Met", "İhtiyaç / Needed", "Tahsis / Allocated",
                  "Geçen / Passed", "Eksik / Unmet")  # fmt: skip
GAP_HEADINGS = ("Belge / Document", "Adım / Step", "Neden / Cause", "Başlangıç / Since", "Sıra / Slot",
                "Kurum / Unit", "Beklediği / Waits for")  # fmt: skip
DOMAIN_HEADINGS = ("Bekletilen e-posta alanı / Mail domain held", "Yeniden denenecek / Asked again",
                   "Son yanıt / Last answer", "Bekleyen / Waiting", "Ret / Refusals")  # fmt: skip

MISCOUNTED_SHOWN = ROWS_SHOWN = 20


def year_page(head: Masthead, phases: Sequence[PhaseYear], special_days: Sequence[SpecialDay]) -> Page:
    """Return the year at a glance: its picture, and every phase with its state and progress."""
    counted = words.count_states(tuple(phases))
    turkish = ", ".join(f"{count} {words.STATES[state].tr}" for state, count in counted.items())
    english = ", ".join(f"{count} {words.STATES[state].en}" for state, count in counted.items())
    parts = [
        md.image(gantt(phases, special_days, head.day), md.SUBJECTS[md.YEAR]),
        md.table(PHASE_HEADINGS, [_phase_row(head, phase) for phase in phases], left=3),
    ]
    return md.page(head, md.YEAR, md.SUBJECTS[md.YEAR], f"{turkish} ({english})", parts)


def phase_page(head: Masthead, phase: PhaseYear, ready: ReadyYear | None = None) -> Page:
    """Return how far a phase has come, step by step, and how many units are ready where that is seen to in it."""
    done, state = words.done_words(phase), words.STATES[phase.state]
    figure = f"{number(phase.done)} / {number(phase.owed)} {done.tr}, {state.tr} ({state.en})"
    parts = [
        f"{day(phase.opens)} – {day(phase.closes)} · {percent(phase.done, phase.owed)}",
        _closing(phase),
        md.table(STEP_HEADINGS, [_step_row(step) for step in phase.steps], left=2),
        "\n".join(f"- **{step.step}** {both(step.does)}" for step in phase.steps),
        md.counts_table("Bu aşamada / In this phase", _phase_counts(phase)),
        *(_readiness(ready) if ready else ()),
    ]
    return md.page(head, phase.code, phase.name, figure, parts)


def gaps_page(
    head: Masthead,
    gaps: GapsYear,
    vacancies: Sequence[VacancyYear],
    kinds: Mapping[str, Sayable],
    evidence: EvidenceCount | None = None,
) -> Page:
    """Return the signature gaps: totals first, then the gaps one by one as far as a page can hold them."""
    causes = [(both(words.cause_words(cause)), count) for cause, count in words.ranked(gaps.by_cause)]
    documents = [(both(kinds[kind]) if kind in kinds else kind, count) for kind, count in words.ranked(gaps.by_kind)]
    figure = f"{number(gaps.total)} imza eksiği ({number(gaps.total, 'en')} gaps)"
    parts = [
        "" if evidence is None else _evidence(evidence),
        md.counts_table("Neden / Cause", causes),
        md.counts_table("Belge / Document", documents),
        md.counts_line("Bakanlık / Ministry", words.ranked(gaps.by_ministry)),
        md.counts_line("İl / Province", words.ranked(gaps.by_province)),
        _vacancies(vacancies),
        *_gap_list(gaps),
    ]
    return md.page(head, md.GAPS, md.SUBJECTS[md.GAPS], figure, parts)


def reminders_page(head: Masthead, reminders: RemindersYear, domains: Sequence[DomainWait] = ()) -> Page:
    """Return what was sent, whom it reached, the mail domains that take nothing, and the claims behind it by rung."""
    figure = (
        f"{number(reminders.sent)} ileti gönderildi, {number(reminders.failed)} teslim edilemedi"
        f" ({number(reminders.sent, 'en')} sent, {number(reminders.failed, 'en')} failed)"
    )
    counts = [
        ("Yazılan ileti / Digests written", reminders.digests),
        ("Gönderilen / Sent", reminders.sent),
        ("Bekleyen / Waiting", reminders.waiting),
        ("Teslim edilemeyen / Failed", reminders.failed),
        ("Ulaşılan kişi / People reached", reminders.people),
        ("Hatırlatılan iş / Rungs claimed", reminders.claims),
        ("Üst makama bildirilen / Escalated", reminders.escalations),
    ]
    rungs = [(words.rung(rung), count) for rung, count in sorted(reminders.by_rung.items())]
    parts = [
        md.counts_table("İleti / Digests", counts),
        _domains(domains),
        md.counts_table("Son güne göre iş günü / Working days from the closing day", rungs),
    ]
    return md.page(head, md.REMINDERS, md.SUBJECTS[md.REMINDERS], figure, parts)


def _domains(domains: Sequence[DomainWait]) -> str:
    """Return the mail domains whose mail waits, of every edition, with the last answer of each."""
    rows = [
        (
            md.plain(one.domain),
            " / ".join(word(one.until, language) for language in LANGUAGES),
            md.plain(one.answer),
            number(one.messages),
            number(one.refusals),
        )
        for one in domains
    ]
    return md.table(DOMAIN_HEADINGS, rows, left=3) if rows else ""


def coverage_page(
    head: Masthead, cascade: CascadeYear, coverage: Coverage | None = None, proof: AllocationProof | None = None
) -> Page:
    """Return what each stage was asked for, what became of it, whether all rows agree, and coverage by every side."""
    turkish, english = (percent(cascade.allocated, cascade.entered, language) for language in LANGUAGES)
    figure = f"ihtiyacın {turkish} kadarı tahsis edildi ({english} of need allocated)"
    parts = [
        md.image(cascade_chart(cascade), md.SUBJECTS[md.COVERAGE]) if cascade.entered else "",
        md.table(STAGE_HEADINGS, map(_stage_row, cascade.stages)),
        _balance(cascade),
        "" if proof is None else _conserved(proof),
        f"{number(cascade.resources_moved)} mahallî kaynak merkezî planlamaya aktarıldı / "
        f"{number(cascade.resources_moved, 'en')} local resources moved to central planning",
        *(coverage_parts(coverage) if coverage else ()),
    ]
    return md.page(head, md.COVERAGE, md.SUBJECTS[md.COVERAGE], figure, parts)


def contracts_page(head: Masthead, contracts: PapersYear, notices: PapersYear) -> Page:
    """Return contracts and notices by what became of them, with the reasons given."""
    figure = (
        f"{number(contracts.succeeded)} / {number(contracts.prepared)} sözleşme yapıldı,"
        f" {number(notices.succeeded)} / {number(notices.prepared)} tebliğ edildi (concluded, served)"
    )
    parts = [
        md.counts_table(
            "Detay protokol ve sözleşmeler / Detail protocols and contracts", _papers(contracts, "concluded")
        ),
        md.counts_table("Yapılamama nedeni / Why not concluded", _reasons(contracts)),
        md.counts_table("Tebliğler / Notices", _papers(notices, "served")),
        md.counts_table("Tebliğ edilememe nedeni / Why not served", _reasons(notices)),
    ]
    return md.page(head, md.CONTRACTS, md.SUBJECTS[md.CONTRACTS], figure, parts)


def _phase_row(head: Masthead, phase: PhaseYear) -> tuple[str, ...]:
    """Return a row narrow enough for the dashboard however many forms; the links below it are in both languages."""
    gaps = f": {number(phase.gaps_at_close)}" if phase.gaps_at_close else ""
    return (
        head.link(phase.code, word(phase.name, "tr")),
        short_window(phase.opens, phase.closes),
        words.STATES[phase.state].tr + gaps,
        f"{number(phase.done)} / {number(phase.owed)}",
    )


def _step_row(step: StepYear) -> tuple[str, ...]:
    figures = (step.owed, step.done, step.open, step.refused)
    return (f"**{step.step}**", short_window(step.opens, step.closes), *map(number, figures))


def _closing(phase: PhaseYear) -> str:
    if phase.closed_on is None:
        return ""
    left = number(phase.gaps_at_close or 0)
    return f"{day(phase.closed_on)} günü kapandı, kalan eksik: {left} / closed on that day with {left} left"


def _phase_counts(phase: PhaseYear) -> list[tuple[str, int]]:
    return [
        ("Uzatımla biten / Done late, under an extension", phase.late),
        ("Reddedilen işlem / Refused acts", phase.refused),
        ("Süre uzatımı / Extensions", phase.extended),
        ("Hatırlatma / Reminders", phase.reminders),
        ("Üst makama bildirim / Escalations", phase.escalations),
    ]


def _readiness(ready: ReadyYear) -> tuple[str, str]:
    counts = [("Hazır olması gereken / Must be ready", ready.asked), ("Hazır / Ready", ready.ready)]
    lacking = [(both(name), count) for name, count in ready.lacking]
    return md.counts_table("Kurumlar / Institutions", counts), md.counts_table("Eksik / Missing", lacking)


def _evidence(evidence: EvidenceCount) -> str:
    """Return in one line how many signatures were verified, since when all others hold, and what does not by cause."""
    causes = ", ".join(f"{both(words.cause_words(cause))}: {number(n)}" for cause, n in evidence.by_cause.items())
    told = f"Doğrulanan imza / Signatures verified: {number(evidence.checked)}"
    again = f" (yeniden / again: {number(evidence.again)})" if evidence.again else ""
    older = f"; kanıtsız / without evidence: {number(evidence.without)}" if evidence.without else ""
    oldest = f"; en eski doğrulama / oldest verification: {day(evidence.oldest)}" if evidence.oldest else ""
    more = " …" if len(evidence.miscounted) > MISCOUNTED_SHOWN else ""
    listed = ", ".join(evidence.miscounted[:MISCOUNTED_SHOWN]) + more
    counted = f"; sırası imzalarıyla uyuşmayan / slot disagrees with signatures: **{listed}**" if listed else ""
    return f"{told}{again}{older}{oldest}; **{causes or 'hepsi sağlam / all hold'}**{counted}"


def _conserved(proof: AllocationProof) -> str:
    """Return in one line how many lines were looked at, and which laws are broken in which rows."""
    laws = Counter(violation.law for violation in proof.violations)
    broken = ", ".join(f"{both(law.meaning)}: {number(count)}" for law, count in laws.items())
    rows = ", ".join(md.plain(violation.row) for violation in proof.violations[:ROWS_SHOWN])
    more = " …" if len(proof.violations) > ROWS_SHOWN else ""
    told = f"Denetlenen tahsis / Allocations proved: {number(proof.lines)}"
    return f"{told}; **{broken or 'hepsi kurallara uygun / all obey the laws'}**" + (f": {rows}{more}" if rows else "")


def _vacancies(vacancies: Sequence[VacancyYear]) -> str:
    rows = [(str(v.unit), md.plain(v.unit_name), md.plain(v.post), number(v.documents)) for v in vacancies]
    headings = ("DETSİS", "Kurum / Unit", "Boş görev / Vacant post", "Belge / Documents")
    return md.table(headings, rows, left=3) if rows else ""


def _gap_list(gaps: GapsYear) -> tuple[str, str]:
    if not gaps.listed:
        return "", ""
    more = f"ve {number(gaps.more)} eksik daha / and {number(gaps.more, 'en')} more" if gaps.more else ""
    return md.table(GAP_HEADINGS, [_gap_row(gap) for gap in gaps.listed], left=len(GAP_HEADINGS)), more


def _gap_row(gap: GapLine) -> tuple[str, ...]:
    waits_for = gap.post if gap.person is None else f"{gap.post}, {gap.person}"
    cause, slot = words.cause_words(gap.cause).say("tr"), f"{gap.slot}/{gap.slots}"
    told = (gap.document, gap.step, cause, day(gap.since), slot, gap.unit_name, waits_for)
    return tuple(md.plain(value) for value in told)


def _stage_row(stage: StageYear) -> tuple[str, ...]:
    figures = (stage.needs, stage.needs_met, stage.needed, stage.allocated, stage.transferred, stage.unmet)
    return (words.STAGES[stage.stage].tr, *map(number, figures))


def _balance(cascade: CascadeYear) -> str:
    verdict = "denk / balanced" if cascade.conserved else "DENK DEĞİL / NOT BALANCED"
    return (
        f"Bildirilen / stated {number(cascade.entered)} = tahsis / allocated {number(cascade.allocated)}"
        f" + karşılanamayan / unmet {number(cascade.unmet)} + yolda / on its way {number(cascade.on_its_way)}:"
        f" **{verdict}**"
    )


def _papers(papers: PapersYear, succeeded: str) -> list[tuple[str, int]]:
    return [
        ("Hazırlanan / Prepared", papers.prepared),
        (both(words.PAPERS[succeeded]), papers.succeeded),
        (both(words.PAPERS[f"not_{succeeded}"]), papers.failed),
        ("Kaydı girilmeyen / Not recorded", papers.open),
    ]


def _reasons(papers: PapersYear) -> list[tuple[str, int]]:
    return [(md.plain(reason), count) for reason, count in words.ranked(papers.reasons)]
