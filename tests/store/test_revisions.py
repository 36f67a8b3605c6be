"""What the light module says of revisions is what the migration tool itself says."""

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from app.store import migrating, revisions
from app.store.engine import open_engine


def test_the_newest_revision_is_the_head_of_the_tool() -> None:
    script = ScriptDirectory.from_config(migrating.configuration("sqlite://"))
    assert revisions.newest() == script.get_current_head()
    assert revisions.newest() is not None


def test_the_line_of_revisions_is_that_of_the_tool() -> None:
    script = ScriptDirectory.from_config(migrating.configuration("sqlite://"))
    assert list(reversed(revisions.line())) == [one.revision for one in script.walk_revisions()]


def test_the_current_revision_is_what_the_tool_reads(own_database_url: str) -> None:
    engine = open_engine(own_database_url)
    with engine.connect() as connection:
        by_the_tool = MigrationContext.configure(connection).get_current_revision()
    engine.dispose()
    assert revisions.current(own_database_url) == by_the_tool == revisions.newest()


def test_an_empty_database_has_no_revision(tmp_path: object) -> None:
    assert revisions.current(f"sqlite:///{tmp_path}/leeg.db") is None
