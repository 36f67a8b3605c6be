"""The audit log holds what happened, and shows any change to it afterwards."""

import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from app.accounts.actor import Actor
from app.crypto.masters import from_text, new_line
from app.store import audit, guards, verifying
from app.store.chain import GENESIS, WHOLE
from app.store.engine import Engine, open_engine, open_session
from app.store.rows import AuditHeadRow, AuditRow
from app.store.verifying import Exported
from tests.store.chains import CASES, an_organisation, attack, forge, unguard, write


@pytest.fixture
def actor(session: Session) -> Actor:
    return an_organisation(session)


def test_a_chain_that_nobody_touched_is_whole(session: Session, actor: Actor):
    write(session, actor)
    write(session, actor, 2, CASES[0])
    assert audit.verify(session) == ()
    assert verifying.verify(session.connection()).lines == 7


def test_an_empty_log_is_whole(session: Session):
    assert verifying.verify(session.connection()) == verifying.Verified(0, ())


def test_more_lines_than_are_read_at_once_are_whole(session: Session, actor: Actor, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(verifying, "_PAGE", sa.text(str(verifying._PAGE).replace(str(verifying.AT_ONCE), "2")))
    write(session, actor, 5)
    assert verifying.verify(session.connection()) == verifying.Verified(5, ())


@pytest.mark.parametrize(
    ("tampering", "broken_at"),
    [
        ("UPDATE audit_entry SET object_id = 'x' WHERE number = 3", 3),
        ("UPDATE audit_entry SET detail = '{}' WHERE number = 2", 2),
        ("UPDATE audit_entry SET at = '2020-01-01T00:00:00.000000+00:00' WHERE number = 1", 1),
        ("UPDATE audit_entry SET origin = '10.0.0.1' WHERE number = 5", 5),
        ("UPDATE audit_entry SET case_number = 3 WHERE number = 2", 2),
        ("DELETE FROM audit_entry WHERE number = 2", 2),
        ("DELETE FROM audit_entry WHERE number = 1", 1),
        ("DELETE FROM audit_entry WHERE number = 5", 5),
        ("DELETE FROM audit_entry", 1),
        ("UPDATE audit_head SET number = 4 WHERE chain = 'all'", 5),
        ("UPDATE audit_head SET number = 6 WHERE chain = 'all'", 6),
        ("UPDATE audit_head SET digest = 'x' WHERE chain = 'all'", 5),
        ("DELETE FROM audit_head", 1),
        ("INSERT INTO audit_head (chain, number, digest) VALUES ('made up', 2, 'x')", 1),
    ],
)
def test_any_change_shows_and_where(session: Session, actor: Actor, tampering: str, broken_at: int):
    write(session, actor)
    attack(session, tampering)
    assert [one.number for one in audit.verify(session)] == [broken_at]


def test_two_lines_that_changed_places_show(session: Session, actor: Actor):
    write(session, actor)
    for old, new in ((2, 99), (3, 2), (99, 3)):
        attack(session, "UPDATE audit_entry SET number = :new WHERE number = :old", new=new, old=old)
    assert [one.number for one in audit.verify(session)] == [2]


def test_a_line_that_was_made_up_shows(session: Session, actor: Actor):
    write(session, actor)
    last = session.get_one(AuditRow, 5)
    session.add(AuditRow(**{**last.model_dump(), "number": 6}))
    session.flush()
    assert [one.number for one in audit.verify(session)] == [6]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET detail = '{}' WHERE number = 2",
        "UPDATE audit_entry SET number = 99 WHERE number = 2",
        "DELETE FROM audit_entry WHERE number = 5",
        "DELETE FROM audit_entry",
        "UPDATE audit_head SET number = number - 1",
        "UPDATE audit_head SET digest = 'x'",
        "UPDATE audit_head SET chain = 'x'",
        "DELETE FROM audit_head",
    ],
)
def test_the_database_itself_refuses_to_change_what_stands_in_the_log(session: Session, actor: Actor, statement: str):
    write(session, actor)
    connection = session.connection()
    with pytest.raises(sa.exc.DBAPIError, match="the audit log only grows"), connection.begin_nested():
        connection.exec_driver_sql(statement)
    assert audit.verify(session) == ()


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT OR REPLACE INTO audit_head (chain, number, digest) VALUES ('all', 4, 'x')",
        "INSERT OR REPLACE INTO audit_head (chain, number, digest) VALUES ('all', 5, 'x')",
        "INSERT OR REPLACE INTO audit_head (rowid, chain, number, digest) SELECT rowid, 'other', 9, 'x' FROM audit_head",
        "UPDATE OR REPLACE audit_head SET number = number + 1, rowid = 1 WHERE rowid = 2",
        "UPDATE OR REPLACE audit_entry SET number = 1 WHERE number = 2",
        "INSERT OR REPLACE INTO audit_entry SELECT * FROM audit_entry WHERE number = 1",
    ],
)
@pytest.mark.parametrize("recursive", ["OFF", "ON"])
def test_sqlite_replaces_nothing_that_stands_in_the_log(session: Session, actor: Actor, statement: str, recursive: str):
    connection = session.connection()
    if connection.dialect.name != "sqlite":
        statement = statement.replace("INSERT OR REPLACE", "INSERT").replace("UPDATE OR REPLACE", "UPDATE")
    else:
        connection.exec_driver_sql(f"PRAGMA recursive_triggers = {recursive}")
    write(session, actor, 3)
    write(session, actor, 2, CASES[0])
    with pytest.raises(sa.exc.DBAPIError), connection.begin_nested():
        connection.exec_driver_sql(statement)
    assert audit.verify(session) == ()


def test_the_guards_of_the_log_are_looked_for_by_name(session: Session, actor: Actor):
    connection = session.connection()
    assert guards.missing(connection) == ()
    unguard(connection)
    assert set(guards.missing(connection)) == guards.GUARDS[connection.dialect.name]


def test_a_line_cannot_be_replaced_either(session: Session, actor: Actor):
    write(session, actor)
    connection = session.connection()
    line = connection.exec_driver_sql("SELECT * FROM audit_entry WHERE number = 2").mappings().one()
    row = {**line, "detail": "{}"}
    statement = sa.insert(AuditRow).values(row)
    if connection.dialect.name == "sqlite":
        statement = statement.prefix_with("OR REPLACE")
    with pytest.raises(sa.exc.DBAPIError), connection.begin_nested():
        connection.execute(statement)
    assert audit.verify(session) == ()


@pytest.mark.postgres
@pytest.mark.parametrize("table", ["audit_entry", "audit_head"])
def test_a_table_cannot_be_emptied_at_once(session: Session, actor: Actor, table: str):
    write(session, actor)
    connection = session.connection()
    with pytest.raises(sa.exc.DBAPIError, match="only grows"), connection.begin_nested():
        connection.exec_driver_sql(f"TRUNCATE {table}")


def test_one_chain_holds_every_organisation_and_every_case_has_its_own(session: Session, actor: Actor):
    other = an_organisation(session, "Elders")
    write(session, actor, 2, CASES[0])
    write(session, other, 3, CASES[1])
    write(session, actor, 1, CASES[0])
    write(session, actor, 1)
    heads = {head.chain: head.number for head in session.exec(select(AuditHeadRow)).all()}
    assert heads == {WHOLE: 7, CASES[0]: 3, CASES[1]: 3}
    assert audit.verify(session) == ()


def test_a_case_can_be_checked_by_itself(session: Session, actor: Actor):
    write(session, actor, 2, CASES[0])
    write(session, actor, 3, CASES[1])
    write(session, actor, 1, CASES[0])
    attack(session, "UPDATE audit_entry SET object_id = 'x' WHERE number = 4")
    connection = session.connection()
    assert verifying.verify_case(connection, str(CASES[0])) == verifying.Verified(3, ())
    assert [one.number for one in verifying.verify_case(connection, str(CASES[1])).faults] == [2]
    assert [one.number for one in verifying.verify(connection).faults] == [4]


@pytest.mark.parametrize(
    ("tampering", "broken_at"),
    [
        ("UPDATE audit_entry SET actor_name = 'Iemand Anders' WHERE number = 3", 2),
        ("UPDATE audit_entry SET case_id = '0caseb' WHERE number = 3", 2),
        ("DELETE FROM audit_entry WHERE number = 1", 1),
        ("DELETE FROM audit_entry WHERE number = 5", 3),
        ("DELETE FROM audit_head WHERE chain = '0casea'", 1),
    ],
)
def test_a_change_to_one_case_shows_in_its_own_chain(session: Session, actor: Actor, tampering: str, broken_at: int):
    for case in (CASES[0], CASES[1], CASES[0], CASES[1], CASES[0]):
        write(session, actor, 1, case)
    attack(session, tampering)
    assert [one.number for one in verifying.verify_case(session.connection(), str(CASES[0])).faults] == [broken_at]


def test_what_was_exported_shows_a_log_that_was_worked_out_anew(session: Session, actor: Actor):
    write(session, actor, 3)
    write(session, actor, 3, CASES[0])
    connection = session.connection()
    exported = [Exported(name, *head) for name, head in verifying.heads(connection).items()]
    assert audit.verify(session, exported) == ()
    forge(session, "UPDATE audit_entry SET actor_name = 'Iemand Anders' WHERE number = 2")
    assert audit.verify(session) == ()
    assert [(one.chain, one.number) for one in audit.verify(session, exported)] == [(WHOLE, 6)]
    of_case = verifying.verify_case(connection, str(CASES[0]), exported)
    assert [one.number for one in of_case.faults] == [3]


def test_what_was_exported_shows_a_log_of_which_the_end_was_cut_off(session: Session, actor: Actor):
    write(session, actor, 3)
    write(session, actor, 3, CASES[0])
    exported = [Exported(name, *head) for name, head in verifying.heads(session.connection()).items()]
    forge(session, "DELETE FROM audit_entry WHERE number > 4")
    assert audit.verify(session) == ()
    assert {(one.chain, one.number) for one in audit.verify(session, exported)} == {(WHOLE, 6), (str(CASES[0]), 3)}
    of_case = verifying.verify_case(session.connection(), str(CASES[0]), exported)
    assert [one.number for one in of_case.faults] == [3]


def test_lines_about_a_case_come_newest_first(session: Session, actor: Actor):
    write(session, actor)
    write(session, actor, 3, CASES[0])
    assert audit.of_case(session, actor.organisation_id, "no such case") == []
    found = audit.of_case(session, actor.organisation_id, str(CASES[0]))
    assert [line.object_id for line in found] == ["t2", "t1", "t0"]


def test_what_is_rolled_back_leaves_no_line(session: Session, actor: Actor):
    session.commit()
    audit.append(session, actor, "did_something", "thing", "t")
    session.rollback()
    session.commit()
    assert session.exec(select(AuditRow)).all() == []


@pytest.fixture
def own_engine(own_database_url: str) -> Engine:
    return open_engine(own_database_url, from_text(new_line()))


def test_a_case_that_was_only_opened_is_a_line_too_and_once_in_a_while(own_engine: Engine):
    with open_session(own_engine) as db:
        actor = an_organisation(db)
        db.commit()
    reader = Actor(
        **{name: getattr(actor, name) for name in Actor.__slots__} | {"session_id": own_engine.url.database or ""}
    )
    for _ in range(3):
        with open_session(own_engine) as db:
            audit.opened(db, reader, "0casea")
            db.commit()
    with open_session(own_engine) as db:
        audit.opened(db, reader, "0caseb")
        audit.append(db, reader, "did_something", "thing", "t", case_id="0caseb")
        db.commit()
    with open_session(own_engine) as db:
        lines = db.exec(select(AuditRow).order_by(sa.text("number"))).all()
    assert [(line.action, line.case_id) for line in lines] == [("case_opened", "0casea"), ("did_something", "0caseb")]
    own_engine.dispose()


def test_a_command_that_reads_twice_is_two_lines(session: Session, actor: Actor):
    for _ in range(2):
        audit.read(session, actor, "document_read", "document", "d", case_id="0casea")
        session.commit()
    assert len(audit.of_case(session, actor.organisation_id, "0casea")) == 2


def test_the_log_keeps_no_name_of_a_candidate(session: Session, actor: Actor):
    candidate = Actor(
        kind="candidate", id="c", name="Anna Veld", role=actor.role, organisation_id=actor.organisation_id
    )
    audit.append(session, candidate, "did_something", "thing", "t")
    assert [line.actor_name for line in session.exec(select(AuditRow)).all()] == [""]


def test_old_lines_are_hung_on_the_new_chains_and_back(tmp_path: Path):
    from alembic import command  # noqa: PLC0415 - loads the migration tool

    from app.store import migrating  # noqa: PLC0415 - same

    url = f"sqlite:///{tmp_path / 'old.db'}"
    migrating.upgrade(url)
    migrating.downgrade(url, "0002")
    with sqlite3.connect(tmp_path / "old.db") as old:
        for name in ("a", "b"):
            old.execute(
                "INSERT INTO organisation VALUES (?, ?, 'municipality', 'default', '{}', '2026-11-23')", (name, name)
            )
            old.execute("INSERT INTO audit_head VALUES (?, 0, ?)", (name, GENESIS))
        for number, (name, at) in enumerate([("b", "1"), ("a", "2"), ("b", "3")], 1):
            old.execute(
                "INSERT INTO audit_entry VALUES (?, ?, ?, 'p', 'é', 'clerk', 'x', 'case', 'i', NULL, '', 'ok', '{}', 'd')",
                (name, number, at),
            )
    command.upgrade(migrating.configuration(url), "0003")
    engine = open_engine(url)
    with open_session(engine) as db:
        assert audit.verify(db) == ()
        assert [line.at for line in db.exec(select(AuditRow).order_by(sa.text("number"))).all()] == ["1", "2", "3"]
    engine.dispose()
    migrating.downgrade(url, "0002")
    with sqlite3.connect(tmp_path / "old.db") as old:
        assert old.execute("SELECT organisation_id, number FROM audit_head ORDER BY 1").fetchall() == [
            ("a", 1),
            ("b", 2),
        ]
