"""The audit log holds what happened, and shows any change to it afterwards."""

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from app.accounts.actor import Actor, system_actor
from app.store import audit, people
from app.store.rows import AuditHeadRow, AuditRow


@pytest.fixture
def actor(session: Session) -> Actor:
    row = people.add_organisation(session, "Gemeente Voorbeeldstad", "municipality", theme="default", settings={})
    return system_actor(row.id)


def write(session: Session, actor: Actor, count: int = 5) -> None:
    for number in range(count):
        audit.append(session, actor, "did_something", "thing", f"t{number}", detail={"number": number})
    session.flush()


def test_a_chain_that_nobody_touched_is_whole(session: Session, actor: Actor):
    write(session, actor)
    assert audit.verify(session) == ()
    assert audit.verify(session, actor.organisation_id) == ()


@pytest.mark.parametrize(
    ("tampering", "broken_at"),
    [
        ("UPDATE audit_entry SET object_id = 'x' WHERE number = 3", 3),
        ("UPDATE audit_entry SET detail = '{}' WHERE number = 2", 2),
        ("UPDATE audit_entry SET at = '2020-01-01T00:00:00+00:00' WHERE number = 1", 1),
        ("UPDATE audit_entry SET origin = '10.0.0.1' WHERE number = 5", 5),
        ("DELETE FROM audit_entry WHERE number = 2", 2),
        ("DELETE FROM audit_entry WHERE number = 1", 1),
        ("DELETE FROM audit_entry WHERE number = 5", 5),
        ("DELETE FROM audit_entry", 1),
        ("UPDATE audit_head SET number = 4", 6),
    ],
)
def test_any_change_shows_and_where(session: Session, actor: Actor, tampering: str, broken_at: int):
    write(session, actor)
    session.connection().execute(sa.text(tampering))
    assert [one.number for one in audit.verify(session)] == [broken_at]


def test_two_lines_that_changed_places_show(session: Session, actor: Actor):
    write(session, actor)
    connection = session.connection()
    for old, new in ((2, 99), (3, 2), (99, 3)):
        connection.execute(
            sa.text("UPDATE audit_entry SET number = :new WHERE number = :old"), {"old": old, "new": new}
        )
    assert [one.number for one in audit.verify(session)] == [2]


def test_a_line_that_was_made_up_shows(session: Session, actor: Actor):
    write(session, actor)
    last = session.get_one(AuditRow, (actor.organisation_id, 5))
    session.add(AuditRow(**{**last.model_dump(), "number": 6}))
    session.flush()
    assert [one.number for one in audit.verify(session)] == [6]


def test_organisations_have_chains_of_their_own(session: Session, actor: Actor):
    other = system_actor(people.add_organisation(session, "Elders", "province", theme="default", settings={}).id)
    write(session, actor, 2)
    write(session, other, 3)
    write(session, actor, 1)
    heads = {head.organisation_id: head.number for head in session.exec(select(AuditHeadRow)).all()}
    assert heads[actor.organisation_id] == 3
    assert heads[other.organisation_id] == 3
    assert audit.verify(session) == ()


def test_lines_about_a_case_come_newest_first(session: Session, actor: Actor):
    write(session, actor)
    assert audit.of_case(session, actor.organisation_id, "no such case") == []
