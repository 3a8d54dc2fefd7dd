"""The gates of an edition as they stand, extensions included; asked in the transaction of the change they allow."""

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from sekaps.domain.gates import ExtensionTerms, Gate, Scope
from sekaps.models.base import Instant
from sekaps.models.programmes import Extension
from sekaps.services.editions import EditionView
from sekaps.services.prepared import Prepared
from sekaps.texts import Text, text

TOLD_KEPT = 64
"""Lists of extensions kept once read: one edition's stays the same for days."""
SINCE, LETTER = 5, 7
"""Places in a row of terms: its two days stand from the one to before the other."""


def gate_of(session: Session, edition: EditionView, activity: str, step: str, as_of: datetime) -> Gate:
    """Return the gate of one step with the extensions in force at that instant."""
    return gate_under(edition, activity, step, openings(session, edition, as_of))


def gate_under(edition: EditionView, activity: str, step: str, terms: Iterable[ExtensionTerms]) -> Gate:
    """Return the gate of one step under what keeps gates open beyond their windows."""
    return Gate(
        activity=activity,
        step=step,
        name=step_name(edition, activity, step),
        window=edition.window(activity, step),
        extensions=tuple(each for each in terms if each.activity == activity),
    )


def step_name(edition: EditionView, activity: str, step: str) -> Text:
    """Return what people call a step: the activity's title and the step's printed place."""
    return text("{activity} (row {step})", activity=edition.activity(activity).name, step=step)


def openings(session: Session, edition: EditionView, as_of: datetime) -> tuple[ExtensionTerms, ...]:
    """Return what keeps gates open beyond their windows: extensions in force, and last days that orders moved."""
    return (*extension_terms(session, edition.id, as_of), *edition.moved)


def extension_terms(session: Session, edition_id: int, as_of: datetime) -> tuple[ExtensionTerms, ...]:
    """Return the extensions of an edition in force at an instant, in the order they were issued."""
    return _terms(_TERMS.rows(session, edition_id=edition_id, as_of=as_of))


@lru_cache(maxsize=TOLD_KEPT)
def told_terms(told: str) -> tuple[ExtensionTerms, ...]:
    """Return the extensions that a gathered answer tells; kept by all it tells of them."""
    rows = json.loads(told)
    for row in rows:
        row[SINCE:LETTER] = map(date.fromisoformat, row[SINCE:LETTER])
    return _terms(rows)


def _terms(rows: Iterable[Sequence[Any]]) -> tuple[ExtensionTerms, ...]:
    in_order = sorted(rows, key=itemgetter(0))
    return tuple(
        ExtensionTerms(activity, step, Scope(scope), code, since, until, letter)
        for _, activity, step, scope, code, since, until, letter in in_order
    )


_AS_OF = bindparam("as_of", type_=Instant)
TERMS = (
    select(Extension.id, Extension.activity, Extension.step, Extension.scope, Extension.scope_code)
    .add_columns(Extension.since, Extension.until, Extension.letter_number)
    .where(Extension.edition_id == bindparam("edition_id"), Extension.issued_at <= _AS_OF)
    .where(or_(Extension.revoked_at.is_(None), Extension.revoked_at > _AS_OF))
)
_TERMS = Prepared(TERMS)
