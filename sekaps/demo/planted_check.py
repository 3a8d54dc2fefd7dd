"""Comparing what the audits find in a generated country with what was planted there."""

from collections.abc import Iterable, Set
from datetime import time

from sqlalchemy.orm import Session

from sekaps.calendar.instants import at
from sekaps.demo.generating import Generated
from sekaps.demo.planting import ANYWHERE
from sekaps.errors.editions import AuditMismatch
from sekaps.errors.systems import TrailBroken
from sekaps.keyring import keyring
from sekaps.services.editions import load_edition
from sekaps.services.evidence_audit import audit_evidence
from sekaps.services.gaps import find_gaps
from sekaps.services.trail import broken_links

EVENING = time(23, 59)
PROGRAMME = "sekaps"


def require_as_planted(session: Session, made: Generated, *, thoroughly: bool) -> None:
    """Raise AuditMismatch where the gap audit does not find exactly what was planted.

    Thoroughly: the evidence of every signature and the audit trail, too, which takes as long as signing did.
    """
    edition, as_of = load_edition(session, PROGRAMME, made.year), at(made.through, EVENING)
    waiting = {(one.document, one.slot, one.cause) for one in made.answers if one.cause not in ANYWHERE}
    _compare(waiting, ((gap.document, gap.slot, gap.cause) for gap in find_gaps(session, edition, as_of)))
    if thoroughly:
        flaws = audit_evidence(session, edition.id, keyring().trust(as_of)).flaws
        unsound = {(one.document, one.cause) for one in made.answers if one.cause in ANYWHERE}
        _compare(unsound, ((flaw.document or "", flaw.cause) for flaw in flaws))
        broken = [link.first or 0 for link in broken_links(session)]
        if broken:
            raise TrailBroken(sequences=broken)


def _compare(planted: Set[tuple[object, ...]], audited: Iterable[tuple[object, ...]]) -> None:
    found = set(audited)
    if planted != found:
        raise AuditMismatch(planted=len(planted), found=len(found), first=min(map(str, planted ^ found)))
