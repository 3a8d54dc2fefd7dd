"""Decisions taken in the Prefect UI: a form that waits for weeks, survives restarts, and asks again where it must."""

from abc import abstractmethod
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count

from prefect.context import FlowRunContext
from prefect.flow_runs import suspend_flow_run
from prefect.input import RunInput
from pydantic import Field

from sekaps import clock
from sekaps.errors.editions import ActBackdated
from sekaps.tasks.decisions import Answer
from sekaps.tasks.ticks import Tick
from sekaps.texts import Bilingual

FORM_STAYS_OPEN = timedelta(days=60)
"""After so long without an answer the run fails; the proposal stands and can be decided on the command line."""


class Decision(RunInput):
    """What every form asks; nothing is required, so that an answer with something missing can be asked again."""

    decided_by: str = Field("", title="Karar veren / Who decides")
    letter_number: str = Field("", title="Yazı numarası / Letter number")
    proposal: int = Field(0, title="Öneri numarası / Number of the proposal")

    @abstractmethod
    def answer(self) -> Answer:
        """Return what was answered."""


def begins_again() -> bool:
    """Tell whether this run waited for an answer before, and its body now runs again from the top."""
    context = FlowRunContext.get()
    return context is not None and context.flow_run is not None and bool(context.flow_run.empirical_policy.pause_keys)


def acting(edition: int, as_of: datetime | None, programme: str, *, synthetic: bool) -> Tick:
    """Return the tick of people's acts: now, or in a rehearsed year the instant asked for; raise ActBackdated."""
    if as_of is not None and not synthetic:
        raise ActBackdated(year=edition)
    return Tick(programme, edition, as_of or clock.now())


def ask(
    form: type[Decision],
    proposal: int,
    describe: Callable[[Bilingual | None], str],
    follow: Callable[[Answer, int], Bilingual | None],
) -> None:
    """Suspend the run until somebody answers a form; what cannot be followed is asked again, with the reason."""
    refusal = None
    for turn in count(1):
        shown = form.with_initial_data(
            description=describe(refusal), proposal=Field(proposal, title=form.model_fields["proposal"].title)
        )
        seconds = int(FORM_STAYS_OPEN.total_seconds())
        given = suspend_flow_run(wait_for_input=shown, timeout=seconds, key=f"answer-{turn}")
        refusal = follow(given.answer(), turn)
        if refusal is None:
            return
