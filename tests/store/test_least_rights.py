"""On PostgreSQL the product can run as a role that owns nothing: then not even the product can take the guards away."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.crypto import masters
from app.store import audit
from app.store.engine import open_engine, open_session
from app.usecases import retention_policy
from tests.usecases.conftest import CHEAP
from tests.usecases.test_retention import destroyed, ended, policy
from tests.usecases.world import make_world

pytestmark = pytest.mark.postgres

ROOT = Path(__file__).parents[2]
RIGHTS = (
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
    "REVOKE UPDATE, DELETE ON audit_entry FROM {role}",
    "REVOKE DELETE ON audit_head FROM {role}",
    "REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM {role}",
)
"""As docs/how-to/deploy.md gives them."""


@pytest.fixture
def lesser_url(own_database_url: str) -> Iterator[str]:
    """The address of the database for a role with no more rights than the product needs."""
    url = sa.make_url(own_database_url)
    role = f"lesser_{url.database}"
    engine = open_engine(own_database_url)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"CREATE ROLE {role} LOGIN PASSWORD '{role}'")
        for right in RIGHTS:
            connection.exec_driver_sql(right.format(role=role))
    yield url.set(username=role, password=role).render_as_string(hide_password=False)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"DROP OWNED BY {role}")
        connection.exec_driver_sql(f"DROP ROLE {role}")
    engine.dispose()


def test_a_whole_case_is_done_by_a_role_that_cannot_touch_the_log(lesser_url: str):
    engine = open_engine(lesser_url, masters.from_text(masters.new_line()))
    with open_session(engine) as db:
        world = make_world(db, CHEAP)
        retention_policy.set_policy(db, world.admin, policy())
        case, _ = ended(world)
        destroyed(world, case)
        db.commit()
        assert audit.verify(db) == ()
    for statement in (
        "UPDATE audit_entry SET detail = '{}'",
        "DELETE FROM audit_entry",
        "TRUNCATE audit_entry",
        "ALTER TABLE audit_entry DISABLE TRIGGER USER",
        "ALTER TABLE audit_head DISABLE TRIGGER audit_head_forward",
        "DROP TRIGGER audit_entry_no_change ON audit_entry",
        "DROP TABLE audit_entry",
        "CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$",
        "SET session_replication_role = replica",
    ):
        with (
            engine.connect() as connection,
            pytest.raises(sa.exc.ProgrammingError, match=r"permission denied|must be owner"),
        ):
            connection.exec_driver_sql(statement)
    engine.dispose()


def test_the_manual_gives_the_rights_that_were_tried():
    text = (ROOT / "docs" / "how-to" / "deploy.md").read_text(encoding="utf-8")
    for right in RIGHTS:
        assert f"{right.format(role='toetssteen_app')};" in text
