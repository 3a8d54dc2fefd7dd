"""Forms revised after they were signed: shrunk, withdrawn, destroyed; what was allocated of them follows at once.

The row of a need or resource holds what holds now, and its first revision what was signed: the signed bytes are read
from there, so that no signature breaks. A form withdrawn is out of every proposal by its state.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, literal, select, union_all, update
from sqlalchemy.orm import Session

from sekaps.domain.form_revisions import Asked, Cut, RevisionKind, changes_nothing, refusal_to_revise
from sekaps.domain.signatures import DocumentState
from sekaps.domain.trail import Entry, digest_of
from sekaps.errors.editions import DocumentUnknown
from sekaps.models.allocation import FormRevision, Need, Resource
from sekaps.models.documents import Document
from sekaps.models.registry import Mandate, Post, Unit
from sekaps.services import trail
from sekaps.services.document_acts import NAMED_IN_TRAIL
from sekaps.services.editions import EditionView
from sekaps.services.registry import active
from sekaps.services.revised_lines import Followed, end_lines, lines_to_cut, settle_balances
from sekaps.services.revised_papers import Papers, correct_papers
from sekaps.services.revision_letters import Told, write_letters
from sekaps.services.waiting import in_force
from sekaps.texts import Text

FIRST_SLOT = 1
"""What the row of a withdrawn form keeps for the slot it waits for, which only a complete one has none of."""
REVISERS = ("officer", "head")
"""The posts of a unit that may revise its forms."""
VERB = "revise_form"


@dataclass(frozen=True, slots=True)
class RevisionRequest:
    """A person of the form's unit, or (nobody named) the coordinator, says what became of a signed form."""

    number: str
    kind: RevisionKind
    reason: str
    quantity_after: int = 0
    letter: str = ""
    person_id: int | None = None


@dataclass(frozen=True, slots=True)
class Revised:
    """What came of a request: refused, found as it was asked for (no revision), or done with all that followed."""

    number: str
    kind: RevisionKind
    quantity_before: int
    quantity_after: int
    refusal: Text | None = None
    revision_id: int | None = None
    followed: Followed = Followed()
    papers: Papers = Papers()
    letters: int = 0


@dataclass(frozen=True, slots=True)
class _Form:
    """A form under the lock, with the mandate by which somebody revises it (None: nobody's, or the coordinator's)."""

    id: int
    number: str
    activity: str
    step: str
    asked: Asked
    mandate_id: int | None


def revise(session: Session, edition: EditionView, request: RevisionRequest, as_of: datetime) -> Revised:
    """Revise a signed form and return what follows; found so already nothing changes. Raises DocumentUnknown.

    What was decided of it and does not fit any more is taken back, the last in the declared order first; the needs
    are asked for again where a stage can still decide, papers and those who were told are corrected.
    """
    form = _lock_form(session, edition, request, as_of)
    asked = form.asked
    told = Revised(asked.number, asked.kind, asked.quantity, asked.quantity_after)
    refusal = refusal_to_revise(
        asked, holds_a_post=form.mandate_id is not None, by_coordinator=request.person_id is None
    )
    if refusal is not None:
        _note(session, edition, form, request, as_of, {"reason": refusal.say("en")}, outcome="refused")
        return _refused(told, refusal)
    if changes_nothing(asked):
        return told
    cuts = lines_to_cut(session, edition, form.id, asked)
    act_id = _note(session, edition, form, request, as_of, _facts(request, asked, cuts))
    revision_id = _record(session, edition, form, request, act_id, as_of)
    return _follow(session, edition, form, revision_id, cuts, as_of)


def _refused(told: Revised, refusal: Text) -> Revised:
    return Revised(told.number, told.kind, told.quantity_before, told.quantity_after, refusal)


def _follow(
    session: Session, edition: EditionView, form: _Form, revision_id: int, cuts: Sequence[Cut], as_of: datetime
) -> Revised:
    asked = form.asked
    end_lines(session, cuts, asked, revision_id, as_of)
    _change_form(session, form)
    followed = settle_balances(session, edition, form.id, asked, cuts, as_of)
    papers = correct_papers(session, edition, cuts, asked.reason, as_of)
    letters = write_letters(session, edition, Told(revision_id, asked, followed.lines), as_of)
    return Revised(
        asked.number, asked.kind, asked.quantity, asked.quantity_after, None, revision_id, followed, papers, letters
    )


def _lock_form(session: Session, edition: EditionView, request: RevisionRequest, as_of: datetime) -> _Form:
    """Return the form, its row locked before its quantity is read: another revision may just have changed it."""
    columns = (Document.id, Document.activity, Document.step, Document.state, Document.unit_id)
    found = select(*columns).where(Document.edition_id == edition.id, Document.number == request.number)
    row = session.execute(found.with_for_update()).one_or_none()
    held = None if row is None else _quantity(session, row.id)
    if row is None or held is None:
        raise DocumentUnknown(number=request.number)
    after = request.quantity_after if request.kind is RevisionKind.SHRUNK else 0
    asked = Asked(
        number=request.number,
        is_need=held.is_need,
        state=row.state,
        quantity=held.quantity,
        kind=request.kind,
        quantity_after=after,
        reason=request.reason.strip(),
        letter=request.letter.strip(),
    )
    mandate_id = _mandate(session, row.unit_id, request.person_id, as_of)
    return _Form(row.id, request.number, row.activity, row.step, asked, mandate_id)


def _quantity(session: Session, document_id: int) -> Any:
    """Return what a need asks for or a resource offers, and which of them it is; None for any other document."""
    need = select(Need.quantity, literal(True).label("is_need")).where(Need.document_id == document_id)
    resource = select(Resource.capacity, literal(False)).where(Resource.document_id == document_id)
    return session.execute(union_all(need, resource)).one_or_none()


def _mandate(session: Session, unit_id: int, person_id: int | None, as_of: datetime) -> int | None:
    query = (
        select(Mandate.id)
        .join(Post, Post.id == Mandate.post_id)
        .join(Unit, Unit.id == Post.unit_id)
        .where(Post.unit_id == unit_id, Post.kind.in_(REVISERS), Mandate.person_id == person_id)
        .where(in_force(as_of), active(as_of))
    )
    return session.scalar(query.order_by(Mandate.kind.desc(), Mandate.id).limit(1))


def _facts(request: RevisionRequest, asked: Asked, cuts: Sequence[Cut]) -> dict[str, Any]:
    """Return what the act says: its form, kind and quantities, and each line with what is left of it."""
    lines = [[cut.line.id, cut.line.quantity, cut.left] for cut in cuts]
    named = {"lines": lines} if len(lines) <= NAMED_IN_TRAIL else {"digest": digest_of(cut.line.id for cut in cuts)}
    return {
        "kind": asked.kind.value,
        "before": asked.quantity,
        "after": asked.quantity_after,
        "reason": asked.reason,
        **({"letter": asked.letter} if asked.letter else {}),
        **named,
    }


def _note(
    session: Session,
    edition: EditionView,
    form: _Form,
    request: RevisionRequest,
    as_of: datetime,
    facts: dict[str, Any],
    *,
    outcome: str = "done",
) -> int:
    entry = Entry(
        at=as_of,
        verb=VERB,
        outcome=outcome,
        mandate_id=form.mandate_id,
        authority="coordinator" if request.person_id is None else "person",
        edition_id=edition.id,
        revision=edition.revision,
        activity=form.activity,
        step=form.step,
        documents=1,
        facts={"documents": [form.id], **facts},
    )
    return trail.append(session, entry)


def _record(
    session: Session, edition: EditionView, form: _Form, request: RevisionRequest, act_id: int, as_of: datetime
) -> int:
    row = {
        "edition_id": edition.id,
        "document_id": form.id,
        "kind": request.kind.value,
        "quantity_before": form.asked.quantity,
        "quantity_after": form.asked.quantity_after,
        "reason": form.asked.reason,
        "letter": form.asked.letter or None,
        "at": as_of,
        "act_id": act_id,
    }
    return session.scalars(insert(FormRevision).values(row).returning(FormRevision.id)).one()


def _change_form(session: Session, form: _Form) -> None:
    """Write what holds now: the reduced quantity, or that the form is withdrawn."""
    asked = form.asked
    if asked.kind is not RevisionKind.SHRUNK:
        values = {"state": DocumentState.WITHDRAWN.value, "next_slot": FIRST_SLOT}
        session.execute(update(Document).where(Document.id == form.id).values(values))
    elif asked.is_need:
        session.execute(update(Need).where(Need.document_id == form.id).values(quantity=asked.quantity_after))
    else:
        session.execute(update(Resource).where(Resource.document_id == form.id).values(capacity=asked.quantity_after))
