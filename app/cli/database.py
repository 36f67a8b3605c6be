"""How commands reach the database: refusals are told, and nothing stays open, whatever happens."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from app.cli.output import problems_told

if TYPE_CHECKING:
    from sqlmodel import Session

    from app.settings import Settings
    from app.store.engine import Engine


@contextmanager
def the_engine(settings: "Settings", *, keys: bool = True) -> "Iterator[Engine]":
    """Give the engine of this installation; without `keys` it opens no content, and asks for no master key.

    Ends the command with exit code 2 on what is refused.
    """
    from app.store.engine import open_engine

    engine = open_engine(settings.database, settings.master_keys if keys else None)
    try:
        with problems_told():
            yield engine
    finally:
        engine.dispose()


@contextmanager
def the_database(settings: "Settings", *, writes: bool = True, keys: bool = True) -> "Iterator[Session]":
    """Give a session that commits at the end; on what is refused nothing is kept, and the command ends with exit code 2."""
    from app.store.engine import open_session

    with the_engine(settings, keys=keys) as engine, open_session(engine, writes=writes) as db:
        yield db
        if writes:
            db.commit()
