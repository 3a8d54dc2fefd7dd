"""Errors of asking for coverage."""

from collections.abc import Sequence

from sekaps.errors.base import SekapsError
from sekaps.texts import text


class SectorUnknown(SekapsError):
    """No item belongs to such a sector."""

    def __init__(self, *, sector: str, known: Sequence[str]) -> None:
        self.sector, self.known = sector, tuple(known)
        super().__init__(text("no sector '{sector}'; there are: {known}", sector=sector, known=list(known) or "-"))
