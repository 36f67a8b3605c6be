"""The master key is replaced while people work, and what is half done goes on."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from app.crypto import masters
from app.crypto.envelope import MasterKey
from app.crypto.masters import MasterKeys
from app.errors import KeysMissing
from app.store import keys, rewrapping
from app.store.engine import open_engine, open_session
from app.store.ids import new_id
from app.store.keys import RING
from app.store.rows import (
    CaseRow,
    ContentKeyRow,
)
from tests.store.test_sealing import answers, make_two, ring


@pytest.fixture
def growing(own_database_url: str) -> Iterator[tuple[sa.Engine, list[str]]]:
    """An engine of which the list of master keys can grow and shrink while it is in use."""
    lines = [masters.new_line()]
    engine = open_engine(own_database_url, MasterKeys(lambda: "\n".join(lines)))
    yield engine, lines
    engine.dispose()


def test_the_master_key_is_replaced_while_a_server_goes_on(growing: tuple[sa.Engine, list[str]], own_database_url: str):
    serving, lines = growing
    with open_session(serving) as db:
        anna, _ = make_two(db)
        db.commit()
    old = masters.parse(lines[0])[0].id
    lines.insert(0, masters.new_line())
    new = masters.parse(lines[0])[0].id
    by_command = open_engine(own_database_url, MasterKeys(lambda: "\n".join(lines)))
    assert rewrapping.rewrap(by_command) == 3
    assert rewrapping.rewrap(by_command) == 0
    with by_command.connect() as connection:
        found = {one.master_id: (one.count, one.known, one.current) for one in rewrapping.wrappings(connection)}
    assert found == {new: (3, True, True), old: (0, True, False)}
    with open_session(serving) as db:
        # what it has in memory, what it must unwrap anew, and what it makes new
        assert len(answers(db, anna)) == 2
        ring(db).forget(anna.id)
        assert len(answers(db, anna)) == 2
        made = CaseRow(**{**anna.model_dump(), "id": new_id()})
        db.add(made)
        db.flush()
        assert db.get_one(ContentKeyRow, made.id).master_id == new
        db.commit()
    lines.pop()
    rewrapping.require_masters(by_command)
    with open_session(by_command) as db:
        assert answers(db, anna) == [{"value": "Anna Veld 1"}, {"value": "Anna Veld 2"}]
    by_command.dispose()


def test_a_server_notices_a_new_master_key_when_it_makes_a_case(
    growing: tuple[sa.Engine, list[str]], own_database_url: str
):
    serving, lines = growing
    with open_session(serving) as db:
        anna, _ = make_two(db)
        db.commit()
    lines.insert(0, masters.new_line())
    by_command = open_engine(own_database_url, MasterKeys(lambda: "\n".join(lines)))
    rewrapping.rewrap(by_command)
    by_command.dispose()
    with open_session(serving) as db:
        made = CaseRow(**{**anna.model_dump(), "id": new_id()})
        db.add(made)
        db.flush()
        assert db.get_one(ContentKeyRow, made.id).master_id == masters.parse(lines[0])[0].id


def test_a_master_key_that_is_missing_is_told_at_the_start(growing: tuple[sa.Engine, list[str]]):
    engine, lines = growing
    with open_session(engine) as db:
        make_two(db)
        db.commit()
    old = masters.parse(lines[0])[0].id
    lines[:] = [masters.new_line()]
    with pytest.raises(KeysMissing, match=old):
        rewrapping.require_masters(engine)
    with pytest.raises(KeysMissing, match=old):
        rewrapping.rewrap(engine)


def test_many_keys_are_wrapped_in_several_transactions(
    growing: tuple[sa.Engine, list[str]], monkeypatch: pytest.MonkeyPatch
):
    engine, lines = growing
    with open_session(engine) as db:
        make_two(db)
        db.commit()
    lines.insert(0, masters.new_line())
    monkeypatch.setattr(rewrapping, "AT_ONCE", 2)
    assert rewrapping.rewrap(engine) == 3


def test_a_replacement_that_was_interrupted_goes_on_where_it_was(
    growing: tuple[sa.Engine, list[str]], monkeypatch: pytest.MonkeyPatch
):
    engine, lines = growing
    with open_session(engine) as db:
        anna, _ = make_two(db)
        db.commit()
    lines.insert(0, masters.new_line())
    monkeypatch.setattr(rewrapping, "AT_ONCE", 1)
    wrap = MasterKey.wrap
    wrapped: list[str] = []

    def broken_off(key: MasterKey, raw: bytes, owner_id: str) -> bytes:
        if wrapped:
            raise OSError("no power")
        wrapped.append(owner_id)
        return wrap(key, raw, owner_id)

    with monkeypatch.context() as context:
        context.setattr(MasterKey, "wrap", broken_off)
        with pytest.raises(OSError, match="no power"):
            rewrapping.rewrap(engine)
    with engine.connect() as connection:
        assert sorted(one.count for one in rewrapping.wrappings(connection)) == [1, 2]
    with open_session(engine) as db:
        ring(db).forget(anna.id)
        assert len(answers(db, anna)) == 2, "half-way everything opens"
    assert rewrapping.rewrap(engine) == 2


@pytest.mark.postgres
def test_a_case_that_is_being_made_is_waited_for_when_the_master_key_is_replaced(growing: tuple[sa.Engine, list[str]]):
    engine, lines = growing
    with open_session(engine) as db:
        anna, _ = make_two(db)
        db.commit()
    with open_session(engine) as making:
        made = CaseRow(**{**anna.model_dump(), "id": new_id()})
        making.add(made)
        making.flush()
        lines.insert(0, masters.new_line())
        with ThreadPoolExecutor(1) as other:
            replaced = other.submit(rewrapping.rewrap, engine)
            until_somebody_waits(engine)
            making.commit()
            assert replaced.result(timeout=60) == 4
    old, new = masters.parse(lines[1])[0].id, masters.parse(lines[0])[0].id
    with engine.connect() as connection:
        assert {one.master_id: one.count for one in rewrapping.wrappings(connection)} == {new: 4, old: 0}


def until_somebody_waits(engine: sa.Engine) -> None:
    """Wait until a connection to this database of PostgreSQL waits for a lock; the caller fails when nobody ever does."""
    for _ in range(600):
        with engine.connect() as connection:
            waiting = (
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            if connection.exec_driver_sql(waiting).scalar_one():
                return
        time.sleep(0.05)


def test_the_ring_goes_along_with_every_connection(growing: tuple[sa.Engine, list[str]]):
    engine, _ = growing
    with open_session(engine, writes=False) as db:
        assert db.connection().get_execution_options()[RING] is engine.get_execution_options()[RING]


def test_an_engine_without_master_keys_reads_and_writes_no_content(database_url: str):
    engine = open_engine(database_url)
    with engine.connect() as connection, pytest.raises(KeysMissing):
        keys.ring_of(connection)
    engine.dispose()
