"""The disk is full or closed for writing, or the database is away: a clear page, nothing lost, and it goes on by itself."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from app.questionnaires.answers import AnswerPath
from app.store import answers
from app.store.rows import CaseRow
from app.store.trouble import Trouble, trouble_of
from tests.databases import Databases
from tests.web.conftest import House, open_house

pytestmark = pytest.mark.massive

QUESTION = "own_points"
STATEMENTS = {
    "sqlite": ("PRAGMA max_page_count = 1", "PRAGMA query_only = ON"),
    # A disk that is really full is in test_disk and test_postgresql.
    "postgresql": ("SET default_transaction_read_only = on",),
}
"""What makes a connection find the disk full (no page more than there are), or closed for writing."""
MANY = 30
"""So many long answers do not fit in the pages that a small database has left."""


@pytest.fixture(scope="module")
def troubled(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with open_house(databases, tmp_path_factory.mktemp("troubled")) as house:
        yield house


@contextmanager
def each_connection(house: House, statement: str, *, until_the_end: bool = True) -> Iterator[None]:
    """Let every new connection of the running application begin with a statement; none of those is left afterwards.

    Without `until_the_end` they are: only new ones begin without it.
    """
    application: Any = house.client.app
    engine: sa.Engine = application.state.engine

    def begin(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        cursor.execute(statement)
        cursor.close()
        if engine.dialect.name == "postgresql":
            connection.commit()

    engine.dispose()
    sa.event.listen(engine, "connect", begin)
    yield
    sa.event.remove(engine, "connect", begin)
    if until_the_end:
        engine.dispose()


def save(house: House, case: Any, text: str, *, htmx: bool) -> Any:
    data: dict[str, str | list[str]] = {"gevraagd": [QUESTION], QUESTION: text}
    if htmx:
        return house.post(case, f"{case.form}/antwoord/{QUESTION}?op=attitude", data, htmx=True)
    return house.post(case, f"{case.form}/attitude", data)


def kept(house: House, case_id: str) -> str:
    with house.stage.world() as world:
        rows = answers.history(world.db, world.db.get_one(CaseRow, case_id), AnswerPath.parse(QUESTION))
        return " | ".join(str(row.answer) for row in rows)


@pytest.mark.parametrize("htmx", [True, False], ids=["with_script", "without_script"])
def test_a_save_that_finds_no_room_is_refused_clearly_and_the_next_one_is_taken(troubled: House, htmx: bool) -> None:
    application: Any = troubled.client.app
    for statement in STATEMENTS[application.state.engine.dialect.name]:
        case = troubled.stage.answering()
        acknowledged = ["voordien"]
        assert save(troubled, case, acknowledged[0], htmx=htmx).status_code in {200, 303}
        with each_connection(troubled, statement):
            for number in range(MANY):
                text = f"tijdens {number:03}"
                answer = save(troubled, case, f"{text} " + "lang " * 250, htmx=htmx)
                if answer.status_code == 503:
                    break
                acknowledged.append(text)
        assert answer.status_code == 503, statement
        assert answer.headers["retry-after"].isdigit()
        assert "nog niet opgeslagen" in answer.text
        assert answer.headers["cache-control"] == "no-store"
        stands = kept(troubled, case.id)
        assert text not in stands
        assert [one for one in acknowledged if one not in stands] == []
        assert save(troubled, case, "naderhand", htmx=htmx).status_code in {200, 303}
        assert "naderhand" in kept(troubled, case.id)


def test_a_connection_that_goes_on_refusing_to_write_is_replaced(troubled: House) -> None:
    """As one that was opened while the disk was closed, or on a server that became a standby."""
    application: Any = troubled.client.app
    case = troubled.stage.answering()
    with each_connection(troubled, STATEMENTS[application.state.engine.dialect.name][-1], until_the_end=False):
        assert save(troubled, case, "tijdens", htmx=True).status_code == 503
    after = [save(troubled, case, f"naderhand {number}", htmx=bool(number % 2)).status_code for number in range(4)]
    assert {*after} <= {200, 303}


@pytest.mark.parametrize(
    ("code", "trouble"),
    [
        ("SQLITE_FULL", Trouble.FULL),
        ("SQLITE_IOERR_SHMSIZE", Trouble.FULL),
        ("SQLITE_READONLY", Trouble.CLOSED),
        ("SQLITE_READONLY_DBMOVED", Trouble.CLOSED),
        ("SQLITE_IOERR_WRITE", Trouble.FAILING),
        ("SQLITE_CANTOPEN", Trouble.AWAY),
    ],
)
def test_each_code_of_sqlite_is_told_apart(code: str, trouble: Trouble) -> None:
    origin = sqlite3.OperationalError(code)
    origin.sqlite_errorcode = getattr(sqlite3, code)
    assert trouble_of(OperationalError("INSERT", None, origin)) is trouble


@pytest.mark.parametrize(
    ("state", "trouble"),
    [
        ("53100", Trouble.FULL),
        ("25006", Trouble.CLOSED),
        ("42501", Trouble.CLOSED),
        ("58030", Trouble.FAILING),
        ("57P01", Trouble.AWAY),
    ],
)
def test_each_code_of_postgresql_is_told_apart(state: str, trouble: Trouble) -> None:
    class Refused(Exception):  # noqa: N818 - as the driver calls its own
        sqlstate = state

    assert trouble_of(OperationalError("INSERT", None, Refused())) is trouble


def test_a_mistake_of_ours_is_no_trouble_with_the_storage() -> None:
    origin = sqlite3.IntegrityError("UNIQUE")
    origin.sqlite_errorcode = sqlite3.SQLITE_CONSTRAINT
    assert trouble_of(IntegrityError("INSERT", None, origin)) is None
    with sa.create_engine("sqlite://").connect() as connection, pytest.raises(OperationalError) as caught:
        connection.exec_driver_sql("SELECT * FROM no_such_table")
    assert trouble_of(caught.value) is None
    assert trouble_of(DBAPIError("INSERT", None, ValueError("no"))) is None
    assert trouble_of(KeyError("no")) is None
    assert trouble_of(OSError(28, "full")) is Trouble.FULL
    assert trouble_of(OSError(2, "missing")) is None
