"""Measures how time and memory of each main job grow from 1 % to 300 % of the nation, each in a process of its own.

Seconds are CPU of the work alone, the median of five runs where it changes nothing; memory is the most the process has
held. A step is judged by how much dearer it is than n log n makes it, and the memory at the size of the nation.
"""

import atexit
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1] / "tests" / "database")]

from results import PAIRS, Result, cpu, judged, measured_value, peak_mebibytes  # noqa: E402

SCALES = (0.01, 0.1, 1.0, 3.0)
FORMS = 1_437_266
"""Need and resource forms of the nation."""
JUDGED_FROM = 0.1
"""Below it, what every run costs however little there is to do is most of the time."""
NATION, AT_MOST_MEBIBYTES = 1.0, 1024
LEEWAY = 1.2
"""A fifth above n log n for a machine whose caches hold a tenth of the nation and not all of it."""
SIGNED_AT_ONCE, SIGNATURES = 1_000, 100_000
SEED = 7


@dataclass(frozen=True)
class Point:
    """What one job took at one size: CPU seconds and MiB."""

    job: str
    scale: float
    seconds: float
    mebibytes: float


def generate(scale: float) -> Callable[[], object]:
    """Write the country into the configured database, its signatures without their keys' work."""
    from sekaps.cli.main import run

    words = ["generate", "--scale", str(scale), "--seed", str(SEED), "--unsealed", "--json"]
    return lambda: _succeed(run(words))


def night(scale: float) -> Callable[[], object]:
    """Do every part of a night but mail and evidence, on the country generated before."""
    from nightly import AS_OF, parts

    from sekaps.database import reading, transaction
    from sekaps.services.editions import load_edition

    with reading() as session:
        edition = load_edition(session, "sekaps", 2023, AS_OF)

    def work() -> None:
        for part in parts(edition, AS_OF).values():
            with transaction() as session:
                part(session)
                session.rollback()

    return work


def gap_audit(scale: float) -> Callable[[], object]:
    """List every gap with its cause, on the country generated before."""
    from nightly import AS_OF

    from sekaps.database import reading
    from sekaps.services.editions import load_edition
    from sekaps.services.gaps import find_gaps

    with reading() as session:
        edition = load_edition(session, "sekaps", 2023, AS_OF)

    def work() -> None:
        with reading() as session:
            find_gaps(session, edition, AS_OF)

    return work


def counting_proof(scale: float) -> Callable[[], object]:
    """Prove that documents and signatures agree, on the country generated before."""
    from sekaps.database import reading
    from sekaps.services.counting_proof import prove_slots

    def work() -> None:
        with reading() as session:
            prove_slots(session)

    return work


def allocation_plan(scale: float) -> Callable[[], object]:
    """Plan the allocation with every assignment."""
    from national_allocation import nation

    from sekaps.calendar.allocating import Method
    from sekaps.domain.cascade import plan

    needs, resources = nation(scale)
    return lambda: plan(needs, resources, (), Method.FORESIGHT)


def import_files(scale: float) -> Callable[[], object]:
    """Write the files to import, and the country without its forms."""
    from imports import write_files

    from sekaps.settings import settings

    return lambda: write_files(settings().home, scale)


def bulk_import(scale: float) -> Callable[[], object]:
    """Import files of all needs and resources, written before."""
    from imports import ours

    from sekaps.settings import settings

    return lambda: ours(settings().home)


def bulk_signing(scale: float) -> Callable[[], object]:
    """Sign a hundred thousand forms for the nation, a thousand in one act."""
    from signing import Engine
    from small_country import make_country

    from sekaps.database import migrate, transaction
    from sekaps.services.writing import chunked

    migrate()
    with transaction() as session:
        country = make_country(session)
    engine = Engine(country)
    documents = engine.documents(round(SIGNATURES * scale))
    return lambda: [engine.in_one_act(part) for part in chunked(documents, SIGNED_AT_ONCE)]


def mail(scale: float) -> Callable[[], object]:
    """Write, build and hand over the digests of everyone with a duty."""
    from mail import PEOPLE, Staff, make_people, make_units, night, sink
    from small_country import make_country

    from sekaps.database import migrate, transaction
    from sekaps.settings import settings

    migrate()
    with transaction() as session:
        country = make_country(session)
    count = round(PEOPLE * scale)
    staff = Staff(country.edition, make_people(count), make_units(count))
    until_the_end = ExitStack()
    atexit.register(until_the_end.close)
    os.environ |= {"SEKAPS_SMTP_HOST": "127.0.0.1", "SEKAPS_SMTP_PORT": str(until_the_end.enter_context(sink()))}
    settings.cache_clear()
    return lambda: night(staff)


Work = Callable[[float], Callable[[], object]]
GROUPS: tuple[tuple[Work, ...], ...] = (
    (generate, gap_audit, counting_proof, night),
    (import_files, bulk_import),
    (bulk_signing,),
    (allocation_plan,),
    (mail,),
)
"""What works in one home, in this order: the first makes what the others work on."""
JOBS: dict[str, Work] = {job.__name__: job for group in GROUPS for job in group}
CHANGING_NOTHING = {job.__name__ for job in (gap_audit, counting_proof, night, allocation_plan)}
"""What is done several times for one figure, the median: one run of a fraction of a second tells little."""
UNTOLD = {import_files.__name__}
"""What only prepares."""


def measure(scales: Iterable[float] = SCALES) -> Iterator[Point]:
    """Run every job at every size."""
    for scale in scales:
        for group in GROUPS:
            with tempfile.TemporaryDirectory() as home:
                found = [_point(job.__name__, scale, home) for job in group]
            yield from (point for point in found if point.job not in UNTOLD)


def judge(points: Iterable[Point]) -> Iterator[Result]:
    """Return for each job its dearest step against n log n, and what the nation takes; none of sizes not measured."""
    by_job: dict[str, list[Point]] = {}
    for point in points:
        by_job.setdefault(point.job, []).append(point)
    for job, found in by_job.items():
        for point in found:
            if point.scale == NATION:
                name = f"memory of {job.replace('_', ' ')} for the nation, MiB"
                yield measured_value(name, point.mebibytes, AT_MOST_MEBIBYTES)
        large = [point for point in found if point.scale >= JUDGED_FROM]
        steps = [(large_.seconds / small.seconds, n_log_n(large_.scale) / n_log_n(small.scale))
                 for small, large_ in pairwise(large)]  # fmt: skip
        if not steps:
            continue
        dearest = max(steps, key=lambda step: step[0] / step[1])
        name = f"growth of {job.replace('_', ' ')}, its dearest step / n log n"
        yield judged(name, [dearest], at_most=LEEWAY, note="a fifth is for caches and noise")


def n_log_n(scale: float) -> float:
    """Return n log n of the forms there are at a scale."""
    forms = FORMS * scale
    return forms * math.log(forms)


def _point(job: str, scale: float, home: str) -> Point:
    command = [sys.executable, __file__, job, str(scale)]
    environment = {**os.environ, "SEKAPS_HOME": home}
    environment.pop("SEKAPS_DATABASE_URL", None)
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=environment)
    told = json.loads(done.stdout.splitlines()[-1])
    return Point(job, scale, **told)


def _succeed(code: int) -> None:
    assert code == 0, code


def main(job: str, scale: float) -> None:
    """Do one job in this process and print what it took."""
    work, runs = JOBS[job](scale), PAIRS if job in CHANGING_NOTHING else 1
    seconds = statistics.median(cpu(work) for _ in range(runs))
    print(json.dumps({"seconds": seconds, "mebibytes": round(peak_mebibytes())}))


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
