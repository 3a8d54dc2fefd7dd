"""Closing an edition: what one person proposes, and what another answers to it."""

from prefect import task
from prefect.cache_policies import NO_CACHE

from sekaps.services import closing
from sekaps.services.proposals import Order, Proposal
from sekaps.tasks.decisions import ONCE_A_TURN, Answer, refusal_of
from sekaps.tasks.ticks import Tick, consulting, writing
from sekaps.texts import Bilingual


def is_closed(tick: Tick) -> bool:
    """Tell whether the tick's year is closed."""
    with consulting(tick) as (_, edition):
        return edition.state == closing.CLOSED


def is_synthetic(tick: Tick) -> bool:
    """Tell whether the tick's year is a rehearsed one."""
    with consulting(tick) as (_, edition):
        return edition.synthetic


def gaps_left(tick: Tick) -> dict[str, int]:
    """Return the phases that closed with gaps, and with how many."""
    with consulting(tick) as (session, edition):
        return {edition.phase(code).name.tr: count for code, count in closing.gaps_left(session, edition).items()}


@task(task_run_name="propose to close {tick.name}", cache_policy=NO_CACHE)
def propose_closing(tick: Tick, order: Order, *, with_gaps: bool, again: bool = False) -> Proposal:
    """Propose for another person to close the year; a run that begins again takes up what stands proposed."""
    with writing(tick) as (session, edition):
        standing = closing.open_closing(session, edition)
        if again and standing is not None:
            return standing
        closing.propose_closing(session, edition, order, tick.as_of, with_gaps=with_gaps)
        made = closing.open_closing(session, edition)
        assert made is not None
        return made


@task(task_run_name="close {tick.name}", cache_policy=NO_CACHE)
def close_edition(tick: Tick, answer: Answer) -> None:
    """Close the year as it was proposed, unless it is closed already."""
    _follow(tick, answer)


@task(task_run_name="answer {turn} on closing {tick.name}", cache_policy=ONCE_A_TURN, persist_result=True)
def answer_closing(tick: Tick, answer: Answer, turn: int) -> Bilingual | None:
    """Close or withdraw as somebody answered, and return why it cannot be done, if so."""
    return refusal_of(lambda: _follow(tick, answer))


def _follow(tick: Tick, answer: Answer) -> None:
    with writing(tick) as (session, edition):
        if answer.withdraw and closing.open_closing(session, edition) is not None:
            closing.withdraw_closing(session, edition, answer.decided_by, tick.as_of, proposal=answer.proposal)
        elif not answer.withdraw:
            closing.close_edition(
                session,
                edition,
                answer.decided_by,
                tick.as_of,
                with_gaps=answer.with_gaps,
                proposal=answer.proposal,
            )
