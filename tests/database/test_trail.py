"""The audit trail: whoever changes, removes or re-orders a row is found."""

from collections.abc import Callable

import pytest
from small_country import on, publish
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from sekaps.database import transaction
from sekaps.domain.trail import Entry
from sekaps.models.trail import Act
from sekaps.services.trail import append_all, broken_links


def change(session: Session) -> None:
    session.execute(update(Act).where(Act.sequence == 3).values(documents=9))


def remove(session: Session) -> None:
    session.execute(delete(Act).where(Act.sequence == 3))


def swap(session: Session) -> None:
    for was, becomes in ((3, 99), (4, 3), (99, 4)):
        session.execute(update(Act).where(Act.sequence == was).values(sequence=becomes))


@pytest.mark.parametrize(("damage", "found"), [(change, [3]), (remove, [4]), (swap, [3, 4, 5])])
def test_the_trail_names_the_act_where_it_was_touched(
    database: object, damage: Callable[[Session], None], found: list[int]
) -> None:
    with transaction() as session:
        publish(session)
        append_all(session, [Entry(at=on(2023, 2, day), verb="sign", documents=day) for day in range(1, 6)])
        assert list(broken_links(session)) == []
        damage(session)
        assert list(broken_links(session)) == found
