"""Several files in one command: those an earlier run of it has taken over are not taken over again."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from sekaps.errors.forms import TableUnreadable
from sekaps.models.trail import Act
from sekaps.services.table_bytes import digest_of
from sekaps.services.table_files import KINDS
from sekaps.texts import text

SERVICE_KINDS = (".json", ".xml")
"""What the registry's web service answers in."""


def files_of(paths: Sequence[Path]) -> list[Path]:
    """Return the files in their order, those of a folder by name; raise TableUnreadable for a folder without any."""
    found: list[Path] = []
    for path in paths:
        if not path.is_dir():
            found.append(path)
            continue
        inside = sorted(each for each in path.iterdir() if each.name.lower().endswith((*KINDS, *SERVICE_KINDS)))
        if not inside:
            raise TableUnreadable(path=str(path), problem=text("the folder holds none of {kinds}", kinds=KINDS))
        found += inside
    return found


def files_left(
    session: Session, files: Sequence[Path], verb: str, told: Mapping[str, object], edition_id: int | None = None
) -> list[Path]:
    """Return the files after the one that was taken over last; all of them where the last one taken is none of them.

    The order counts: a later file may tell otherwise of what an earlier one told, and telling the earlier one again
    would undo that. A file alone is always taken: it changes nothing if nothing has changed.
    """
    if len(files) < 2:  # noqa: PLR2004 - a batch
        return list(files)
    last = _last_digest(session, verb, told, edition_id)
    places = [place for place, path in enumerate(files, 1) if last and digest_of(path) == last]
    return list(files[places[-1] if places else 0 :])


def _last_digest(session: Session, verb: str, told: Mapping[str, object], edition_id: int | None) -> object:
    """Return the digest of the file of the last such act."""
    query = select(Act.facts).where(Act.verb == verb, Act.outcome == "done").order_by(Act.id.desc())
    facts = session.scalars(query if edition_id is None else query.where(Act.edition_id == edition_id))
    return next((each.get("digest") for each in facts if told.items() <= each.items()), None)
