"""Whatever combination of gaps and flaws is planted, the audits and the observatory report exactly that one."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from planted import (
    CAUSES,
    CHAIN,
    JUNE,
    LATER,
    MARCH,
    Flaws,
    Gaps,
    Ground,
    certificate_expired,
    prepare,
    returned,
    signer,
)
from small_country import make_country
from sqlalchemy import update

from sekaps.cli.main import run
from sekaps.database import transaction
from sekaps.domain.closing_acts import PENDING
from sekaps.domain.gaps import Cause
from sekaps.evidence.local_authority import LocalAuthority
from sekaps.keyring import AUTHORITY_FROM, AuthorityKeys, keyring
from sekaps.models.registry import Mandate
from sekaps.services.evidence_audit import audit_evidence
from sekaps.services.gaps import find_gaps
from sekaps.services.observatory import observe
from sekaps.services.registry import end_mandates

HARMS = (
    Cause.CERTIFICATE_UNFIT,
    Cause.ISSUER_UNKNOWN,
    Cause.DIGEST_CHANGED,
    Cause.CERTIFICATE_CHANGED,
    Cause.EVIDENCE_MISSING,
    Cause.OFF_THE_TRAIL,
    Cause.SIGNATURE_BROKEN,
)
"""The causes that a hand in the database leaves behind, besides those planted in every combination."""


@pytest.fixture
def ground(database: object) -> Iterator[Ground]:
    with transaction() as session:
        yield prepare(make_country(session))


def gaps_found(ground: Ground) -> Gaps:
    found = find_gaps(ground.country.session, ground.country.edition, JUNE)
    return {gap.document: (gap.cause, gap.slot, gap.waits_at, gap.since) for gap in found}


def gaps_observed(ground: Ground) -> Gaps:
    piles = observe(ground.country.session, ground.country.edition, JUNE).piles
    assert {pile.documents for pile in piles} <= {1}
    return {pile.example: (pile.cause, pile.slot, pile.waits_at.number, pile.since) for pile in piles}


def flaws_found(ground: Ground) -> Flaws:
    ground.country.session.expire_all()
    flaws = audit_evidence(ground.country.session, ground.country.edition.id, ground.trust).flaws
    return {(flaw.document, flaw.slot, flaw.cause) for flaw in flaws}


def exactly_what_was_planted(ground: Ground) -> None:
    assert gaps_found(ground) == ground.gaps
    assert gaps_observed(ground) == ground.gaps
    assert flaws_found(ground) == ground.flaws


def combine(ground: Ground, causes: Sequence[Cause]) -> int:
    """Compare with and without each cause, in every combination with the others; return how many there were."""
    if not causes:
        exactly_what_was_planted(ground)
        return 1
    without = combine(ground, causes[1:])
    planted = replace(ground, gaps=dict(ground.gaps), flaws=set(ground.flaws))
    with ground.country.session.begin_nested() as savepoint:
        CAUSES[causes[0]](planted)
        together = combine(planted, causes[1:])
        savepoint.rollback()
    return without + together


def test_every_combination_of_planted_causes_is_reported_and_nothing_else(sqlite_database: object) -> None:
    with transaction() as session:
        assert combine(prepare(make_country(session)), list(CAUSES)) == 2 ** len(CAUSES)


@pytest.mark.parametrize("cause", CAUSES)
def test_each_cause_alone_is_reported_on_every_database(ground: Ground, cause: Cause) -> None:
    CAUSES[cause](ground)
    exactly_what_was_planted(ground)


# One document with two causes: what it waits for, and a signature of it that does not hold


def changed(ground: Ground, form: int, number: str) -> None:
    """Break the first signature of a form."""
    ground.tamper(form, 1, signature=b"\7" * 71)
    ground.flaws.add((number, 1, Cause.SIGNATURE_BROKEN))


def test_a_document_sent_back_is_reported_with_the_signature_of_its_former_round(ground: Ground) -> None:
    changed(ground, returned(ground, "IBC-two"), "IBC-two")
    exactly_what_was_planted(ground)


@pytest.mark.parametrize("cause", [Cause.WAITING, Cause.POST_VACANT, Cause.MANDATE_EXPIRED])
def test_a_document_that_waits_is_reported_with_its_broken_signature(ground: Ground, cause: Cause) -> None:
    changed(ground, ground.need("IBC-two", CHAIN[0]), "IBC-two")
    ground.gaps["IBC-two"] = (cause, 2, 20000009, MARCH)
    mandate = ground.country.mandates[CHAIN[1]]
    if cause is Cause.POST_VACANT:
        assert end_mandates(ground.country.session, ground.country.edition, [mandate], LATER) == 1
    if cause is Cause.MANDATE_EXPIRED:
        mine = Mandate.id == mandate
        ground.country.session.execute(update(Mandate).where(mine).values(until_at=LATER))
    exactly_what_was_planted(ground)


def test_signatures_of_one_document_are_reported_each_with_its_own_cause(ground: Ground, tmp_path: Path) -> None:
    form = certificate_expired(ground, "IBC-two", slot=2)
    changed(ground, form, "IBC-two")
    ground.sign_anew(form, 3, signer(other_authority(tmp_path)))
    ground.flaws.add(("IBC-two", 3, Cause.ISSUER_UNKNOWN))
    exactly_what_was_planted(ground)


# Every other way in which evidence is harmed, all at once on documents of their own


def other_authority(folder: Path) -> AuthorityKeys:
    return AuthorityKeys(LocalAuthority.open(folder / "other", AUTHORITY_FROM))


def test_every_other_harm_to_evidence_is_reported_and_nothing_else(ground: Ground, tmp_path: Path) -> None:
    forms = {cause: ground.need(f"IBC-{cause}", *CHAIN) for cause in HARMS}
    stamps = keyring().authority.timestamps  # type: ignore[attr-defined]
    ground.sign_anew(forms[Cause.CERTIFICATE_UNFIT], 1, stamps)
    ground.sign_anew(forms[Cause.ISSUER_UNKNOWN], 1, signer(other_authority(tmp_path)))
    ground.tamper(forms[Cause.DIGEST_CHANGED], 1, content_digest=bytes(32))
    ground.tamper(forms[Cause.CERTIFICATE_CHANGED], 1, certificate_id=ground.certificate_of("energy officer"))
    ground.tamper(forms[Cause.EVIDENCE_MISSING], 1, signature=None, content_digest=None, certificate_id=None)
    ground.tamper(forms[Cause.OFF_THE_TRAIL], 1, mandate_id=ground.country.mandates["military head"])
    changed(ground, forms[Cause.SIGNATURE_BROKEN], f"IBC-{Cause.SIGNATURE_BROKEN}")
    ground.flaws = {(f"IBC-{cause}", 1, cause) for cause in HARMS if cause is not Cause.OFF_THE_TRAIL}
    sealed = (Cause.DIGEST_CHANGED, Cause.EVIDENCE_MISSING, Cause.OFF_THE_TRAIL)
    ground.flaws |= {(f"IBC-{cause}", None, Cause.OFF_THE_TRAIL) for cause in sealed}
    exactly_what_was_planted(ground)


def test_the_commands_report_exactly_what_was_planted(database: object, capsys: pytest.CaptureFixture[str]) -> None:
    with transaction() as session:
        ground = prepare(make_country(session))
        for plant in CAUSES.values():
            plant(ground)
        ground.revoke()
    gaps = told(capsys, "audit", "signatures", "--year", "2023", "--as-of", "2023-06-01")
    assert {gap["document"]: gap["cause"] for gap in gaps["gaps"]} == {
        number: cause for number, (cause, *_) in ground.gaps.items()
    }
    seen = told(capsys, "observatory", "--year", "2023", "--as-of", "2023-06-01")
    assert (seen["documents"], [one["cause"] for one in seen["causes"]]) == (len(ground.gaps), list(PENDING))
    assert {line["name"]: line["documents"] for line in seen["by_cause"]} == Counter(
        cause for cause, *_ in ground.gaps.values()
    )
    found = told(capsys, "audit", "evidence", "verify", "--year", "2023", leaves_with=1)
    assert {(flaw["document"], flaw["slot"], flaw["cause"]) for flaw in found["flaws"]} == ground.flaws


def told(capsys: pytest.CaptureFixture[str], *words: str, leaves_with: int = 0) -> dict[str, Any]:
    assert run([*words, "--json"]) == leaves_with
    read: dict[str, Any] = json.loads(capsys.readouterr().out)
    return read
