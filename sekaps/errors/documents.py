"""Errors of documents on their way through their chains."""

from sekaps.errors.base import SekapsError
from sekaps.texts import text


class DocumentsMoved(SekapsError):
    """Documents did not stand any more where they stood when they were judged; nothing of the act is kept."""

    def __init__(self, *, documents: int) -> None:
        self.documents = documents
        super().__init__(
            text(
                "not all of the {documents} documents stand where they stood when they were judged; nothing was signed."
                " Ask again; if it happens twice, something else than SEKAPS writes to the database",
                documents=documents,
            )
        )
