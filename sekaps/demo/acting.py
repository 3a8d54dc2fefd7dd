"""Acting out the demo year: what people do on each day, asked of the same services as anybody's acts."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from itertools import chain, groupby

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from sekaps.calendar.days import each_day
from sekaps.calendar.instants import at, local_day
from sekaps.demo.deciding import APPROVING, DECIDING, approve_allocations, decide_proposals, make_resources_local
from sekaps.demo.recording import RECORDING, answer_objections, conclude, object_to_notices, serve
from sekaps.demo.scene import Scene
from sekaps.demo.year_plan import SIGNED_TOGETHER, Signing, year_plan
from sekaps.domain.allocation import RULES
from sekaps.models.documents import Document
from sekaps.services.editions import EditionView
from sekaps.services.evidence import Seals
from sekaps.services.extensions import extend
from sekaps.services.prepared import Prepared, among
from sekaps.services.registry import end_mandates
from sekaps.services.requests import SignRequest
from sekaps.services.signing import sign

LEAVING, EXTENDING = time(8, 30), time(12)


@dataclass(frozen=True, slots=True)
class ActCounts:
    """What people did: acts that were done, by kind, and how many were refused."""

    signatures: int = 0
    leavings: int = 0
    extensions: int = 0
    decisions: int = 0
    approvals: int = 0
    protocols: int = 0
    notices: int = 0
    objections: int = 0
    refusals: int = 0
    prices: int = 0
    answers: int = 0


@dataclass(frozen=True, slots=True)
class Acted:
    """How far people came: through which instant, and with how many acts."""

    through: datetime
    acts: int


def act_out(
    session: Session,
    edition: EditionView,
    after: date | None,
    through: date,
    *,
    scale: float,
    seed: int,
    seals: Seals | None = None,
) -> ActCounts:
    """Do what people do on the days after one day and through another; with none before, from the year's first.

    What is done already is not asked again; which refusals were met is for the caller's own mark to know.
    """
    scene = Scene(session, edition, year_plan(session, edition, scale=scale, seed=seed), seed, seals)
    since = None if after is None else day_begins(after + timedelta(days=1))
    for act in _acts(scene, since, day_begins(through + timedelta(days=1))):
        act.do()
    return ActCounts(**scene.counts)


def act_on(
    session: Session,
    edition: EditionView,
    since: datetime | None,
    until: datetime,
    *,
    scale: float,
    seed: int,
    seals: Seals | None = None,
    enough: int = SIGNED_TOGETHER,
) -> Acted:
    """Go on after one instant with what people do before another, until enough of them have acted.

    Where that is left off changes nothing of what comes of the year: the acts of an instant are done together, and
    which act comes at which instant is the plan's.
    """
    plan = year_plan(session, edition, scale=scale, seed=seed)
    scene, through = Scene(session, edition, plan, seed, seals), until
    for instant, acts in groupby(_acts(scene, since, until), key=lambda act: act.at):
        if scene.asked >= enough:
            break
        for act in acts:
            act.do()
        through = instant
    else:
        through = until
    return Acted(through, scene.asked)


@dataclass(frozen=True, slots=True)
class Outlook:
    """How many signatures a year asks for in all, and how many of them are still to come at an instant."""

    in_all: int
    to_come: int
    to_come_soon: int
    """Of those to come, the ones before the instant that people act to."""


def look_ahead(
    session: Session, edition: EditionView, since: datetime, until: datetime, *, scale: float, seed: int
) -> Outlook:
    """Return what lies ahead of people who acted through one instant and act to another."""
    plan = year_plan(session, edition, scale=scale, seed=seed)
    return Outlook(plan.meant(), plan.meant(since), plan.meant(since, until))


def day_begins(day: date) -> datetime:
    """Return the instant at which a local day begins."""
    return at(day, time.min)


@dataclass(frozen=True, slots=True)
class _Act:
    """Something people do at an instant."""

    at: datetime
    do: Callable[[], None]


def _acts(scene: Scene, since: datetime | None, until: datetime) -> Iterator[_Act]:
    """Yield what people do after one instant and before another, in its order."""
    first = day_begins(min(window.opens for window in scene.edition.windows.values()))
    start = first if since is None else max(first, since)
    days = each_day(local_day(start), local_day(until))
    office_days = (day for day in days if scene.edition.days.is_office_day(day))
    acts = chain.from_iterable(_acts_on(scene, day) for day in office_days)
    return (act for act in acts if act.at < until and (since is None or act.at > since))


def _acts_on(scene: Scene, day: date) -> Iterator[_Act]:
    """Yield what people do on one day, in the order of its hours."""
    yield _Act(at(day, LEAVING), partial(_leave, scene, day))
    for signing in scene.plan.signings_on(day):
        yield _Act(signing.at, partial(_sign, scene, signing))
    yield _Act(at(day, DECIDING), partial(make_resources_local, scene, day))
    for rule in RULES.values():
        yield _Act(at(day, DECIDING), partial(decide_proposals, scene, day, rule.step, rule.stage.value))
    yield _Act(at(day, APPROVING), partial(approve_allocations, scene, day))
    for record in (conclude, serve, object_to_notices, answer_objections):
        yield _Act(at(day, RECORDING), partial(record, scene, day))
    yield _Act(at(day, EXTENDING), partial(_extend, scene, day))


def _leave(scene: Scene, day: date) -> None:
    leaving = scene.plan.leavings.get(day, [])
    if leaving:
        scene.counts["leavings"] += end_mandates(scene.session, scene.edition, leaving, at(day, LEAVING))


def _sign(scene: Scene, signing: Signing) -> None:
    meant = dict(signing.pairs.tolist())
    waiting = _WAITING.rows(scene.session, ids=list(meant), slot=signing.slot)
    requests = [SignRequest(document, meant[document]) for (document,) in waiting]
    if requests:
        scene.count("signatures", sign(scene.session, scene.edition, requests, signing.at, seals=scene.seals))


def _extend(scene: Scene, day: date) -> None:
    for prolongation in scene.plan.prolongations.get(day, []):
        extend(scene.session, scene.edition, prolongation.order, at(day, EXTENDING))
        scene.counts["extensions"] += 1


_WAITING = Prepared(
    select(Document.id).where(among(Document.id, "ids"), Document.next_slot == bindparam("slot")).order_by(Document.id)
)
"""The documents that do wait for that slot: nobody signs what was signed or is not theirs yet."""
