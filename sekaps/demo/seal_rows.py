"""The rows of evidence in a generated country: what was signed, certificates, and signatures really made."""

import hashlib
from collections.abc import Iterator
from functools import cached_property
from typing import Any

import numpy as np
from sqlalchemy import Table, select, update
from sqlalchemy.orm import Session

from sekaps.demo.duties import Small
from sekaps.demo.evening import Evening
from sekaps.demo.paperwork import LINES
from sekaps.demo.sealing import Kind, Sealer, SealJob, periods, sealing
from sekaps.demo.stages import CONTENTS, SIGNATURES, Told
from sekaps.demo.trail_of_acts import Digests
from sekaps.demo.work_rows import SIGNATURE_COLUMNS, signed_slots
from sekaps.domain.gaps import Cause
from sekaps.evidence.keys import read_certificate
from sekaps.models.documents import Signature
from sekaps.models.evidence import Certificate
from sekaps.models.registry import Person
from sekaps.services.bulk_rows import BulkWriter
from sekaps.services.document_contents import document_contents
from sekaps.services.evidence import Holder
from sekaps.services.writing import chunked, table_of

READ_AT_ONCE, SEALED_AT_ONCE = 10_000, 20_000
FIRST_PERIOD, PERIODS = 2_000, 200
"""Years a certificate may begin in, as a part of the number that stands for it."""
CERTIFICATE_COLUMNS = ("id", "person_id", "digest", "encoded", "valid_from", "valid_until", "is_test")
CHANGED = {"need_form": "quantity", "resource_form": "capacity"}
"""What is changed of a form after it was signed."""


class SealRows:
    """Writes the evidence of what was signed by an evening."""

    def __init__(self, session: Session, evening: Evening, first_id: int, told: Told) -> None:
        self._session, self._evening, self._first_id, self._told = session, evening, first_id, told
        self._writer = BulkWriter(session)
        self._place, self._slot = signed_slots(evening)
        people = session.execute(select(Person.id, Person.number, Person.name).order_by(Person.id)).all()
        self._people = np.array([person.id for person in people])
        self._holders = [Holder(person.number, person.name) for person in people]

    @cached_property
    def digests(self) -> Digests:
        """The digest of what was signed, by document; read as the documents stand in the database."""
        signed = (np.unique(self._place) + self._first_id).tolist()
        found = np.zeros((len(self._evening.duties), 32), dtype=np.uint8)
        for done, part in enumerate(chunked(signed, READ_AT_ONCE)):
            for document_id, content in document_contents(self._session, part).items():
                digest = hashlib.sha256(content).digest()
                found[document_id - self._first_id] = np.frombuffer(digest, dtype=np.uint8)
            self._told(CONTENTS, min((done + 1) * READ_AT_ONCE, len(signed)), len(signed))
        return found

    @cached_property
    def _person(self) -> Small:
        """The id of who made each signature."""
        chain = self._evening.duties.chain[self._place]
        return self._evening.seats.person[chain, self._slot - 1]

    @cached_property
    def _certificate(self) -> Small:
        """A number for the certificate of each signature: the person's place, the first year, and the kind."""
        planted, moment = self._evening.planted, self._evening.moments[self._place, self._slot - 1]
        begins = periods(self._evening.instants)
        moments, which = np.unique(moment, return_inverse=True)
        period = np.array([begins[int(each)] for each in moments], dtype=np.int64)[which]
        mine = planted.slot[self._place] == self._slot
        kind = np.where(planted.has(Cause.CERTIFICATE_EXPIRED)[self._place] & mine, Kind.RUN_OUT, Kind.IN_FORCE)
        kind = np.where(planted.has(Cause.CERTIFICATE_REVOKED)[self._place] & mine, Kind.REVOKED, kind)
        person = np.searchsorted(self._people, self._person)
        return ((person * PERIODS + period - FIRST_PERIOD) * len(Kind) + kind).astype(np.int32)

    @cached_property
    def _known(self) -> tuple[Small, int]:
        """Every certificate's number, in order, and the id of the first."""
        return np.unique(self._certificate), self._writer.next_id(Certificate)

    def write_certificates(self) -> None:
        """Write the certificates that anything was signed with, and revoke those that are to be."""
        numbers, first = self._known
        with sealing(self._holders, 0) as sealer:
            rows = self._certificate_rows(sealer, numbers, first)
            self._writer.write_rows(Certificate, CERTIFICATE_COLUMNS, rows)
        self._writer.ids_taken(Certificate)

    def _certificate_rows(self, sealer: Sealer, numbers: Small, first: int) -> Iterator[tuple[Any, ...]]:
        earliest = min(self._evening.instants.values(), default=None)
        for place, number in enumerate(numbers.tolist()):
            key = _key(number)
            if key[2] is Kind.REVOKED and earliest is not None:
                sealer.own.revoke(key, earliest)
            encoded = sealer.own.signer(key).certificate
            read = read_certificate(encoded)
            validity = (read.not_valid_before_utc, read.not_valid_after_utc)
            digest = hashlib.sha256(encoded).digest()
            person = int(self._people[key[0]])
            yield first + place, person, digest, encoded, *map(self._writer.instant, validity), True

    def write_signatures(self, act_of: Small) -> None:
        """Make every signature and write it."""
        with sealing(self._holders, len(self._place)) as sealer:
            columns = (*SIGNATURE_COLUMNS, "certificate_id", "content_digest", "signature")
            self._writer.write_rows(Signature, columns, self._signature_rows(sealer, act_of))

    def _signature_rows(self, sealer: Sealer, act_of: Small) -> Iterator[tuple[Any, ...]]:
        starts = range(0, len(self._place), SEALED_AT_ONCE)
        spans = [slice(start, start + SEALED_AT_ONCE) for start in starts]
        for span, signatures in zip(spans, sealer.signatures(map(self._job, spans)), strict=True):
            yield from self._rows(span, signatures, act_of)
            self._told(SIGNATURES, min(span.stop, len(self._place)), len(self._place))

    def _job(self, span: slice) -> SealJob:
        place, slot = self._place[span], self._slot[span]
        moments = self._evening.moments[place, slot - 1].tolist()
        return SealJob(
            digests=[row.tobytes() for row in self.digests[place]],
            certificates=[_key(number) for number in self._certificate[span].tolist()],
            instants=[self._evening.instants[moment] for moment in moments],
        )

    def _rows(self, span: slice, signatures: list[bytes], act_of: Small) -> Iterator[tuple[Any, ...]]:
        place, slot, evening = self._place[span], self._slot[span], self._evening
        numbers, first = self._known
        instants = {moment: self._writer.instant(at) for moment, at in evening.instants.items()}
        columns = (
            (place + self._first_id).tolist(),
            [1] * len(place),
            slot.tolist(),
            self._person[span].tolist(),
            evening.seats.mandate[evening.duties.chain[place], slot - 1].tolist(),
            act_of[place, slot - 1].tolist(),
            [instants[moment] for moment in evening.moments[place, slot - 1].tolist()],
            (first + np.searchsorted(numbers, self._certificate[span])).tolist(),
            [row.tobytes() for row in self.digests[place]],
            signatures,
        )
        return zip(*columns, strict=True)

    def change_bytes(self) -> None:
        """Change what was signed where that is the cause: somebody adds one to the quantity."""
        for kind, column in CHANGED.items():
            changed = self._evening.planted.has(Cause.BYTES_CHANGED) & self._evening.duties.of_kind(kind)
            table: Table = table_of(LINES[kind])
            for part in chunked((np.flatnonzero(changed) + self._first_id).tolist()):
                mine = update(table).where(table.c.document_id.in_(part))
                self._session.execute(mine.values({column: table.c[column] + 1}))


def _key(number: int) -> tuple[int, int, Kind]:
    """Return person, first year and kind of the certificate a number stands for."""
    rest, kind = divmod(number, len(Kind))
    person, period = divmod(rest, PERIODS)
    return person, period + FIRST_PERIOD, Kind(kind)
