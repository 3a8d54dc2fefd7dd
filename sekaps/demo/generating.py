"""Generating a country as it stands on the evening of a day: written by columns, signed, all or nothing."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import literal, select
from sqlalchemy.orm import Session

from sekaps.calendar.instants import at
from sekaps.demo.country import FormWriter, expected, insert_protocols
from sekaps.demo.country_files import CountryFiles, require_new, year_days
from sekaps.demo.duties import Duties, Seats
from sekaps.demo.evening import Answer, Evening, answers, evening_of
from sekaps.demo.forms import ACTIVITIES, FormSize
from sekaps.demo.paperwork import Paperwork
from sekaps.demo.people import COMMISSIONS
from sekaps.demo.places import real_places
from sekaps.demo.planting import wanted_gaps
from sekaps.demo.population import Population, country_population, store
from sekaps.demo.readiness import make_ready
from sekaps.demo.seal_rows import SealRows
from sekaps.demo.signing_days import YearDays
from sekaps.demo.stages import FORMS, Told
from sekaps.demo.table_writers import Format
from sekaps.demo.work_rows import WorkRows
from sekaps.errors.editions import GenerationRefused
from sekaps.models.base import Base
from sekaps.models.programmes import WHOLE_ROW, Edition
from sekaps.models.registry import Province, Unit
from sekaps.services.editions import EditionView, load_edition, publish
from sekaps.services.publication import PlannedYear
from sekaps.services.writing import table_of
from sekaps.texts import text

PUBLISHED_BY = "Umut Erdem (üretilmiş)"


@dataclass(frozen=True, slots=True)
class CountryOrder:
    """Which country to generate: its size, its seed and the evening it stands on.

    ``complete`` multiplies the forms that are in order, for measuring what should not depend on them.
    """

    scale: float
    seed: int
    through: date | None = None
    """The day; by default the one on which the windows of needs and resources have closed."""
    sealed: bool = True
    """Whether signatures carry their evidence."""
    complete: float = 1.0


@dataclass(frozen=True, slots=True)
class Generated:
    """What was generated, with every gap that was planted or is still open."""

    year: int
    through: date
    units: Mapping[str, int]
    people: int
    documents: Mapping[str, int]
    signatures: int
    answers: tuple[Answer, ...]
    """Every gap the audits are to find."""

    @property
    def organisations(self) -> int:
        """How many units there are besides the commissions, which are boards of them."""
        return sum(count for kind, count in self.units.items() if kind not in COMMISSIONS)

    @property
    def planted(self) -> dict[str, dict[str, int]]:
        """How many gaps were planted, by kind of document and cause."""
        found: dict[str, Counter[str]] = defaultdict(Counter)
        for answer in self.answers:
            if answer.planted:
                found[answer.kind][answer.cause.value] += 1
        return {kind: dict(sorted(causes.items())) for kind, causes in sorted(found.items())}

    @property
    def unfinished(self) -> int:
        """How many documents wait because their windows are still open."""
        return sum(not answer.planted for answer in self.answers)


def require_empty(session: Session) -> None:
    """Raise GenerationRefused where the database holds an edition, a registry or places already."""
    models: tuple[type[Base], ...] = (Edition, Unit, Province)
    if any(session.scalar(select(literal(1)).select_from(table_of(model)).limit(1)) is not None for model in models):
        raise GenerationRefused(
            problem=text("the database is not empty; generate into a home of its own, or empty this one first")
        )


def generate(session: Session, planned: PlannedYear, order: CountryOrder, told: Told) -> Generated:
    """Write the country into an empty database, and return what was made.

    The same year, scale and seed make the same rows; only keys, and what they sign, are each house's own.
    """
    require_empty(session)
    begins = at(date(planned.year, 1, 1))
    publish(
        session, planned.draft, planned.written, planned.days, decided_by=PUBLISHED_BY, as_of=begins, synthetic=True
    )
    edition = load_edition(session, planned.programme, planned.year)
    country = _Country.of(order, YearDays(edition.windows, edition.days), planned.year)
    _Storing(session, edition, order, told).run(country, begins)
    return country.made(planned.year)


def generate_files(planned: PlannedYear, order: CountryOrder, folder: Path, kind: Format, told: Told) -> Generated:
    """Write the country's tables into a new folder, and return what was made; there are no keys in them."""
    require_new(folder)
    year = year_days(planned.draft, planned.days)
    country = _Country.of(order, year, planned.year)
    files = CountryFiles(country.people, country.paperwork, country.evening, year)
    files.write(folder, kind, at(date(planned.year, 1, 1)), told)
    return country.made(planned.year)


def closing_day(year: YearDays) -> date:
    """Return the day on which the windows of needs and resources have closed."""
    return max(year.window(activity, WHOLE_ROW).closes for activity in ACTIVITIES.values())


@dataclass(frozen=True)
class _Country:
    """One country as it is to be written."""

    people: Population
    paperwork: Paperwork
    evening: Evening

    @classmethod
    def of(cls, order: CountryOrder, year: YearDays, number: int) -> "_Country":
        """Return the country of an order in a year."""
        people = country_population(real_places(), scale=order.scale, seed=order.seed)
        size = FormSize(order.scale, order.complete)
        paperwork = Paperwork(people, number, size=size, seed=order.seed)
        evening = evening_of(
            Duties.of(paperwork.parts(), number),
            Seats.of(people),
            year,
            order.through or closing_day(year),
            wanted=wanted_gaps(order.scale, sealed=order.sealed),
            unit_kinds=[unit.kind for unit in people.specs],
            seed=order.seed,
        )
        return cls(people, paperwork, evening)

    def made(self, year: int) -> Generated:
        """Return what the country holds."""
        duties = self.evening.duties
        return Generated(
            year=year,
            through=self.evening.through,
            units=Counter(unit.kind for unit in self.people.specs),
            people=len(self.people.person_ids),
            documents={kind: int(duties.of_kind(kind).sum()) for kind in duties.kinds},
            signatures=int(self.evening.signed.sum()),
            answers=tuple(answers(self.evening)),
        )


class _Storing:
    """One country being stored."""

    def __init__(self, session: Session, edition: EditionView, order: CountryOrder, told: Told) -> None:
        self.session, self.edition, self.order, self.told = session, edition, order, told

    def run(self, country: _Country, begins: datetime) -> None:
        """Write everything, in the order in which rows refer to each other."""
        store(self.session, country.people, begins)
        first_id = self._write_forms(country.evening, country.paperwork)
        insert_protocols(self.session, country.people, self.edition.id, begins)
        make_ready(self.session, self.edition, begins)
        self._write_work(country.evening, first_id)

    def _write_forms(self, evening: Evening, paperwork: Paperwork) -> int:
        """Write the forms as they stand, and return the id of the first."""
        writer, place, total = FormWriter(self.session, self.edition.id), 0, len(evening.duties)
        for part in paperwork.parts():
            opened = expected(part, self.edition.windows)["waiting_since"]
            writer.write(part, evening.standing(place, place + part.frame.height, opened))
            place += part.frame.height
            self.told(FORMS, place, total)
        writer.finish()
        return writer.first_id

    def _write_work(self, evening: Evening, first_id: int) -> None:
        """Write what people did to the forms."""
        rows = WorkRows(self.session, self.edition, evening, first_id)
        rows.end_mandates()
        seals = SealRows(self.session, evening, first_id, self.told) if self.order.sealed else None
        rows.write_acts(seals.digests if seals else None)
        rows.write_returns()
        if seals is None:
            rows.write_unsealed()
        else:
            seals.write_certificates()
            seals.write_signatures(rows.act_of)
            seals.change_bytes()
            rows.note_nights()
