"""Deployed as prefect.yaml says, the schedules make runs at the right instants (with SQLAlchemy 2.1 none were made)."""

import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 90
ISTANBUL = ZoneInfo("Europe/Istanbul")
MONDAY = 0


def prefect_command(*words: str) -> None:
    command = [sys.executable, "-m", "prefect", "--no-prompt", *words]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE_SECONDS * 2)
    assert done.returncode == 0, done.stdout + done.stderr


def deployment(api: str, name: str) -> dict[str, str]:
    found: dict[str, str] = httpx.get(f"{api}/deployments/name/{name}").json()
    return found


def scheduled(api: str, name: str) -> set[tuple[int, str]]:
    """Return the local weekday and hour of each run scheduled of a deployment."""
    only = {"id": {"any_": [deployment(api, name)["id"]]}}
    asked = {"flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}}, "deployments": only}
    starts = [run["expected_start_time"] for run in httpx.post(f"{api}/flow_runs/filter", json=asked).json()]
    local = [datetime.fromisoformat(start).astimezone(ISTANBUL) for start in starts]
    return {(each.weekday(), f"{each:%H:%M}") for each in local}


def slugs(api: str, name: str) -> set[str]:
    address = f"{api}/deployments/{deployment(api, name)['id']}/schedules"
    return {schedule["slug"] for schedule in httpx.get(address).json()}


def test_a_missed_day_is_made_up_for_on_monday_morning_and_deploying_again_keeps_what_publishing_made(
    prefect: str,
) -> None:
    prefect_command("work-pool", "create", "sekaps", "--type", "process", "--overwrite")
    prefect_command("deploy", "--all")
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and not scheduled(prefect, "daily/sekaps-2023"):
        time.sleep(1)
    assert scheduled(prefect, "daily/sekaps-2023") == {(MONDAY, "08:30")}
    assert slugs(prefect, "signature_gap_audit/sekaps-2023") == set()

    made = {"schedule": {"rrule": "DTSTART:20400102T083000\nRDATE:20400102T083000"}, "active": True, "slug": "due-days"}
    address = f"{prefect}/deployments/{deployment(prefect, 'daily/sekaps-2023')['id']}/schedules"
    assert httpx.post(address, json=[made]).status_code == httpx.codes.CREATED
    prefect_command("deploy", "--all")
    assert slugs(prefect, "daily/sekaps-2023") == {"weekly-catch-up", "due-days"}


def test_the_automation_that_closes_runs_whose_process_is_gone_leaves_those_that_wait_for_an_answer(
    prefect: str,
) -> None:
    prefect_command("automation", "create", "--from-file", "automations.yaml")
    [made] = httpx.post(f"{prefect}/automations/filter", json={}).json()
    assert (made["name"], made["enabled"]) == ("close runs whose process is gone", True)
    assert "prefect.flow-run.Suspended" in made["trigger"]["expect"]
