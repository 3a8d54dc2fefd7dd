"""The gate: whether an act falls inside its window or an extension of it, and what to say when it does not."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sekaps.calendar.windows import Window
from sekaps.texts import Sayable, Text, text


class Scope(StrEnum):
    """For whom an extension opens a gate."""

    NATION = "nation"
    """Everyone."""
    PROVINCE = "province"
    """Units of one province, by its plate code."""
    DISTRICT = "district"
    """Units of one district, by its code."""
    UNIT = "unit"
    """One unit, by its registry number."""

    @property
    def meaning(self) -> Text:
        """The scope as people read it."""
        return _MEANINGS[self]


_MEANINGS = {
    Scope.NATION: text("nation"),
    Scope.PROVINCE: text("province"),
    Scope.DISTRICT: text("district"),
    Scope.UNIT: text("unit"),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the acting unit stands: its registry number and place."""

    unit_number: int
    province: str | None
    district: str | None


@dataclass(frozen=True, slots=True)
class ExtensionTerms:
    """An extension in force: its step (empty: the whole activity), scope, days and letter."""

    activity: str
    step: str
    scope: Scope
    scope_code: str
    since: date
    until: date
    letter_number: str

    def covers(self, activity: str, step: str, standing: Standing, day: date) -> bool:
        """Tell whether it opens the gate of that step for that unit on that day."""
        named = self.activity == activity and self.step in ("", step)
        return named and self.since <= day <= self.until and self._reaches(standing)

    def _reaches(self, standing: Standing) -> bool:
        reached = {
            Scope.NATION: "",
            Scope.PROVINCE: standing.province,
            Scope.DISTRICT: standing.district,
            Scope.UNIT: str(standing.unit_number),
        }
        return reached[self.scope] == self.scope_code


@dataclass(frozen=True, slots=True)
class Gate:
    """A step's gate: its name for people, its window, and the extensions in force."""

    activity: str
    step: str
    name: Sayable
    window: Window
    extensions: tuple[ExtensionTerms, ...] = ()

    def refusal(self, standing: Standing, day: date) -> Text | None:
        """Return why an act on that day is refused, or None when the gate stands open."""
        if self.window.is_open(day) or self.extension_for(standing, day) is not None:
            return None
        return self._too_early(day) if day < self.window.opens else self._too_late(standing, day)

    def extension_for(self, standing: Standing, day: date) -> ExtensionTerms | None:
        """Return the extension that covers the unit on that day, if any."""
        return _first(terms for terms in self.extensions if terms.covers(self.activity, self.step, standing, day))

    def _too_early(self, day: date) -> Text:
        return text(
            "{name} opens on {opens} and closes on {closes}; the day of the act is {day}. Wait until it opens.",
            name=self.name,
            opens=self.window.opens,
            closes=self.window.closes,
            day=day,
        )

    def _too_late(self, standing: Standing, day: date) -> Text:
        return text(
            "{name} closed on {closes}; the day of the act is {day}. The coordinator may extend it:"
            " sekaps extend {activity} --step {step} --unit {unit} --until DATE --reason TEXT --letter NUMBER",
            name=self.name,
            closes=self.window.closes,
            day=day,
            activity=self.activity,
            step=self.step,
            unit=standing.unit_number,
        )


def _first(found: Iterable[ExtensionTerms]) -> ExtensionTerms | None:
    return next(iter(found), None)
