"""A synthetic nation in the configured database, and its plan stored in two ways: by the engine, and by the driver."""

import time
from collections.abc import Callable, Iterator

import numpy as np
from server_seconds import server_seconds
from small_country import SIGNED, make_country, on
from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from sekaps.calendar.allocating import Method
from sekaps.database import transaction
from sekaps.domain.allocation import Stage
from sekaps.domain.allocation_columns import Ints, Needs, Pool, Resources
from sekaps.domain.cascade import plan
from sekaps.models.allocation import Item, Need, Resource
from sekaps.models.documents import Document
from sekaps.models.registry import District, Province
from sekaps.services.allocation_plans import StagePart
from sekaps.services.allocations import store_lines, take_up
from sekaps.services.column_rows import insert_columns
from sekaps.services.editions import load_edition
from sekaps.services.writing import table_of

AS_OF = on(2023, 5, 2)
FIRST_ID = 1_000


class NationStored:
    """The nation's forms in the database; its plan is stored and taken back."""

    def __init__(self, needs: Needs, resources: Resources) -> None:
        self.need_ids = np.arange(len(needs)) + FIRST_ID
        self.resource_ids = np.arange(len(resources.free)) + FIRST_ID + len(needs)
        self.needed, self.first = needs.outstanding, np.where(needs.central, 3, np.where(needs.military, 0, 2))
        with transaction() as session:
            self.body = self._fill(session, needs, resources)
        found = plan(needs, resources, (), Method.FORESIGHT)
        self.parts = {
            stage: StagePart(
                self.need_ids[lines.need],
                self.resource_ids[lines.resource],
                np.full(len(lines), self.body),
                lines.quantity,
                np.zeros(0, dtype=np.int64),
            )
            for stage, lines in found.items()
        }
        self.lines = sum(len(part.need) for part in self.parts.values())

    def cpu(self, work: Callable[[Session], None]) -> float:
        """Return the CPU seconds of some work here and in the server, in a transaction that is taken back."""
        with transaction() as session:
            pid = self._server(session)
            begun, there = time.process_time(), server_seconds(pid)
            work(session)
            spent = time.process_time() - begun + server_seconds(pid) - there
            session.rollback()
        return spent

    def engine_stores(self, session: Session) -> None:
        """Take the needs up, store every stage's lines and reserve what they take."""
        edition = load_edition(session, "sekaps", 2023)
        for place, stage in enumerate(Stage):
            chosen = self.first == place
            if chosen.any():
                take_up(session, edition, stage, self.need_ids[chosen], self.needed[chosen])
            store_lines(session, edition, stage, self.parts[stage], AS_OF)

    def driver_loads(self, session: Session) -> None:
        """Load the same lines and balances by the driver's own bulk way, row by row as they come."""
        columns = "edition_id, need_id, resource_id, stage, body_id, quantity, state, proposed_at"
        self._load(session, "allocations", columns, self._line_rows(session))
        columns = "need_id, stage, edition_id, needed, allocated, transferred, unmet"
        self._load(session, "stage_balances", columns, self._balance_rows())

    def _line_rows(self, session: Session) -> Iterator[tuple[object, ...]]:
        on_server = session.get_bind().dialect.name == "postgresql"
        at = AS_OF if on_server else int(AS_OF.timestamp() * 1000)
        for stage, part in self.parts.items():
            columns = (part.need.tolist(), part.resource.tolist(), part.quantity.tolist())
            for need, resource, quantity in zip(*columns, strict=True):
                yield 1, need, resource, stage.value, self.body, quantity, "proposed", at

    def _balance_rows(self) -> Iterator[tuple[object, ...]]:
        stages = [stage.value for stage in Stage]
        columns = (self.need_ids.tolist(), self.first.tolist(), self.needed.tolist())
        for need, place, needed in zip(*columns, strict=True):
            yield need, stages[place], 1, needed, 0, 0, needed

    def _load(self, session: Session, table: str, columns: str, rows: Iterator[tuple[object, ...]]) -> None:
        cursor = session.connection().connection.cursor()
        if session.get_bind().dialect.name == "postgresql":
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:  # type: ignore[attr-defined]
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join("?" * len(columns.split(", ")))
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)

    def _server(self, session: Session) -> int:
        if session.get_bind().dialect.name != "postgresql":
            return 0
        return session.scalar(text("SELECT pg_backend_pid()")) or 0

    def _fill(self, session: Session, needs: Needs, resources: Resources) -> int:
        country = make_country(session)
        session.execute(insert(Province), [{"code": str(p), "name": str(p)} for p in range(2, 90)])
        districts = [{"code": str(d), "province_code": "2", "name": str(d)} for d in range(1_000)]
        session.execute(insert(District), districts)
        item = {"name_tr": "x", "name_en": "x", "module": "m", "sector": "s", "measure": "piece"}
        ministry = country.units["energy"]
        session.execute(insert(Item), [{"code": str(i), **item, "ministry_id": ministry} for i in range(2_000)])
        form = {**SIGNED, "edition_id": 1, "activity": "needs_entry", "step": "4.a", "round": 1}
        form |= {"unit_id": country.units["military"], "chain_id": country.chains["need"]}
        for kind, ids in (("need_form", self.need_ids), ("resource_form", self.resource_ids)):
            numbers = {"id": ids, "number": ids}
            insert_columns(session, table_of(Document), numbers, {**form, "kind": kind})
        self._fill_needs(session, needs)
        self._fill_resources(session, resources)
        return ministry

    def _fill_needs(self, session: Session, needs: Needs) -> None:
        columns = {"document_id": self.need_ids, "item_code": needs.item, "quantity": needs.outstanding,
                   "priority": needs.rank + 1, "province_code": needs.province + 2,
                   "district_code": needs.district}  # fmt: skip
        for central in (True, False):
            for military in (True, False):
                chosen = (needs.central == central) & (needs.military == military)
                words = {"scope": "central" if central else "local",
                         "beneficiary": "military" if military else "institution"}  # fmt: skip
                insert_columns(session, table_of(Need), _rows(columns, chosen), words)

    def _fill_resources(self, session: Session, resources: Resources) -> None:
        columns = {"document_id": self.resource_ids, "item_code": resources.item, "capacity": resources.free,
                   "province_code": resources.province + 2, "district_code": resources.district}  # fmt: skip
        for scope, pool in (("local", Pool.LOCAL), ("central", Pool.CENTRAL)):
            words = {"allocated": 0, "scope": scope, "recorded_scope": scope, "origin": "manual", "holder": "x"}
            insert_columns(session, table_of(Resource), _rows(columns, resources.pool == pool), words)


def _rows(columns: dict[str, Ints], chosen: np.ndarray) -> dict[str, Ints]:
    return {name: column[chosen] for name, column in columns.items()}
