"""A small observatory to look at: three units of two ministries, a vacant post, a hostile name."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sekaps.calendar.instants import at
from sekaps.domain.gaps import Cause
from sekaps.domain.observatory import Block, Ending, Hold, Holder, Observatory, Pile, Place, Stuck

DAY = date(2023, 5, 1)
HOSTILE = '=HYPERLINK("http://x")<script>alert(1)</script>|'
ADANA = Place(1, 20000001, "Adana Müdürlüğü", 90, "01")
CANKIRI = Place(2, 20000002, "Çankırı Müdürlüğü", 90, "18")
STRANGE = Place(3, 20000003, HOSTILE, 91, None)
AYSE, CEM, CELIK = Holder(1, 10001, "Ayşe Şahin"), Holder(2, 10002, "Cem Öz"), Holder(3, 10003, "Çelik Ar")


def pile(days: int, documents: int = 1, **values: Any) -> Pile:
    """Return alike documents that have waited so many days: of Adana, for Ayşe, or as the values say."""
    usual = Pile(
        cause=Cause.WAITING,
        activity="needs_entry",
        step="4.a",
        owner=ADANA,
        ministry="Sağlık Bakanlığı",
        province="Adana",
        module="vehicles",
        chain_id=1,
        slot=2,
        post_id=11,
        post="Birim amiri",
        waits_at=ADANA,
        person=AYSE,
        closer=AYSE,
        since=at(DAY - timedelta(days=days)),
        documents=documents,
        example="IBC-2023-000001",
    )
    return replace(usual, **values)


PILES = (
    pile(40),
    pile(2, 30, person=CEM, closer=CEM, cause=Cause.NOT_STARTED, slot=1, post_id=12, module=None),
    pile(5, 2, owner=CANKIRI, waits_at=CANKIRI, province="Çankırı", person=CELIK, closer=CELIK, post_id=13),
    pile(9, owner=STRANGE, waits_at=STRANGE, ministry=None, province=None, person=None, closer=CEM, post_id=14,
         cause=Cause.POST_VACANT),
    pile(20, 3, person=None, closer=None, post_id=15, cause=Cause.POST_VACANT, module="goods_services"),
)  # fmt: skip
ENDINGS = (
    Ending(Hold.OWN, ADANA, "Birim amiri", AYSE, at(date(2023, 5, 9)), None, 0, 0),
    Ending(Hold.OWN, CANKIRI, "Görevli", CELIK, at(date(2023, 5, 12)), None, 2, 1),
    Ending(Hold.DEPUTY, ADANA, "Görevli", CEM, at(date(2023, 5, 3)), "Ayşe Şahin", 4, 0),
    Ending(Hold.DEPUTY, STRANGE, "Görevli", CEM, at(date(2023, 5, 4)), None, 0, 4),
)
STUCK = (
    Stuck(Block.VACANT, STRANGE, 2, "Birim amiri", HOSTILE, 1, at(date(2023, 4, 22)), "IBC-2023-000009"),
    Stuck(Block.SIGNED, ADANA, 3, "Onay makamı", "Sağlık Bakanlığı", 5, at(date(2023, 4, 2)), "IBC-2023-000003"),
)
SEEN = Observatory("sekaps", 2023, True, DAY, 14, PILES, ENDINGS, STUCK)
