"""Errors of editions and of the registry: what was asked for is not there, or may not be done."""

from sekaps.errors.base import SekapsError
from sekaps.texts import Count, Text, text


class EditionError(SekapsError):
    """An edition cannot be used or changed as asked."""


class EditionUnknown(EditionError):
    """No edition of that programme and year was published here."""

    def __init__(self, *, programme: str, year: int | None) -> None:
        self.programme, self.year = programme, year
        super().__init__(
            text(
                "no {year} edition of {programme} is published in this database; publish one with"
                " 'sekaps plan publish', or play one with 'sekaps rehearse'",
                programme=programme,
                year=year or "",
            )
        )


class PhaseUnknown(EditionError):
    """The edition has no phase of that code."""

    def __init__(self, *, asked: str, known: list[str]) -> None:
        self.asked, self.known = asked, known
        super().__init__(text("no phase '{asked}' in this edition; its phases: {known}", asked=asked, known=known))


class ActBackdated(EditionError):
    """An act on a real edition was given a day of one's own choosing."""

    def __init__(self, *, year: int) -> None:
        self.year = year
        super().__init__(
            text(
                "{year} is a real edition: what is done there happens now; --as-of is for rehearsed years only",
                year=year,
            )
        )


class BoundaryUnknown(EditionError):
    """The programme has no boundary of that code."""

    def __init__(self, *, asked: str, known: list[str]) -> None:
        self.asked, self.known = asked, known
        super().__init__(text("no boundary '{code}' in this programme; it has: {known}", code=asked, known=known))


class InvariantsBroken(EditionError):
    """A draft breaks what its programme declares must hold, so it is not published."""

    def __init__(self, *, programme: str, year: int, violations: list[Text]) -> None:
        self.programme, self.year, self.violations = programme, year, violations
        super().__init__(
            text(
                "the {year} draft of {programme} breaks an invariant and cannot be published: {violations}",
                programme=programme,
                year=year,
                violations=violations,
            )
        )


class AmendmentRefused(EditionError):
    """An amendment was not proposed or not published."""

    def __init__(self, *, problem: Text) -> None:
        self.problem = problem
        super().__init__(text("the year was not amended: {problem}", problem=problem))


class PublicationRefused(EditionError):
    """A year was not proposed for publication, or not published."""

    def __init__(self, *, year: int, problem: Text) -> None:
        self.year, self.problem = year, problem
        super().__init__(text("{year} was not published: {problem}", year=year, problem=problem))


class ClosingRefused(EditionError):
    """A year was not proposed for closing, or not closed."""

    def __init__(self, *, year: int, problem: Text) -> None:
        self.year, self.problem = year, problem
        super().__init__(text("{year} was not closed: {problem}", year=year, problem=problem))


class EditionClosed(EditionError):
    """The year is closed, so that nothing about it is decided any more."""

    def __init__(self, *, year: int) -> None:
        self.year = year
        super().__init__(text("the {year} edition is closed: it is neither amended nor extended any more", year=year))


class RevisionUnknown(EditionError):
    """The edition has no revision of that number."""

    def __init__(self, *, number: int, latest: int) -> None:
        self.number, self.latest = number, latest
        super().__init__(text("no revision {number}; they go from 1 to {latest}", number=number, latest=latest))


class ExtensionRefused(EditionError):
    """An extension was not issued."""

    def __init__(self, *, problem: Text) -> None:
        self.problem = problem
        super().__init__(text("the extension was not issued: {problem}", problem=problem))


class OrderRefused(EditionError):
    """An order about days was not issued, or not revoked."""

    def __init__(self, *, problem: Text) -> None:
        self.problem = problem
        super().__init__(text("the order was not taken: {problem}", problem=problem))


class NothingToSign(EditionError):
    """No document waits for that person."""

    def __init__(self) -> None:
        super().__init__(text("no document waits for this person's signature"))


class DocumentUnknown(EditionError):
    """No document of the edition has that number."""

    def __init__(self, *, number: str) -> None:
        self.number = number
        super().__init__(text("no document of this edition has the number {number}", number=number))


class RehearsalRefused(EditionError):
    """A rehearsal cannot be played on this database as asked."""

    def __init__(self, *, problem: Text) -> None:
        self.problem = problem
        super().__init__(text("the rehearsal was not started: {problem}", problem=problem))


class GenerationRefused(EditionError):
    """A country cannot be generated as asked."""

    def __init__(self, *, problem: Text) -> None:
        self.problem = problem
        super().__init__(text("nothing was generated: {problem}", problem=problem))


class AuditMismatch(EditionError):
    """After a rehearsal the audit does not find the gaps that were planted."""

    exit_code = 1

    def __init__(self, *, planted: int, found: int, first: str) -> None:
        self.planted, self.found, self.first = planted, found, first
        super().__init__(
            text(
                "{planted} gaps were planted and {found} found; the first that differs: {first}",
                planted=planted,
                found=found,
                first=first,
            )
        )


class RegistryError(SekapsError):
    """The registry does not know who was named."""


class UnitUnknown(RegistryError):
    """No unit has that registry number."""

    def __init__(self, *, number: int) -> None:
        self.number = number
        super().__init__(
            text("no unit has the registry number {number}; numbers have eight digits (DETSİS)", number=number)
        )


class PersonUnknown(RegistryError):
    """Nobody has that manager code."""

    def __init__(self, *, number: int) -> None:
        self.number = number
        super().__init__(text("nobody has the manager code {number}", number=number))


class ConservationBroken(EditionError):
    """After a rehearsal a row of the allocation breaks a law that must hold."""

    exit_code = 1

    def __init__(self, *, count: int, row: str, law: Text) -> None:
        self.count, self.row, self.law = count, row, law
        super().__init__(
            text(
                "{count} rows of the allocation break a law, first {row}: {law}; `sekaps audit allocations` lists them",
                count=Count(count),
                row=row,
                law=law,
            )
        )
