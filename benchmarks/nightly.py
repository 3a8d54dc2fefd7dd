"""Measures every part of a night, and the dashboard's counts, on the configured database; nothing is kept.

Fill one first with ``benchmarks/generated.py``. Figures are CPU seconds of one run, the server's included.
"""

import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1] / "tests" / "database")]

import audit_proof  # noqa: E402
import columnar  # noqa: E402
from results import PAIRS, Result, judged, measured_value  # noqa: E402
from server_time import cpu  # noqa: E402
from small_country import on  # noqa: E402
from sqlalchemy import Engine  # noqa: E402
from sqlalchemy.orm import Session  # noqa: E402

from sekaps.calendar.instants import local_day  # noqa: E402
from sekaps.database import reading, transaction  # noqa: E402
from sekaps.keyring import keyring  # noqa: E402
from sekaps.services.allocation_proof import prove_allocations  # noqa: E402
from sekaps.services.counting_proof import prove_slots  # noqa: E402
from sekaps.services.coverage import measure_coverage  # noqa: E402
from sekaps.services.edition_work import open_work  # noqa: E402
from sekaps.services.editions import EditionView, load_edition  # noqa: E402
from sekaps.services.evidence_nights import check_night, keep_night, plan_night  # noqa: E402
from sekaps.services.gaps import count_by_unit, count_open, find_gaps  # noqa: E402
from sekaps.services.observatory import observe  # noqa: E402
from sekaps.services.reminders import claim_digests  # noqa: E402
from sekaps.services.year_counts import year_cascade, year_contracts, year_reminders  # noqa: E402
from sekaps.services.year_phases import year_phases  # noqa: E402
from sekaps.settings import settings  # noqa: E402

AS_OF = on(2023, 4, 28, 23)


OF_A_NIGHT = "four fifths of it is verifying signatures, one core's ECDSA"
OF_THE_LIST = "the list joins ten tables for names and causes; the counts by unit and slot are what the target means"
OF_THE_DASHBOARD = "about 1 ms is asked for; it is one scan of the index of what is open"
"""Why a target may be missed."""


def read_file(_: Session) -> None:
    """Read the whole database file once, in order."""
    with Path(settings().database.database or "").open("rb") as file:
        while file.read(1 << 20):
            pass


DASHBOARD = "dashboard: open documents by step and slot"
REPEATS = 20
"""A part of a night is so short that it is done so often for one figure."""


def repeated(work: Callable[[Session], object]) -> Callable[[Session], None]:
    """Return the work done so often."""

    def often(session: Session) -> None:
        for _ in range(REPEATS):
            work(session)

    return often


def audits(edition: EditionView, as_of: datetime) -> dict[str, Callable[[Session], object]]:
    """Return the dashboard's counts and the gap audit, as counts by unit and slot and as the whole list."""
    return {
        DASHBOARD: lambda session: count_open(session, edition, as_of),
        "gap audit by unit and slot": lambda session: count_by_unit(session, edition, as_of),
        "gap audit: every gap with its cause and names": lambda session: find_gaps(session, edition, as_of),
    }


def parts(edition: EditionView, as_of: datetime) -> dict[str, Callable[[Session], object]]:
    """Return every part of a night but evidence, by name."""
    return {
        **audits(edition, as_of),
        "observatory": lambda session: observe(session, edition, as_of),
        "open work": lambda session: open_work(session, edition, as_of),
        "reminders": lambda session: claim_digests(session, edition, open_work(session, edition, as_of), as_of),
        "progress of all phases": lambda session: year_phases(session, edition),
        "stages of the cascade": lambda session: year_cascade(session, edition),
        "coverage": lambda session: measure_coverage(session, edition, as_of),
        "proof of conservation": lambda session: prove_allocations(session, edition, as_of),
        "contracts": lambda session: year_contracts(session, edition),
        "mail": lambda session: year_reminders(session, edition),
        "counting proof": prove_slots,
    }


def evidence(edition: EditionView, as_of: datetime) -> float:
    """Run the evidence of the night, and tell; what it kept is taken back."""
    trust = keyring().trust(as_of)
    with transaction() as session:
        kept: list[object] = []
        plan = cpu(session, lambda s: kept.append(plan_night(s, edition.id, trust, local_day(as_of))))
        night = kept.pop()
        check = cpu(session, lambda s: kept.append(check_night(s, edition.id, trust, night)))  # type: ignore[arg-type]
        found = kept.pop()
        keep = cpu(session, lambda s: keep_night(s, edition.id, night, found, as_of))  # type: ignore[arg-type]
        session.rollback()
    doubts = night.doubts  # type: ignore[attr-defined]
    told = f"{len(doubts.signatures)} signatures and {len(doubts.acts)} acts are doubtful"
    print(f"{plan:9.3f}  evidence: what is doubtful, what has its turn ({told})")
    print(f"{check:9.3f}  evidence: {found.checked:,} signatures, {found.again:,} of them again; {found.by_cause}")  # type: ignore[attr-defined]
    print(f"{keep:9.3f}  evidence: kept")
    return plan + check + keep


def night(edition: EditionView) -> float:
    """Do every part of a night, tell what each costs, and return what all of it does."""
    total = 0.0
    for name, part in parts(edition, AS_OF).items():
        with transaction() as session:
            first = cpu(session, part)
            session.rollback()
        total += first
        print(f"{first:9.3f}  {name}", flush=True)
    total += evidence(edition, AS_OF)
    print(f"{total:9.3f}  all of it")
    return total


def measure(scale: float) -> Iterator[Result]:
    """Measure the night, the audit and the proof of the configured database, filled with a share of the country."""
    with reading() as session:
        edition = load_edition(session, "sekaps", 2023, AS_OF)
        name = session.get_bind().dialect.name
    share = f"{scale:.0%} of the country, {name}"
    job = f"a whole night, {share} / its share of a minute, s"
    yield measured_value(job, night(edition), 60 * scale, note=OF_A_NIGHT)
    with reading() as session:
        if name == "sqlite":
            for part, work in audits(edition, AS_OF).items():
                pairs = [(cpu(session, work), cpu(session, read_file)) for _ in range(PAIRS)]
                yield judged(f"{part}, {share} / one read of the file", pairs, at_most=0.5, note=OF_THE_LIST)
            yield against_columns(session, edition, share)
        counts = repeated(audits(edition, AS_OF)[DASHBOARD])
        yield measured_value(
            f"{DASHBOARD}, {share}, ms", cpu(session, counts) * 1000 / REPEATS, 1, note=OF_THE_DASHBOARD
        )
        yield from audit_proof.measure(session, share)


def against_columns(session: Session, edition: EditionView, share: str) -> Result:
    """Return what the counts by unit and slot cost against a columnar scan, once both have found the same."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "documents.parquet"
        columnar.write_documents(session, path)
        assert columnar.count_by_unit(path, edition.id) == count_by_unit(session, edition, AS_OF)
        pairs = [
            (
                cpu(session, lambda s: count_by_unit(s, edition, AS_OF)),
                cpu(session, lambda _: columnar.count_by_unit(path, edition.id)),
            )
            for _ in range(PAIRS)
        ]
    return judged(f"gap audit by unit and slot, {share} / a columnar scan of the documents", pairs)


def growth(once: Engine, twice: Engine, share: str) -> Iterator[Result]:
    """Yield what the audit costs with twice the complete forms, those open alike, against what it costs with once."""
    with Session(once) as less, Session(twice) as more:
        edition, other = (load_edition(session, "sekaps", 2023, AS_OF) for session in (less, more))
        for part, work in audits(edition, AS_OF).items():
            here, there = repeated(work), repeated(audits(other, AS_OF)[part])
            here(less), there(more)
            pairs = [(cpu(more, there) / REPEATS, cpu(less, here) / REPEATS) for _ in range(PAIRS)]
            yield judged(f"{part}, twice the complete forms / once, {share}", pairs, at_most=1.1)


def main() -> None:
    """Tell what a night costs in the configured database."""
    with reading() as session:
        edition = load_edition(session, "sekaps", 2023, AS_OF)
    night(edition)


if __name__ == "__main__":
    main()
