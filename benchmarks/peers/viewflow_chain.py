"""Viewflow as a peer: a process of three steps, each an API call in a transaction of its own, on PostgreSQL."""

import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import django
from django.conf import settings
from django.core.management import call_command

sys.path.append(str(Path(__file__).parent.parent))

from server_seconds import server_seconds  # noqa: E402

APPLICATIONS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "viewflow",
    "viewflow.workflow",
    "viewflow_app",
]


def prepared(url: str) -> Any:
    """Set Django up on a PostgreSQL database of its own, make its tables, and return the flow."""
    parts = urlsplit(url)
    database = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": parts.username,
        "PASSWORD": parts.password or "",
        "HOST": parts.hostname,
        "PORT": parts.port or 5432,
    }
    field = "django.db.models.AutoField"
    databases = {"default": database}
    settings.configure(DATABASES=databases, INSTALLED_APPS=APPLICATIONS, DEFAULT_AUTO_FIELD=field, USE_TZ=True)
    django.setup()
    call_command("migrate", verbosity=0)
    from viewflow_app.flows import ChainFlow

    return ChainFlow


def run(chain: Any, count: int) -> None:
    """Start so many chains and sign each three times."""
    for _ in range(count):
        process = chain.start.run()
        for step in (chain.first, chain.second, chain.third):
            step.run(process.task_set.get(flow_task=step))


def told() -> float:
    """Return the CPU seconds the server's process behind this connection has used."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return server_seconds(cursor.fetchone()[0])


if __name__ == "__main__":
    run(prepared(sys.argv[1]), int(sys.argv[2]))
    print(told())
