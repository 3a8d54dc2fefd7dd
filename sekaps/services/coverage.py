"""Coverage of an edition: what was needed, met at each stage, contracted and served, by each side of a need."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sekaps.calendar.instants import local_day
from sekaps.domain.coverage import MINISTRIES, OFFERED_BY, Coverage, Line, Offer, Side, add_offers, figures, fold
from sekaps.domain.sectors import sector_name
from sekaps.models.allocation import Item, Resource
from sekaps.models.registry import Province, Unit
from sekaps.services.coverage_part import SIDES, WHOLE_COUNTRY, Part
from sekaps.services.coverage_rows import Columns, load_columns, signed_resources, untouched_needs
from sekaps.services.coverage_work import unfinished_bodies
from sekaps.services.editions import EditionView
from sekaps.services.writing import Query
from sekaps.texts import Bilingual, Sayable, turkish_key, word

BENEFICIARIES = {
    "military": Bilingual("Askerî birlikler", "Military units"),
    "institution": Bilingual("Kurumlar", "Institutions"),
    "public": Bilingual("Halk", "The public"),
}
BENEFICIARY_ORDER: dict[str | int, int] = {code: place for place, code in enumerate(BENEFICIARIES)}
NO_MINISTRY = (0, Bilingual("Bakanlığa bağlı olmayan", "Under no ministry"))
TOTAL = Bilingual("Toplam", "In all")
Key = tuple[Side, Any]
"""A side of need, and what the rows hold there."""
Named = tuple[str | int, Sayable | str]
"""The code of a row of coverage and its name."""


def measure_coverage(session: Session, edition: EditionView, as_of: datetime, part: Part = WHOLE_COUNTRY) -> Coverage:
    """Return the coverage of an edition, or of a part of it, with who has not finished as of an instant."""
    columns, offers, untouched = (
        load_columns(session, edition, part),
        _offers(session, edition, part),
        _untouched(session, edition, part),
    )
    units, provinces = _units(session), _provinces(session)

    def named(side: Side, key: Any) -> Named:
        return units.get(key, NO_MINISTRY) if side in MINISTRIES else _named(side, key, provinces)

    return Coverage(
        programme=edition.programme.code,
        year=edition.year,
        synthetic=edition.synthetic,
        day=local_day(as_of),
        total=_total(columns, offers if part.has_resources else None, untouched),
        by={side: _lines(side, columns, offers, untouched, named) for side in Side},
        unfinished=unfinished_bodies(session, edition, as_of, part),
    )


def _total(columns: Columns, offers: Mapping[Key, Offer] | None, untouched: Mapping[Key, int]) -> Line:
    stages = fold([None] * len(columns.stages), columns.stages, columns.amounts).get(None, {})
    held = None if offers is None else [offer for (side, _), offer in offers.items() if side is Side.SECTOR]
    offer = None if held is None else add_offers(held)
    left = sum(count for (side, _), count in untouched.items() if side is Side.SECTOR)
    return Line("", TOTAL, figures(stages), stages, offer, left)


def _lines(
    side: Side,
    columns: Columns,
    offers: Mapping[Key, Offer],
    untouched: Mapping[Key, int],
    named: Callable[[Side, Any], Named],
) -> tuple[Line, ...]:
    """Return a side's rows, sectors and ministries by name and others by code: whatever is needed or offered."""
    stages = fold(columns.keys[side], columns.stages, columns.amounts)
    keys = {*stages, *(key for of, key in (*offers, *untouched) if of is side)}
    lines = [
        Line(*named(side, key), figures(stages.get(key, {})), stages.get(key, {}), _offer_of(side, key, offers),
             untouched.get((side, key), 0))
        for key in keys
    ]  # fmt: skip
    return tuple(sorted(lines, key=_by_name if side in (Side.SECTOR, *MINISTRIES) else _by_code))


def _by_name(line: Line) -> tuple[Any, ...]:
    return turkish_key(word(line.name, "tr")), line.code


def _by_code(line: Line) -> tuple[Any, ...]:
    return (BENEFICIARY_ORDER.get(line.code, 0), line.code)


def _offer_of(side: Side, key: Any, offers: Mapping[Key, Offer]) -> Offer | None:
    return offers.get((side, key), Offer()) if side in OFFERED_BY else None


def _named(side: Side, key: Any, provinces: Mapping[str, str]) -> Named:
    names: dict[Side, Callable[[], Sayable | str]] = {
        Side.SECTOR: lambda: sector_name(key),
        Side.PROVINCE: lambda: provinces.get(key, key),
        Side.BENEFICIARY: lambda: BENEFICIARIES.get(key, key),
        Side.PRIORITY: lambda: Bilingual(f"{key}. öncelik", f"priority {key}"),
    }
    return key, names[side]()


def _offers(session: Session, edition: EditionView, part: Part) -> dict[Key, Offer]:
    """Return what the part's signed resources offer, by each side that resources have."""
    if not part.has_resources:
        return {}
    items = {row.code: row for row in session.execute(select(Item.code, Item.sector, Item.ministry_id))}
    found: dict[Key, list[int]] = defaultdict(lambda: [0, 0, 0])
    for item, province, *sums in session.connection().execute(_offer_query(edition, part)):  # by the hundred thousand
        of = items[item]
        for key in zip(OFFERED_BY, (of.sector, province, of.ministry_id), strict=True):
            held = found[key]
            for place, amount in enumerate(sums):
                held[place] += int(amount)
    return {key: Offer(*sums) for key, sums in found.items()}


def _offer_query(edition: EditionView, part: Part) -> Query:
    by = (Resource.item_code, Resource.province_code)
    amounts = (func.count(), func.sum(Resource.capacity), func.sum(Resource.allocated))
    return signed_resources(edition, part).with_only_columns(*by, *amounts).group_by(*by)


def _untouched(session: Session, edition: EditionView, part: Part) -> dict[Key, int]:
    """Return how many signed needs of the part no stage has taken up, by each side."""
    query = untouched_needs(edition, part).with_only_columns(*SIDES.values(), func.count()).group_by(*SIDES.values())
    found: Counter[Key] = Counter()
    for *keys, count in session.execute(query):
        for key in zip(SIDES, keys, strict=True):
            found[key] += count
    return found


def _units(session: Session) -> dict[int, Named]:
    query = select(Unit.id, Unit.number, Unit.name).where(Unit.kind == "ministry")
    planning = select(Unit.id, Unit.number, Unit.name).join(Item, Item.ministry_id == Unit.id)
    return {key: (number, name) for rows in (query, planning) for key, number, name in session.execute(rows)}


def _provinces(session: Session) -> dict[str, str]:
    return {code: name for code, name in session.execute(select(Province.code, Province.name))}
