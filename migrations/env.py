"""How alembic runs here: from the URL it is handed, in one transaction, in batch mode on SQLite."""

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy.types import TypeDecorator

from app.settings import Settings
from app.store.engine import open_engine
from app.store.rows import metadata


def render_item(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:
    """Write our own column types as what they are in the database, so that no migration imports the code of today."""
    del autogen
    if kind == "type" and isinstance(item, TypeDecorator):
        stored = item.impl_instance
        if isinstance(stored, sa.String) and not isinstance(stored, sa.Text):
            return f"sa.String(length={stored.length})" if stored.length else "sa.String()"
        if isinstance(stored, sa.LargeBinary):
            return "sa.LargeBinary()"
        if isinstance(stored, sa.DateTime):
            return f"sa.DateTime(timezone={stored.timezone})"
        return "sa.Text()"
    return False


def run(connection: sa.Connection) -> None:
    """Run the migrations that were asked for on a connection."""
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        render_item=render_item,
        compare_type=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    # Somebody else began a transaction, and ends it.
    run(given)
else:
    engine = open_engine(context.config.attributes.get("url") or Settings().database)
    with engine.connect() as connection:
        run(connection)
        connection.commit()
    engine.dispose()
