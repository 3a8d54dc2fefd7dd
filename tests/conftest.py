"""What every test leaves behind it as it was."""

from collections.abc import Iterator

import pytest

from sekaps.cli import language


@pytest.fixture(autouse=True)
def one_language() -> Iterator[None]:
    """The language of the command line, which a test may choose, is Turkish again for the next."""
    yield
    language.use("tr")
