"""The eighteen rules of the signatory module, each as a function; ``signatory_rules`` lists them with their sentences.

Source: KAYSİS, İmza Yetkilileri Modülü (İYEM), çalışma esasları 1–18. What answers is a refusal, a number or a name.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sekaps.calendar.instants import local_day
from sekaps.domain.offices import CIVIL, LOCAL_GOVERNMENTS, MAIN, Office, Offices, Tier
from sekaps.domain.registry_fields import code_name
from sekaps.domain.terms import Term
from sekaps.texts import Text, text

FEWEST_RESPONSIBLES = 2
FIRST_RECORDS_DUE = date(2016, 3, 1)
"""The last day for first records, itself in time (rule 12: en geç)."""
LOGIN_MEANS = ("e_signature", "mobile_signature", "e_government")
"""E-imza, m-imza, e-Devlet şifresi."""


class Role(StrEnum):
    """What a responsible person may do."""

    AUTHORISER = "authoriser"
    """İYEM Yetkilisi, at an institution's centre or at a governorate or district governorate."""
    REGISTRAR = "registrar"
    """İYEM Görevlisi, at a provincial unit."""


class Absence(StrEnum):
    """Why another signs for a filled post."""

    LEAVE = "leave"
    """İzin."""
    DUTY_AT_HOME = "duty_at_home"
    """Yurt içi görevlendirme."""
    DUTY_ABROAD = "duty_abroad"
    """Yurt dışı görevlendirme."""


@dataclass(frozen=True, slots=True)
class Recorder:
    """A responsible person with a current grant: the role, and the unit it was granted for."""

    role: str
    unit: int


@dataclass(frozen=True, slots=True)
class Contact:
    """What must be known of a responsible; the identity number stays with the authority that checks it."""

    name: str
    work_phone: str
    mobile_phone: str
    email: str


def accepts_head(unit: Office) -> Text | None:
    """Rule 1: an active unit of any kind, level and place has its head in the module."""
    return None if unit.active else text("unit {unit} was closed; it has no head", unit=unit.number)


def local_government_records_itself(by: Recorder, unit: int, offices: Offices) -> Text | None:
    """Rule 2: heads of a local government are recorded by its own people; a governorate only passes letters on."""
    owner = offices.institution(unit)
    if owner.kind not in LOCAL_GOVERNMENTS or offices.institution(by.unit) == owner:
        return None
    return text(
        "unit {unit} belongs to the local government {owner}, which records itself", unit=unit, owner=owner.number
    )


def level_matches(by: Recorder, unit: int, offices: Offices) -> Text | None:
    """Rule 3: central and foreign units are recorded from the centre, provincial ones from the provinces."""
    wanted = Tier.PROVINCIAL if offices.units[unit].level is Tier.PROVINCIAL else Tier.CENTRAL
    held = offices.units[by.unit].level
    if held is wanted:
        return None
    return text("unit {unit} is recorded from the {wanted} organisation, not by unit {by}", unit=unit,
                wanted=code_name(wanted.value), by=by.unit)  # fmt: skip


def responsibles_missing(count: int) -> int:
    """Rule 4: return how many of the two responsibles are still to be named."""
    return max(0, FEWEST_RESPONSIBLES - count)


def role_needed(unit: int, offices: Offices) -> Role | None:
    """Rule 4: return which role a unit must have two of: institutions, civil administration, and what is below."""
    office = offices.units[unit]
    if office.kind in (*MAIN, *CIVIL):
        return Role.AUTHORISER
    above = offices.units.get(office.parent or 0)
    is_attached = above is not None and above.kind in (*MAIN, *CIVIL)
    return Role.REGISTRAR if is_attached and office.level is Tier.PROVINCIAL else None


def coordinating_office(unit: int, offices: Offices) -> Office:
    """Rule 5: return the office whose authorisers coordinate the registrars of a unit."""
    return offices.coordinating(unit)


def lies_in_area(by: Recorder, unit: int, offices: Offices) -> Text | None:
    """Rule 6: whoever records answers for it, so the unit lies at or below the responsible's own."""
    if any(office.number == by.unit for office in offices.lineage(unit)):
        return None
    return text("unit {unit} is outside the area of unit {by}", unit=unit, by=by.unit)


def refusal_to_grant(role: Role, unit: int, grantors: Iterable[Recorder] | None, offices: Offices) -> Text | None:
    """Rule 7: the national authority (no grantors) admits authorisers, the coordinating authoriser registrars."""
    office = offices.units[unit]
    if role is Role.AUTHORISER:
        if office.kind not in CIVIL and office.level is not Tier.CENTRAL:
            return text("unit {unit} has registrars; authorisers sit at the centre and at governorates", unit=unit)
        return None if grantors is None else text("only the national authority admits an authoriser")
    if office.kind in CIVIL or office.level is not Tier.PROVINCIAL:
        return text("unit {unit} has authorisers; registrars sit at provincial units", unit=unit)
    coordinating = coordinating_office(unit, offices).number
    if any(by.role == Role.AUTHORISER and by.unit == coordinating for by in grantors or ()):
        return None
    return text("only an authoriser of unit {office}, which coordinates unit {unit}, admits its registrars",
                office=coordinating, unit=unit)  # fmt: skip


def contact_missing(contact: Contact) -> tuple[str, ...]:
    """Rule 8: return the fields of a responsible that are not given; nobody is admitted while one is missing."""
    return tuple(name for name in Contact.__dataclass_fields__ if not getattr(contact, name).strip())


def refusal_without_grant(held: Sequence[Recorder]) -> Text | None:
    """Rule 9, the nearest this engine holds: who has no current grant records nothing; the address is the state's."""
    return None if held else text("that person is no responsible of any unit now")


def is_login_means(means: str) -> bool:
    """Rule 10, the nearest this engine holds: a login is told by one of three means; it is made elsewhere."""
    return means in LOGIN_MEANS


def wipes_former_heads(records_before: int) -> bool:
    """Rule 11: the first head an institution records wipes all names of heads kept for it before; no later one does."""
    return records_before == 0


def is_first_record_overdue(day: date) -> bool:
    """Rule 12: tell whether a unit without a first record is late on a day."""
    return day > FIRST_RECORDS_DUE


def days_late(happened_at: datetime, recorded_at: datetime) -> int:
    """Rule 13: return how many days after the day it happened a change was recorded; no day is excepted."""
    return max(0, (local_day(recorded_at) - local_day(happened_at)).days)


def refusal_to_link(by: Recorder, unit: int, deputy_unit: int, offices: Offices) -> Text | None:
    """Rule 14: an authoriser links first-level units with the deputy heads of the office they answer to."""
    above = first_level_of(unit, offices)
    if above is None:
        return text("unit {unit} is no first-level unit", unit=unit)
    if deputy_unit != above.number:
        return text("unit {unit} answers to a deputy head of unit {above}", unit=unit, above=above.number)
    if by.role != Role.AUTHORISER or by.unit != above.number:
        return text("only an authoriser of unit {above} links it", above=above.number)
    return None


def first_level_of(unit: int, offices: Offices) -> Office | None:
    """Return the office a first-level unit answers to: the institution at the centre, else a governorate."""
    office = offices.units[unit]
    above = offices.units.get(office.parent or 0)
    if above is None or office.kind in (*CIVIL, *MAIN):
        return None
    heads = CIVIL if office.level is Tier.PROVINCIAL else MAIN
    return above if above.kind in heads else None


def refusal_of_code(code: int, held: tuple[str, str], given: tuple[str, str]) -> Text | None:
    """Rule 15: a manager code belongs to one person for good; name or e-mail may change, not both at once."""
    same = [ours == theirs or not theirs for ours, theirs in zip(held, given, strict=True)]
    if any(same):
        return None
    return text("manager code {code} belongs to {name}; a code is never given to another", code=code, name=held[0])


def right_begins(from_at: datetime, recorded_at: datetime | None) -> datetime:
    """Rule 16: return when the right to sign begins: with the record, not before; rows without one are older."""
    return from_at if recorded_at is None else max(from_at, recorded_at)


def refusal_of_package(codes: Sequence[int | None]) -> Text | None:
    """Rule 16: a package carries the manager code of everybody who signed it."""
    if codes and all(codes):
        return None
    return text("the package lacks the manager code of a signatory")


def refusal_to_deputise(deputy: Term, reason: str, held: Sequence[Term], deputies: Sequence[Term]) -> Text | None:
    """Rule 17: another signs for a filled post only, while its holder is on leave or on duty elsewhere."""
    if reason not in tuple(Absence):
        return text("an acting signatory needs a reason: {reasons}", reasons=[each.value for each in Absence])
    if deputy.until_at is None or deputy.until_at <= deputy.from_at:
        return text("an acting signatory needs an end after the beginning")
    holder = next((term for term in held if term.holds(deputy.from_at)), None)
    if holder is None or (holder.until_at is not None and holder.until_at < deputy.until_at):
        return text("the post is not filled all that time; a vacant post has no acting signatory")
    if holder.person == deputy.person:
        return text("{person} holds the post; nobody acts for oneself", person=deputy.person)
    if any(_overlap(deputy, term) for term in deputies):
        return text("somebody acts for that post in that time already")
    return None


def _overlap(one: Term, other: Term) -> bool:
    return (other.until_at is None or one.from_at < other.until_at) and (
        one.until_at is None or other.from_at < one.until_at
    )


def shown_curriculum_vitae(written: str | None) -> str | None:
    """Rule 18: a curriculum vitae is nobody's duty; return the one to show, or None."""
    return (written or "").strip() or None


def refusal_to_record(by: Recorder, unit: int, offices: Offices) -> Text | None:
    """Return why a responsible may not record a head of a unit, by rules 1, 2, 3 and 6, or None."""
    return (
        accepts_head(offices.units[unit])
        or local_government_records_itself(by, unit, offices)
        or lies_in_area(by, unit, offices)
        or level_matches(by, unit, offices)
    )


def refusal_to_record_deputy(by: Recorder, unit: int, offices: Offices) -> Text | None:
    """Return why a responsible may not record an acting signatory: authorisers do, over all they coordinate."""
    if by.role != Role.AUTHORISER:
        return text("only an authoriser records an acting signatory")
    return (
        accepts_head(offices.units[unit])
        or local_government_records_itself(by, unit, offices)
        or lies_in_area(by, unit, offices)
    )
