"""Playing the stages of a small country through the real services: each body by its name, each act at its instant."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime

from small_country import Country, on
from sqlalchemy import select

from sekaps.domain.allocation import RULES, Stage
from sekaps.domain.commissions import Vote
from sekaps.domain.line_decisions import LineChange
from sekaps.models.allocation import Allocation
from sekaps.services.allocation_proof import prove_allocations
from sekaps.services.allocations import propose, settle, transfer_resources
from sekaps.services.decisions import approve, decide
from sekaps.services.requests import ApproveRequest, DecideRequest

MAY, JULY, AUGUST, SEPTEMBER = on(2023, 5, 2), on(2023, 7, 3), on(2023, 8, 1), on(2023, 9, 4)
OCTOBER = on(2023, 10, 2)
BODIES = {
    Stage.DISTRICT: "district_commission",
    Stage.PROVINCE: "province_commission",
    Stage.GOVERNOR: "governorate",
    Stage.CENTRAL: "energy",
    Stage.TRANSFERRED: "energy",
}
"""How the names of the bodies of each stage begin."""
WHY = "resmî gerekçe"
Judge = Callable[[Allocation], str | LineChange | None]
"""What a body makes of a line: a reason to refuse it, a change, or nothing: accepted."""


def accept(_: Allocation) -> None:
    """Take every line as it was proposed."""


def decide_stage(country: Country, stage: Stage, as_of: datetime, judge: Judge = accept) -> list[str]:
    """Let every body of a stage decide its open proposals, and return what was refused."""
    refusals = []
    for body in sorted(name for name in country.units if name.startswith(BODIES[stage])):
        lines = open_lines(country, stage, country.units[body])
        verdicts = {line.id: judge(line) for line in lines}
        request = DecideRequest(
            country.units[body],
            country.people[f"{body} head"],
            refused={line: found for line, found in verdicts.items() if isinstance(found, str)},
            changed={line: found for line, found in verdicts.items() if isinstance(found, LineChange)},
            votes=votes_of(country, body),
        )
        if lines:
            [outcome] = decide(country.session, country.edition, RULES[stage].step, [request], as_of)
            refusals += [outcome.refusal.say("en")] if outcome.refusal else []
    return refusals


def votes_of(country: Country, body: str) -> dict[int, Vote]:
    """Return everybody's vote for it in a commission; none for a body that does not vote."""
    seats = [kind for name, kind in country.posts if name == body and kind not in ("officer", "approver")]
    return {country.people[f"{body} {seat}"]: Vote.FOR for seat in seats} if len(seats) > 1 else {}


def open_lines(country: Country, stage: Stage, body_id: int) -> list[Allocation]:
    """Return the proposals that lie before a body."""
    query = select(Allocation).where(
        Allocation.stage == stage, Allocation.state == "proposed", Allocation.body_id == body_id
    )
    return list(country.session.scalars(query.order_by(Allocation.id)))


def approve_all(country: Country, as_of: datetime, refused: Iterable[int] = ()) -> list[bool]:
    """Let the ministry of defence approve what awaits it, some of it refused; return what was done."""
    query = select(Allocation.id).where(Allocation.state == "awaiting_approval").order_by(Allocation.id)
    approver, no = country.people["ministry approver"], set(refused)
    requests = [ApproveRequest(one, approver, WHY if one in no else None) for one in country.session.scalars(query)]
    return [outcome.done for outcome in approve(country.session, country.edition, requests, as_of)]


def propose_stages(country: Country, as_of: datetime, *stages: Stage) -> int:
    """Let stages propose and return how much they proposed."""
    return sum(propose(country.session, country.edition, stage, as_of).quantity for stage in stages)


def settle_stages(country: Country, as_of: datetime, *stages: Stage) -> int:
    """Settle the stages whose windows are over and return how many balances were settled."""
    return sum(settle(country.session, country.edition, stage, as_of) for stage in stages)


def transfer(country: Country, as_of: datetime) -> int:
    """Move the local resources nobody reserved."""
    return transfer_resources(country.session, country.edition, as_of)


def play_year(country: Country) -> None:
    """Run every stage in its window, each body accepting what was proposed."""
    for stage in (Stage.DISTRICT, Stage.CENTRAL):
        propose_stages(country, MAY, stage)
        assert decide_stage(country, stage, MAY) == []
    settle_stages(country, JULY, Stage.DISTRICT)
    for stage in (Stage.PROVINCE, Stage.GOVERNOR):
        propose_stages(country, JULY, stage)
        assert decide_stage(country, stage, JULY) == []
    approve_all(country, AUGUST)
    settle_stages(country, SEPTEMBER, Stage.PROVINCE, Stage.GOVERNOR, Stage.CENTRAL)
    transfer(country, SEPTEMBER)
    propose_stages(country, SEPTEMBER, Stage.TRANSFERRED)
    assert decide_stage(country, Stage.TRANSFERRED, SEPTEMBER) == []
    settle_stages(country, OCTOBER, Stage.TRANSFERRED)


@contextmanager
def rolled_back(country: Country) -> Iterator[Country]:
    """Give the country for one example, and put everything back afterwards."""
    savepoint = country.session.begin_nested()
    try:
        yield country
    finally:
        savepoint.rollback()
        country.session.expire_all()


def wrong(country: Country, as_of: datetime) -> list[str]:
    """Return what the proof of conservation finds."""
    country.session.flush()
    found = prove_allocations(country.session, country.edition, as_of).violations
    return [f"{one.law}: {one.row}: {one.expected} <> {one.found}" for one in found]
