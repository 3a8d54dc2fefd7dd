"""Fills a database with a synthetic country of the real one's size by raw inserts; no service is asked.

1,437,266 forms at scale 1: 137,944 needs and 1,299,322 resources, of which 1,817 and 5,245 are open; 4.3 million
signatures by 11,215 people of 26,500 units. What the first night verifies is really signed, the rest are random bytes.
"""

import hashlib
import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "database"))

from small_country import NEW_YEAR, on, publish  # noqa: E402
from sqlalchemy import Connection, text  # noqa: E402
from sqlalchemy.orm import Session  # noqa: E402

from sekaps.database import engine, migrate, reading, transaction  # noqa: E402
from sekaps.domain.evidence import SignedSlot, digest_of_signatures  # noqa: E402
from sekaps.evidence.kept import sign_kept  # noqa: E402
from sekaps.evidence.keys import Signer  # noqa: E402
from sekaps.keyring import keyring  # noqa: E402
from sekaps.models.base import EPOCH, MILLISECOND  # noqa: E402
from sekaps.services.document_contents import document_contents  # noqa: E402

NEEDS, RESOURCES, OPEN_NEEDS, OPEN_RESOURCES = 137_944, 1_299_322, 1_817, 5_245
UNITS, PEOPLE, MINISTRIES, PROVINCES, DISTRICTS, ITEMS = 26_500, 11_215, 30, 81, 973, 2_000
SHORT_CHAIN_EVERY, PARALLEL_CHAIN_EVERY, RETURNED_EVERY = 200, 1_000, 200
NIGHTS_A_ROUND = 28
NEW_SHARE = 200
"""One signature in so many was made since the last night."""
PERIOD = 2021
"""The year in which the certificates of 2023 begin."""
BEGAN, SIGNED_AT, RETURNED_AT = on(2023, 2, 1, 0), on(2023, 3, 1), on(2023, 2, 20)
Row = tuple[Any, ...]


@dataclass(frozen=True)
class Form:
    """A form as it stands."""

    id: int
    unit: int
    kind: str
    round: int
    next_slot: int
    length: int

    @property
    def chain(self) -> int:
        """Its chain: each unit has one for needs and one for resources."""
        return 2 * self.unit - (self.kind == "need")

    @property
    def signed(self) -> range:
        """The slots signed in its present round."""
        return range(1, (self.next_slot or self.length + 1))


class National:
    """A country to be written, at a scale; with more complete forms than it really has, if asked."""

    def __init__(self, scale: float = 1.0, complete: float = 1.0) -> None:
        self.units, self.people = max(400, int(UNITS * scale)), max(200, int(PEOPLE * scale))
        self.needs, self.resources = int(NEEDS * scale * complete), int(RESOURCES * scale * complete)
        self.open = {"need": int(OPEN_NEEDS * scale), "resource": int(OPEN_RESOURCES * scale)}

    def forms(self) -> Iterator[Form]:
        """Yield every form, those of a unit together."""
        made = {"need": 0, "resource": 0}
        for unit in range(1, self.units + 1):
            for kind, total in (("need", self.needs), ("resource", self.resources)):
                length = 2 if kind == "resource" and unit % SHORT_CHAIN_EVERY == 0 else 3
                for _ in range(total * unit // self.units - made[kind]):
                    made[kind] += 1
                    number = made["need"] + made["resource"]
                    yield self._form(number, unit, kind, made[kind], length)

    def _form(self, number: int, unit: int, kind: str, place: int, length: int) -> Form:
        total = self.needs if kind == "need" else self.resources
        is_open = place * self.open[kind] // total != (place - 1) * self.open[kind] // total
        is_parallel = kind == "resource" and unit % PARALLEL_CHAIN_EVERY == 7
        next_slot = 1 + number % (2 if length == 2 or is_parallel else 3) if is_open else 0
        return Form(number, unit, kind, 1 if is_open or place % RETURNED_EVERY else 2, next_slot, length)

    def ministry(self, unit: int) -> int:
        """Return the ministry a unit belongs to, a unit itself."""
        return self.units + 1 + unit % MINISTRIES

    def posts(self, unit: int) -> tuple[int, int, int]:
        """Return the posts that sign a unit's forms; each has one mandate, by the same number."""
        return 2 * unit - 1, 2 * unit, 2 * self.units + self.ministry(unit) - self.units

    def person(self, post: int) -> int:
        """Return who holds a post; approvers hold no other."""
        if post > 2 * self.units:
            return self.people - (post - 2 * self.units) + 1
        return 1 + post % (self.people - MINISTRIES)

    def act(self, unit: int, kind: str, slot: int) -> int:
        """Return the act in which a unit's forms of a kind were signed in a slot; in the second round apart."""
        return 1 + ((unit - 1) * 2 + (kind == "resource")) * 5 + slot


class Writer:
    """Writes rows of a table by the driver's fastest way, whichever database it is."""

    def __init__(self, connection: Connection) -> None:
        self.driver, self.on_sqlite = connection.connection.driver_connection, connection.dialect.name == "sqlite"

    def instant(self, at: datetime) -> Any:
        """Return an instant as the database keeps it."""
        return (at - EPOCH) // MILLISECOND if self.on_sqlite else at

    def write(self, table: str, columns: str, rows: Iterable[Row]) -> None:
        """Insert rows, or copy them."""
        assert self.driver is not None
        if self.on_sqlite:
            marks = ", ".join("?" * len(columns.split(",")))
            self.driver.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)
            return
        with self.driver.cursor() as cursor, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)


def fill(national: National) -> int:
    """Write the country into the configured, empty database, and return its edition."""
    migrate()
    with transaction() as session:
        edition_id = publish(session).id
        head = session.scalar(text("SELECT sequence FROM trail_heads")) or 0
        _places(Writer(session.connection()), national)
        _forms(Writer(session.connection()), national, edition_id)
    with reading() as session:
        sealing = _Sealing(session, national)
    with transaction() as session:
        writer = Writer(session.connection())
        _acts(writer, national, edition_id, head, sealing)
        writer.write("certificates", "id, person_id, digest, encoded, valid_from, valid_until, is_test",
                     _certificates(writer, national, sealing))  # fmt: skip
        writer.write("document_returns", "document_id, round, slot, person_id, mandate_id, act_id, at, reason, "
                     "resubmitted_at", _returns(writer, national, head))  # fmt: skip
        writer.write("signatures", "document_id, round, slot, person_id, mandate_id, act_id, at, certificate_id, "
                     "content_digest, signature", _signatures(writer, national, head, sealing))  # fmt: skip
        _last_night(session, national, edition_id, head, writer.instant(on(2023, 4, 27)))
    with engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE" if connection.dialect.name == "sqlite" else "VACUUM ANALYZE")
    return edition_id


def _places(writer: Writer, national: National) -> None:
    provinces = [(f"{place:02}", f"İl {place}") for place in range(1, PROVINCES + 1)]
    writer.write("provinces", "code, name", provinces)
    districts = [(f"{1000 + place}", f"{1 + place % PROVINCES:02}", f"İlçe {place}") for place in range(DISTRICTS)]
    writer.write("districts", "code, province_code, name", districts)
    below = ((unit, 20_000_000 + unit, "institution", f"Kurum {unit}", national.ministry(unit), national.ministry(unit),
              districts[unit % DISTRICTS][1], districts[unit % DISTRICTS][0], True)
             for unit in range(1, national.units + 1))  # fmt: skip
    above = ((unit, 20_000_000 + unit, "ministry", f"Bakanlık {unit}", None, None, None, None, True)
             for unit in range(national.units + 1, national.units + 1 + MINISTRIES))  # fmt: skip
    columns = "id, number, kind, name, parent_id, ministry_id, province_code, district_code, synthetic"
    writer.write("units", columns, above)
    writer.write("units", columns, below)
    writer.write("people", "id, number, name, email, language, synthetic",
                 ((one, 1000 + one, f"Kişi {one}", f"k{one}@people.invalid", "tr", True)
                  for one in range(1, national.people + 1)))  # fmt: skip
    _staff(writer, national)
    writer.write("items", "code, name_tr, name_en, module, sector, measure, ministry_id",
                 ((f"i{one}", f"Kalem {one}", f"Item {one}", "goods_services", "energy", "litre", national.units + 1)
                  for one in range(ITEMS)))  # fmt: skip


def _staff(writer: Writer, national: National) -> None:
    kinds = {unit: ("officer", "head") for unit in range(1, national.units + 1)}
    posts = [
        (2 * unit - 1 + place, unit, kind, kind) for unit, both in kinds.items() for place, kind in enumerate(both)
    ]
    posts += [
        (2 * national.units + one, national.units + one, "approver", "approver") for one in range(1, 1 + MINISTRIES)
    ]
    writer.write("posts", "id, unit_id, kind, title", posts)
    began = writer.instant(NEW_YEAR)
    writer.write("mandates", "id, post_id, person_id, kind, from_at",
                 ((post, post, national.person(post), "own", began) for post, *_ in posts))  # fmt: skip


def _forms(writer: Writer, national: National, edition_id: int) -> None:
    chains, slots = [], []
    for unit in range(1, national.units + 1):
        for kind in ("need", "resource"):
            chain = 2 * unit - (kind == "need")
            length = 2 if kind == "resource" and unit % SHORT_CHAIN_EVERY == 0 else 3
            chains.append((chain, unit, f"{kind}_form", "", 1, length, "active"))
            side_by_side = kind == "resource" and unit % PARALLEL_CHAIN_EVERY == 7
            for slot, post in enumerate(national.posts(unit)[:length], 1):
                both = side_by_side and slot > 1
                slots.append((chain, slot, post, 2 if both else slot, 2 if both else 1))
    writer.write("chains", "id, unit_id, document_kind, variant, version, length, state", chains)
    writer.write("chain_slots", "chain_id, slot, post_id, stage, needed", slots)
    writer.write("documents", "id, edition_id, kind, number, activity, step, unit_id, chain_id, state, round, "
                 "next_slot, waiting_since, recorded_at", _documents(writer, national, edition_id))  # fmt: skip
    writer.write("needs", "document_id, item_code, quantity, priority, scope, beneficiary, province_code, "
                 "district_code",
                 ((form.id, f"i{form.id % ITEMS}", 90, 1 + form.id % 4, "local", "institution", "01", "1000")
                  for form in national.forms() if form.kind == "need"))  # fmt: skip
    writer.write("resources", "document_id, item_code, capacity, allocated, scope, recorded_scope, origin, holder, "
                 "province_code, district_code",
                 ((form.id, f"i{form.id % ITEMS}", 100, 0, "local", "local", "manual", f"Firma {form.id}", "01", "1000")
                  for form in national.forms() if form.kind == "resource"))  # fmt: skip


STEPS = {"need": ("needs_entry", "4.a", "IBC"), "resource": ("resource_determination", "3.c", "KSC")}


def _documents(writer: Writer, national: National, edition_id: int) -> Iterator[Row]:
    began, signed = writer.instant(BEGAN), writer.instant(SIGNED_AT)
    for form in national.forms():
        activity, step, letters = STEPS[form.kind]
        state = "complete" if form.next_slot == 0 else "recorded" if form.next_slot > 1 else "expected"
        since, recorded = (began, None) if form.next_slot == 1 else (signed, signed)
        yield (form.id, edition_id, f"{form.kind}_form", f"{letters}-2023-{form.id:07}", activity, step, form.unit,
               form.chain, state, form.round, form.next_slot, since, recorded)  # fmt: skip


class _Sealing:
    """What is really signed: the forms of the first and of the last units."""

    def __init__(self, session: Session, national: National) -> None:
        self.again = -(-national.units // NIGHTS_A_ROUND) + 1
        self.new = national.units - -(-national.units // NEW_SHARE)
        self.national, keys = national, keyring()
        self.signers: dict[int, Signer] = {}
        for person in range(1, national.people + 1):
            self.signers[person] = keys.signer_of(f"Kişi {person}", str(1000 + person), PERIOD)  # type: ignore[attr-defined]
        self.contents = document_contents(session, (form.id for form in national.forms() if self.is_real(form)))

    def is_real(self, form: Form) -> bool:
        """Tell whether a form's signatures are real."""
        return form.unit <= self.again or form.unit > self.new

    def digest(self, form: Form, number: int) -> bytes:
        """Return the digest that was signed in a round of a form."""
        if number == form.round and form.id in self.contents:
            return hashlib.sha256(self.contents[form.id]).digest()
        return hashlib.sha256(f"{form.id} {number}".encode()).digest()

    def signature(self, form: Form, number: int, person: int, at: datetime) -> tuple[bytes, bytes]:
        """Return the digest and the signature, a real one where it is verified."""
        content = self.contents.get(form.id) if number == form.round else f"{form.id} {number}".encode()
        if content is None or not self.is_real(form):
            return self.digest(form, number), os.urandom(71)
        kept = sign_kept(content, self.signers[person], at)
        return kept.content_digest, kept.signature


def _signed_slots(national: National, form: Form, head: int) -> Iterator[tuple[int, int, int, int, datetime]]:
    """Yield round, slot, post, act and instant of each signature of a form."""
    posts = national.posts(form.unit)
    if form.round == 2:
        yield 1, 1, posts[0], head + national.act(form.unit, form.kind, 0), RETURNED_AT
    for slot in form.signed:
        yield form.round, slot, posts[slot - 1], head + national.act(form.unit, form.kind, slot), SIGNED_AT


def _signatures(writer: Writer, national: National, head: int, sealing: _Sealing) -> Iterator[Row]:
    for form in national.forms():
        for number, slot, post, act, at in _signed_slots(national, form, head):
            person = national.person(post)
            digest, signature = sealing.signature(form, number, person, at)
            yield form.id, number, slot, person, post, act, writer.instant(at), person, digest, signature


def _returns(writer: Writer, national: National, head: int) -> Iterator[Row]:
    at = writer.instant(RETURNED_AT + timedelta(days=1))
    for form in national.forms():
        if form.round == 2:
            post, act = national.posts(form.unit)[1], head + national.act(form.unit, form.kind, 4)
            yield form.id, 1, 2, national.person(post), post, act, at, "Miktar fazla.", at


def _certificates(writer: Writer, national: National, sealing: _Sealing) -> Iterator[Row]:
    since, until = writer.instant(on(2021, 1, 1, 3)), writer.instant(on(2024, 1, 1, 3))
    for person, signer in sealing.signers.items():
        encoded = signer.certificate
        yield person, person, hashlib.sha256(encoded).digest(), encoded, since, until, True


def _acts(writer: Writer, national: National, edition_id: int, head: int, sealing: _Sealing) -> None:
    """Write every act in its place; those nobody did are refusals about nothing, so that no place is empty."""

    def rows() -> Iterator[Row]:
        for unit, forms in _by_unit(national):
            for kind in ("need", "resource"):
                done: dict[int, list[SignedSlot]] = {}
                for form in (one for one in forms if one.kind == kind):
                    for number, slot, post, act, at in _signed_slots(national, form, head):
                        signed = SignedSlot(form.id, number, slot, national.person(post), post, at,
                                            sealing.digest(form, number))  # fmt: skip
                        done.setdefault(act, []).append(signed)
                for slot in range(5):
                    place = head + national.act(unit, kind, slot)
                    yield _act(writer, place, edition_id, kind, done.get(place, []), is_return=slot == 4)

    columns = ("id, stream, sequence, at, verb, outcome, mandate_id, authority, edition_id, revision, activity, step, "
               "documents, facts, previous_hash, hash")  # fmt: skip
    writer.write("acts", columns, rows())
    last = head + national.act(national.units, "resource", 4)
    assert writer.driver is not None
    writer.driver.execute(f"UPDATE trail_heads SET sequence = {last}")


def _act(
    writer: Writer, place: int, edition_id: int, kind: str, signed: Sequence[SignedSlot], *, is_return: bool
) -> Row:
    activity, step, _ = STEPS[kind]
    facts = {"documents": [one.document_id for one in signed], "signatures": digest_of_signatures(signed)}
    verb, outcome = "return" if is_return else "sign", "done" if signed or is_return else "refused"
    hashed = hashlib.sha256(str(place).encode()).digest()
    return (place, "main", place, writer.instant(SIGNED_AT), verb, outcome, None, "person", edition_id, 1, activity,
            step, len(signed), json.dumps(facts), hashed, hashed)  # fmt: skip


def _by_unit(national: National) -> Iterator[tuple[int, list[Form]]]:
    held: list[Form] = []
    for form in national.forms():
        if held and form.unit != held[0].unit:
            yield held[0].unit, held
            held = []
        held.append(form)
    yield held[0].unit, held


def _last_night(session: Session, national: National, edition_id: int, head: int, at: Any) -> None:
    """Note that everything was verified but what the last units signed, and that a new round begins."""
    through = head + national.act(national.units - -(-national.units // NEW_SHARE), "resource", 4)
    values = {"edition_id": edition_id, "through": through, "at": at}
    session.execute(text("INSERT INTO evidence_checks (edition_id, day, first, through, again_first, again_through, "
                         "made_at) VALUES (:edition_id, '2023-04-27', 1, :through, 1, 0, :at)"), values)  # fmt: skip


def main() -> None:
    """Fill the configured database: ``python benchmarks/national.py [SCALE [COMPLETE]]``, SEKAPS_HOME naming where."""
    scale, complete = (float(sys.argv[place]) if len(sys.argv) > place else 1.0 for place in (1, 2))
    print(f"edition {fill(National(scale, complete))}")


if __name__ == "__main__":
    main()
