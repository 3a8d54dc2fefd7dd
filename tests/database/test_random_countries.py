"""Random small countries through the real services: whatever people do in whatever order, the proof finds nothing;
and where everybody accepts, the rows are those of the rule written out by hand.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
from cascade_play import (
    AUGUST,
    JULY,
    MAY,
    OCTOBER,
    SEPTEMBER,
    WHY,
    approve_all,
    decide_stage,
    play_year,
    propose_stages,
    rolled_back,
    settle_stages,
    transfer,
    wrong,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from naive_cascade import Need, Resource, SmallCountry, Told, naive_foresight
from small_country import SIGNED, Country
from sqlalchemy import select, update
from wide_country import DISTRICTS, HAS_COMMISSION, ITEMS, PROVINCES, make_wide_country

from sekaps.database import transaction
from sekaps.domain.allocation import Stage
from sekaps.domain.allocation_columns import Pool
from sekaps.domain.form_revisions import RevisionKind
from sekaps.domain.line_decisions import LineChange
from sekaps.models.allocation import Allocation, StageBalance
from sekaps.models.documents import Document
from sekaps.services.form_revisions import RevisionRequest, revise
from sekaps.services.notices import prepare_notices
from sekaps.services.protocols import prepare_protocols

RANDOM = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
SIGNED_AT = SIGNED["waiting_since"]
BENEFICIARIES = ("military", "institution", "public")
NECESSITIES = ("mandatory", "secondary")


@dataclass(frozen=True)
class Form:
    """A need or a resource as it is drawn."""

    quantity: int
    district: int
    item: int
    central: bool
    beneficiary: int = 0
    priority: int = 1
    necessity: int = 0
    signed: int = 0


places = {"district": st.integers(0, 3), "item": st.integers(0, 1), "central": st.booleans()}
needs = st.builds(
    Form,
    quantity=st.integers(1, 20),
    **places,
    beneficiary=st.integers(0, 2),
    priority=st.integers(1, 3),
    necessity=st.integers(0, 1),
    signed=st.integers(0, 2),
)
resources = st.builds(Form, quantity=st.integers(1, 20), **places)


class Stageful(list[Country]):
    """Keeps a country out of what Hypothesis prints of an example."""

    def __repr__(self) -> str:
        return "country"


@pytest.fixture
def stage_set(database: object) -> Iterator[Stageful]:
    with transaction() as session:
        yield Stageful([make_wide_country(session)])


def write(country: Country, needs: list[Form], resources: list[Form]) -> None:
    """Store the forms as signed ones."""
    for row, need in enumerate(needs):
        is_public = BENEFICIARIES[need.beneficiary] == "public"
        form = country.signed_need(
            f"IBC-{row:02}",
            need.quantity,
            item_code=ITEMS[need.item],
            priority=need.priority,
            scope="central" if need.central else "local",
            beneficiary=BENEFICIARIES[need.beneficiary],
            age_group="18-65" if is_public else None,
            necessity=NECESSITIES[need.necessity] if is_public else None,
            province_code=PROVINCES[need.district],
            district_code=DISTRICTS[need.district],
        )
        signed_at = SIGNED_AT + timedelta(days=need.signed)
        country.session.execute(update(Document).where(Document.id == form).values(waiting_since=signed_at))
    for row, resource in enumerate(resources):
        country.signed_resource(
            f"KSC-{row:02}",
            resource.quantity,
            item_code=ITEMS[resource.item],
            scope="central" if resource.central else "local",
            province_code=PROVINCES[resource.district],
            district_code=DISTRICTS[resource.district],
        )


@RANDOM
@given(needs=st.lists(needs, max_size=8), resources=st.lists(resources, max_size=8))
def test_where_everybody_accepts_the_rows_are_those_of_the_rule_written_out(
    stage_set: Stageful, needs: list[Form], resources: list[Form]
) -> None:
    with rolled_back(*stage_set) as country:
        write(country, needs, resources)
        play_year(country)
        found = lines_of(country)
        assert found == naive_year(needs, resources)
        at_once = named(naive_foresight(at_the_beginning(needs, resources)), in_order(needs))
        assert received(found) == received(at_once)
        assert unmet_of(country) == sum(need.quantity for need in needs) - sum(line[3] for line in found)
        assert wrong(country, OCTOBER) == []


Line = tuple[str, str, str, int]


def lines_of(country: Country) -> list[Line]:
    numbers = {one: number for one, number in country.session.execute(select(Document.id, Document.number))}
    rows = country.session.execute(
        select(Allocation.stage, Allocation.need_id, Allocation.resource_id, Allocation.quantity)
    )
    return sorted((stage, numbers[need], numbers[resource], quantity) for stage, need, resource, quantity in rows)


def unmet_of(country: Country) -> int:
    return sum(country.session.scalars(select(StageBalance.unmet)))


def received(lines: list[Line]) -> Counter[str]:
    """Return what each need was given in all."""
    given_out = Counter[str]()
    for _, need, _, quantity in lines:
        given_out[need] += quantity
    return given_out


def in_order(needs: list[Form]) -> list[int]:
    """Return the needs' rows in the order the programme declares: who is served first where there is not enough."""

    def turn(row: int) -> tuple[int, int, int, int, int]:
        need = needs[row]
        necessity = need.necessity if BENEFICIARIES[need.beneficiary] == "public" else 0
        return need.priority, need.beneficiary, necessity, need.signed, row

    return sorted(range(len(needs)), key=turn)


def at_the_beginning(needs: list[Form], resources: list[Form]) -> SmallCountry:
    missing, free = [need.quantity for need in needs], [resource.quantity for resource in resources]
    return standing(needs, resources, missing, free, is_first=True, has_moved=False)


def standing(
    needs: list[Form], resources: list[Form], missing: list[int], free: list[int], *, is_first: bool, has_moved: bool
) -> SmallCountry:
    """Return what is outstanding, the needs in their turn, as the district stage or a later one finds it."""
    turns = [(row, needs[row]) for row in in_order(needs)]
    local = Pool.MOVED if has_moved else Pool.LOCAL
    return SmallCountry(
        [
            Need(
                item=need.item,
                district=need.district,
                quantity=missing[row],
                priority=need.priority,
                central=need.central,
                military=need.beneficiary == 0,
                local_open=not has_moved,
                district_open=is_first and HAS_COMMISSION[need.district],
            )
            for row, need in turns
        ],
        [
            Resource(resource.item, resource.district, left, Pool.CENTRAL if resource.central else local)
            for resource, left in zip(resources, free, strict=True)
        ],
    )


def naive_year(needs: list[Form], resources: list[Form]) -> list[Line]:
    """Play the year by hand: each stage plans over what is outstanding, and gives its own part of that plan."""
    missing, free = [need.quantity for need in needs], [resource.quantity for resource in resources]
    found: list[Line] = []
    for stage in (Stage.DISTRICT, Stage.CENTRAL, Stage.PROVINCE, Stage.GOVERNOR, Stage.TRANSFERRED):
        is_first = stage in (Stage.DISTRICT, Stage.CENTRAL)
        has_moved = stage is Stage.TRANSFERRED
        country = standing(needs, resources, missing, free, is_first=is_first, has_moved=has_moved)
        mine = {stage: naive_foresight(country)[stage]}
        found += named(mine, in_order(needs))
        for place, resource, quantity in mine[stage]:
            missing[in_order(needs)[place]] -= quantity
            free[resource] -= quantity
    return sorted(found)


def named(told: Told, order: list[int]) -> list[Line]:
    """Return a plan's lines by the numbers of their forms."""
    return sorted(
        (stage.value, f"IBC-{order[place]:02}", f"KSC-{resource:02}", quantity)
        for stage, lines in told.items()
        for place, resource, quantity in lines
    )


INSTANTS = (MAY, JULY, AUGUST, SEPTEMBER, OCTOBER)
crowded = {
    "district": st.sampled_from([0, 0, 1, 2]),
    "item": st.just(0),
    "central": st.sampled_from([False, False, True]),
}
"""Forms that often meet: one item, few places."""
revisions = st.tuples(st.sampled_from(["shrink", "shrink", "withdraw"]), st.integers(0, 11), st.integers(1, 12))
acts = st.one_of(
    st.tuples(st.just("work"), st.sampled_from([0, 0, 1, 2]), st.integers(0, 2**16)),
    revisions,
    revisions,
    st.tuples(st.sampled_from(["move on", "move on", "papers", "propose"]), st.just(0), st.just(0)),
    st.tuples(st.just("approve"), st.just(0), st.integers(0, 2**16)),
)


@RANDOM
@given(
    needs=st.lists(st.builds(replace, needs, **crowded), min_size=2, max_size=6),
    resources=st.lists(st.builds(replace, resources, **crowded), min_size=2, max_size=6),
    done=st.lists(acts, min_size=6, max_size=25),
)
def test_whatever_is_done_in_whatever_order_every_law_holds_after_every_act(
    stage_set: Stageful, needs: list[Form], resources: list[Form], done: list[tuple[str, int, int]]
) -> None:
    with rolled_back(*stage_set) as country:
        write(country, needs, resources)
        instants = list(INSTANTS)
        for act, what, chance in [("work", 0, 0), *done]:
            do(country, act, what, chance, instants)
            assert wrong(country, instants[0]) == [], (act, what, chance)


def do(country: Country, act: str, what: int, chance: int, instants: list[datetime]) -> None:
    """Do one thing at the present instant; what may not be done then is refused and changes nothing."""
    now = instants[0]
    if act == "propose":
        propose_stages(country, now, *Stage)
    elif act == "work":
        propose_stages(country, now, *Stage)
        for stage in list(Stage)[what:]:
            decide_stage(country, stage, now, lambda line: _judged(line, chance))
    elif act == "approve":
        approve_all(country, now, refused=[one for one in range(1, 99) if chance >> one % 16 & 1])
    elif act == "papers":
        prepare_notices(country.session, country.edition, now)
        prepare_protocols(country.session, country.edition, now)
    elif act == "move on":
        _move_on(country, instants)
    else:
        _revise(country, act, what, chance, now)


def _judged(line: Allocation, chance: int) -> str | LineChange | None:
    verdict = (chance >> line.id % 14) & 3
    if verdict == 1 and line.quantity > 1:
        return LineChange(WHY, quantity=line.quantity // 2)
    return WHY if verdict == 2 else None


def _move_on(country: Country, instants: list[datetime]) -> None:
    """Let the next instant come, with the ticks that are due then."""
    if len(instants) > 1:
        instants.pop(0)
    settle_stages(country, instants[0], *Stage)
    transfer(country, instants[0])


def _revise(country: Country, act: str, which: int, chance: int, now: datetime) -> None:
    query = select(Document.number).where(Document.kind.in_(("need_form", "resource_form"))).order_by(Document.id)
    numbers = list(country.session.scalars(query))
    number = numbers[which % len(numbers)]
    officer = country.people["military officer" if number.startswith("IBC") else "industry officer"]
    kind = RevisionKind.SHRUNK if act == "shrink" else RevisionKind.WITHDRAWN
    request = RevisionRequest(number, kind, WHY, chance, person_id=officer)
    once = revise(country.session, country.edition, request, now)
    again = revise(country.session, country.edition, request, now)
    assert again.revision_id is None
    assert (again.refusal is None) == (once.refusal is None)
