"""Takes people in posts over from a list: all rows or none, set by set, the same list again changing nothing."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from sekaps.domain.offices import Offices
from sekaps.domain.registry_cells import Record
from sekaps.domain.signatories import accepts_head, days_late, refusal_of_code, refusal_to_record
from sekaps.domain.signatory_rows import PersonRow, read_people
from sekaps.domain.terms import Term, place
from sekaps.domain.trail import Entry
from sekaps.errors.registry import RowFlaw, RowsFlawed
from sekaps.models.base import Base
from sekaps.models.registry import Mandate, Person, Post, Unit
from sekaps.services import trail
from sekaps.services.offices import Grant, read_offices
from sekaps.services.posts import HEAD, default_title, wipe_former_heads
from sekaps.services.registry import queue_to_change
from sekaps.services.responsibles import DETAILS, Actor, require_grants
from sekaps.services.writing import insert_new, table_of
from sekaps.texts import Text, text

Seat = tuple[int, str]
"""A post by its unit's registry number and its kind."""


@dataclass(frozen=True, slots=True)
class PeopleReport:
    """What an import of people did; ``late`` changes of a head were recorded after their day."""

    people_added: int
    people_changed: int
    terms_added: int
    terms_ended: int
    unchanged: int
    late: int


@dataclass(slots=True)
class _Desk:
    """Who and what is stored, and what the rows make of it."""

    offices: Offices
    grants: Sequence[Grant] | None
    people: dict[int, dict[str, Any]]
    held: dict[Seat, dict[Term, int | None]]
    """The terms of each post, with the id of the mandate; a term of this file has none yet."""
    new: dict[tuple[Seat, Term], int | None] = field(default_factory=dict)
    """The file's new terms, with the grant under which they are recorded."""
    ended: dict[int, datetime] = field(default_factory=dict)
    """Stored mandates that now have an end."""
    late: int = 0
    unchanged: int = 0


def import_people(
    session: Session, records: Sequence[Record], *, by: Actor | None, as_of: datetime, source: str, digest: str = ""
) -> PeopleReport:
    """Take the list over and report what changed; raises RowsFlawed with every flaw, and then changes nothing.

    ``by`` is the responsible who records, inside whose area every unit must lie; None stands for the national
    module's own list, whose records were made there under the same rules. Two imports at once queue.
    """
    grants = require_grants(session, by, as_of) if by else None
    queue_to_change(session, Mandate)
    rows, flaws = read_people(records)
    desk = _read_desk(session, rows, grants, as_of)
    rows.sort(key=lambda row: (row.begins, row.row))
    flaws += [flaw for row in rows for flaw in _take(desk, row, as_of)]
    flaws += _people_flaws(desk, rows)
    if flaws:
        raise RowsFlawed(source=source, flaws=sorted(flaws, key=lambda flaw: flaw.row))
    added, changed = _write_people(session, desk, rows)
    wiped = _write_terms(session, desk, rows, as_of)
    report = PeopleReport(added, changed, len(desk.new), len(desk.ended), desk.unchanged, desk.late)
    if added or changed or desk.new or desk.ended:
        facts = {
            "source": source,
            "digest": digest,
            "former_heads_wiped": wiped,
            **(by.facts if by else {}),
            **asdict(report),
        }
        authority = "person" if by else "national authority"
        entry = Entry(at=as_of, verb="import_signatories", authority=authority, documents=len(desk.new), facts=facts)
        trail.append(session, entry)
    return report


def _read_desk(session: Session, rows: Iterable[PersonRow], grants: Sequence[Grant] | None, as_of: datetime) -> _Desk:
    numbers = {row.unit for row in rows}
    people = {
        number: {"id": person_id, "name": name, "email": email, "curriculum_vitae": vita}
        for person_id, number, name, email, vita in session.execute(
            select(Person.id, Person.number, Person.name, Person.email, Person.curriculum_vitae)
        )
    }
    query = (
        select(Unit.number, Post.kind, Mandate.id, Person.number, Mandate.from_at, Mandate.until_at)
        .join(Post, Post.unit_id == Unit.id)
        .join(Mandate, Mandate.post_id == Post.id)
        .join(Person, Person.id == Mandate.person_id)
        .where(Mandate.kind == "own")
    )
    held: dict[Seat, dict[Term, int | None]] = defaultdict(dict)
    for number, kind, mandate_id, *term in session.execute(query):
        if number in numbers:
            held[number, kind][Term(*term)] = mandate_id
    return _Desk(read_offices(session, as_of), grants, people, held)


def _take(desk: _Desk, row: PersonRow, as_of: datetime) -> Iterator[RowFlaw]:
    """Place one row's term among those of its post, or tell why it cannot be."""
    grant_id = _admitted(desk, row.unit)
    if isinstance(grant_id, Text):
        yield RowFlaw(row.row, grant_id, "unit", str(row.unit), "unit")
        return
    held = desk.held.setdefault((row.unit, row.post), {})
    placement = place(list(held), row.term)
    if isinstance(placement, Text):
        yield RowFlaw(row.row, placement, "begins", row.begins.isoformat(), "term")
        return
    if not placement.is_new and placement.ends is None:
        desk.unchanged += 1
        return
    if row.post == HEAD and held:
        desk.late += days_late(row.begins if placement.is_new else placement.ends_at or as_of, as_of) > 0
    if placement.ends is not None and placement.ends_at is not None:
        _end(desk, (row.unit, row.post), placement.ends, placement.ends_at)
    if placement.is_new:
        held[row.term] = None
        desk.new[(row.unit, row.post), row.term] = grant_id


def _admitted(desk: _Desk, unit: int) -> int | None | Text:
    if unit not in desk.offices.units:
        return text("unit {number} is no unit of the registry", number=unit)
    if desk.grants is None:
        return accepts_head(desk.offices.units[unit])
    problems = [refusal_to_record(grant.recorder, unit, desk.offices) for grant in desk.grants]
    if None in problems:
        return desk.grants[problems.index(None)].id
    return next(problem for problem in problems if problem is not None)


def _end(desk: _Desk, seat: Seat, term: Term, ends_at: datetime) -> None:
    mandate_id = desk.held[seat].pop(term)
    shorter = Term(term.person, term.from_at, ends_at)
    desk.held[seat][shorter] = mandate_id
    if mandate_id is not None:
        desk.ended[mandate_id] = ends_at
    else:
        desk.new[seat, shorter] = desk.new.pop((seat, term))


def _people_flaws(desk: _Desk, rows: Iterable[PersonRow]) -> Iterator[RowFlaw]:
    """Yield what is wrong with the people: a code that is another's, somebody new without a name, an e-mail taken."""
    owners = {person["email"]: code for code, person in desk.people.items()}
    seen: dict[int, tuple[str, str]] = {code: (person["name"], person["email"]) for code, person in desk.people.items()}
    for row in rows:
        if row.code not in seen and not (row.name and row.email):
            problem = text("manager code {code} is new here; give the name and the e-mail", code=row.code)
            yield RowFlaw(row.row, problem, "code", str(row.code), "required")
            continue
        held = seen.setdefault(row.code, (row.name, row.email))
        if refusal := refusal_of_code(row.code, held, (row.name, row.email)):
            yield RowFlaw(row.row, refusal, "code", str(row.code), "code")
        owner = owners.setdefault(row.email, row.code) if row.email else row.code
        if owner != row.code:
            problem = text("the e-mail {email} belongs to manager code {code}", email=row.email, code=owner)
            yield RowFlaw(row.row, problem, "email", row.email, "address")


def _write_people(session: Session, desk: _Desk, rows: Iterable[PersonRow]) -> tuple[int, int]:
    """Insert the people that are new, change what is told anew of the others; return how many of each."""
    told: dict[int, dict[str, Any]] = defaultdict(dict)
    for row in rows:
        told[row.code] |= {name: value for name in DETAILS if (value := getattr(row, name))}
    new = [code for code in told if code not in desk.people]
    fresh = [
        {"number": code, "language": "tr", "synthetic": False, "curriculum_vitae": None} | told[code] for code in new
    ]
    if fresh:
        ids = session.scalars(
            insert(table_of(Person)).returning(table_of(Person).c.id, sort_by_parameter_order=True), fresh
        )
        desk.people.update({code: {**told[code], "id": key} for code, key in zip(new, ids, strict=True)})
    changed = [
        {"row_id": desk.people[code]["id"]} | {f"to_{name}": (desk.people[code] | facts)[name] for name in DETAILS}
        for code, facts in told.items()
        if code not in new and any(desk.people[code][name] != value for name, value in facts.items())
    ]
    _update_rows(session, Person, DETAILS, changed)
    return len(new), len(changed)


def _write_terms(session: Session, desk: _Desk, rows: Iterable[PersonRow], as_of: datetime) -> int:
    """Write the posts that are missing, the ends and the new terms; return how many former heads' names were wiped."""
    titles = {(row.unit, row.post): row.title for row in rows}
    seats = {seat for seat, _ in desk.new}
    wiped = wipe_former_heads(session, desk.offices, {number for number, kind in seats if kind == HEAD})
    posts = _posts(session, seats, titles)
    ends = [
        {"row_id": key, "to_until_at": ends_at, "to_end_recorded_at": as_of}
        for key, ends_at in (desk.ended | _acting_ends(session, desk.ended)).items()
    ]
    _update_rows(session, Mandate, ("until_at", "end_recorded_at"), ends)
    mandates = [
        {
            "post_id": posts[seat],
            "person_id": desk.people[term.person]["id"],
            "kind": "own",
            "from_at": term.from_at,
            "until_at": term.until_at,
            "recorded_at": as_of,
            "recorded_by_id": grant_id,
        }
        for (seat, term), grant_id in desk.new.items()
    ]
    if mandates:
        session.execute(insert(table_of(Mandate)), mandates)
    return wiped


def _posts(session: Session, seats: set[Seat], titles: Mapping[Seat, str]) -> dict[Seat, int]:
    """Return the posts' ids, those that are missing made."""
    if not seats:
        return {}
    units = {number: unit_id for number, unit_id in session.execute(select(Unit.number, Unit.id))}
    rows = [
        {"unit_id": units[seat[0]], "kind": seat[1], "title": titles.get(seat) or default_title(seat[1])}
        for seat in sorted(seats)
    ]
    insert_new(session, Post, rows)
    query = select(Unit.number, Post.kind, Post.id).join(Unit, Unit.id == Post.unit_id)
    return {(number, kind): post_id for number, kind, post_id in session.execute(query)}


def _acting_ends(session: Session, ended: Mapping[int, datetime]) -> dict[int, datetime]:
    """Return the acting signatories' mandates that end with the holders of their posts."""
    if not ended:
        return {}
    posts = {
        post_id: ended[key] for key, post_id in session.execute(select(Mandate.id, Mandate.post_id)) if key in ended
    }
    deputies = select(Mandate.id, Mandate.post_id, Mandate.from_at, Mandate.until_at).where(Mandate.kind == "deputy")
    return {
        key: posts[post_id]
        for key, post_id, from_at, until_at in session.execute(deputies)
        if post_id in posts and from_at < posts[post_id] and (until_at is None or until_at > posts[post_id])
    }


def _update_rows(
    session: Session, model: type[Base], columns: Sequence[str], values: Sequence[Mapping[str, Any]]
) -> None:
    table = table_of(model)
    statement = update(table).where(table.c.id == bindparam("row_id"))
    if values:
        session.connection().execute(statement.values({name: bindparam(f"to_{name}") for name in columns}), values)
