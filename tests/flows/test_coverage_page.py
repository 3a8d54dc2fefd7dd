"""A phase that allocates puts coverage on the dashboard: stages, flow, map, and who has not finished."""

from collections.abc import Callable
from pathlib import Path

import pytest
from prefect.client.schemas.objects import ArtifactCollection
from small_country import make_country, on

from sekaps.database import transaction

pytestmark = pytest.mark.prefect
KEY = "sekaps-2023-allocation-coverage"


def test_the_first_day_of_allocation_publishes_coverage_with_its_pictures(
    home: Path, shown: Callable[[str], ArtifactCollection]
) -> None:
    from sekaps.flows.district_allocation import district_allocation

    with transaction() as session:
        country = make_country(session)
        country.signed_need("IBC-1", 100)
        country.signed_resource("KSC-1", 30)
    assert district_allocation(2023, on(2023, 5, 2)).state == "open"
    page = shown(KEY)
    assert str(page.data).count("data:image/svg+xml;base64,") == 4
    assert "Bitirmeyenler: 1, süresi geçen 0" in str(page.data)
