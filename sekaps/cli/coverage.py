"""``sekaps coverage``: how much of what was needed each stage of the cascade met."""

from dataclasses import asdict

from sekaps.cli.asking import AsJson, Programme, Year, require_database
from sekaps.cli.language import _, current, said
from sekaps.cli.printing import console, print_json, table
from sekaps.database import reading
from sekaps.reports.words import STAGES, number
from sekaps.services.editions import load_edition
from sekaps.services.progress import coverage as measure

HELP = _("What each stage of the cascade needed, allocated, passed on and left unmet.")


def coverage(year: Year, programme: Programme = "sekaps", as_json: AsJson = False) -> None:
    """Print the stages of the cascade."""
    require_database()
    with reading() as session:
        stages = measure(session, load_edition(session, programme, year))
    if as_json:
        print_json({"programme": programme, "year": year, "stages": [asdict(stage) for stage in stages]})
        return
    listed = table(_("Allocation"), _("stage"), _("needed"), _("allocated"), _("transferred"), _("unmet"))
    for stage in stages:
        figures = (stage.needed, stage.allocated, stage.transferred, stage.unmet)
        listed.add_row(said(STAGES[stage.stage]), *(number(figure, current()) for figure in figures))
    console().print(listed)
