"""``sekaps sign`` and its kin: sign documents, send them back, put them on their way again, withdraw them."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated

import typer
from sqlalchemy import select
from sqlalchemy.orm import Session

from sekaps.cli.asking import AsJson, AsOf, Programme, Year, instant_of_act, require_database
from sekaps.cli.language import _, said
from sekaps.cli.printing import print_json
from sekaps.database import transaction
from sekaps.errors.editions import DocumentUnknown, NothingToSign
from sekaps.keyring import keyring
from sekaps.models.documents import Document
from sekaps.services.editions import EditionView, load_edition
from sekaps.services.outcomes import Outcome
from sekaps.services.registry import require_person
from sekaps.services.requests import DocumentRequest, SignRequest
from sekaps.services.returning import resubmit as resubmit_documents
from sekaps.services.returning import send_back
from sekaps.services.returning import withdraw as withdraw_documents
from sekaps.services.signing import sign as sign_documents
from sekaps.services.waiting import waiting_for
from sekaps.texts import Text, text

HELP = _("Sign documents that wait for one's signature; each is signed or refused with its reason.")
RETURN = _("Send documents back with a reason; they are resubmitted before they are signed again.")
RESUBMIT = _("Put documents that were sent back on their way again; earlier signatures stay as history.")
WITHDRAW = _("Withdraw documents with a reason; nothing is owed of them any more.")
REFUSED = 1

Numbers = Annotated[list[str], typer.Argument(help=_("Numbers of the documents, such as IBC-2023-000123."))]
Signer = Annotated[int, typer.Option("--as", help=_("The signer's manager code (yönetici kodu)."))]
Reason = Annotated[str, typer.Option(help=_("Why."))]
Act = Callable[[Session, EditionView, Sequence[DocumentRequest], datetime], list[Outcome]]


def sign(
    person: Signer,
    year: Year,
    documents: Annotated[list[str] | None, typer.Argument(help=_("Numbers; or --waiting for all of them."))] = None,
    waiting: Annotated[bool, typer.Option("--waiting", help=_("Sign all that wait for this person."))] = False,
    step: Annotated[str, typer.Option(help=_("With --waiting: of one step only, such as 4.a."))] = "",
    programme: Programme = "sekaps",
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Sign the documents in one act and leave with 1 when any was refused."""
    require_database()
    if bool(documents) == waiting:
        raise typer.BadParameter(_("give numbers of documents, or --waiting"))
    with transaction() as session:
        edition = load_edition(session, programme, year)
        ids = _find_documents(session, edition.id, documents or [])
        at, person_id = instant_of_act(edition, as_of), require_person(session, person).id
        ids |= _waiting_for(session, edition, person_id, step, at) if waiting else {}
        requests = [SignRequest(document_id, person_id) for document_id in ids.values()]
        outcomes = sign_documents(session, edition, requests, at, seals=keyring())
    _tell(ids, outcomes, text("signed"), as_json=as_json)


def send_back_(
    documents: Numbers, person: Signer, year: Year, reason: Reason, programme: Programme = "sekaps",
    as_of: AsOf = None, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Send the documents back in one act."""
    _act(send_back, documents, person, year, reason, programme, as_of, text("sent back"), as_json=as_json)


def resubmit(
    documents: Numbers, person: Signer, year: Year, programme: Programme = "sekaps", as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """Resubmit the documents in one act."""
    _act(resubmit_documents, documents, person, year, "", programme, as_of, text("resubmitted"), as_json=as_json)


def withdraw(
    documents: Numbers, person: Signer, year: Year, reason: Reason, programme: Programme = "sekaps",
    as_of: AsOf = None, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Withdraw the documents in one act."""
    _act(withdraw_documents, documents, person, year, reason, programme, as_of, text("withdrawn"), as_json=as_json)


def _act(
    act: Act,
    documents: list[str],
    person: int,
    year: int,
    reason: str,
    programme: str,
    as_of: str | None,
    done: Text,
    *,
    as_json: bool,
) -> None:
    require_database()
    with transaction() as session:
        edition = load_edition(session, programme, year)
        ids, person_id = _find_documents(session, edition.id, documents), require_person(session, person).id
        requests = [DocumentRequest(document_id, person_id, reason) for document_id in ids.values()]
        outcomes = act(session, edition, requests, instant_of_act(edition, as_of))
    _tell(ids, outcomes, done, as_json=as_json)


def _tell(ids: dict[str, int], outcomes: Sequence[Outcome], done: Text, *, as_json: bool) -> None:
    numbers = {document_id: number for number, document_id in ids.items()}
    refused = [outcome for outcome in outcomes if outcome.refusal is not None]
    if as_json:
        rows = [
            {
                "document": numbers[outcome.subject_id],
                "done": outcome.done,
                "refusal": said(outcome.refusal) if outcome.refusal else None,
            }
            for outcome in outcomes
        ]
        print_json(rows)
    else:
        _print(numbers, outcomes, done)
    if refused:
        raise typer.Exit(REFUSED)


def _print(numbers: dict[int, str], outcomes: Sequence[Outcome], done: Text) -> None:
    for outcome in outcomes:
        number = numbers[outcome.subject_id]
        if outcome.refusal is None:
            typer.echo(said(text("{number}: {done}", number=number, done=done)))
        else:
            typer.echo(said(text("{number}: refused: {refusal}", number=number, refusal=outcome.refusal)), err=True)


def _waiting_for(session: Session, edition: EditionView, person_id: int, step: str, at: datetime) -> dict[str, int]:
    found = waiting_for(session, edition, person_id, at, step=step)
    if not found:
        raise NothingToSign()
    return found


def _find_documents(session: Session, edition_id: int, numbers: list[str]) -> dict[str, int]:
    query = select(Document.number, Document.id).where(Document.edition_id == edition_id, Document.number.in_(numbers))
    found = {number: document_id for number, document_id in session.execute(query)}
    for number in numbers:
        if number not in found:
            raise DocumentUnknown(number=number)
    return {number: found[number] for number in numbers}
