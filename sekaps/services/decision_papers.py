"""A numbered decision as it is shown and printed: who sat, how they voted, and what became of each line."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from sekaps.domain.commissions import Vote
from sekaps.domain.decision_numbers import DecisionNumber
from sekaps.errors.decisions import DecisionUnknown
from sekaps.models.allocation import Allocation, Decision, DecisionVote, Item, Resource
from sekaps.models.documents import Document
from sekaps.models.registry import Mandate, Person, Post, Unit
from sekaps.services.editions import EditionView
from sekaps.texts import Bilingual

NeedForm, ResourceForm = aliased(Document), aliased(Document)


@dataclass(frozen=True, slots=True)
class PaperVote:
    """How the holder of a seat voted, and by which kind of mandate."""

    seat: str
    person: str
    number: int
    mandate: str
    vote: Vote


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One line of a decision as it stands now; resources made local have neither need nor another quantity."""

    id: int | None
    need: str
    unit: str
    resource: str
    holder: str
    item: Bilingual
    measure: str
    quantity: int
    proposed_quantity: int | None
    state: str
    reason: str


@dataclass(frozen=True, slots=True)
class DecisionPaper:
    """A decision with everything that is said of it."""

    id: int
    number: DecisionNumber
    kind: str
    stage: str | None
    body: str
    body_number: int
    decided_at: datetime
    chair: str
    chair_title: str
    seats: int | None
    present: int | None
    in_favour: int | None
    against: int | None
    by_chair: bool
    text: str
    synthetic: bool
    votes: Sequence[PaperVote]
    lines: Sequence[PaperLine]

    @property
    def counted(self) -> dict[str, int]:
        """How a commission sat and voted; nothing where the body does not vote."""
        if self.seats is None or self.present is None or self.in_favour is None or self.against is None:
            return {}
        abstained = self.present - self.in_favour - self.against
        present = {"seats": self.seats, "present": self.present}
        return {**present, "in_favour": self.in_favour, "against": self.against, "abstained": abstained}


def latest_number(session: Session, body_id: int) -> DecisionNumber:
    """Return the number of the decision a body made last."""
    query = select(Decision.year, Decision.sequence).where(Decision.body_id == body_id)
    return DecisionNumber(*session.execute(query.order_by(Decision.id.desc()).limit(1)).one())


def decision_paper(session: Session, edition: EditionView, body: int, number: DecisionNumber) -> DecisionPaper:
    """Return a decision of an edition by its body's registry number and its own; raise DecisionUnknown."""
    query = (
        select(Decision, Unit.name, Unit.number, Person.name, Post.title)
        .join(Unit, Unit.id == Decision.body_id)
        .join(Mandate, Mandate.id == Decision.decided_by_id)
        .join(Person, Person.id == Mandate.person_id)
        .join(Post, Post.id == Mandate.post_id)
        .where(Decision.edition_id == edition.id, Unit.number == body)
        .where(Decision.year == number.year, Decision.sequence == number.sequence)
    )
    row = session.execute(query).one_or_none()
    if row is None:
        raise DecisionUnknown(body=str(body), number=str(number))
    made, unit, unit_number, chair, title = row
    lines = _allocated(session, made.id) if made.kind == "allocation" else _made_local(session, made.id)
    return DecisionPaper(
        **{name: getattr(made, name) for name in AS_THEY_ARE},
        number=number,
        body=unit,
        body_number=unit_number,
        chair=chair,
        chair_title=title,
        text=made.text or "",
        synthetic=edition.synthetic,
        votes=_votes(session, made.id),
        lines=lines,
    )


AS_THEY_ARE = ("id", "kind", "stage", "decided_at", "seats", "present", "in_favour", "against", "by_chair")


def _votes(session: Session, decision_id: int) -> list[PaperVote]:
    query = (
        select(Post.title, Person.name, Person.number, Mandate.kind, DecisionVote.vote)
        .join(Post, Post.id == DecisionVote.post_id)
        .join(Person, Person.id == DecisionVote.person_id)
        .join(Mandate, Mandate.id == DecisionVote.mandate_id)
        .where(DecisionVote.decision_id == decision_id)
        .order_by(Post.id)
    )
    return [
        PaperVote(seat, person, number, mandate, Vote(vote))
        for seat, person, number, mandate, vote in session.execute(query)
    ]


def _allocated(session: Session, decision_id: int) -> list[PaperLine]:
    query = (
        select(Allocation, NeedForm.number, Unit.name, ResourceForm.number, Resource.holder)
        .add_columns(Item.name_tr, Item.name_en, Item.measure)
        .join(NeedForm, NeedForm.id == Allocation.need_id)
        .join(Unit, Unit.id == NeedForm.unit_id)
        .join(ResourceForm, ResourceForm.id == Allocation.resource_id)
        .join(Resource, Resource.document_id == Allocation.resource_id)
        .join(Item, Item.code == Resource.item_code)
        .where(Allocation.decision_id == decision_id)
        .order_by(NeedForm.number, Allocation.id)
    )
    return [
        PaperLine(line.id, need, unit, resource, holder, Bilingual(name_tr, name_en), measure, line.quantity,
                  line.proposed_quantity, line.state, line.reason or "")
        for line, need, unit, resource, holder, name_tr, name_en, measure in session.execute(query)
    ]  # fmt: skip


def _made_local(session: Session, decision_id: int) -> list[PaperLine]:
    query = (
        select(Document.number, Resource.holder, Item.name_tr, Item.name_en, Item.measure, Resource.capacity)
        .join(Resource, Resource.document_id == Document.id)
        .join(Item, Item.code == Resource.item_code)
        .where(Resource.local_decision_id == decision_id)
        .order_by(Document.number)
    )
    return [
        PaperLine(None, "", "", resource, holder, Bilingual(name_tr, name_en), measure, capacity, None, "local", "")
        for resource, holder, name_tr, name_en, measure, capacity in session.execute(query)
    ]
