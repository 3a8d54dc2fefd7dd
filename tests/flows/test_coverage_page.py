"""A phase that allocates puts coverage on the dashboard: stages, flow, map, and who has not finished."""

from pathlib import Path

import pytest
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterKey
from small_country import make_country, on

from sekaps.database import transaction

pytestmark = pytest.mark.prefect
KEY = "sekaps-2023-allocation-coverage"


def test_the_first_day_of_allocation_publishes_coverage_with_its_pictures(home: Path) -> None:
    from sekaps.flows.district_allocation import district_allocation

    with transaction() as session:
        country = make_country(session)
        country.signed_need("IBC-1", 100)
        country.signed_resource("KSC-1", 30)
    assert district_allocation(2023, on(2023, 5, 2)).state == "open"
    with get_client(sync_client=True) as client:
        [page] = client.read_artifacts(artifact_filter=ArtifactFilter(key=ArtifactFilterKey(any_=[KEY])))
    assert str(page.data).count("data:image/svg+xml;base64,") == 4
    assert "Bitirmeyenler: 1, süresi geçen 0" in str(page.data)
