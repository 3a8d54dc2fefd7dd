"""Needs as people state them: recorded, updated, listed."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from sekaps.domain.form_fields import FormKind
from sekaps.services.editions import EditionView
from sekaps.services.form_lists import FormRow, Wanted, list_forms
from sekaps.services.form_updates import update_form
from sekaps.services.forms import Stated, record_form


def record_need(
    session: Session, edition: EditionView, values: Mapping[str, str], person_id: int, as_of: datetime
) -> Stated:
    """Record a need form; raise FormRefused, UnitUnknown."""
    return record_form(session, edition, FormKind.NEED, values, person_id, as_of)


def update_need(
    session: Session, edition: EditionView, number: str, changes: Mapping[str, str], person_id: int, as_of: datetime
) -> Stated:
    """Change what a need form says; raise FormRefused, DocumentUnknown."""
    return update_form(session, edition, FormKind.NEED, number, changes, person_id, as_of)


def list_needs(session: Session, edition: EditionView, wanted: Wanted) -> list[FormRow]:
    """Return the need forms that are asked for, by number."""
    return list_forms(session, edition, FormKind.NEED, wanted)
