"""Chains: proposed by an institution, approved by another person of its ministry, kept in versions."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from agreed_chains import (
    APPROVED,
    ENERGY,
    GOVERNORATE,
    INSTITUTION,
    MARCH,
    MILITARY,
    MINISTRY,
    agree,
    approve,
    ask,
    propose,
    states,
)
from small_country import Country, make_country, on
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from sekaps.cli.main import run
from sekaps.database import transaction
from sekaps.domain.stage_grammar import parse_stage
from sekaps.errors.chains import ChainRefused
from sekaps.models.documents import Chain, ChainSlot
from sekaps.models.registry import Mandate, Person
from sekaps.models.trail import Act
from sekaps.services.chains import active_chain, approve_chain, propose_chain, refuse_chain
from sekaps.services.registry import end_mandates
from sekaps.services.requests import ChainDecision, ChainProposal
from sekaps.services.trail import broken_links


def test_a_proposed_chain_is_in_force_once_another_person_of_the_ministry_approves_it(country: Country) -> None:
    former, chain_id = country.chains["need"], propose(country, "officer", APPROVED)
    assert active_chain(country.session, country.units["military"], "need_form") == former
    assert approve(country, chain_id) == former
    assert active_chain(country.session, country.units["military"], "need_form") == chain_id


def test_versions_are_kept_and_only_the_last_one_approved_is_in_force(country: Country) -> None:
    agree(country, "officer", APPROVED)
    propose(country, "head", APPROVED)
    refuse = ChainDecision(propose(country, "head, officer", APPROVED), country.people["ministry head"], "sıra yanlış")
    refuse_chain(country.session, refuse, MARCH)
    assert states(country) == [(1, "retired"), (2, "active"), (3, "proposed"), (4, "refused")]


def test_the_same_proposal_again_is_the_one_that_stands(country: Country) -> None:
    stages = ("officer", "2 of head, approver, officer@20000002", f"{APPROVED} ")
    first = propose(country, *stages)
    assert propose(country, *stages, who="military head") == first
    approve(country, first)
    with pytest.raises(ChainRefused, match="version 2 is in force and says the same"):
        propose(country, *stages)


def test_stages_counts_and_conditions_are_kept_as_they_were_asked(country: Country) -> None:
    chain_id = propose(
        country, "officer", "2 of head, approver, officer@20000002", "head@20000002 if quantity >= 100", APPROVED
    )
    columns = (ChainSlot.slot, ChainSlot.stage, ChainSlot.needed, ChainSlot.condition)
    query = select(*columns).where(ChainSlot.chain_id == chain_id).order_by(ChainSlot.slot)
    big = {"field": "quantity", "value": 100}
    assert [tuple(row) for row in country.session.execute(query)] == [
        (1, 1, 1, None), (2, 2, 2, None), (3, 2, 2, None), (4, 2, 2, None), (5, 5, 1, big), (6, 6, 1, None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("stages", "says"),
    [
        ((), "at least one stage"),
        (("officer", f"3 of head, {APPROVED}"), "stage 2 takes 3 signatures, and has 2 slots"),
        (("officer if quantity >= 5", APPROVED), "first stage of a chain is always signed"),
        (("officer", "officer", APPROVED), "officer stands in it twice"),
        (("officer", "clerk", APPROVED), "the active unit 20000009 has no post 'clerk'"),
        (("officer", "head@20000010", APPROVED), "head@20000010 is neither of the unit"),
        (("officer", "head@99999999", APPROVED), "head@99999999 is neither of the unit"),
        (("officer", "head if module = food", APPROVED), "the module 'food'; modules: goods_services"),
        (("officer", "head"), "ends with the approval of the unit's ministry; head is not of it"),
        (("officer", f"head, {APPROVED}"), "head is not of it"),
        (("officer", f"{APPROVED} if scope = central"), "is always asked"),
    ],
)  # fmt: skip
def test_what_makes_no_chain_is_refused_with_its_reason(country: Country, stages: tuple[str, ...], says: str) -> None:
    with pytest.raises(ChainRefused, match="stays as it is: .*") as refused:
        propose(country, *stages)
    assert says in str(refused.value)
    assert states(country) == [(1, "active")]


def test_a_kind_without_the_ministrys_approval_ends_with_any_post_of_the_unit_or_above(country: Country) -> None:
    ledger = {"kind": "merged_resource_ledger", "unit": 20000005, "who": "afad head"}
    assert propose(country, "officer", f"head@{GOVERNORATE}", "head@20000001", **ledger)


def test_a_ministrys_own_documents_end_with_its_own_approver(country: Country) -> None:
    own = {"kind": "resource_catalog", "unit": MINISTRY, "who": "ministry officer"}
    with pytest.raises(ChainRefused, match="own approver; head is not that"):
        propose(country, "officer", "head", **own)
    chain_id = propose(country, "officer", "approver", **own)
    assert approve(country, chain_id, "ministry head") is None


def test_every_kind_whose_declared_chain_ends_with_the_ministry_must_end_so(country: Country) -> None:
    kinds = country.edition.programme.documents.values()
    ends = [kind.chain[-1:] == ("ministry_approval",) for kind in kinds]
    assert ends == [kind.approved_by == "ministry" for kind in kinds]
    assert sum(ends) == 4


def test_a_variant_that_is_a_units_number_lets_posts_of_that_unit_sign(country: Country) -> None:
    protocol = {"kind": "framework_protocol", "unit": MINISTRY, "who": "ministry officer"}
    with pytest.raises(ChainRefused, match="is neither of the unit"):
        propose(country, "officer", f"head@{ENERGY}", **protocol)
    assert propose(country, "officer", f"head@{ENERGY}", variant=str(ENERGY), **protocol)


@pytest.mark.parametrize("kind", ["allocation", "poem"])
def test_chains_are_for_kinds_the_programme_has_signed(country: Country, kind: str) -> None:
    with pytest.raises(ChainRefused, match=f"no document of the kind '{kind}' is signed"):
        propose(country, "officer", APPROVED, kind=kind)


def test_only_who_holds_a_post_of_the_unit_proposes(country: Country) -> None:
    end_mandates(country.session, country.edition, [country.mandates["military head"]], MARCH)
    for who in ("institution officer", "ministry head", "military head"):
        with pytest.raises(ChainRefused, match="proposed by who holds a post of military"):
            propose(country, "officer", APPROVED, who=who)


def test_it_is_decided_once_by_another_person_who_holds_a_post_of_the_ministry(country: Country) -> None:
    chain_id = propose(country, "officer", APPROVED)
    for who in ("military head", "energy head"):
        with pytest.raises(ChainRefused, match="holds a post of the unit's ministry"):
            approve(country, chain_id, who)
    approve(country, chain_id)
    with pytest.raises(ChainRefused, match="is in force; nothing is left to decide"):
        approve(country, chain_id)


def test_who_proposes_does_not_decide_even_with_a_post_in_the_ministry(country: Country) -> None:
    acting = {"post_id": country.posts["ministry", "head"], "person_id": country.people["military officer"]}
    country.session.execute(insert(Mandate).values(**acting, kind="deputy", from_at=on(2023, 2, 1)))
    chain_id = propose(country, "officer", APPROVED)
    with pytest.raises(ChainRefused, match="another person than the one who proposed"):
        approve(country, chain_id, "military officer")
    values = {"state": "active", "decided_by_id": country.people["military officer"]}
    with pytest.raises(IntegrityError), country.session.begin_nested():
        country.session.execute(update(Chain).where(Chain.id == chain_id).values(values))


def test_a_refusal_has_a_reason_and_leaves_the_chain_in_force(country: Country) -> None:
    chain_id, head = propose(country, "officer", APPROVED), country.people["ministry head"]
    with pytest.raises(ChainRefused, match="a reason must be given"):
        refuse_chain(country.session, ChainDecision(chain_id, head, " "), MARCH)
    refuse_chain(country.session, ChainDecision(chain_id, head, "eksik"), MARCH)
    assert states(country) == [(1, "active"), (2, "refused")]


def test_a_proposal_overtaken_by_a_later_version_is_not_approved(country: Country) -> None:
    early = propose(country, "officer", APPROVED)
    agree(country, "head", APPROVED)
    with pytest.raises(ChainRefused, match="version 2 was overtaken by version 3"):
        approve(country, early)


def test_what_is_agreed_stands_on_the_trail(country: Country) -> None:
    agree(country, "officer", APPROVED)
    refused = ChainDecision(propose(country, "head", APPROVED), country.people["ministry head"], "eksik")
    refuse_chain(country.session, refused, MARCH)
    acts = list(country.session.scalars(select(Act).where(Act.verb.endswith("_chain")).order_by(Act.sequence)))
    assert [act.verb for act in acts] == ["propose_chain", "approve_chain", "propose_chain", "refuse_chain"]
    assert (acts[1].facts["retires"], acts[3].facts["reason"]) == (country.chains["need"], "eksik")
    assert acts[0].mandate_id == country.mandates["military officer"]
    assert list(broken_links(country.session)) == []


def test_of_two_who_propose_and_approve_at_once_one_version_is_in_force(database: object) -> None:
    with transaction() as session:
        country = make_country(session)
    chains = (("officer", APPROVED), ("head", APPROVED))

    def agree_on(stages: tuple[str, ...]) -> str:
        proposal = ChainProposal(MILITARY, "need_form", tuple(map(parse_stage, stages)))
        with transaction() as session:
            programme, who = country.edition.programme, country.people["military officer"]
            chain_id = propose_chain(session, programme, proposal, who, MARCH)
        try:
            with transaction() as session:
                approve_chain(session, ChainDecision(chain_id, country.people["ministry head"]), MARCH)
        except ChainRefused as refused:
            return str(refused)
        return "approved"

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(agree_on, chains))
    assert all(result == "approved" or "was overtaken" in result for result in results)
    with transaction() as session:
        rows = session.execute(select(Chain.version, Chain.state).where(Chain.unit_id == country.units["military"]))
        found = dict(rows.tuples().all())
    assert sorted(found) == [1, 2, 3]
    assert list(found.values()).count("active") == 1


def told(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> str:
    capsys.readouterr()
    assert run(["--lang", "en", "chain", *words]) == code
    output = capsys.readouterr()
    return output.err if code else output.out


STAGES = ("officer", "2 of head, approver, officer@20000002", "head@20000002 if quantity >= 5", "approver@20000002")
DAY = ("--as-of", "2023-03-02")


@pytest.fixture
def codes(database: object) -> dict[str, str]:
    """A country with documents that nobody, one and two have signed; manager codes by name."""
    with transaction() as session:
        country = make_country(session)
        for place, signers in enumerate(((), ("military officer",), ("military officer", "military head")), start=1):
            form = country.document(f"IBC-{place}", "military", country.chains["need"])
            assert [ask(country, form, one) for one in signers] == ["signed"] * len(signers)
        return {name: str(number) for name, number in session.execute(select(Person.name, Person.number))}


def test_the_verbs_propose_list_and_approve_a_chain(codes: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert "no chain waits" in told(capsys, "proposals")
    number = proposed(capsys, codes)
    assert "military · need_form · version 2, proposed" in told(capsys, "proposals", "--ministry", str(MINISTRY))
    assert json.loads(told(capsys, "proposals", "--ministry", str(ENERGY), "--json")) == []
    by = {name: ("approve", number, "--as", codes[name], *DAY) for name in ("military head", "ministry head")}
    assert "holds a post of the unit's ministry" in told(capsys, *by["military head"], code=1)
    approved = told(capsys, *by["ministry head"])
    assert f"chain {number} is in force" in approved
    assert "chain 1 is retired" in approved


def test_the_verbs_show_every_version_in_words(codes: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    proposed(capsys, codes)
    shown = told(capsys, "show", str(MILITARY), "need_form")
    for words in ("version 1, in force", "version 2, proposed", "2 of 3: ", "head · ministry", "quantity of 5 on"):
        assert words in shown
    stage = json.loads(told(capsys, "show", str(MILITARY), "--json"))[1]["stages"][2]
    assert stage["condition"] == {"field": "quantity", "value": 5}


def test_the_verb_migrates_once_and_lists_what_is_left(
    codes: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    number = proposed(capsys, codes)
    told(capsys, "approve", number, "--as", codes["ministry head"], *DAY)
    by = ("--by", codes["ministry head"], "--reason", "usul")
    move = ("migrate", "yeni", "--year", "2023", "--from", "1", "--to", number, *by, *DAY)
    foreseen = told(capsys, *move, "--what-if")
    assert "nothing is moved" in foreseen
    assert "2 moved with their signatures, 0 begun anew, 1 left" in foreseen
    assert "IBC-3: stays, what is signed" in told(capsys, *move)
    again = json.loads(told(capsys, *move, "--json"))
    assert [one["document"] for one in again.pop("left")] == ["IBC-3"]
    assert again == {"moved": 2, "restarted": 0, "done_before": True, "carried_out": False}


def proposed(capsys: pytest.CaptureFixture[str], codes: dict[str, str]) -> str:
    """Propose a chain and return its number."""
    stages = [word for stage in STAGES for word in ("--stage", stage)]
    made = told(capsys, "propose", str(MILITARY), "need_form", "--as", codes["military officer"], *stages, *DAY)
    assert "is proposed; another person" in made
    return made.split()[1]


def test_the_verbs_refuse_in_one_line(codes: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    number, officer, head = proposed(capsys, codes), codes["military officer"], codes["ministry head"]
    asked = ("propose", str(MILITARY), "need_form", "--as", officer, "--stage")
    assert told(capsys, *asked, "officer,", code=2) == (
        "error: stage 'officer,', character 9: the stage ends too early; expected: a code such as head\n"
    )
    assert "no unit has the registry number" in told(
        capsys, "propose", "99999999", "need_form", "--as", officer, "--stage", "officer", code=2)  # fmt: skip
    assert "nobody has the manager code 5" in told(capsys, "approve", number, "--as", "5", code=2)
    refused = told(capsys, "refuse", number, "--as", head, "--reason", "eksik")
    assert refused == f"chain {number} is refused\n"
    assert "this unit has no chain of that kind yet" in told(capsys, "show", str(INSTITUTION), "need_form")
