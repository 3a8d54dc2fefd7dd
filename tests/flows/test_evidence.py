"""Every night signatures are verified again, and the trail's root of the day is signed once."""

import pytest
from small_country import make_country, on
from sqlalchemy import select, update

from sekaps.cli.main import run
from sekaps.database import reading, transaction
from sekaps.keyring import keyring
from sekaps.models.documents import Document
from sekaps.models.evidence import TrailRoot
from sekaps.services.requests import SignRequest
from sekaps.services.signing import sign
from sekaps.services.trail import trail_head

NIGHT = on(2023, 6, 1, 23)


@pytest.mark.prefect
@pytest.mark.usefixtures("home")
def test_the_night_verifies_what_was_signed_and_signs_one_root() -> None:
    from sekaps.tasks.evidence import sign_trail_root, verify_evidence
    from sekaps.tasks.ticks import Tick

    tick = Tick("sekaps", 2023, NIGHT)
    with transaction() as session:
        country = make_country(session)
        form = country.document("IBC-1", "military", country.chains["need"])
        request = SignRequest(form, country.people["military officer"])
        assert sign(session, country.edition, [request], on(2023, 3, 1), seals=keyring())[0].done
    assert [sign_trail_root(tick), sign_trail_root(tick)] == [True, False]
    with reading() as session:
        [root] = session.scalars(select(TrailRoot))
        assert root.last == trail_head(session).sequence
    assert run(["--lang", "en", "audit", "trail", "verify"]) == 0
    with transaction() as session:
        session.execute(update(Document).values(kind="resource_form"))
    count = verify_evidence(tick)
    assert (count.checked, count.by_cause) == (1, {"bytes_changed": 1})
