"""The year ends: one person proposes to close it, another closes it, and its schedules are taken away."""

from datetime import datetime
from typing import Literal

from prefect import flow
from pydantic import Field

from sekaps import clock
from sekaps.flows.decisions import Decision, acting, ask, begins_again
from sekaps.flows.ticks import PROGRAMME, run_name
from sekaps.reports.plan_pages import close_form
from sekaps.services.proposals import Order, Proposal
from sekaps.tasks.closing import answer_closing, close_edition, gaps_left, is_closed, is_synthetic, propose_closing
from sekaps.tasks.dashboard import publish_year
from sekaps.tasks.decisions import Answer
from sekaps.tasks.schedules import schedule_year
from sekaps.tasks.ticks import Tick


class CloseDecision(Decision):
    """The form that asks another person to close the year, with its gaps if there are any, or to withdraw."""

    decision: Literal["close", "close_with_gaps", "withdraw"] = Field(
        "close",
        title="Karar / Decision",
        description="close: kapat; close_with_gaps: eksikleriyle kapat; withdraw: öneriyi geri al",
    )

    def answer(self) -> Answer:
        """Return what was answered."""
        return Answer(
            self.proposal,
            self.decided_by,
            self.letter_number,
            withdraw=self.decision == "withdraw",
            with_gaps=self.decision == "close_with_gaps",
        )


@flow(name="close_year", flow_run_name=run_name, persist_result=True)
def close_year(
    edition: int,
    proposed_by: str,
    letter_number: str,
    reason: str = "",
    decided_by: str = "",
    as_of: datetime | None = None,
    programme: str = PROGRAMME,
    *,
    with_gaps: bool = False,
) -> bool:
    """The year is closed once, as two people decided; without the second one the run waits for their answer."""
    synthetic = is_synthetic(Tick(programme, edition, clock.now()))
    tick = acting(edition, as_of, programme, synthetic=synthetic)
    if not is_closed(tick):
        order = Order(proposed_by, reason, letter_number)
        proposal = propose_closing(tick, order, with_gaps=with_gaps, again=begins_again())
        if decided_by:
            close_edition(tick, Answer(proposal.id, decided_by, with_gaps=with_gaps))
        else:
            ask_to_close(tick, proposal)
    if not is_closed(tick):
        return False
    publish_year(tick)
    schedule_year(tick)
    return True


def ask_to_close(tick: Tick, proposal: Proposal) -> None:
    """Wait until another person closes the year or withdraws the proposal."""
    ask(
        CloseDecision,
        proposal.id,
        lambda refusal: close_form(tick.programme, tick.year, proposal, gaps_left(tick), refusal),
        lambda answer, turn: answer_closing(tick, answer, turn),
    )
