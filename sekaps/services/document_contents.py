"""The canonical bytes of documents: everything a signer answers for, and nothing that later acts change.

Units, items and places stand in them by their codes, since names change by later acts; no key of the database does.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from sekaps.evidence.canonical import Canonical, canonical_bytes
from sekaps.models.allocation import Item, Need, Resource
from sekaps.models.contracts import Protocol
from sekaps.models.documents import Chain, Document
from sekaps.models.programmes import Edition, Programme
from sekaps.models.registry import Unit
from sekaps.services.prepared import Prepared, among
from sekaps.services.signed_quantities import as_signed
from sekaps.services.writing import chunked

Owner, ChainOwner, NeedSide, ResourceSide = (aliased(Unit) for _ in range(4))
NeedItem, ResourceItem, Before = aliased(Item), aliased(Item), aliased(Document)
HEAD = {
    "programme": Programme.code,
    "year": Edition.year,
    "kind": Document.kind,
    "number": Document.number,
    "unit": Owner.number,
    "activity": Document.activity,
    "step": Document.step,
    "round": Document.round,
    "previous": Before.number,
}
CHAIN = {"unit": ChainOwner.number, "kind": Chain.document_kind, "variant": Chain.variant}
NEED = {
    "item": Need.item_code,
    "measure": NeedItem.measure,
    "quantity": as_signed(Need.quantity),
    "priority": Need.priority,
    "scope": Need.scope,
    "beneficiary": Need.beneficiary,
    "age_group": Need.age_group,
    "province": Need.province_code,
    "district": Need.district_code,
    "necessity": Need.necessity,
    "place": Need.place,
    "needed_from": Need.needed_from,
    "needed_until": Need.needed_until,
    "stated_quantity": Need.stated_quantity,
    "stated_measure": Need.stated_measure,
}
RESOURCE = {
    "item": Resource.item_code,
    "measure": ResourceItem.measure,
    "capacity": as_signed(Resource.capacity),
    "scope": Resource.recorded_scope,
    "origin": Resource.origin,
    "holder": Resource.holder,
    "province": Resource.province_code,
    "district": Resource.district_code,
    "stock": Resource.stock,
    "supplier": Resource.supplier,
    "holder_kind": Resource.holder_kind,
    "holder_number": Resource.holder_number,
    "address": Resource.address,
}
LATER = frozenset({"necessity", "place", "needed_from", "needed_until", "stated_quantity", "stated_measure", "stock",
                   "supplier", "holder_kind", "holder_number", "address"})  # fmt: skip
"""Fields that forms have not had from the beginning: left out where empty, so that older signatures stay true."""
PARTS: dict[str, dict[str, Any]] = {"chain": CHAIN, "need": NEED, "resource": RESOURCE}
"""What stands in the document as an object of its own; one whose first column is empty is left out."""
COLUMNS = [column for part in (HEAD, *PARTS.values()) for column in part.values()]


def document_contents(session: Session, ids: Iterable[int]) -> dict[int, bytes]:
    """Return the canonical bytes of each document, by id, in its present round; unknown ids are left out."""
    return {document_id: canonical_bytes(fields) for document_id, fields in document_fields(session, ids)}


def document_fields(session: Session, ids: Iterable[int]) -> Iterator[tuple[int, dict[str, Canonical]]]:
    """Yield each document's id with what stands in its canonical bytes."""
    for part in chunked(sorted(set(ids))):
        protocols = _protocols(session, part)
        for document_id, *values in _CONTENTS.rows(session, ids=part):
            yield document_id, _fields(values, protocols.get(document_id, []))


def _fields(values: Sequence[Any], protocols: list[dict[str, Canonical]]) -> dict[str, Canonical]:
    told = iter(values)
    fields: dict[str, Canonical] = _object(HEAD, told)
    for name, part in PARTS.items():
        inside = _object(part, told)
        if next(iter(inside.values())) is not None:
            fields[name] = {key: value for key, value in inside.items() if value is not None or key not in LATER}
    if protocols:
        fields["protocols"] = protocols
    return fields


def _object(names: Iterable[str], told: Iterator[Any]) -> dict[str, Canonical]:
    return {name: next(told) for name in names}


_CONTENTS = Prepared(
    select(Document.id, *(column.label(f"column_{place}") for place, column in enumerate(COLUMNS)))
    .join(Edition, Edition.id == Document.edition_id)
    .join(Programme, Programme.id == Edition.programme_id)
    .join(Owner, Owner.id == Document.unit_id)
    .join(Chain, Chain.id == Document.chain_id)
    .join(ChainOwner, ChainOwner.id == Chain.unit_id)
    .outerjoin(Before, Before.id == Document.previous_id)
    .outerjoin(Need, Need.document_id == Document.id)
    .outerjoin(NeedItem, NeedItem.code == Need.item_code)
    .outerjoin(Resource, Resource.document_id == Document.id)
    .outerjoin(ResourceItem, ResourceItem.code == Resource.item_code)
    .where(among(Document.id, "ids"))
)


def _protocols(session: Session, ids: Sequence[int]) -> dict[int, list[dict[str, Canonical]]]:
    """Return the parties of the agreements some documents are, in the order of their numbers."""
    found: dict[int, list[dict[str, Canonical]]] = defaultdict(list)
    for document_id, kind, number, need_side, resource_side in _PARTIES.rows(session, ids=ids):
        parties = {"kind": kind, "number": number, "need_side": need_side, "resource_side": resource_side}
        found[document_id].append(parties)
    return found


_PARTIES = Prepared(
    select(Protocol.document_id, Protocol.kind, Protocol.number)
    .add_columns(NeedSide.number.label("need_side"), ResourceSide.number.label("resource_side"))
    .join(NeedSide, NeedSide.id == Protocol.need_side_id)
    .join(ResourceSide, ResourceSide.id == Protocol.resource_side_id)
    .where(among(Protocol.document_id, "ids"))
    .order_by(Protocol.document_id, Protocol.kind, Protocol.number)
)
