"""The nightly audit puts the observatory on the dashboard, under a key of its own."""

from collections.abc import Callable
from pathlib import Path

import pytest
from prefect.client.schemas.objects import ArtifactCollection
from small_country import make_country, on

from sekaps.database import transaction

pytestmark = pytest.mark.prefect
KEY = "sekaps-2023-observatory"
FIGURE = "1 belge imza bekliyor, 0 belgeyi kimse tamamlayamaz (1 wait, 0 nobody can finish)"


def test_the_nightly_audit_publishes_the_observatory(home: Path, shown: Callable[[str], ArtifactCollection]) -> None:
    from sekaps.flows.signature_gap_audit import signature_gap_audit

    with transaction() as session:
        country = make_country(session)
        country.document("IBC-1", "military", country.chains["need"])
    assert signature_gap_audit(2023, on(2023, 6, 1)) == 1
    page = shown(KEY)
    assert page.description == f"01.06.2023: {FIGURE}"
    assert "data:image/svg+xml;base64," in str(page.data)
