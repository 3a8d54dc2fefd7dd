"""``sekaps sign``: sign documents that wait for one's signature."""

from typing import Annotated

import typer
from sqlalchemy import select
from sqlalchemy.orm import Session

from sekaps.cli.asking import AsJson, AsOf, Programme, Year, instant_of_act, require_database
from sekaps.cli.language import _, said
from sekaps.cli.printing import print_json
from sekaps.database import transaction
from sekaps.errors.editions import DocumentUnknown, PersonUnknown
from sekaps.models.documents import Document
from sekaps.models.registry import Person
from sekaps.services.editions import load_edition
from sekaps.services.outcomes import Outcome
from sekaps.services.requests import SignRequest
from sekaps.services.signing import sign as sign_documents
from sekaps.texts import text

HELP = _("Sign documents that wait for one's signature; each is signed or refused with its reason.")
REFUSED = 1


def sign(
    documents: Annotated[list[str], typer.Argument(help=_("Numbers of the documents, such as IBC-2023-000123."))],
    person: Annotated[int, typer.Option("--as", help=_("The signer's manager code (yönetici kodu)."))],
    year: Year,
    programme: Programme = "sekaps",
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Sign the documents in one act and leave with 1 when any was refused."""
    require_database()
    with transaction() as session:
        edition = load_edition(session, programme, year)
        ids = _find_documents(session, edition.id, documents)
        person_id = _find_person(session, person)
        requests = [SignRequest(document_id, person_id) for document_id in ids.values()]
        outcomes = sign_documents(session, edition, requests, instant_of_act(edition, as_of))
    numbers = {document_id: number for number, document_id in ids.items()}
    _tell({numbers[outcome.subject_id]: outcome for outcome in outcomes}, as_json=as_json)


def _tell(outcomes: dict[str, Outcome], *, as_json: bool) -> None:
    refusals = {number: outcome.refusal for number, outcome in outcomes.items() if outcome.refusal is not None}
    if as_json:
        rows = [
            {"document": number, "signed": outcome.done, "refusal": said(outcome.refusal) if outcome.refusal else None}
            for number, outcome in outcomes.items()
        ]
        print_json(rows)
    else:
        for number in outcomes.keys() - refusals.keys():
            typer.echo(said(text("{number}: signed", number=number)))
        for number, refusal in refusals.items():
            typer.echo(said(text("{number}: refused: {refusal}", number=number, refusal=refusal)), err=True)
    if refusals:
        raise typer.Exit(REFUSED)


def _find_documents(session: Session, edition_id: int, numbers: list[str]) -> dict[str, int]:
    query = select(Document.number, Document.id).where(Document.edition_id == edition_id, Document.number.in_(numbers))
    found = {number: document_id for number, document_id in session.execute(query)}
    for number in numbers:
        if number not in found:
            raise DocumentUnknown(number=number)
    return {number: found[number] for number in numbers}


def _find_person(session: Session, number: int) -> int:
    person_id = session.scalar(select(Person.id).where(Person.number == number))
    if person_id is None:
        raise PersonUnknown(number=number)
    return person_id
