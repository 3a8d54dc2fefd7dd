"""The passage between local dates of the administration and instants in UTC."""

from datetime import UTC, date, datetime, time

from sekaps.texts import ZONE

OFFICE_OPENS = time(8, 30)
"""Start of the office day (Law 657 art. 100; a default, hours are set per province)."""


def at(day: date, local_time: time = OFFICE_OPENS) -> datetime:
    """Return the UTC instant of a local time on a local date in the administration's zone."""
    return datetime.combine(day, local_time, ZONE).astimezone(UTC)


def local_day(instant: datetime) -> date:
    """Return the local date of an instant in the administration's zone."""
    return instant.astimezone(ZONE).date()
