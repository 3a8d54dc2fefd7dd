"""Every deployment names a flow by its module, at the right hours of Istanbul, with tags and one run at a time."""

import asyncio
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from prefect import Flow
from prefect.server.schemas.schedules import CronSchedule
from ruamel.yaml import YAML

from sekaps.reports.markdown import SUBJECTS, key_of
from sekaps.reports.plan_pages import DRAFT, SCHEDULE
from sekaps.services.programmes import read_programme

WRITTEN = YAML(typ="safe").load(Path(__file__).parents[2] / "prefect.yaml")
DEPLOYMENTS: list[dict[str, Any]] = WRITTEN["deployments"]
NAMES = [deployment["entrypoint"].rpartition(".")[2] for deployment in DEPLOYMENTS]
PHASES = {phase.code: phase.flow for phase in read_programme("sekaps").phases}

each_deployment = pytest.mark.parametrize("deployment", DEPLOYMENTS, ids=NAMES)


@each_deployment
def test_each_entrypoint_is_a_flow_named_by_its_module(deployment: dict[str, Any]) -> None:
    module, _, name = deployment["entrypoint"].rpartition(".")
    found = getattr(import_module(module), name)
    assert isinstance(found, Flow)
    assert found.name == name
    assert set(deployment["parameters"]) <= set(found.parameters.properties)


def test_every_phase_of_the_programme_is_deployed_by_the_flow_it_names() -> None:
    deployed = {name: deployment["entrypoint"] for name, deployment in zip(NAMES, DEPLOYMENTS, strict=True)}
    assert {code: deployed[code] for code in PHASES} == PHASES
    assert set(NAMES) - set(PHASES) == {
        "plan_year",
        "close_year",
        "daily",
        "deliver_mail",
        "signature_gap_audit",
        "rehearsal",
    }


@each_deployment
def test_each_deployment_is_of_one_edition_in_the_one_pool_and_runs_once_at_a_time(deployment: dict[str, Any]) -> None:
    year = deployment["parameters"]["edition"]
    assert deployment["name"] == f"sekaps-{year}"
    assert deployment["tags"][0] == f"edition:{year}"
    assert deployment["work_pool"] == {"name": "sekaps"}
    assert deployment["concurrency_limit"] == {"limit": 1, "collision_strategy": "ENQUEUE"}


@pytest.mark.parametrize("code", PHASES)
def test_a_phases_deployment_is_tagged_with_it_and_leads_to_its_page(code: str) -> None:
    deployment = DEPLOYMENTS[NAMES.index(code)]
    assert deployment["tags"][1] == f"phase:{code}"
    assert f"/artifacts/key/{key_of('sekaps', 2023, code)})" in deployment["description"]


@each_deployment
def test_a_description_leads_only_to_pages_that_are_published(deployment: dict[str, Any]) -> None:
    known = {key_of("sekaps", 2023, subject) for subject in (*SUBJECTS, DRAFT, SCHEDULE, *PHASES)}
    linked = {part.split(")")[0] for part in deployment["description"].split("/artifacts/key/")[1:]}
    assert linked
    assert linked <= known


def test_a_day_that_was_missed_is_made_up_for_on_monday_at_an_hour_of_istanbul() -> None:
    [schedule] = DEPLOYMENTS[NAMES.index("daily")]["schedules"]
    assert schedule["timezone"] == "Europe/Istanbul"
    start = datetime(2023, 4, 28, tzinfo=ZoneInfo(schedule["timezone"]))
    cron = CronSchedule(cron=schedule["cron"], timezone=schedule["timezone"])
    instants = asyncio.run(cron.get_dates(3, start))
    expected = ["2023-05-01T05:30", "2023-05-08T05:30", "2023-05-15T05:30"]
    assert [f"{at.astimezone(UTC):%Y-%m-%dT%H:%M}" for at in instants] == expected


def test_every_schedule_has_a_slug_so_that_deploying_again_keeps_those_that_publishing_made() -> None:
    scheduled = {name: deployment["schedules"] for name, deployment in zip(NAMES, DEPLOYMENTS, strict=True)
                 if "schedules" in deployment}  # fmt: skip
    assert {name: [each["slug"] for each in schedules] for name, schedules in scheduled.items()} == {
        "daily": ["weekly-catch-up"],
        "deliver_mail": ["office-hours"],
    }
