"""Alembic's entry: runs migrations on the connection handed over, or on the configured database."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import Connection

from sekaps.database import engine
from sekaps.models.base import Instant
from sekaps.models.schema import metadata


def render_item(kind: str, item: Any, _context: object) -> str | Literal[False]:
    """Write our own column type by its short name; leave every other thing to Alembic."""
    return "Instant()" if kind == "type" and isinstance(item, Instant) else False


def run(connection: Connection) -> None:
    """Run the migrations in one transaction on that connection."""
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        render_item=render_item,
    )
    with context.begin_transaction():
        context.run_migrations()


handed_over = context.config.attributes.get("connection")
if handed_over is not None:
    run(handed_over)
else:
    with engine().connect() as own:
        run(own)
        own.commit()
