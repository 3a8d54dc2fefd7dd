"""The stages in which a country is written, and who is told how far each of them is."""

from collections.abc import Callable

FORMS, CONTENTS, SIGNATURES = "forms", "contents", "signatures"
Told = Callable[[str, int, int], None]
"""Is told the stage, how many rows of it are done, and of how many."""
