"""Fills the configured database with a country of the real one's size, as ``sekaps generate`` makes it.

Alone: ``python benchmarks/generated.py [SCALE [COMPLETE]]``, SEKAPS_HOME naming where; with COMPLETE 2 twice the forms
are owed by the same people, and no more of them are open.
"""

import sys

from sekaps.database import analyse, migrate, transaction
from sekaps.demo.generating import CountryOrder, Generated, generate
from sekaps.services.publication import planned_year
from sekaps.settings import settings

YEAR, SEED = 2023, 7


def fill(scale: float = 1.0, complete: float = 1.0, *, sealed: bool = True) -> Generated:
    """Generate the country into the configured, empty database, and return what was made."""
    migrate()
    with transaction() as session:
        planned = planned_year(settings().home, "sekaps", YEAR)
        made = generate(session, planned, CountryOrder(scale, SEED, sealed=sealed, complete=complete), lambda *_: None)
    analyse()
    return made


def main() -> None:
    """Fill the database as the command line asks."""
    scale, complete = (float(sys.argv[place]) if len(sys.argv) > place else 1.0 for place in (1, 2))
    made = fill(scale, complete)
    print(f"{sum(made.documents.values()):,} documents, {made.signatures:,} signatures")


if __name__ == "__main__":
    main()
