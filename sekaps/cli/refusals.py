"""Refusals told by an error: the act is undone, and that it was asked for and refused stands on the audit trail."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from sekaps.cli.asking import instant_of
from sekaps.database import transaction
from sekaps.errors.base import SekapsError
from sekaps.services.refusals import note_refusal

REFUSED = 1
"""The exit code of an act that was understood and refused; a wrong word on the command line is no act."""


@contextmanager
def keeping_refusals(verb: str, asked: Mapping[str, object], as_of: str | None = None) -> Iterator[None]:
    """Put a refused act on the trail with what was asked, and let the error go on."""
    try:
        yield
    except SekapsError as refusal:
        if refusal.exit_code == REFUSED:
            with transaction() as session:
                note_refusal(session, verb, refusal, instant_of(as_of), asked)
        raise
