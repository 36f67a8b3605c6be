"""What tests of the audit log share: lines to begin with, and an attacker who owns the database."""

from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from app.accounts.actor import Actor, system_actor
from app.store import audit, people

CASES = ("0casea", "0caseb", None)


def an_organisation(session: Session, name: str = "Gemeente Voorbeeldstad") -> Actor:
    row = people.add_organisation(session, name, "municipality", theme="default", settings={})
    return system_actor(row.id)


def write(session: Session, actor: Actor, count: int = 5, case_id: str | None = None) -> None:
    for number in range(count):
        audit.append(session, actor, "did_something", "thing", f"t{number}", case_id=case_id, detail={"n": number})
    audit.settle(session)


def unguard(connection: sa.Connection) -> None:
    """Do what somebody with every right in the database can do: take the triggers away."""
    if connection.dialect.name == "sqlite":
        names = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars().all()
        for name in names:
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
    else:
        connection.exec_driver_sql("ALTER TABLE audit_entry DISABLE TRIGGER USER")
        connection.exec_driver_sql("ALTER TABLE audit_head DISABLE TRIGGER USER")


def attack(session: Session, statement: str, **values: Any) -> None:
    """Change the log behind its back."""
    connection = session.connection()
    unguard(connection)
    connection.execute(sa.text(statement), values)
