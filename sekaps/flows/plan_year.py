"""The year begins: its calendar is drafted, one person proposes it, another publishes it, and its schedule is made."""

from datetime import datetime
from typing import Literal

from prefect import flow
from pydantic import Field

from sekaps.flows.decisions import Decision, acting, ask, begins_again
from sekaps.flows.ticks import PROGRAMME, run_name
from sekaps.reports.plan_pages import publish_form
from sekaps.services.proposals import Order, Proposal
from sekaps.tasks.dashboard import publish_year
from sekaps.tasks.decisions import Answer
from sekaps.tasks.publication import (
    answer_publication,
    is_published,
    planned,
    propose_year,
    publish_edition,
    show_draft,
)
from sekaps.tasks.schedules import schedule_year
from sekaps.tasks.ticks import Tick


class PublishDecision(Decision):
    """The form that asks another person to publish what was proposed, or to withdraw it."""

    decision: Literal["publish", "withdraw"] = Field(
        "publish", title="Karar / Decision", description="publish: yayımla; withdraw: öneriyi geri al"
    )

    def answer(self) -> Answer:
        """Return what was answered."""
        return Answer(self.proposal, self.decided_by, self.letter_number, withdraw=self.decision == "withdraw")


@flow(name="plan_year", flow_run_name=run_name, persist_result=True)
def plan_year(
    edition: int,
    proposed_by: str,
    decided_by: str = "",
    as_of: datetime | None = None,
    programme: str = PROGRAMME,
    reason: str = "",
    letter_number: str = "",
    *,
    synthetic: bool = False,
) -> bool:
    """The year is published once, as two people decided; without the second one the run waits for their answer."""
    tick = acting(edition, as_of, programme, synthetic=synthetic)
    if not is_published(tick):
        show_draft(tick)
        order = Order(proposed_by, reason, letter_number)
        proposal = propose_year(tick, order, synthetic=synthetic, again=begins_again())
        if decided_by:
            publish_edition(tick, Answer(proposal.id, decided_by))
        else:
            ask_to_publish(tick, proposal)
    if not is_published(tick):
        return False
    publish_year(tick)
    schedule_year(tick)
    return True


def ask_to_publish(tick: Tick, proposal: Proposal) -> None:
    """Wait until another person publishes the proposal or withdraws it."""
    ask(
        PublishDecision,
        proposal.id,
        lambda refusal: publish_form(planned(tick).draft, proposal, refusal),
        lambda answer, turn: answer_publication(tick, answer, turn),
    )
