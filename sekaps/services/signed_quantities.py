"""The quantity a form was signed with: its row holds what holds now, the first revision since what it held before."""

from typing import Any

from sqlalchemy import ColumnElement, func, select

from sekaps.models.allocation import FormRevision
from sekaps.models.documents import Document


def as_signed(held: Any) -> ColumnElement[int]:
    """Return the signed figure of a column of needs or resources; the document is one the query names."""
    before = (
        select(FormRevision.quantity_before)
        .where(FormRevision.document_id == Document.id, FormRevision.at >= Document.waiting_since)
        .order_by(FormRevision.id)
        .limit(1)
        .correlate(Document)
        .scalar_subquery()
    )
    return func.coalesce(before, held)
