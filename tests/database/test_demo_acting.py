from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from sekaps.calendar.days import each_day
from sekaps.calendar.editions import draft
from sekaps.calendar.instants import at, local_day
from sekaps.database import transaction
from sekaps.demo import papers
from sekaps.demo import year_plan as year_plans
from sekaps.demo.acting import act_on, act_out, day_begins, look_ahead
from sekaps.demo.country import build_country
from sekaps.demo.year_plan import plan_gaps, year_plan
from sekaps.domain.allocation import Stage
from sekaps.models.allocation import Allocation, Decision
from sekaps.models.contracts import LegalTerm, Notice, Objection, Protocol
from sekaps.models.documents import Document, Signature
from sekaps.models.registry import Person
from sekaps.models.trail import Act
from sekaps.services.allocations import propose
from sekaps.services.editions import EditionView, load_edition, publish
from sekaps.services.gaps import find_gaps
from sekaps.services.legal_terms import sweep_terms
from sekaps.services.notices import prepare_notices
from sekaps.services.programmes import days_of_edition, programme_text, read_programme
from sekaps.services.protocols import prepare_protocols

pytestmark = pytest.mark.usefixtures("database")
CREATED_AT = datetime(2023, 1, 2, 6, tzinfo=UTC)
SEED, SMALL = 7, 0.001
AFTER_NEEDS = date(2023, 5, 15)


@contextmanager
def country(scale: float) -> Iterator[tuple[Session, EditionView]]:
    days = days_of_edition(2023)
    year = draft(read_programme("sekaps"), 2023, days)
    with transaction() as session:
        publish(session, year, programme_text("sekaps"), days, decided_by="MGK", as_of=CREATED_AT, synthetic=True)
        edition = load_edition(session, "sekaps", 2023)
        build_country(session, edition.id, edition.windows, scale=scale, seed=SEED, created_at=CREATED_AT)
        yield session, edition


def test_gaps_are_planted_to_the_document() -> None:
    with country(0.01) as (session, edition):
        gaps = plan_gaps(session, edition, scale=0.01, seed=SEED)
    assert Counter(gap.kind for gap in gaps) == {
        "need_form": 18,
        "resource_form": 52,
        "merged_resource_ledger": 2,
        "resource_catalog": 1,
        "framework_protocol": 3,
        "preparation_record": 1,
    }
    causes = {kind: {gap.cause.value for gap in gaps if gap.kind == kind} for kind in ("need_form", "resource_form")}
    assert set(map(frozenset, causes.values())) == {frozenset({"not_started", "waiting", "post_vacant"})}


def test_everybody_means_to_sign_on_office_days_only() -> None:
    with country(SMALL) as (session, edition):
        plan = year_plan(session, edition, scale=SMALL, seed=SEED)
    days = {*plan.signings, *plan.leavings, *plan.prolongations}
    assert [day for day in days if not edition.days.is_office_day(day)] == []


def test_what_the_audit_finds_is_what_was_planted() -> None:
    with country(SMALL) as (session, edition):
        act_out(session, edition, None, AFTER_NEEDS, scale=SMALL, seed=SEED)
        found = find_gaps(session, edition, at(AFTER_NEEDS, time(18)))
        planted = plan_gaps(session, edition, scale=SMALL, seed=SEED)
    still_open = "framework_protocol"
    assert {(gap.document, gap.slot, gap.cause) for gap in found if gap.kind != still_open} == {
        (gap.document_number, gap.slot, gap.cause) for gap in planted if gap.kind != still_open
    }


def test_signatures_fall_inside_windows_or_extensions_and_the_late_are_refused() -> None:
    with country(SMALL) as (session, edition):
        counts = act_out(session, edition, None, AFTER_NEEDS, scale=SMALL, seed=SEED)
        planted = plan_gaps(session, edition, scale=SMALL, seed=SEED)
        refused = list(session.scalars(select(Act.documents).where(Act.verb == "sign", Act.outcome == "refused")))
        signed = session.execute(
            select(Document.activity, Document.step, Signature.at).join(Document, Document.id == Signature.document_id)
        ).all()
    after = [step for activity, step, at_ in signed if local_day(at_) > edition.window(activity, step).closes]
    late = [gap for gap in planted if gap.late and gap.kind != "framework_protocol"]
    assert set(after) <= {"3.c", "4.a"}
    assert sum(refused) == counts.refusals == len(late)
    assert [at_ for *_, at_ in signed if not edition.days.is_office_day(local_day(at_))] == []


def test_acting_day_by_day_or_at_a_stretch_comes_to_the_same() -> None:
    through = date(2023, 2, 10)
    signatures = []
    for days in ([through], list(each_day(date(2023, 1, 9), through))):
        with country(SMALL) as (session, edition):
            after = None
            for day in days:
                act_out(session, edition, after, day, scale=SMALL, seed=SEED)
                after = day
            query = select(Document.number, Signature.slot, Signature.at).join(
                Document, Document.id == Signature.document_id
            )
            signatures.append(sorted(map(tuple, session.execute(query))))
            session.rollback()
    assert signatures[0] == signatures[1]
    assert signatures[0] != []


def test_acting_a_stretch_twice_changes_nothing() -> None:
    through = date(2023, 1, 31)
    with country(SMALL) as (session, edition):
        act_out(session, edition, None, through, scale=SMALL, seed=SEED)
        again = act_out(session, edition, None, through, scale=SMALL, seed=SEED)
    assert (again.signatures, again.refusals) == (0, 0)


def test_bodies_decide_what_was_proposed() -> None:
    opened, closes = date(2023, 5, 2), date(2023, 9, 1)
    with country(SMALL) as (session, edition):
        act_out(session, edition, None, opened - timedelta(days=1), scale=SMALL, seed=SEED)
        propose(session, edition, Stage.CENTRAL, at(opened, time(8)))
        counts = act_out(session, edition, opened - timedelta(days=1), closes, scale=SMALL, seed=SEED)
        states = set(session.scalars(select(Allocation.state)))
    assert counts.decisions > 0
    assert states <= {"decided", "approved", "refused"}


def papers_of(through: date, *, stops: list[date]) -> list[tuple[object, ...]]:
    """Return the contracts, notices, objections and terms a year played to a day leaves, stopping on days of it."""
    prepared = date(2023, 10, 2)
    with country(SMALL) as (session, edition):
        act_out(session, edition, None, date(2023, 5, 1), scale=SMALL, seed=SEED)
        for stage, day in ((Stage.DISTRICT, date(2023, 5, 2)), (Stage.CENTRAL, date(2023, 5, 2))):
            propose(session, edition, stage, at(day, time(8)))
        act_out(session, edition, date(2023, 5, 1), date(2023, 10, 1), scale=SMALL, seed=SEED)
        prepare_protocols(session, edition, at(prepared, time(8)))
        prepare_notices(session, edition, at(prepared, time(8)))
        after = date(2023, 10, 1)
        for day in (*stops, through):
            act_out(session, edition, after, day, scale=SMALL, seed=SEED)
            after = day
        sweep_terms(session, edition, at(through, time(18)))
        columns = (Notice.number, Notice.state, Notice.channel, Notice.receipt, Notice.served_on, Notice.copies)
        found = [tuple(row) for row in session.execute(select(*columns).order_by(Notice.number))]
        agreed = (Protocol.number, Protocol.state, Protocol.concluded_on, Protocol.ends_on, Protocol.letter)
        query = select(*agreed).where(Protocol.kind == "detail").order_by(Protocol.number)
        found += [tuple(row) for row in session.execute(query)]
        terms = select(Notice.number, LegalTerm.code, LegalTerm.state, LegalTerm.due_at).join(LegalTerm)
        found += [tuple(row) for row in session.execute(terms.order_by(Notice.number, LegalTerm.code))]
        told = select(Notice.number, Objection.state, Objection.filed_on, Objection.set_price).join(Objection)
        found += [tuple(row) for row in session.execute(told.order_by(Notice.number))]
        session.rollback()
    return found


def test_contracts_notices_and_objections_come_out_the_same_however_the_days_are_cut(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(papers, "OBJECTING", 1.0)  # so few notices that none would be objected to
    through = date(2024, 3, 8)
    at_a_stretch = papers_of(through, stops=[])
    assert at_a_stretch == papers_of(through, stops=[date(2023, 11, 6), date(2024, 1, 15)])
    states = {row[1] for row in at_a_stretch}
    assert {"served", "concluded"} <= states
    assert states & {"accepted", "rejected", "filed"} != set()


def decisions(session: Session) -> list[tuple[object, ...]]:
    columns = (Decision.body_id, Decision.year, Decision.sequence, Decision.kind, Decision.seats, Decision.present)
    query = select(*columns, Decision.in_favour, Decision.against).order_by(Decision.id)
    return [tuple(row) for row in session.execute(query)]


def test_commissions_make_resources_local_and_decide_by_vote_and_not_a_second_time() -> None:
    opens, closes = date(2023, 5, 2), date(2023, 6, 30)
    with country(SMALL) as (session, edition):
        act_out(session, edition, None, opens - timedelta(days=1), scale=SMALL, seed=SEED)
        propose(session, edition, Stage.DISTRICT, at(opens, time(8)))
        act_out(session, edition, opens - timedelta(days=1), closes, scale=SMALL, seed=SEED)
        made = decisions(session)
        again = act_out(session, edition, date(2023, 4, 26), closes, scale=SMALL, seed=SEED)
        assert (again.decisions, decisions(session)) == (0, made)
    assert {kind for _, _, _, kind, *_ in made} == {"allocation", "local_resource"}
    assert {(year, seats) for _, year, _, _, seats, *_ in made} == {(2023, 5)}


def signed(session: Session) -> list[tuple[object, ...]]:
    """Return who signed what at which instant, and what was refused, by names that are the same in any database."""
    columns = (Document.number, Signature.slot, Person.number, Signature.at)
    query = select(*columns).select_from(Signature).join(Document).join(Person, Person.id == Signature.person_id)
    refused = select(Act.at, Act.step, Act.documents).where(Act.verb == "sign", Act.outcome == "refused")
    done = session.execute(query.order_by(*columns[:2])), session.execute(refused.order_by(Act.sequence))
    return [tuple(row) for rows in done for row in rows]


def test_the_year_left_off_after_every_act_goes_on_as_one_played_at_a_stretch(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(year_plans, "SIGNED_TOGETHER", 20)  # so that a busy day is signed at many instants
    with country(SMALL) as (session, edition):
        act_out(session, edition, None, AFTER_NEEDS, scale=SMALL, seed=SEED)
        at_a_stretch = signed(session)
        session.rollback()
    until = day_begins(AFTER_NEEDS + timedelta(days=1))
    with country(SMALL) as (session, edition):
        through, parts = None, 0
        while through is None or through < until:
            acted = act_on(session, edition, through, until, scale=SMALL, seed=SEED, enough=1)
            through, parts = acted.through, parts + 1
        assert signed(session) == at_a_stretch
        assert parts > 100


def test_what_is_still_meant_to_be_signed_is_told_from_any_instant() -> None:
    with country(SMALL) as (session, edition):
        plan = year_plan(session, edition, scale=SMALL, seed=SEED)
        midway = max(signing.at for signing in plan.signings_on(date(2023, 4, 20)))
        ahead = look_ahead(session, edition, midway, day_begins(AFTER_NEEDS), scale=SMALL, seed=SEED)
    assert ahead.in_all == plan.meant(until=midway + timedelta(seconds=1)) + ahead.to_come
    assert 0 < ahead.to_come_soon <= ahead.to_come < ahead.in_all
