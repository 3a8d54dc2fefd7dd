"""``sekaps import``: files of needs, resources, supplier feeds, units and people; all of a file, or nothing of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from sekaps.cli import registry, signatory
from sekaps.cli.asking import AsJson, AsOf, Programme, instant_of_act, require_database
from sekaps.cli.form_files import FormOrder, take_forms
from sekaps.cli.language import _, said
from sekaps.cli.row_flaws import Errors, errors_beside
from sekaps.database import reading
from sekaps.domain.form_fields import FormKind
from sekaps.domain.suppliers import Feed
from sekaps.services.editions import load_edition
from sekaps.services.form_import import VERB
from sekaps.services.import_batches import files_left, files_of
from sekaps.texts import text

HELP = _(
    "Take files over, each whole or not at all: CSV (also .gz, .zst), Excel or Parquet. The same file twice is one."
)


class Subject(StrEnum):
    """What a file is about."""

    NEEDS = "needs"
    RESOURCES = "resources"
    VEHICLES = "vehicles"
    MACHINES = "machines"
    MANPOWER = "manpower"
    UNITS = "units"
    PEOPLE = "people"


@dataclass(frozen=True, slots=True)
class _Taking:
    """How one file of a subject is taken over, and the acts of the trail that tell of files taken before."""

    take: Callable[[Path, Path], None]
    verb: str
    facts: Mapping[str, object]
    edition_id: int | None = None


def import_file(
    subject: Annotated[Subject, typer.Argument(metavar="SUBJECT", help=_("What the files are about."))],
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help=_("The files, or folders of them."))],
    year: Annotated[int, typer.Option(help=_("The edition's year; needed for forms."))] = 0,
    check_only: Annotated[bool, typer.Option("--check-only", help=_("Judge every row, and store nothing."))] = False,
    errors: Errors = None,
    by: Annotated[str, typer.Option(help=_("For people: manager code of who records, or 'authority'."))] = "",
    whole: Annotated[bool, typer.Option("--whole", help=_("For units: close the units the file lacks."))] = False,
    programme: Programme = "sekaps",
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Take the files over, one after the other, and say what each changed."""
    require_database()
    found = files_of(files)
    if len(found) > 1 and (whole or errors):
        raise typer.BadParameter(_("give one file with --whole or --errors"), param_hint="FILE")
    if subject is Subject.UNITS:
        taking = _units(whole=whole, check_only=check_only, as_json=as_json)
    elif subject is Subject.PEOPLE:
        taking = _people(by, check_only=check_only, as_json=as_json)
    else:
        taking = _forms(subject, programme, year, as_of, check_only=check_only, as_json=as_json)
    _take_all(taking, found, errors, as_json=as_json)


def _take_all(taking: _Taking, files: Sequence[Path], errors: Path | None, *, as_json: bool) -> None:
    """Take over the files that are left, and stop at the first that is refused."""
    with reading() as session:
        left = files_left(session, files, taking.verb, taking.facts, taking.edition_id)
    if len(left) < len(files) and not as_json:
        passed = [path.name for path in files[: len(files) - len(left)]]
        typer.echo(said(text("taken over before, and not again: {files}", files=passed)))
    for path in left:
        if len(files) > 1 and not as_json:
            typer.echo(said(text("{file}:", file=path.name)))
        taking.take(path, errors_beside(path, errors))


def _units(*, whole: bool, check_only: bool, as_json: bool) -> _Taking:
    def take(path: Path, errors: Path) -> None:
        registry.take_units(path, errors, whole=whole, close_many=False, check_only=check_only, as_json=as_json)

    return _Taking(take, registry.IMPORT, {})


def _people(by: str, *, check_only: bool, as_json: bool) -> _Taking:
    if not by:
        raise typer.BadParameter(_("people are recorded by somebody; say who"), param_hint="--by")

    def take(path: Path, errors: Path) -> None:
        signatory.take_people(path, errors, signatory.granted_by(by, ""), check_only=check_only, as_json=as_json)

    return _Taking(take, signatory.IMPORT, {})


def _forms(
    subject: Subject, programme: str, year: int, as_of: str | None, *, check_only: bool, as_json: bool
) -> _Taking:
    if not year:
        raise typer.BadParameter(_("forms belong to a year; say which"), param_hint="--year")
    kind = FormKind.NEED if subject is Subject.NEEDS else FormKind.RESOURCE
    feed = next((each for each in Feed if each.value == subject.value), None)
    order = FormOrder(kind, feed, as_of, check_only)
    with reading() as session:
        edition = load_edition(session, programme, year)
        at = instant_of_act(edition, as_of)

    def take(path: Path, errors: Path) -> None:
        take_forms(order, path, errors, edition, at, as_json=as_json)

    return _Taking(take, VERB, order.facts, edition.id)
