"""What a proposed chain must be: posts that exist and may sign for the unit, and the approval its kind ends with."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from sekaps.calendar.programmes import Programme
from sekaps.domain.chains import Condition, Field, Layout, Slot
from sekaps.domain.stage_grammar import PostName, StageOrder
from sekaps.errors.chains import ChainRefused
from sekaps.models.allocation import Item
from sekaps.models.registry import Post, Unit
from sekaps.services.registry import active
from sekaps.services.requests import ChainProposal
from sekaps.texts import text

APPROVER = "approver"
"""Kind of the post that approves a ministry's own documents."""
LONGEST = 16
"""How many signatures a chain has at most."""
VARIANT_LENGTH = 64


def require_signed_kind(programme: Programme, kind: str) -> None:
    """Raise ChainRefused unless the programme has signed documents of that kind."""
    signed = [code for code, document in programme.documents.items() if document.signed]
    if kind not in signed:
        raise ChainRefused(
            problem=text("no document of the kind '{kind}' is signed; those that are: {kinds}", kind=kind, kinds=signed)
        )


def drawn_layout(
    session: Session, programme: Programme, proposal: ChainProposal, unit: Unit, as_of: datetime
) -> Layout:
    """Return the layout a proposal asks for; raise ChainRefused with the first thing that makes it no chain."""
    if len(proposal.variant) > VARIANT_LENGTH:
        raise ChainRefused(problem=text("a variant has at most {limit} characters", limit=VARIANT_LENGTH))
    _require_modules(session, [stage.condition for stage in proposal.stages if stage.condition])
    posts = _posts(session, proposal, unit, as_of)
    layout = Layout(tuple(_slots(proposal.stages, posts, unit.number)))
    problem = layout.problem()
    if problem is not None:
        raise ChainRefused(problem=problem)
    if len(layout.slots) > LONGEST:
        raise ChainRefused(problem=text("a chain has at most {limit} signatures", limit=LONGEST))
    if programme.documents[proposal.kind].approved_by is not None:
        _require_approval(layout, {post.id: post for post in posts.values()}, unit)
    return layout


def _slots(stages: Iterable[StageOrder], posts: dict[tuple[int, str], Post], own: int) -> Iterable[Slot]:
    place = 1
    for stage in stages:
        first, needed = place, len(stage.posts) if stage.needed is None else stage.needed
        for name in stage.posts:
            post = posts[name.unit or own, name.kind]
            yield Slot(place, first, post.id, post.title, needed, stage.condition)
            place += 1


def _posts(session: Session, proposal: ChainProposal, unit: Unit, as_of: datetime) -> dict[tuple[int, str], Post]:
    """Return the posts a proposal names, by registry number and kind; raise ChainRefused for one that may not sign."""
    asked = [_full(name, unit) for stage in proposal.stages for name in stage.posts]
    family = _family(session, unit, proposal.variant)
    for number, kind in asked:
        if number not in family:
            raise ChainRefused(
                problem=text("{post}@{unit} is neither of the unit, nor of one above it, nor of its ministry",
                             post=kind, unit=number))  # fmt: skip
    query = (
        select(Unit.number, Post)
        .join(Post, Post.unit_id == Unit.id)
        .where(Unit.number.in_({number for number, _ in asked}), Post.kind.in_({kind for _, kind in asked}))
        .where(active(as_of))
    )
    found = {(number, post.kind): post for number, post in session.execute(query)}
    for number, kind in asked:
        if (number, kind) not in found:
            raise ChainRefused(problem=text("the active unit {unit} has no post '{post}'", unit=number, post=kind))
    return found


def _full(name: PostName, unit: Unit) -> tuple[int, str]:
    return name.unit or unit.number, name.kind


def _family(session: Session, unit: Unit, variant: str) -> set[int]:
    """Return the registry numbers of a unit, of all above it, of its ministry and of the unit its variant names."""
    above = select(Unit.id, Unit.parent_id).where(Unit.id == unit.id).cte(recursive=True)
    parent = aliased(Unit)
    above = above.union(select(parent.id, parent.parent_id).join(above, parent.id == above.c.parent_id))
    related = or_(Unit.id.in_(select(above.c.id)), Unit.id == unit.ministry_id, Unit.number == _number(variant))
    return set(session.scalars(select(Unit.number).where(related)))


def _number(variant: str) -> int | None:
    is_number = len(variant) == 8 and variant.isascii() and variant.isdigit()
    return int(variant) if is_number else None


def _require_modules(session: Session, conditions: Sequence[Condition]) -> None:
    """Raise ChainRefused for a module no item belongs to; before items are known, every one may come."""
    asked = {str(condition.value) for condition in conditions if condition.field is Field.MODULE}
    known = set(session.scalars(select(Item.module).distinct())) if asked else set()
    for module in sorted(asked - known if known else ()):
        raise ChainRefused(
            problem=text("no item belongs to the module '{module}'; modules: {known}", module=module,
                         known=sorted(known)))  # fmt: skip


def _require_approval(layout: Layout, posts: dict[int, Post], unit: Unit) -> None:
    """Raise ChainRefused unless the last stage is the ministry's, whatever the document says of itself."""
    last = [slot for slot in layout.slots if slot.stage == layout.slots[-1].stage]
    if last[0].condition is not None:
        raise ChainRefused(
            problem=text("the ministry's approval, the last stage, is always asked: it takes no condition")
        )
    for slot in last:
        post = posts[slot.post_id]
        if unit.ministry_id is not None and post.unit_id != unit.ministry_id:
            raise ChainRefused(problem=text("a chain of this kind ends with the approval of the unit's ministry;"
                                            " {post} is not of it", post=slot.title))  # fmt: skip
        if unit.ministry_id is None and (post.unit_id, post.kind) != (unit.id, APPROVER):
            raise ChainRefused(problem=text("a chain of this kind ends with the unit's own approver;"
                                            " {post} is not that", post=slot.title))  # fmt: skip
