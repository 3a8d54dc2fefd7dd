"""``sekaps document``: one document with its evidence, on the screen, as files anybody can check, and on paper."""

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from sekaps import clock
from sekaps.cli.asking import AsJson, AsOf, Programme, Year, instant_of_act, require_database
from sekaps.cli.language import _, current, said
from sekaps.cli.printing import console, print_json, table
from sekaps.database import reading
from sekaps.errors.exports import ExportNotWritten
from sekaps.evidence.certificates import is_test_certificate
from sekaps.evidence.pdf import document_pdf
from sekaps.evidence.trust import Trust
from sekaps.evidence.verdicts import SENTENCES
from sekaps.keyring import keyring, seal_pdf
from sekaps.reports.document_page import document_page, field_rows
from sekaps.services.document_papers import CONTENT, ROOTS, DocumentPaper, document_paper, files_of, verdict_of
from sekaps.services.editions import load_edition
from sekaps.services.files import replace_file
from sekaps.texts import Sayable, text

app = typer.Typer(no_args_is_help=True, help=_("One document with its evidence: shown, exported, printed."))
Number = Annotated[str, typer.Argument(metavar="NUMBER", help=_("Number of the document, such as IBC-2023-000123."))]
OLDER = text("without evidence: signed before signatures carried it")


@app.command(help=_("What a document says, who signed it, and what holds of each signature now."))
def show(
    number: Number, year: Year, programme: Programme = "sekaps", as_of: AsOf = None, as_json: AsJson = False
) -> None:
    """Print the document, its signatures verified as of now."""
    require_database()
    with reading() as session:
        edition = load_edition(session, programme, year)
        paper, trust = document_paper(session, edition, number), keyring().trust(instant_of_act(edition, as_of))
    if as_json:
        print_json(_json(paper, trust))
    else:
        _print(paper, trust)


@app.command(help=_("Write the signed bytes, a CMS signature (.p7s) for each signer and the roots into a folder."))
def export(
    number: Number,
    year: Year,
    out: Annotated[Path, typer.Option(metavar="DIR", help=_("Folder to write into; made if it is not there."))],
    programme: Programme = "sekaps",
    as_of: AsOf = None,
) -> None:
    """Write the files and say how anybody checks them."""
    require_database()
    with reading() as session:
        edition = load_edition(session, programme, year)
        paper, trust = document_paper(session, edition, number), keyring().trust(instant_of_act(edition, as_of))
    for name, content in files_of(paper, trust).items():
        typer.echo(said(text("written: {path}", path=write_paper(out / name, content))))
    for each in paper.present:
        if each.kept is not None:
            typer.echo(
                f"openssl cms -verify -cades -binary -inform DER -in {out / f'imza-{each.slot}.p7s'} -content"
                f" {out / CONTENT} -CAfile {out / ROOTS} -attime {int(each.at.timestamp())} -out /dev/null"
            )


@app.command(help=_("Write a document as one page (PDF), signed and time-stamped by the house (PAdES)."))
def pdf(
    number: Number,
    year: Year,
    out: Annotated[Path, typer.Option(metavar="FILE", help=_("File to write."))],
    programme: Programme = "sekaps",
    as_of: AsOf = None,
) -> None:
    """Write the page."""
    require_database()
    with reading() as session:
        edition = load_edition(session, programme, year)
        paper, at = document_paper(session, edition, number), instant_of_act(edition, as_of)
    is_test = is_test_certificate(keyring().own(at).certificate)
    page = document_page(paper, edition.programme, at, current(), is_test=is_test)
    signed = seal_pdf(document_pdf(page, current()), at, said(text("a true image of {number}", number=number)))
    typer.echo(said(text("written: {path}", path=write_paper(out, signed))))


@app.command(help=_("Sign and time-stamp a PDF that leaves the house (PAdES), such as the exported plan."))
def seal(
    file: Annotated[Path, typer.Argument(metavar="PDF", help=_("File to sign; it stays as it is."))],
    out: Annotated[Path, typer.Option(metavar="FILE", help=_("File to write."))],
    reason: Annotated[str, typer.Option(help=_("Why."))],
) -> None:
    """Write the signed file."""
    signed = seal_pdf(file.read_bytes(), clock.now(), reason)
    typer.echo(said(text("written: {path}", path=write_paper(out, signed))))


def write_paper(path: Path, content: bytes) -> Path:
    """Write a file, its folder too, and return its path; raise ExportNotWritten."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return replace_file(path, content)
    except OSError as failure:
        raise ExportNotWritten(path=str(path), reason=failure.strerror or str(failure)) from failure


def _json(paper: DocumentPaper, trust: Trust) -> dict[str, object]:
    rows = []
    for each in paper.signatures:
        verdict = verdict_of(paper, each, trust)
        rows.append(
            {
                **{name: getattr(each, name) for name in ("round", "slot", "post", "person", "number", "mandate")},
                "at": each.at.isoformat(),
                "certificate": each.serial or None,
                "test": each.is_test,
                "verdict": verdict.value if verdict else None,
            }
        )
    return {
        "number": paper.number,
        "state": paper.state,
        "round": paper.round,
        "digest": paper.digest.hex(),
        "content": paper.fields,
        "signatures": rows,
    }


def _print(paper: DocumentPaper, trust: Trust) -> None:
    out, fields = console(), table(paper.number, _("what"), _("value"))
    for label, value in field_rows(paper, current()):
        fields.add_row(escape(label), escape(value))
    out.print(fields)
    headings = (_("round"), _("slot"), _("post"), _("name"), _("signed at"), _("certificate"), _("evidence"))
    signed = table(_("Signatures"), *headings)
    for each in paper.signatures:
        verdict = verdict_of(paper, each, trust)
        told: Sayable = SENTENCES[verdict] if verdict else OLDER
        cells = (str(each.round), str(each.slot), each.post, each.person, said(each.at), each.serial, said(told))
        signed.add_row(*map(escape, cells))
    out.print(signed)
    out.print(said(text("SHA-256 of the signed bytes: {digest}", digest=paper.digest.hex())))
