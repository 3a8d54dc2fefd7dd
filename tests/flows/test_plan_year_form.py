"""The coordinator's decisions as forms of the Prefect UI: asked, waited for while nothing runs, and asked again."""

import json
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from prefect import Flow
from prefect.client.orchestration import get_client
from prefect.client.schemas.responses import SetStateStatus
from prefect.exceptions import Pause
from prefect.flow_engine import run_flow
from prefect.settings import PREFECT_LOGGING_TO_API_ENABLED, temporary_settings
from small_country import publish
from sqlalchemy import update

from sekaps.cli.main import run
from sekaps.database import reading, transaction
from sekaps.flows.close_year import close_year
from sekaps.flows.plan_year import plan_year
from sekaps.models.programmes import Phase
from sekaps.services.editions import load_edition
from sekaps.services.proposals import list_proposals
from sekaps.services.revisions import list_revisions

PATIENCE_SECONDS = 180


@dataclass(frozen=True)
class Run:
    """A flow run of a deployment, driven as a worker and the UI drive it."""

    flow: Flow[..., bool]
    id: UUID

    def go_on(self) -> str:
        """Run it until it ends or waits, as a worker's process does, and return its state."""
        with get_client(sync_client=True) as client:
            flow_run = client.read_flow_run(self.id)
        with suppress(Pause), temporary_settings({PREFECT_LOGGING_TO_API_ENABLED: False}):
            run_flow(self.flow, flow_run=flow_run)
        return self.state()

    def go_on_apart(self) -> str:
        """Run it in a process of its own; the process is gone when its state is returned."""
        command = [sys.executable, "-m", "prefect", "flow-run", "execute", str(self.id)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_SECONDS)
        assert done.returncode == 0, done.stdout + done.stderr
        return self.state()

    def state(self) -> str:
        with get_client(sync_client=True) as client:
            return str(client.read_flow_run(self.id).state.name)

    def answer(self, **given: object) -> None:
        """Fill in the form, as the Resume button does."""
        with get_client(sync_client=True) as client:
            assert client.resume_flow_run(self.id, run_input=given).status == SetStateStatus.ACCEPT

    def form(self, api: str) -> tuple[str, dict[str, object]]:
        """Return what the form says, and its fields with what stands in them."""
        with get_client(sync_client=True) as client:
            keys = client.read_flow_run(self.id).state.state_details.run_input_keyset
        says, schema = (httpx.get(f"{api}/flow_runs/{self.id}/input/{keys[part]}").json()
                        for part in ("description", "schema"))  # fmt: skip
        schema = json.loads(schema) if isinstance(schema, str) else schema
        return str(says), {name: field.get("default") for name, field in schema["properties"].items()}


def start(flow: Flow[..., bool], **parameters: object) -> Run:
    """Deploy a flow by its module, as prefect.yaml does, and make a run of it."""
    with get_client(sync_client=True) as client:
        flow_id = client.create_flow_from_name(flow.name)
        deployment_id = client.create_deployment(flow_id, "form", entrypoint=f"{flow.__module__}.{flow.name}")
        return Run(flow, client.create_flow_run_from_deployment(deployment_id, parameters=parameters).id)


def states(year: int) -> list[tuple[str, str, str | None]]:
    with reading() as session:
        found = list_proposals(session, "sekaps", year)
    return [(one.state, one.order.proposed_by, one.decided_by) for one in found]


def test_a_year_is_published_by_a_form_that_asks_again_until_another_person_answers_to_what_stands_proposed(
    prefect: str, home: Path
) -> None:
    planning = start(plan_year, edition=2027, proposed_by="Ayşe")
    assert planning.go_on_apart() == "Suspended"
    says, fields = planning.form(prefect)
    assert "2027 yayımlansın mı?" in says
    assert "| needs_close | 30.04.2027 |" in says
    assert fields == {"decision": "publish", "decided_by": "", "letter_number": "", "proposal": 1}

    planning.answer(**fields | {"decided_by": "AYŞE"})
    assert planning.go_on() == "Suspended"
    assert "two people are needed" in planning.form(prefect)[0]
    assert states(2027) == [("proposed", "Ayşe", None)]

    assert run(["plan", "propose", "--year", "2027", "--by", "Ayşe", "--letter", "E-2"]) == 0
    by_mehmet = fields | {"decided_by": "Mehmet"}
    planning.answer(**by_mehmet)
    assert planning.go_on() == "Suspended"
    says, shown = planning.form(prefect)
    assert "proposal 1 is no longer open, 2 by Ayşe is" in says

    planning.answer(**by_mehmet | {"proposal": shown["proposal"], "letter_number": "E-7"})
    assert planning.go_on_apart() == "Completed"
    assert states(2027) == [("withdrawn", "Ayşe", "Ayşe"), ("published", "Ayşe", "Mehmet")]
    with reading() as session:
        [revision] = list_revisions(session, load_edition(session, "sekaps", 2027))
    assert (revision.number, revision.decided_by, revision.letter_number) == (1, "Mehmet", "E-7")


def test_a_proposal_withdrawn_on_the_form_leaves_the_year_unpublished(prefect: str, home: Path) -> None:
    planning = start(plan_year, edition=2027, proposed_by="Ayşe")
    assert planning.go_on() == "Suspended"
    planning.answer(decision="withdraw", decided_by="Mehmet", proposal=1)
    assert planning.go_on() == "Completed"
    assert states(2027) == [("withdrawn", "Ayşe", "Mehmet")]


@pytest.fixture
def year_with_gaps(home: Path) -> Path:
    """A real published year whose phases are closed, one of them with gaps."""
    with transaction() as session:
        publish(session, synthetic=False)
        session.execute(update(Phase).values(state="closed"))
        gaps = {"state": "closed_with_gaps", "gaps_at_close": 3}
        session.execute(update(Phase).where(Phase.code == "needs_entry").values(gaps))
    return home


def test_a_year_is_closed_by_a_form_on_which_its_gaps_are_accepted(prefect: str, year_with_gaps: Path) -> None:
    asked = {"proposed_by": "Ayşe", "letter_number": "E-9", "reason": "posts are vacant", "with_gaps": True}
    closing = start(close_year, edition=2023, **asked)
    assert closing.go_on() == "Suspended"
    assert "Phases closed with gaps: İhtiyaç girişi: 3" in closing.form(prefect)[0]
    closing.answer(decision="close", decided_by="Mehmet")
    assert closing.go_on() == "Suspended"
    assert "phases closed with gaps" in closing.form(prefect)[0]
    closing.answer(decision="close_with_gaps", decided_by="Mehmet")
    assert closing.go_on() == "Completed"
    assert states(2023) == [("published", "Ayşe", "Mehmet")]
    with reading() as session:
        assert load_edition(session, "sekaps", 2023).state == "closed"
