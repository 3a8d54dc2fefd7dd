"""``sekaps ui``: the Prefect UI over what is here, until it is stopped."""

import signal
import time
from typing import Annotated

import typer

from sekaps.cli.language import _, said
from sekaps.cli.prefect_server import prefect_api
from sekaps.settings import settings
from sekaps.texts import text

HELP = _("Open the dashboard: a Prefect server over this home's data, until Ctrl-C.")
PORT = 4200


def ui(port: Annotated[int, typer.Option(help=_("Port on loopback; another free one if it is taken."))] = PORT) -> None:
    """Start the server, say where to look, and stay until stopped."""
    with prefect_api(settings().prefect_home, port) as api:
        root = api.removesuffix("/api")
        typer.echo(said(text("dashboard: {url}", url=f"{root}/dashboard")))
        typer.echo(said(text("the year at a glance, and every question's page: {url}", url=f"{root}/artifacts")))
        typer.echo(said(text("flow runs: {url}", url=f"{root}/runs")))
        typer.echo(said(text("Ctrl-C ends it.")))
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        while True:
            time.sleep(3600)
