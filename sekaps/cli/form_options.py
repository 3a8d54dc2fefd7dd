"""The words that needs and resources are stated with on the command line."""

from typing import Annotated

import typer

from sekaps.cli.language import _

Number = Annotated[str, typer.Argument(metavar="NUMBER", help=_("Number of the document, such as IBC-2023-000123."))]
Signer = Annotated[int, typer.Option("--as", help=_("Manager code of who states it, and signs it first."))]
Unit = Annotated[str, typer.Option(help=_("Registry number of the unit."))]
Item = Annotated[str, typer.Option(help=_("The item, by code or name; 'sekaps item list' lists them."))]
Quantity = Annotated[str, typer.Option(help=_("How much, in whole numbers."))]
Measure = Annotated[str, typer.Option(help=_("The measure of the quantity; the item's own when left out."))]
Scope = Annotated[str, typer.Option(help=_("local or central."))]
Province = Annotated[str, typer.Option(help=_("Province, by code or name."))]
District = Annotated[str, typer.Option(help=_("District of that province, by code or name."))]
Place = Annotated[str, typer.Option(help=_("Place of delivery."))]
OwnNumber = Annotated[str, typer.Option("--number", help=_("The form's number; the next one when left out."))]
OfUnit = Annotated[int | None, typer.Option("--unit", help=_("Of this unit only."))]
OfItem = Annotated[str, typer.Option("--item", help=_("Of this item only, by code."))]
OfState = Annotated[str, typer.Option("--state", help=_("In this state only, such as expected or complete."))]
Most = Annotated[int, typer.Option(min=1, help=_("At most so many."))]
