"""Resources as people state them: recorded, updated, listed."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from sekaps.domain.form_fields import FormKind
from sekaps.services.editions import EditionView
from sekaps.services.form_lists import FormRow, Wanted, list_forms
from sekaps.services.form_updates import update_form
from sekaps.services.forms import Stated, record_form


def record_resource(
    session: Session, edition: EditionView, values: Mapping[str, str], person_id: int, as_of: datetime
) -> Stated:
    """Record a resource form; raise FormRefused, UnitUnknown."""
    return record_form(session, edition, FormKind.RESOURCE, values, person_id, as_of)


def update_resource(
    session: Session, edition: EditionView, number: str, changes: Mapping[str, str], person_id: int, as_of: datetime
) -> Stated:
    """Change what a resource form says; raise FormRefused, DocumentUnknown."""
    return update_form(session, edition, FormKind.RESOURCE, number, changes, person_id, as_of)


def list_resources(session: Session, edition: EditionView, wanted: Wanted) -> list[FormRow]:
    """Return the resource forms that are asked for, by number."""
    return list_forms(session, edition, FormKind.RESOURCE, wanted)
