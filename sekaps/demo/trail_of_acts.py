"""The acts behind a country's signatures, as they would stand on the audit trail: grouped, in their order, chained."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from heapq import merge
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sekaps.demo.chance import Places
from sekaps.demo.duties import Small, runs
from sekaps.demo.evening import Evening
from sekaps.demo.signing_days import NEVER
from sekaps.domain.evidence import SignedSlot, digest_of_signatures
from sekaps.domain.gaps import Cause
from sekaps.domain.trail import Entry, digest_of
from sekaps.services.document_acts import NAMED_IN_TRAIL, SEALED
from sekaps.services.editions import EditionView
from sekaps.services.signing import VERB

REASON = "Miktar birim kadrosuyla uyuşmuyor; yeniden düzenlenmesi."
"""Why documents are sent back."""
Digests = NDArray[np.uint8]
"""The content digest of each document, 32 bytes in a row."""


@dataclass(frozen=True)
class Acts:
    """Everything that was done, each act a run of the sorted places of documents and slots."""

    evening: Evening

    @cached_property
    def _keys(self) -> tuple[Places, Places]:
        """Return the places (document and slot in one number) in the order of their acts, and the keys of these.

        Acts of one person on one step at one moment go on the trail together, documents in the order of their ids.
        """
        evening, moments = self.evening, self.evening.moments
        done = np.flatnonzero(moments.ravel() != NEVER)
        document = done // moments.shape[1]
        duties, seats = evening.duties, evening.seats
        mandate = seats.mandate[duties.chain].ravel()[done]
        key = moments.ravel()[done].astype(np.int64) * 2 + self._is_return.ravel()[done]
        key = (key * len(duties.steps) + duties.step[document]) * (int(seats.mandate.max()) + 1) + mandate
        order = np.argsort(key, kind="stable")
        return done[order], key[order]

    @cached_property
    def _is_return(self) -> NDArray[np.bool_]:
        found = np.zeros(self.evening.moments.shape, dtype=bool)
        back = self.evening.returned
        found[back, self.evening.planted.slot[back] - 1] = True
        return found

    @cached_property
    def _instants(self) -> list[datetime]:
        """The instant of each act about documents."""
        places, keys = self._keys
        firsts = [first for first, _ in runs(keys)]
        return [self.evening.instants[int(moment)] for moment in self.evening.moments.ravel()[places[firsts]]]

    @cached_property
    def _ends(self) -> list[tuple[datetime, int]]:
        """The mandates whose end was recorded, in order; a mandate that ran out by itself is no act."""
        ended = self.evening.leavings.items()
        return sorted((at_, mandate) for mandate, (at_, cause) in ended if cause is Cause.POST_VACANT)

    @cached_property
    def ranks(self) -> Places:
        """The place on the trail, from 0, of each act about documents."""
        ends = np.array([at_.timestamp() for at_, _ in self._ends])
        own = np.array([at_.timestamp() for at_ in self._instants])
        return np.arange(len(own)) + np.searchsorted(ends, own, side="right")

    def act_of(self) -> Small:
        """Return by document and slot the place of its act on the trail, from 0."""
        places, keys = self._keys
        found = np.zeros(self.evening.moments.size, dtype=np.int32)
        found[places] = self.ranks[np.cumsum(np.append(0, np.diff(keys) != 0))]
        return found.reshape(self.evening.moments.shape)

    def entries(self, edition: EditionView, first_id: int, digests: Digests | None) -> Iterator[Entry]:
        """Yield every act in its order, with the digest of its signatures where they are sealed."""
        ends = (_end(edition, at_, mandate) for at_, mandate in self._ends)
        places, keys = self._keys
        acts = (
            self._entry(edition, places[first:last], at_, first_id, digests)
            for (first, last), at_ in zip(runs(keys), self._instants, strict=True)
        )
        yield from merge(ends, acts, key=lambda entry: entry.at)

    def _entry(
        self, edition: EditionView, places: Places, at_: datetime, first_id: int, digests: Digests | None
    ) -> Entry:
        evening, width = self.evening, self.evening.moments.shape[1]
        document, slot = np.divmod(places, width)
        duties, seats = evening.duties, evening.seats
        chain, at_slot = duties.chain[document[0]], slot[0]
        person, mandate = int(seats.person[chain, at_slot]), int(seats.mandate[chain, at_slot])
        is_return = bool(self._is_return.ravel()[places[0]])
        ids = (document + first_id).tolist()
        facts: dict[str, Any] = {"documents": ids} if len(ids) <= NAMED_IN_TRAIL else {"digest": digest_of(ids)}
        facts["person"] = person
        if is_return:
            facts["reason"] = REASON
        elif digests is not None:
            signed = (
                SignedSlot(one, 1, place + 1, person, mandate, at_, digests[row].tobytes())
                for one, place, row in zip(ids, slot.tolist(), document.tolist(), strict=True)
            )
            facts[SEALED] = digest_of_signatures(signed)
        activity, step = duties.steps[duties.step[document[0]]]
        return Entry(
            at=at_,
            verb="return_document" if is_return else VERB,
            mandate_id=mandate,
            authority="person",
            edition_id=edition.id,
            revision=edition.revision,
            activity=activity,
            step=step,
            documents=len(ids),
            facts=facts,
        )


def _end(edition: EditionView, at_: datetime, mandate: int) -> Entry:
    facts = {"mandates": [mandate]}
    return Entry(at=at_, verb="end_mandate", edition_id=edition.id, revision=edition.revision, facts=facts)
