"""Publishing an edition: what one person proposes, and what another answers to it."""

from prefect import task
from prefect.cache_policies import NO_CACHE

from sekaps.database import reading, transaction
from sekaps.reports.plan_pages import draft_page
from sekaps.services import publication
from sekaps.services.draft_review import reviewed
from sekaps.services.proposals import Order, Proposal
from sekaps.settings import settings
from sekaps.tasks.dashboard import publish
from sekaps.tasks.decisions import ONCE_A_TURN, Answer, refusal_of
from sekaps.tasks.ticks import Tick
from sekaps.texts import Bilingual


def planned(tick: Tick) -> publication.PlannedYear:
    """Return the tick's year as it is drafted now."""
    return publication.planned_year(settings().home, tick.programme, tick.year)


def is_published(tick: Tick) -> bool:
    """Tell whether the tick's year has a first revision."""
    with reading() as session:
        return publication.is_published(session, tick.programme, tick.year)


@task(task_run_name="show the draft of {tick.name}", cache_policy=NO_CACHE)
def show_draft(tick: Tick) -> None:
    """Publish the draft's page, with everything it warns of and breaks."""
    publish(draft_page(reviewed(planned(tick).draft)))


@task(task_run_name="propose {tick.name}", cache_policy=NO_CACHE)
def propose_year(tick: Tick, order: Order, *, synthetic: bool = False, again: bool = False) -> Proposal:
    """Propose the draft for another person to publish; a run that begins again takes up what stands proposed."""
    with transaction() as session:
        standing = publication.open_publication(session, tick.programme, tick.year)
        if again and standing is not None:
            return standing
        publication.propose_publication(session, planned(tick), order, tick.as_of, synthetic=synthetic)
        made = publication.open_publication(session, tick.programme, tick.year)
        assert made is not None
        return made


@task(task_run_name="publish {tick.name}", cache_policy=NO_CACHE)
def publish_edition(tick: Tick, answer: Answer) -> None:
    """Publish the year as it was proposed, unless it is published already."""
    _follow(tick, answer)


@task(task_run_name="answer {turn} on {tick.name}", cache_policy=ONCE_A_TURN, persist_result=True)
def answer_publication(tick: Tick, answer: Answer, turn: int) -> Bilingual | None:
    """Publish or withdraw as somebody answered, and return why it cannot be done, if so."""
    return refusal_of(lambda: _follow(tick, answer))


def _follow(tick: Tick, answer: Answer) -> None:
    with transaction() as session:
        if answer.withdraw and publication.open_publication(session, tick.programme, tick.year) is None:
            return
        if answer.withdraw:
            publication.withdraw_publication(
                session, tick.programme, tick.year, answer.decided_by, tick.as_of, proposal=answer.proposal
            )
            return
        publication.publish_proposed(
            session,
            planned(tick),
            answer.decided_by,
            tick.as_of,
            letter_number=answer.letter_number,
            proposal=answer.proposal,
        )
