"""The gates of an edition as they stand, extensions included; asked in the transaction of the change they allow."""

from datetime import datetime

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from sekaps.domain.gates import ExtensionTerms, Gate, Scope
from sekaps.models.base import Instant
from sekaps.models.programmes import Extension
from sekaps.services.editions import EditionView
from sekaps.services.prepared import Prepared
from sekaps.texts import Text, text


def gate_of(session: Session, edition: EditionView, activity: str, step: str, as_of: datetime) -> Gate:
    """Return the gate of one step with the extensions in force at that instant."""
    return Gate(
        activity=activity,
        step=step,
        name=step_name(edition, activity, step),
        window=edition.window(activity, step),
        extensions=tuple(terms for terms in openings(session, edition, as_of) if terms.activity == activity),
    )


def step_name(edition: EditionView, activity: str, step: str) -> Text:
    """Return what people call a step: the activity's title and the step's printed place."""
    return text("{activity} (row {step})", activity=edition.activity(activity).name, step=step)


def openings(session: Session, edition: EditionView, as_of: datetime) -> tuple[ExtensionTerms, ...]:
    """Return what keeps gates open beyond their windows: extensions in force, and last days that orders moved."""
    return (*extension_terms(session, edition.id, as_of), *edition.moved)


def extension_terms(session: Session, edition_id: int, as_of: datetime) -> tuple[ExtensionTerms, ...]:
    """Return the extensions of an edition in force at an instant, in the order they were issued."""
    return tuple(
        ExtensionTerms(
            row.activity, row.step, Scope(row.scope), row.scope_code, row.since, row.until, row.letter_number
        )
        for row in _TERMS.rows(session, edition_id=edition_id, as_of=as_of)
    )


_AS_OF = bindparam("as_of", type_=Instant)
_TERMS = Prepared(
    select(Extension.activity, Extension.step, Extension.scope, Extension.scope_code)
    .add_columns(Extension.since, Extension.until, Extension.letter_number)
    .where(Extension.edition_id == bindparam("edition_id"), Extension.issued_at <= _AS_OF)
    .where(or_(Extension.revoked_at.is_(None), Extension.revoked_at > _AS_OF))
    .order_by(Extension.id)
)
