"""The proof of conservation: a year in order breaks no law, and each single row touched by hand is found and named."""

from collections.abc import Iterator

import pytest
from cascade_play import MAY, OCTOBER, play_year, wrong
from small_country import CEYHAN, Country, make_country
from sqlalchemy import insert, select, text, update

from sekaps.database import transaction
from sekaps.domain.allocation import Stage
from sekaps.domain.conservation import Law
from sekaps.domain.form_revisions import RevisionKind
from sekaps.models.allocation import Allocation, Item, ItemSubstitute
from sekaps.services.allocation_proof import prove_allocations
from sekaps.services.allocations import propose
from sekaps.services.form_revisions import RevisionRequest, revise
from sekaps.services.notices import prepare_notices
from sekaps.services.protocols import prepare_protocols


@pytest.fixture
def country(database: object) -> Iterator[Country]:
    """A year played to its papers, with remainders at every stage, and one form revised in each way."""
    with transaction() as session:
        country = make_country(session)
        bread = {"code": "bread", "name_tr": "Ekmek", "name_en": "Bread", "module": "goods_services"}
        energy = country.units["energy"]
        session.execute(insert(Item).values(**bread, sector="food", measure="tonne", ministry_id=energy))
        country.signed_need("IBC-1", 100)
        country.signed_need("IBC-2", 8, beneficiary="institution", item_code="bread")
        country.signed_need("IBC-3", 20, scope="central")
        country.signed_need("IBC-4", 5, priority=2, district_code=CEYHAN)
        country.signed_resource("KSC-1", 30)
        country.signed_resource("KSC-2", 28, district_code=CEYHAN)
        country.signed_resource("KSC-3", 60, scope="central")
        country.signed_resource("KSC-4", 9)
        country.signed_resource("KSC-5", 8, item_code="bread")
        play_year(country)
        prepare_notices(session, country.edition, OCTOBER)
        prepare_protocols(session, country.edition, OCTOBER)
        officer, soldier = country.people["industry officer"], country.people["military officer"]
        for request in (
            RevisionRequest("KSC-1", RevisionKind.SHRUNK, "yandı", 25, person_id=officer),
            RevisionRequest("KSC-4", RevisionKind.WITHDRAWN, "satıldı", person_id=officer),
            RevisionRequest("IBC-1", RevisionKind.SHRUNK, "azaldı", 98, person_id=soldier),
        ):
            assert revise(session, country.edition, request, OCTOBER).revision_id is not None
        yield country


def first(table: str, condition: str, column: str = "id") -> str:
    return f"(SELECT min({column}) FROM {table} WHERE {condition})"


DECIDED = "state IN ('decided', 'approved')"
DISTRICT_LINE = first("allocations", f"stage = 'district' AND {DECIDED}")
CENTRAL_LINE = first("allocations", f"stage = 'central' AND {DECIDED}")
GOVERNOR_LINE = first("allocations", f"stage = 'governor' AND {DECIDED}")
NEED = "(SELECT id FROM documents WHERE number = 'IBC-1')"
RESOURCE = "(SELECT id FROM documents WHERE number = 'KSC-1')"
IN_DISTRICT = f"WHERE stage = 'district' AND need_id = {NEED}"
MINISTRY = first("units", "kind = 'ministry'")
COMMISSION = first("decisions", "stage = 'district'")
CHANGES: list[tuple[Law, str, str]] = [
    (Law.BALANCED, "UPDATE stage_balances SET unmet = unmet + 1 " + IN_DISTRICT, "stage_balances.conserved"),
    (Law.BALANCED, "UPDATE stage_balances SET unmet = -1, allocated = allocated + 1 + unmet " + IN_DISTRICT,
     "stage_balances.not_negative"),
    (Law.STAGE_SUM, "UPDATE stage_balances SET allocated = allocated - 1, unmet = unmet + 1 " + IN_DISTRICT, ""),
    (Law.STAGE_SUM, f"UPDATE allocations SET quantity = quantity - 1 WHERE id = {DISTRICT_LINE}", ""),
    (Law.STAGE_SUM, f"UPDATE allocations SET state = 'lapsed' WHERE id = {DISTRICT_LINE}", ""),
    (Law.STAGE_SUM, f"DELETE FROM stage_balances {IN_DISTRICT}", ""),
    (Law.ASKED_ONCE, "UPDATE stage_balances SET needed = needed + 1, unmet = unmet + 1 " + IN_DISTRICT, ""),
    (Law.ASKED_ONCE, f"UPDATE needs SET beneficiary = 'institution' WHERE document_id = {NEED}", ""),
    (Law.ASKED_ONCE, f"UPDATE documents SET state = 'withdrawn', next_slot = 1 WHERE id = {NEED}", ""),
    (Law.PASSED_ON, "UPDATE stage_balances SET transferred = transferred - 1, unmet = unmet + 1 " + IN_DISTRICT, ""),
    (Law.PASSED_ON, "UPDATE stage_balances SET needed = needed + 1, unmet = unmet + 1 WHERE stage = 'transferred'"
                    f" AND need_id = {NEED}", ""),
    (Law.RESOURCE_SUM, f"UPDATE resources SET allocated = allocated - 1 WHERE document_id = {RESOURCE}", ""),
    (Law.RESOURCE_SUM, f"UPDATE allocations SET quantity = quantity + 1 WHERE id = {DISTRICT_LINE}", ""),
    (Law.CAPACITY, f"UPDATE resources SET allocated = capacity + 1 WHERE document_id = {RESOURCE}",
     "resources.never_promised_twice"),
    (Law.CAPACITY, f"UPDATE resources SET capacity = 1 WHERE document_id = {RESOURCE}",
     "resources.never_promised_twice"),
    (Law.NEVER_MORE, f"UPDATE allocations SET state = 'proposed', decision_id = NULL, quantity = 99 WHERE id = "
                     f"{DISTRICT_LINE}", ""),
    (Law.SIGNED, f"UPDATE documents SET state = 'recorded', next_slot = 1 WHERE id = {NEED}", ""),
    (Law.SIGNED, f"UPDATE documents SET state = 'withdrawn', next_slot = 1 WHERE id = {RESOURCE}", ""),
    (Law.SCOPE, f"UPDATE resources SET district_code = '1219' WHERE document_id = {RESOURCE}", ""),
    (Law.SCOPE, f"UPDATE resources SET province_code = '06' WHERE document_id = {RESOURCE}", ""),
    (Law.SCOPE, f"UPDATE needs SET district_code = '1219' WHERE document_id = {NEED}", ""),
    (Law.SCOPE, f"UPDATE needs SET scope = 'central' WHERE document_id = {NEED}", ""),
    (Law.SCOPE, f"UPDATE resources SET item_code = 'bread' WHERE document_id = {RESOURCE}", ""),
    (Law.SCOPE, f"UPDATE resources SET recorded_scope = 'central' WHERE document_id = {RESOURCE}", ""),
    (Law.SCOPE, "UPDATE resources SET scope = 'local' WHERE recorded_scope = 'central'", ""),
    (Law.SCOPE, f"UPDATE allocations SET stage = 'transferred' WHERE id = {CENTRAL_LINE}", ""),
    (Law.BODY, f"UPDATE allocations SET body_id = {MINISTRY} WHERE id = {DISTRICT_LINE}", ""),
    (Law.BODY, f"UPDATE allocations SET body_id = {MINISTRY} WHERE id = {CENTRAL_LINE}", ""),
    (Law.BODY, "UPDATE units SET district_code = '1219' WHERE kind = 'mmm_district'", ""),
    (Law.LOCAL_DECISION, "UPDATE items SET sector = 'forestry' WHERE code = 'diesel'", ""),
    (Law.DECISION, f"UPDATE allocations SET decision_id = NULL WHERE id = {DISTRICT_LINE}",
     "allocations.decided_by_a_decision"),
    (Law.DECISION, f"UPDATE allocations SET decision_id = {COMMISSION} WHERE id = {CENTRAL_LINE}", ""),
    (Law.DECISION, f"UPDATE decisions SET stage = 'province' WHERE id = {COMMISSION}", ""),
    (Law.DECISION, f"UPDATE decisions SET year = 2022 WHERE id = {COMMISSION}", ""),
    (Law.QUORUM, f"UPDATE decisions SET seats = NULL, present = NULL WHERE id = {COMMISSION}", ""),
    (Law.QUORUM, f"UPDATE decisions SET present = present - 1, in_favour = in_favour - 1 WHERE id = {COMMISSION}", ""),
    (Law.QUORUM, f"UPDATE decision_votes SET vote = 'against' WHERE decision_id = {COMMISSION}", ""),
    (Law.QUORUM, f"DELETE FROM decision_votes WHERE decision_id = {COMMISSION} AND post_id = "
                 f"{first('decision_votes', f'decision_id = {COMMISSION}', 'post_id')}", ""),
    (Law.PAPERS, f"UPDATE allocations SET state = 'lapsed' WHERE id = {GOVERNOR_LINE}", ""),
    (Law.PAPERS, f"UPDATE allocations SET state = 'lapsed' WHERE id = {DISTRICT_LINE}", ""),
    (Law.PAPERS, f"UPDATE protocols SET allocation_id = {DISTRICT_LINE} WHERE allocation_id = {GOVERNOR_LINE}", ""),
    (Law.PAPERS, f"UPDATE notices SET allocation_id = {GOVERNOR_LINE} WHERE kind = 'correction'", ""),
    (Law.PAPERS, "UPDATE notices SET kind = 'annulment' WHERE kind = 'correction'", ""),
    (Law.REVISION, f"UPDATE needs SET quantity = 99 WHERE document_id = {NEED}", ""),
    (Law.REVISION, f"UPDATE resources SET capacity = 30 WHERE document_id = {RESOURCE}", ""),
    (Law.REVISION, "UPDATE form_revisions SET quantity_before = quantity_before + 1 WHERE kind = 'shrunk'", ""),
    (Law.REVISION, "UPDATE form_revisions SET kind = 'destroyed' WHERE kind = 'withdrawn'", ""),
    (Law.REVISION, "UPDATE form_revisions SET act_id = 1", ""),
    (Law.REVISION, "UPDATE documents SET state = 'complete', next_slot = 0 WHERE number = 'KSC-4'", ""),
]  # fmt: skip


def corrupt(country: Country, change: str, guard: str) -> None:
    """Change a row by hand, with the one constraint away that would forbid it."""
    session = country.session
    if guard and session.get_bind().dialect.name == "postgresql":
        table, name = guard.split(".")
        session.execute(text(f"ALTER TABLE {table} DROP CONSTRAINT ck_{table}_{name}"))
    assert session.execute(text(change)).rowcount > 0  # type: ignore[attr-defined]


def test_a_year_in_order_breaks_no_law(country: Country) -> None:
    proof = prove_allocations(country.session, country.edition, OCTOBER)
    lines = len(list(country.session.scalars(select(Allocation.id))))
    assert (proof.needs, proof.resources, proof.lines, proof.violations) == (4, 5, lines, ())


def test_every_row_touched_by_hand_is_found(country: Country) -> None:
    session, missed = country.session, []
    on_sqlite = session.get_bind().dialect.name == "sqlite"
    for law, change, guard in CHANGES:
        savepoint = session.begin_nested()
        if on_sqlite:
            session.execute(text(f"PRAGMA ignore_check_constraints = {'ON' if guard else 'OFF'}"))
        corrupt(country, change, guard)
        found = prove_allocations(session, country.edition, OCTOBER).violations
        if law not in {one.law for one in found}:
            missed.append((law, change, found))
        savepoint.rollback()
    assert missed == []
    assert wrong(country, OCTOBER) == []


def test_every_law_is_broken_by_some_row_here() -> None:
    assert {law for law, _, _ in CHANGES} == set(Law)


def test_a_violation_names_its_row_and_both_figures(country: Country) -> None:
    corrupt(country, f"UPDATE resources SET allocated = allocated - 1 WHERE document_id = {RESOURCE}", "")
    assert wrong(country, OCTOBER) == ["resource_sum: KSC-1: 25 <> 24"]


def test_what_was_passed_on_and_never_taken_up_is_found_once_the_window_is_over(country: Country) -> None:
    left = (
        "DELETE FROM allocations WHERE stage = 'transferred'",
        "DELETE FROM stage_balances WHERE stage = 'transferred'",
    )
    for change in ("DELETE FROM protocols", *left):
        country.session.execute(text(change))
    country.session.execute(text("UPDATE resources SET allocated = (SELECT coalesce(sum(quantity), 0) FROM allocations"
                                 " WHERE resource_id = document_id AND state IN ('decided', 'approved'))"))  # fmt: skip
    assert {line.partition(":")[0] for line in wrong(country, OCTOBER)} == {"passed_on"}


def test_a_substitute_lies_with_the_ministry_that_has_it_and_not_with_that_of_the_item_needed(database: object) -> None:
    with transaction() as session:
        country = make_country(session)
        kerosene = {"code": "kerosene", "name_tr": "Gazyağı", "name_en": "Kerosene", "module": "goods_services"}
        owner = country.units["ministry"]
        session.execute(insert(Item).values(**kerosene, sector="energy", measure="litre", ministry_id=owner))
        session.execute(insert(ItemSubstitute).values(item_code="diesel", served_by_code="kerosene"))
        country.signed_need("IBC-1", 20, scope="central")
        country.signed_resource("KSC-1", 20, scope="central", item_code="kerosene")
        propose(session, country.edition, Stage.CENTRAL, MAY)
        assert list(session.scalars(select(Allocation.body_id))) == [owner]
        assert prove_allocations(session, country.edition, MAY).violations == ()
        session.execute(update(Allocation).values(body_id=country.units["energy"]))
        assert {one.law for one in prove_allocations(session, country.edition, MAY).violations} == {Law.BODY}
