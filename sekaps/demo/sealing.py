"""Really signing for a whole country: everybody's certificates, and signatures made by several processes at once.

Besides the certificate in force a person has two that cannot stand for a signature: the one that ran out before it,
and one that was revoked before anything was signed with it.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from functools import lru_cache
from multiprocessing import get_context
from os import cpu_count
from typing import TypeAlias

from sekaps.evidence.certificates import Subject
from sekaps.evidence.kept import sign_digest_kept
from sekaps.evidence.keys import Signer
from sekaps.evidence.revocations import Reason
from sekaps.keyring import CERTIFICATE_YEARS, ORGANISATION, AuthorityKeys, period_of, revoker
from sekaps.services.evidence import Holder

FEW = 20_000
"""So many signatures this process makes by itself; starting others would take longer."""
AHEAD = 2
"""Jobs that wait for each process, so that none is idle and few are held in memory."""
REPLACED_AFTER = timedelta(days=1)
"""How much later than the usual certificate the one that is revoked begins."""


class Kind(IntEnum):
    """What became of a certificate by the time it signs."""

    IN_FORCE = 0
    """It holds."""
    RUN_OUT = 1
    """Its years were over."""
    REVOKED = 2
    """It had been revoked."""


CertificateKey: TypeAlias = tuple[int, int, Kind]
"""The person's place among the holders, the year the person's certificates in force begin, and the kind."""


@dataclass(frozen=True, slots=True)
class SealJob:
    """Signatures to make: the digests of what is signed, by which certificate, at which instants."""

    digests: Sequence[bytes]
    certificates: Sequence[CertificateKey]
    instants: Sequence[datetime]


class Seal:
    """Signs for holders of certificates of the local test authority."""

    def __init__(self, holders: Sequence[Holder]) -> None:
        self._holders, self._keys = holders, revoker()
        self.signer = lru_cache(maxsize=None)(self._signer)

    def sign(self, job: SealJob) -> list[bytes]:
        """Return the raw signatures of a job, in its order."""
        asked = zip(job.digests, job.certificates, job.instants, strict=True)
        return [sign_digest_kept(digest, self.signer(key), at).signature for digest, key, at in asked]

    def revoke(self, key: CertificateKey, at: datetime) -> None:
        """Let the authority revoke a certificate from an instant on; revoked before, it stays as it was."""
        self._keys.revoke(self.signer(key).certificate, at, Reason.SUPERSEDED)

    def _signer(self, key: CertificateKey) -> Signer:
        person, period, kind = key
        holder = self._holders[person]
        if kind is Kind.REVOKED:
            return _replaced(self._keys, holder, period)
        begins = period - CERTIFICATE_YEARS if kind is Kind.RUN_OUT else period
        return self._keys.signer_of(holder.name, str(holder.number), begins)


def _replaced(keys: AuthorityKeys, holder: Holder, period: int) -> Signer:
    """Return the person's other certificate of the same years."""
    begins, ends = (datetime(year, 1, 1, tzinfo=UTC) for year in (period, period + CERTIFICATE_YEARS))
    subject = Subject(holder.name, str(holder.number), ORGANISATION)
    return keys.authority.signer_for(subject, begins + REPLACED_AFTER, ends)


def periods(instants: Mapping[int, datetime]) -> dict[int, int]:
    """Return by moment the year in which the certificates in force then begin."""
    return {moment: period_of(at) for moment, at in instants.items()}


@contextmanager
def sealing(holders: Sequence[Holder], signatures: int) -> Iterator["Sealer"]:
    """Give what makes so many signatures: this process when they are few, otherwise one for each core besides."""
    if signatures <= FEW:
        yield Sealer(Seal(holders))
        return
    context = get_context("spawn")
    with ProcessPoolExecutor(cpu_count(), context, initializer=_open, initargs=(holders,)) as pool:
        yield Sealer(Seal(holders), pool)


@dataclass(frozen=True, slots=True)
class Sealer:
    """Makes signatures job by job, by other processes where there are any."""

    own: Seal
    pool: ProcessPoolExecutor | None = None

    def signatures(self, jobs: Iterable[SealJob]) -> Iterator[list[bytes]]:
        """Yield the signatures of each job, in the order of the jobs."""
        if self.pool is None:
            yield from map(self.own.sign, jobs)
            return
        ahead = AHEAD * (cpu_count() or 1)
        waiting: deque[Future[list[bytes]]] = deque()
        for job in jobs:
            waiting.append(self.pool.submit(_sign, job))
            if len(waiting) > ahead:
                yield waiting.popleft().result()
        yield from (future.result() for future in waiting)


_seals: list[Seal] = []
"""What this process signs with, where it was started to sign."""


def _open(holders: Sequence[Holder]) -> None:
    _seals[:] = [Seal(holders)]


def _sign(job: SealJob) -> list[bytes]:
    return _seals[0].sign(job)
