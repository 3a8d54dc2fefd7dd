"""``sekaps audit signatures --prove``: that documents, signatures and the trail agree, by counting alone."""

from dataclasses import asdict

import typer

from sekaps.cli.language import _, said
from sekaps.cli.printing import console, print_json
from sekaps.database import reading
from sekaps.services.counting_proof import Proof, prove_slots
from sekaps.services.evidence_doubts import miscounted_acts
from sekaps.texts import counted, text

FOUND = 1
SHOWN = 100


def prove(*, as_json: bool) -> None:
    """Print the counting proof over all editions; leave with 1 when something does not agree."""
    with reading() as session:
        proof, acts = prove_slots(session), miscounted_acts(session)
    if as_json:
        print_json({**asdict(proof), "miscounted_acts": acts})
    else:
        _print(proof, acts)
    if proof.disagreeing or acts:
        raise typer.Exit(FOUND)


def _print(proof: Proof, acts: list[int]) -> None:
    out = console()
    facts = {"documents": proof.documents, "signatures": proof.signatures, "looked_at": proof.looked_at}
    out.print(said(text("{documents} documents and {signatures} signatures counted; {looked_at} looked up "
                        "one by one", **counted(facts))))  # fmt: skip
    if not proof.disagreeing and not acts:
        out.print(_("every document waits for the slot its signatures leave open; every act has its signatures"))
    for number in proof.disagreeing[:SHOWN]:
        out.print(said(text("{number} does not agree with its signatures", number=number)))
    for place in acts[:SHOWN]:
        out.print(said(text("act {act} has not the signatures the trail tells of", act=place)))
