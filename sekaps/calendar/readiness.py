"""What a programme asks of an institution before it may begin: requirements, as the programme's file states them."""

from typing import Literal

from sekaps.calendar.programme_values import Code, Frozen, Name


class OnlyFor(Frozen):
    """Whom a requirement is asked of, where not of everybody; what is left empty asks no more."""

    kinds: tuple[Code, ...] = ()
    """Kinds of unit."""
    modules: tuple[Code, ...] = ()
    """Planning modules: it is asked of whoever states needs in one of them."""


class Requirement(Frozen):
    """One thing that must be true of a unit."""

    code: Code
    name: Name
    done_by: str
    """The actor that sees to it, and alone records it."""
    only_for: OnlyFor = OnlyFor()
    """Whom it is asked of, where not of everybody."""
    yearly: bool = False
    """Whether it is done anew for each edition; otherwise it lasts until it ends."""
    training: Literal["asked", "held"] | None = None
    """Met through requests for training: when one was held, or already when one was asked for and not yet answered."""


class Readiness(Frozen):
    """What must be true of whom, and in which activity it is seen to."""

    asked_of: tuple[Code, ...]
    """The kinds of unit that must be ready."""
    prepared_in: str | None = None
    """The activity in which it is seen to."""
    requirements: tuple[Requirement, ...]
    """What must be true of each of them."""

    def requirement(self, code: str) -> Requirement | None:
        """Return the requirement of that code, if there is one."""
        return next((requirement for requirement in self.requirements if requirement.code == code), None)

    @property
    def of_training(self) -> Requirement | None:
        """The requirement that requests for training meet, if there is one."""
        return next((requirement for requirement in self.requirements if requirement.training), None)
