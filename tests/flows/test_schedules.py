"""Publishing a year schedules its due days, amending moves them, closing takes them away; what people added stays."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.actions import DeploymentScheduleCreate
from prefect.client.schemas.filters import DeploymentFilter, DeploymentFilterId
from prefect.client.schemas.objects import DeploymentSchedule
from prefect.client.schemas.schedules import CronSchedule
from sqlalchemy import update

from sekaps import clock
from sekaps.calendar.instants import at, local_day
from sekaps.cli.main import run
from sekaps.database import transaction
from sekaps.demo.post_office import free_port
from sekaps.domain.schedules import MORNING, NIGHT
from sekaps.models.programmes import Phase

PATIENCE_SECONDS = 60
KEPT_AHEAD = 3
"""The scheduler makes so many runs of a schedule in advance."""
TODAY = local_day(clock.now())
OPENS, CLOSES, LATER = (TODAY + timedelta(days) for days in (10, 50, 60))
YEAR = OPENS.year
PROGRAMME = f"""
code: visits
name: {{tr: Denetim, en: Visits}}
boundaries: {{opens: {{published: {{{YEAR}: {OPENS}}}}}, closes: {{published: {{{YEAR}: {CLOSES}}}}}}}
ladders: {{standard: {{rungs: [-7, 0, 1]}}}}
activities: [{{code: visits, name: {{tr: Denetim, en: Visits}}, window: [opens, closes], ladder: standard}}]
"""


def say(*words: str) -> None:
    assert run(["--lang", "en", "plan", *words, "--year", str(YEAR)]) == 0


@pytest.fixture
def published(home: Path) -> Path:
    """A home with a published year of a programme whose days lie ahead, whenever the tests run."""
    path = home / "visits.yaml"
    path.write_text(PROGRAMME)
    say("propose", "--programme", str(path), "--by", "Ayşe")
    say("publish", "--programme", str(path), "--by", "Mehmet")
    return home


@pytest.fixture
def client(prefect: str) -> Iterator[SyncPrefectClient]:
    """A client of the server; the deployments made on it are gone afterwards."""
    with get_client(sync_client=True) as client:
        yield client
        for name in ("daily", "signature_gap_audit"):
            client.delete_deployment(deployment(client, name))


def deployment(client: SyncPrefectClient, flow: str) -> UUID:
    return client.read_deployment_by_name(f"{flow}/visits-{YEAR}").id


def schedules(client: SyncPrefectClient, flow: str) -> dict[str | None, DeploymentSchedule]:
    return {one.slug: one for one in client.read_deployment_schedules(deployment(client, flow))}


def due_days(capsys: pytest.CaptureFixture[str]) -> list[date]:
    capsys.readouterr()
    say("schedule", "--programme", "visits", "--json")
    return [date.fromisoformat(day) for day in json.loads(capsys.readouterr().out)["due_days"]]


def runs(client: SyncPrefectClient, flow: str) -> set[object]:
    only = DeploymentFilter(id=DeploymentFilterId(any_=[deployment(client, flow)]))
    return {one.expected_start_time for one in client.read_flow_runs(deployment_filter=only)}


def expect(client: SyncPrefectClient, flow: str, instants: set[object]) -> None:
    """Wait until the scheduler has made exactly these runs."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and runs(client, flow) != instants:
        time.sleep(1)
    assert runs(client, flow) == instants


def test_due_days_run_at_half_past_eight_and_nights_at_two_and_amending_moves_them(
    client: SyncPrefectClient, published: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = due_days(capsys)
    assert before[0] >= OPENS
    assert before[-1] > CLOSES
    expect(client, "daily", {at(day, MORNING) for day in before[:KEPT_AHEAD]})
    expect(client, "signature_gap_audit", {at(OPENS + timedelta(night), NIGHT) for night in range(KEPT_AHEAD)})
    say("shift", "closes", str(LATER), "--programme", "visits", "--by", "Ayşe", "--reason", "flood", "--letter", "E-1")
    say("approve", "2", "--programme", "visits", "--by", "Mehmet")
    after = due_days(capsys)
    assert after[-1] > LATER
    assert after[0] == before[0]
    assert after != before
    expect(client, "daily", {at(day, MORNING) for day in after[:KEPT_AHEAD]})


def test_made_again_nothing_changes_and_what_people_added_or_paused_stays(
    client: SyncPrefectClient, published: Path
) -> None:
    added = CronSchedule(cron="0 12 1 * *", timezone="Europe/Istanbul")
    daily = deployment(client, "daily")
    client.create_deployment_schedules(daily, [DeploymentScheduleCreate(schedule=added, active=False, slug="monthly")])
    client.update_deployment_schedule(daily, schedules(client, "daily")["due-days"].id, active=False)
    before = schedules(client, "daily")
    say("schedule", "--programme", "visits")
    assert schedules(client, "daily") == before
    assert {slug: one.active for slug, one in before.items()} == {"due-days": False, "monthly": False}


def test_closing_the_year_takes_its_schedules_away_and_leaves_what_people_added(
    client: SyncPrefectClient, published: Path
) -> None:
    added = CronSchedule(cron="0 12 1 * *", timezone="Europe/Istanbul")
    new = DeploymentScheduleCreate(schedule=added, active=True, slug="monthly")
    client.create_deployment_schedules(deployment(client, "daily"), [new])
    with transaction() as session:
        session.execute(update(Phase).values(state="closed"))
    for name in ("Ayşe", "Mehmet"):
        say("close", "--programme", "visits", "--by", name, "--letter", "E-9")
    assert list(schedules(client, "daily")) == ["monthly"]
    assert schedules(client, "signature_gap_audit") == {}


@pytest.mark.parametrize(
    ("address", "reason"),
    [({}, "PREFECT_API_URL is not set"), ({"PREFECT_API_URL": f"http://127.0.0.1:{free_port()}/api"}, "refused")],
    ids=["unset", "away"],
)
def test_without_a_server_the_decision_stands_and_one_line_says_which_command_makes_the_schedules(
    home: Path, address: dict[str, str], reason: str
) -> None:
    path = home / "visits.yaml"
    path.write_text(PROGRAMME)
    say("propose", "--programme", str(path), "--by", "Ayşe")
    environment = {name: value for name, value in os.environ.items() if name != "PREFECT_API_URL"} | address
    for arguments, code in ((["publish", "--programme", str(path), "--by", "Mehmet"], 0),
                            (["schedule", "--programme", "visits"], 3)):  # fmt: skip
        command = [sys.executable, "-m", "sekaps.cli.main", "--lang", "en", "plan", *arguments, "--year", str(YEAR)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=PATIENCE_SECONDS)
        [line] = done.stderr.splitlines()
        assert (done.returncode, reason in line) == (code, True)
        assert f"make them with: sekaps plan schedule --programme visits --year {YEAR}" in line
        assert "08:30" in done.stdout
