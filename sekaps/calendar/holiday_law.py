"""Statutory holidays as the text of law 2429 gives them: a second reading that never asks the ``holidays`` package."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Self

from pydantic import model_validator
from ruamel.yaml import YAML

from sekaps.calendar.days import DayFact, Layer
from sekaps.calendar.programme_values import Frozen, flaw
from sekaps.texts import Bilingual, text

LAW = "2429 sayılı Kanun"
FIRST_WHOLE_YEAR = 1982
"""The first year that lies under the law from its first day to its last."""
BEGINS = time(13)
"""The hour at which a holiday begins on its eve (articles 1 and 2/B)."""
RAMAZAN = Bilingual(tr="Ramazan Bayramı", en="Eid al-Fitr")
KURBAN = Bilingual(tr="Kurban Bayramı", en="Eid al-Adha")
RAMAZAN_DAYS, KURBAN_DAYS = 3, 4
"""Whole days after the eve (article 2/B: three and a half, four and a half days)."""


@dataclass(frozen=True, slots=True)
class FixedHoliday:
    """A holiday on the same date every year since the year it was first kept; with ``starts``, from that hour on."""

    month: int
    day: int
    name: Bilingual
    since: int = FIRST_WHOLE_YEAR
    starts: time | None = None


_REPUBLIC_DAY = Bilingual(tr="Cumhuriyet Bayramı", en="Republic Day")
FIXED_HOLIDAYS = (
    FixedHoliday(1, 1, Bilingual(tr="Yılbaşı", en="New Year's Day")),
    FixedHoliday(
        4, 23, Bilingual(tr="Ulusal Egemenlik ve Çocuk Bayramı", en="National Sovereignty and Children's Day")
    ),
    FixedHoliday(5, 1, Bilingual(tr="Emek ve Dayanışma Günü", en="Labor and Solidarity Day"), since=2009),
    FixedHoliday(
        5,
        19,
        Bilingual(tr="Atatürk'ü Anma, Gençlik ve Spor Bayramı", en="Commemoration of Atatürk, Youth and Sports Day"),
    ),
    FixedHoliday(
        7, 15, Bilingual(tr="Demokrasi ve Millî Birlik Günü", en="Democracy and National Unity Day"), since=2017
    ),
    FixedHoliday(8, 30, Bilingual(tr="Zafer Bayramı", en="Victory Day")),
    FixedHoliday(10, 28, _REPUBLIC_DAY, starts=BEGINS),
    FixedHoliday(10, 29, _REPUBLIC_DAY),
)
"""Articles 1 and 2 of law 2429 (RG 19.3.1981/17284); 1 May by law 5892 (RG 27.4.2009/27212), 15 July by law 6752
(RG 29.10.2016/29872)."""


class FirstDays(Frozen):
    """The first whole days of the two religious holidays in one year, and where they were read."""

    ramazan: date
    kurban: date
    announced: bool = True
    """Whether Diyanet İşleri Başkanlığı announced them; otherwise they were computed."""
    source: str

    def facts(self) -> Iterator[DayFact]:
        """Yield the eve from 13:00 and the whole days of both."""
        for name, first, count in ((RAMAZAN, self.ramazan, RAMAZAN_DAYS), (KURBAN, self.kurban, KURBAN_DAYS)):
            yield _fact(first - timedelta(days=1), name, BEGINS, self.source)
            yield from (_fact(first + timedelta(days=nth), name, None, self.source) for nth in range(count))


class ReligiousDays(Frozen):
    """The announced first days, by year; a year that is not there is not known to this source."""

    years: Mapping[int, FirstDays]

    @model_validator(mode="after")
    def _each_in_its_year(self) -> Self:
        for year, first in self.years.items():
            if {first.ramazan.year, first.kurban.year} != {year}:
                raise flaw(text("the first days stated for {year} lie in another year", year=year))
        return self


def read_religious_days(written: str) -> ReligiousDays:
    """Return the first days written in YAML."""
    return ReligiousDays.model_validate(YAML(typ="safe", pure=True).load(written))


def holidays_by_law(year: int, religious: ReligiousDays) -> tuple[DayFact, ...]:
    """Return the statutory holidays of a year in order of date, or none when its first days are not known."""
    if year not in religious.years:
        return ()
    fixed = (
        _fact(date(year, each.month, each.day), each.name, each.starts, "")
        for each in FIXED_HOLIDAYS
        if year >= each.since
    )
    moving = (fact for first in religious.years.values() for fact in first.facts() if fact.day.year == year)
    return tuple(sorted((*fixed, *moving), key=lambda fact: (fact.day, fact.name.tr)))


def _fact(day: date, name: Bilingual, starts: time | None, read_in: str) -> DayFact:
    return DayFact(day, Layer.STATUTORY, name, starts=starts, source="; ".join(filter(None, (LAW, read_in))))
