"""What the other tests rely on."""

import re
import socket
import warnings

import pytest
import sqlalchemy as sa
from pytest_socket import SocketConnectBlockedError
from sqlmodel import Session

from tests.conftest import asks_for_a_database
from tests.house.repository import ROOT


def test_no_test_reaches_another_computer():
    with pytest.raises((SocketConnectBlockedError, UserWarning), match=r"192\.0\.2\.1"):
        # an address that is set apart for documentation, so that nobody is called even if this fails
        socket.create_connection(("192.0.2.1", 80), timeout=0.1)


def test_a_warning_is_an_error():
    with pytest.raises(DeprecationWarning, match="old"):
        warnings.warn("old", DeprecationWarning, stacklevel=1)


@pytest.mark.parametrize("turn", ["first", "second"])
def test_what_a_session_commits_is_gone_after_the_test(turn: str, session: Session, engine: sa.Engine):
    """Both turns find the table missing, whichever comes first."""
    assert "left_behind" not in sa.inspect(session.connection()).get_table_names()
    session.connection().execute(sa.text("CREATE TABLE left_behind (turn TEXT)"))
    session.connection().execute(sa.text("INSERT INTO left_behind VALUES (:turn)"), {"turn": turn})
    session.commit()
    session.rollback()
    assert session.connection().execute(sa.text("SELECT turn FROM left_behind")).scalar_one() == turn


def test_a_database_of_ones_own_is_migrated_and_empty(own_database_url: str, database_url: str):
    assert own_database_url != database_url
    engine = sa.create_engine(own_database_url, poolclass=sa.NullPool)
    tables = set(sa.inspect(engine).get_table_names())
    assert {"alembic_version"} < tables
    with engine.connect() as connection:
        filled = [
            name
            for name in tables - {"alembic_version", "audit_head"}  # the log has its beginning
            if connection.execute(sa.text(f'SELECT count(*) FROM "{name}"')).scalar_one()  # noqa: S608 - names of tables
        ]
    assert not filled


def test_a_test_that_gets_no_database_runs_on_one_engine_only(request: pytest.FixtureRequest):
    assert not asks_for_a_database(request.node)


def test_a_test_that_gets_a_database_runs_on_every_engine(request: pytest.FixtureRequest, session: Session):
    assert session.is_active
    assert asks_for_a_database(request.node)


@pytest.mark.postgres
def test_a_test_that_names_its_engine_runs_there(request: pytest.FixtureRequest):
    assert asks_for_a_database(request.node)


def test_nothing_else_tells_a_test_which_engine_it_runs_on():
    """What gets no database is left out on the second engine: it must have no other way to know about that engine."""
    ways = re.compile(r"getoption|pytestconfig|getfixturevalue|TOETSSTEEN_TEST_")
    found = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "tests").rglob("*.py")
        if ways.search(path.read_text(encoding="utf-8"))
    }
    assert found <= {"tests/conftest.py", "tests/databases.py", "tests/house/test_tests.py"}
