"""The words of the reports in both languages, and numbers and days as each language writes them."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from babel.dates import format_date
from babel.numbers import format_percent

from sekaps.domain.gaps import Cause
from sekaps.domain.refusals import RefusalKind
from sekaps.domain.year_report import PhaseYear
from sekaps.texts import Bilingual, Count, Language, Sayable, turkish_key

STATES = {
    "planned": Bilingual("planlandı", "planned"),
    "open": Bilingual("açık", "open"),
    "closed": Bilingual("kapandı", "closed"),
    "closed_with_gaps": Bilingual("eksikle kapandı", "closed with gaps"),
}
STAGES = {
    "district": Bilingual("İlçe komisyonu", "District commission"),
    "province": Bilingual("İl komisyonu", "Province commission"),
    "governor": Bilingual("Valilik", "Governorate"),
    "central": Bilingual("Merkez", "Central"),
    "transferred": Bilingual("Aktarılanlar", "Transferred needs"),
}
METHODS = {
    "foresight": Bilingual("Öngörüyle", "With foresight"),
    "stage_first": Bilingual("Aşama aşama", "Stage by stage"),
    "optimum": Bilingual("En iyi sonuç", "Optimum"),
}
"""Methods of sharing out, as a programme names them."""
SCOPES = {
    "nation": Bilingual("ülke geneli", "nationwide"),
    "province": Bilingual("il", "province"),
    "district": Bilingual("ilçe", "district"),
    "unit": Bilingual("kurum", "unit"),
}
PAPERS = {
    "concluded": Bilingual("Yapılan", "Concluded"),
    "not_concluded": Bilingual("Yapılamayan", "Not concluded"),
    "served": Bilingual("Tebliğ edilen", "Served"),
    "not_served": Bilingual("Tebliğ edilemeyen", "Not served"),
}
LAYERS = {
    "statutory": Bilingual("resmî tatil", "statutory holiday"),
    "half": Bilingual("yarım gün", "half day"),
    "leave": Bilingual("idari izin", "administrative leave"),
    "closure": Bilingual("kararla kapalı", "closed by order"),
}
OTHER = Bilingual("diğer", "other")
UNNAMED = "-"
"""What counts are filed under that have no name."""
PLANNING = Bilingual(
    "Bu belge yıllık planlama çalışmasıdır; seferberlik ilanı veya seferberlik emri değildir.",
    "This is yearly planning; it is not a declaration of mobilization and not a mobilization order.",
)
SYNTHETIC = Bilingual(
    "Sentetik veri: bu yıl bir provada oynanmıştır; kişiler, kurumlar ve sayılar gerçek değildir.",
    "Synthetic data: this year was played in a rehearsal; its people, institutions and figures are not real.",
)


def both(wording: Sayable) -> str:
    """Return a wording in Turkish and, where it differs, in English after it."""
    turkish, english = wording.say("tr"), wording.say("en")
    return turkish if turkish == english else f"{turkish} / {english}"


def cause_words(cause: str) -> Sayable:
    """Return a cause of gaps as people read it."""
    return Cause(cause).meaning


def refusal_words(kind: str) -> Sayable:
    """Return a kind of refusal as people read it."""
    return RefusalKind(kind).meaning


def done_words(phase: PhaseYear) -> Bilingual:
    """Return what done work of a phase is called."""
    return Bilingual("imzalı", "signed") if phase.signed else Bilingual("tamamlandı", "done")


def count_states(phases: tuple[PhaseYear, ...]) -> dict[str, int]:
    """Return how many phases are in each state, in the order of a phase's life; states nobody is in are left out."""
    counted = {state: sum(phase.state == state for phase in phases) for state in STATES}
    return {state: count for state, count in counted.items() if count}


def ranked(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """Return counts with the largest first, equal ones in Turkish order; what has no name is called other."""
    named = [(OTHER.tr if name == UNNAMED else name, count) for name, count in counts.items()]
    return sorted(named, key=lambda pair: (-pair[1], turkish_key(pair[0])))


def rung(value: int) -> str:
    """Return a rung by its sign (-30, 0, +5)."""
    return f"{value:+d}" if value else "0"


@lru_cache(maxsize=4096)
def number(value: int, language: Language = "tr") -> str:
    """Return a whole number with its thousands apart (1.301, 1,301)."""
    return Count(value).say(language)


def percent(part: int, whole: int, language: Language = "tr") -> str:
    """Return a share (%94, 94%): never 100 while something is missing, and a dash where there is nothing to share."""
    if whole == 0:
        return "–"
    rounded = round(100 * part / whole)
    return format_percent((min(rounded, 99) if part < whole else rounded) / 100, locale=language)


@lru_cache(maxsize=2048)
def day(value: date | None, language: Language = "tr") -> str:
    """Return a day in figures (28.04.2023, 28/04/2023); a dash where there is none."""
    pattern = "dd.MM.y" if language == "tr" else "dd/MM/y"
    return "–" if value is None else format_date(value, pattern, locale=language)


def short_window(opens: date, closes: date, language: Language = "tr") -> str:
    """Return a window in few figures (09.01–29.09), the year at its end only when it is another."""
    pattern = "dd.MM" if language == "tr" else "dd/MM"
    end = pattern if closes.year == opens.year else f"{pattern}{pattern[2]}yy"
    return f"{format_date(opens, pattern, locale=language)}–{format_date(closes, end, locale=language)}"


def month(value: date, language: Language = "tr") -> str:
    """Return a month's short name (Nis, Apr)."""
    return format_date(value, "LLL", locale=language)
