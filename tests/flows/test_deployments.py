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


def prefect_command(*words: str) -> None:
    command = [sys.executable, "-m", "prefect", "--no-prompt", *words]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE_SECONDS * 2)
    assert done.returncode == 0, done.stdout + done.stderr


def scheduled(api: str) -> dict[str, set[tuple[bool, str]]]:
    """Return by flow-run name's flow the local weekday-ness and hour of each scheduled run."""
    asked = {"flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}}, "limit": 200}
    flows = {flow["id"]: flow["name"] for flow in httpx.post(f"{api}/flows/filter", json={}).json()}
    found: dict[str, set[tuple[bool, str]]] = {}
    for run in httpx.post(f"{api}/flow_runs/filter", json=asked).json():
        local = datetime.fromisoformat(run["expected_start_time"]).astimezone(ISTANBUL)
        found.setdefault(flows[run["flow_id"]], set()).add((local.weekday() < 5, f"{local:%H:%M}"))
    return found


def test_the_schedules_make_runs_at_local_office_hours(prefect: str) -> None:
    prefect_command("work-pool", "create", "sekaps", "--type", "process", "--overwrite")
    prefect_command("deploy", "--all")
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and len(scheduled(prefect)) < 2:
        time.sleep(1)
    found = scheduled(prefect)
    assert found["daily"] == {(True, "08:30")}
    assert {hour for _, hour in found["signature_gap_audit"]} == {"02:00"}


def test_the_automation_that_closes_runs_whose_process_is_gone_is_taken(prefect: str) -> None:
    prefect_command("automation", "create", "--from-file", "automations.yaml")
    [made] = httpx.post(f"{prefect}/automations/filter", json={}).json()
    assert (made["name"], made["enabled"]) == ("close runs whose process is gone", True)
