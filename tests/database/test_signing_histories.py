"""Whatever happens to posts, deputies and documents, none is complete without a valid right for every signature."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

import pytest
from small_country import Country, on
from sqlalchemy import delete, insert, select, update

from sekaps.models.documents import COMPLETE, ChainSlot, Document, Signature
from sekaps.models.registry import Mandate
from sekaps.services.requests import DocumentRequest, SignRequest
from sekaps.services.returning import resubmit, send_back
from sekaps.services.signing import sign

FIRST, HOURS = on(2023, 2, 6), 24 * 60
POSTS = [("military", "officer"), ("military", "head"), ("military", "approver"), ("ministry", "head"),
         ("ministry", "approver")]  # fmt: skip
ACTS = 160


def chain(country: Country, variant: str, stages: list[tuple[int, int]]) -> int:
    """Make a chain of stages, each (slots, how many are needed), over the posts in their order."""
    chain_id = country.chain("military", variant, POSTS[: sum(members for members, _ in stages)])
    first = 1
    for members, needed in stages:
        slots = (ChainSlot.chain_id == chain_id) & ChainSlot.slot.between(first, first + members - 1)
        country.session.execute(update(ChainSlot).where(slots).values(stage=first, needed=needed))
        first += members
    return chain_id


@dataclass
class History:
    """Random acts on some documents while the people in their posts come, go and stand in for one another."""

    country: Country
    random: Random
    forms: list[int]
    at: datetime = FIRST
    done: set[str] = field(default_factory=set)

    def people(self) -> list[int]:
        return [self.country.people[f"{unit} {kind}"] for unit, kind in POSTS]

    def staff(self) -> None:
        """Let every post change hands, with deputies between, gaps and overlaps as they fall."""
        own = dict(zip([self.country.posts[post] for post in POSTS], self.people(), strict=True))
        self.country.session.execute(delete(Mandate).where(Mandate.post_id.in_(own)))
        rows = [self._mandate(post, own[post], kind) for post in own for kind in ("own", "own", "own", "deputy")]
        self.country.session.execute(insert(Mandate), rows)

    def _mandate(self, post: int, person: int, kind: str) -> dict[str, object]:
        begins = FIRST + timedelta(hours=self.random.randint(-HOURS // 4, HOURS // 2))
        until = begins + timedelta(hours=self.random.randint(HOURS // 8, HOURS))
        recorded = begins + timedelta(hours=self.random.choice((-5, 0, 9)))
        somebody = person if self.random.random() < 0.7 else self.random.choice(self.people())
        return {"post_id": post, "person_id": somebody, "kind": kind, "from_at": begins, "until_at": until,
                "recorded_at": recorded}  # fmt: skip

    def act(self) -> None:
        """Let people try something with some document, a while later."""
        self.at += timedelta(hours=self.random.randint(0, 2 * HOURS // ACTS))
        form, people = self.random.choice(self.forms), self.random.sample(self.people(), 3)
        verb = self.random.choices(("sign", "return", "resubmit"), (12, 1, 2))[0]
        for person in people:
            self.done |= {verb} if self._does(verb, form, person) else set()

    def _does(self, verb: str, form: int, person: int) -> bool:
        session, edition = self.country.session, self.country.edition
        if verb == "sign":
            return sign(session, edition, [SignRequest(form, person)], self.at)[0].done
        request = DocumentRequest(form, person, "Miktar yanlış.")
        return (send_back if verb == "return" else resubmit)(session, edition, [request], self.at)[0].done


def wrongs(country: Country, form: int) -> list[str]:
    """Return what is wrong with the signatures of a document's present round, worked out from the rows alone."""
    session = country.session
    document = session.get_one(Document, form)
    slots = {slot.slot: slot for slot in
             session.scalars(select(ChainSlot).where(ChainSlot.chain_id == document.chain_id))}  # fmt: skip
    query = select(Signature).where(Signature.document_id == form, Signature.round == document.round)
    given = session.scalars(query.order_by(Signature.at, Signature.slot)).all()
    found = [f"slot {one.slot}: no right" for one in given if not has_right(country, one, slots[one.slot].post_id)]
    if len({one.person_id for one in given}) != len(given):
        found.append("one person in two slots")
    stages = [slots[one.slot].stage for one in given]
    found += ["out of order"] if stages != sorted(stages) else []
    taken = {slot.stage: stages.count(slot.stage) >= slot.needed for slot in slots.values()}
    is_complete = document.next_slot == COMPLETE
    found += ["complete without all it takes"] if is_complete and not all(taken.values()) else []
    found += ["not complete with all it takes"] if not is_complete and all(taken.values()) else []
    return found


def has_right(country: Country, signature: Signature, post_id: int) -> bool:
    mandate = country.session.get_one(Mandate, signature.mandate_id)
    begins = max(mandate.from_at, mandate.recorded_at or mandate.from_at)
    in_force = begins <= signature.at and (mandate.until_at is None or signature.at < mandate.until_at)
    return (mandate.person_id, mandate.post_id) == (signature.person_id, post_id) and in_force


SHAPES = {"plain": [(1, 1)] * 5, "parallel": [(1, 1), (3, 3), (1, 1)], "two of three": [(1, 1), (3, 2), (1, 1)]}


@pytest.mark.parametrize("seed", range(1, 7))
def test_no_document_is_ever_complete_without_a_valid_right_for_every_signature(country: Country, seed: int) -> None:
    forms = [country.document(f"IBC-{name}-{place}", "military", chain(country, f"{name} {place}", stages))
             for name, stages in SHAPES.items() for place in range(3)]  # fmt: skip
    history = History(country, Random(seed), forms)
    history.staff()
    for _ in range(ACTS):
        history.act()
    country.session.expire_all()
    states = set(country.session.scalars(select(Document.state).where(Document.id.in_(forms))))
    assert {"sign", "return", "resubmit"} <= history.done
    assert "complete" in states
    assert {form: wrongs(country, form) for form in forms} == {form: [] for form in forms}


# What other engines got wrong


def test_a_person_who_stands_in_a_chain_several_times_never_signs_for_another(country: Country) -> None:
    officer = country.people["military officer"]
    for post in (("military", "head"), ("ministry", "approver")):
        row = {"post_id": country.posts[post], "person_id": officer, "kind": "own", "from_at": FIRST}
        country.session.execute(insert(Mandate).values(row))
    posts = [("military", "officer"), ("military", "head"), ("ministry", "head"), ("ministry", "approver")]
    form = country.document("IBC-1", "military", country.chain("military", "A A B A", posts))
    asked = [sign(country.session, country.edition, [SignRequest(form, officer)], FIRST)[0].done for _ in range(4)]
    assert asked == [True, False, False, False]


def test_a_signature_counts_by_the_right_at_its_instant_not_by_todays_holders(country: Country) -> None:
    form = country.document("IBC-1", "military", country.chains["need"])
    for who in ("military officer", "military head"):
        assert sign(country.session, country.edition, [SignRequest(form, country.people[who])], FIRST)[0].done
    later = FIRST + timedelta(days=1)
    gone = Mandate.id.in_([country.mandates["military officer"], country.mandates["military head"]])
    country.session.execute(update(Mandate).where(gone).values(until_at=later))
    approver = SignRequest(form, country.people["ministry approver"])
    assert sign(country.session, country.edition, [approver], later)[0].done
    country.session.expire_all()
    assert (country.session.get_one(Document, form).next_slot, wrongs(country, form)) == (COMPLETE, [])
