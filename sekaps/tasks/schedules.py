"""The schedules of a year on the Prefect server, made from the edition's own dates; asking again changes nothing."""

import re
from dataclasses import dataclass
from uuid import UUID

import httpx
from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.actions import DeploymentScheduleCreate
from prefect.client.schemas.objects import ConcurrencyLimitStrategy, ConcurrencyOptions, DeploymentSchedule
from prefect.client.schemas.responses import DeploymentResponse
from prefect.client.schemas.schedules import RRuleSchedule
from prefect.exceptions import ObjectNotFound
from prefect.logging import get_run_logger
from prefect.settings import PREFECT_API_URL
from prefect.utilities.callables import parameter_schema_from_entrypoint

from sekaps import clock
from sekaps.database import reading
from sekaps.domain.schedules import MORNING, NIGHT, Timetable, rule_of_window, rules_of_days
from sekaps.errors.systems import SchedulesNotMade
from sekaps.reports.plan_pages import schedule_page
from sekaps.services.editions import load_edition
from sekaps.services.timetables import edition_timetable
from sekaps.tasks.dashboard import publish
from sekaps.tasks.ticks import Tick
from sekaps.texts import ZONE, text

POOL = "sekaps"
DUE_DAYS, NIGHTS = "due-days", "nights"


@dataclass(frozen=True, slots=True)
class MadeSchedule:
    """A schedule as it stands on the server: of which deployment, under which slug."""

    deployment: str
    slug: str


@dataclass(frozen=True, slots=True)
class _Deployed:
    """A flow that runs by itself: where it is found, what its schedules are called, and what people read of it."""

    entrypoint: str
    slug: str
    tag: str
    description: str

    @property
    def flow(self) -> str:
        """The flow's name."""
        return self.entrypoint.rpartition(".")[2]


DAILY = _Deployed(
    "sekaps.flows.daily.daily",
    DUE_DAYS,
    "daily",
    "**Günün işleri.** İşi olan günlerde, 08.30'da; günler yayımlanan takvimden gelir.\n\n"
    "Everything due on a day, at 08:30 on the days on which something is due; they come from the published year.",
)
AUDIT = _Deployed(
    "sekaps.flows.signature_gap_audit.signature_gap_audit",
    NIGHTS,
    "audit",
    "**İmza eksiklerinin gece denetimi.** Yılın ilk gününden işi olan son güne kadar, her gece 02.00'de.\n\n"
    "Every night at 02:00, from the year's first day to the last one on which something is due.",
)


@task(task_run_name="schedule {tick.name}", cache_policy=NO_CACHE)
def schedule_year(tick: Tick) -> list[MadeSchedule]:
    """Bring the year's schedules to its dates; where no server answers, the log says so and nothing else changes."""
    with reading() as session:
        edition = load_edition(session, tick.programme, tick.year)
        if edition.synthetic:
            return []
        ahead = edition_timetable(session, edition, clock.now())
    try:
        made = make_schedules(tick.programme, tick.year, ahead)
    except SchedulesNotMade as failure:
        get_run_logger().warning(failure.say("tr"))
        return []
    publish(schedule_page(tick.programme, tick.year, ahead))
    return made


def make_schedules(programme: str, year: int, ahead: Timetable) -> list[MadeSchedule]:
    """Make the server's schedules what lies ahead, and nothing more; return those that stand.

    Only schedules under this module's slugs are touched. Raises SchedulesNotMade.
    """
    if not PREFECT_API_URL.value():
        raise SchedulesNotMade(programme=programme, year=year, reason=text("PREFECT_API_URL is not set"))
    mornings = rules_of_days(ahead.mornings, MORNING)
    nights = () if ahead.nights is None else (rule_of_window(ahead.nights, NIGHT),)
    try:
        with get_client(sync_client=True) as client:
            made = [
                *_follow(client, DAILY, programme, year, mornings),
                *_follow(client, AUDIT, programme, year, nights),
            ]
    except httpx.HTTPError as failure:
        raise SchedulesNotMade(programme=programme, year=year, reason=str(failure).splitlines()[0]) from failure
    return made


def _follow(
    client: SyncPrefectClient, deployed: _Deployed, programme: str, year: int, rules: tuple[str, ...]
) -> list[MadeSchedule]:
    """Bring one deployment's schedules to the rules; without rules a deployment that is not there is not made."""
    name = f"{deployed.flow}/{programme}-{year}"
    found = _found(client, name)
    if found is None and not rules:
        return []
    deployment_id = found.id if found is not None else _create(client, deployed, programme, year)
    wanted = {_slug(deployed.slug, place): rule for place, rule in enumerate(rules, 1)}
    held = {one.slug: one for one in client.read_deployment_schedules(deployment_id) if _is_ours(one, deployed)}
    for slug in held.keys() - wanted.keys():
        client.delete_deployment_schedule(deployment_id, held[slug].id)
    for slug, rule in wanted.items():
        schedule = RRuleSchedule(rrule=rule, timezone=ZONE.key)
        if slug not in held:
            new = DeploymentScheduleCreate(schedule=schedule, active=True, slug=slug)
            client.create_deployment_schedules(deployment_id, [new])
        elif held[slug].schedule != schedule:
            client.update_deployment_schedule(deployment_id, held[slug].id, schedule=schedule)
    return [MadeSchedule(name, slug) for slug in wanted]


def _found(client: SyncPrefectClient, name: str) -> DeploymentResponse | None:
    try:
        return client.read_deployment_by_name(name)
    except ObjectNotFound:
        return None


def _create(client: SyncPrefectClient, deployed: _Deployed, programme: str, year: int) -> UUID:
    """Make a deployment as prefect.yaml would: named by its module, in the one pool, one run at a time."""
    return client.create_deployment(
        flow_id=client.create_flow_from_name(deployed.flow),
        name=f"{programme}-{year}",
        entrypoint=deployed.entrypoint,
        description=deployed.description,
        parameters={"edition": year, "programme": programme},
        parameter_openapi_schema=parameter_schema_from_entrypoint(deployed.entrypoint).model_dump(),
        enforce_parameter_schema=True,
        tags=[f"edition:{year}", deployed.tag],
        work_pool_name=_pool(client),
        concurrency_limit=1,
        concurrency_options=ConcurrencyOptions(collision_strategy=ConcurrencyLimitStrategy.ENQUEUE),
    )


def _pool(client: SyncPrefectClient) -> str | None:
    """Return the pool's name once it exists; before that a deployment has none, and deploying gives it one."""
    try:
        return client.read_work_pool(POOL).name
    except ObjectNotFound:
        return None


def _slug(slug: str, place: int) -> str:
    return slug if place == 1 else f"{slug}-{place}"


def _is_ours(schedule: DeploymentSchedule, deployed: _Deployed) -> bool:
    return re.fullmatch(rf"{deployed.slug}(-\d+)?", schedule.slug or "") is not None
