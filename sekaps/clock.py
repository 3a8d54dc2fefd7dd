"""The one place that reads the system clock; everything else takes ``as_of``."""

from datetime import UTC, datetime


def now() -> datetime:
    """Return this instant in UTC, to the millisecond (what both databases keep)."""
    instant = datetime.now(UTC)
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)
