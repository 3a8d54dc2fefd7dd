"""Windows of dates: two inclusive local dates and the questions asked of them."""

from dataclasses import dataclass
from datetime import date

from sekaps.errors.calendar import WindowInverted


@dataclass(frozen=True, slots=True)
class Window:
    """The days from opens to closes; both belong to it, and it holds at least one."""

    opens: date
    closes: date

    def __post_init__(self) -> None:
        if self.closes < self.opens:
            raise WindowInverted(opens=self.opens, closes=self.closes)

    @property
    def calendar_days(self) -> int:
        """How many days it lasts."""
        return (self.closes - self.opens).days + 1

    def is_open(self, day: date) -> bool:
        """Tell whether a day lies inside it."""
        return self.opens <= day <= self.closes
