"""How the demo country's commissions sit and vote, what they make local, and which quantities change."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from sekaps.demo.chance import draw, pick
from sekaps.demo.matters import Matter
from sekaps.demo.roster import Roster
from sekaps.domain.commissions import Vote
from sekaps.domain.line_decisions import LineChange
from sekaps.domain.signatures import DocumentState
from sekaps.models.allocation import Allocation, Item, Resource
from sekaps.models.documents import Document
from sekaps.services.writing import chunked

PRESENT, DISSENT, TIE = 0.85, 0.12, 0.02
"""How often a member comes, how often one of those present is against, and how often half of them are."""
LINE_CHANGED = 0.04
SMALLEST_SHARE, LARGEST_SHARE = 0.5, 0.9
"""Between these parts of a quantity lies what it is changed to."""
CHANGE_REASONS = (
    "Kaynağın bir bölümü sahibinin kendi ihtiyacına ayrılmıştır.",
    "Kaynak yerinde görülmüş, kapasitesinin tamamı kullanılabilir bulunmamıştır.",
    "İhtiyaç sahibi birimin depolama imkânı sınırlıdır.",
)


def votes_of(roster: Roster, body_id: int, seats: Sequence[str], seed: int, *name: object) -> dict[int, Vote]:
    """Return the votes of one sitting, by person: quorum is always met, and the chair is in favour."""
    number = roster.units[body_id].number
    chair, *members = seats
    coming = sorted(members, key=lambda seat: draw(seed, "comes", number, seat, *name))
    enough = len(seats) // 2
    count = max(enough, sum(draw(seed, "present", number, seat, *name) < PRESENT for seat in members))
    votes = dict.fromkeys((roster.person(body_id, seat) for seat in (chair, *coming[:count])), Vote.FOR)
    opposed = _opposed(len(votes), draw(seed, "dissent", number, *name))
    for person in list(votes)[len(votes) - opposed :]:
        votes[person] = Vote.AGAINST
    return votes


def _opposed(present: int, fraction: float) -> int:
    """Return how many of those present are against: never so many that the chair's side loses."""
    if fraction < TIE and present % 2 == 0:
        return present // 2
    return 1 if fraction < DISSENT and present > 2 else 0


def changes_of(session: Session, matters: Iterable[Matter], seed: int) -> dict[int, LineChange]:
    """Return the lines whose quantity a body lowers, with the reason; a quantity of one stays."""
    chosen = {matter.id: matter.name for matter in matters if draw(seed, "change", matter.name) < LINE_CHANGED}
    return {
        line: LineChange(pick(CHANGE_REASONS, seed, "change reason", name), _lowered(quantity, seed, name))
        for line, quantity, name in _quantities(session, chosen)
        if quantity > 1
    }


def _lowered(quantity: int, seed: int, name: str) -> int:
    share = SMALLEST_SHARE + draw(seed, "share", name) * (LARGEST_SHARE - SMALLEST_SHARE)
    return min(quantity - 1, max(1, int(quantity * share)))


def _quantities(session: Session, names: Mapping[int, str]) -> Iterator[tuple[int, int, str]]:
    for part in chunked(sorted(names)):
        query = select(Allocation.id, Allocation.quantity).where(Allocation.id.in_(part)).order_by(Allocation.id)
        yield from ((line, quantity, names[line]) for line, quantity in session.execute(query))


def undecided_resources(session: Session, edition_id: int, sectors: Sequence[str], kind: str) -> dict[str, list[str]]:
    """Return the signed resources that wait to be made local, their numbers by the place of a kind of commission."""
    place = Resource.district_code if kind == "mmm_district" else Resource.province_code
    query = (
        select(place, Document.number)
        .join(Resource, Resource.document_id == Document.id)
        .join(Item, Item.code == Resource.item_code)
        .where(Document.edition_id == edition_id, Document.state == DocumentState.COMPLETE)
        .where(Resource.scope == "local", Resource.local_decision_id.is_(None), Item.sector.in_(sectors))
        .order_by(Document.id)
    )
    found: dict[str, list[str]] = defaultdict(list)
    for code, number in session.execute(query):
        found[code].append(number)
    return found
