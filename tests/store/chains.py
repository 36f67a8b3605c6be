"""What tests of the audit log share: lines to begin with, and an attacker who owns the database."""

from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from app.accounts.actor import Actor, system_actor
from app.store import audit, chain, people
from app.store.chain import FIELDS, GENESIS, WHOLE
from app.store.rows import AuditHeadRow, AuditRow

CASES = ("0casea", "0caseb", None)


def an_organisation(session: Session, name: str = "Gemeente Voorbeeldstad") -> Actor:
    row = people.add_organisation(session, name, "municipality", theme="default", settings={})
    return system_actor(row.id)


def write(session: Session, actor: Actor, count: int = 5, case_id: str | None = None) -> None:
    for number in range(count):
        audit.append(session, actor, "did_something", "thing", f"t{number}", case_id=case_id, detail={"n": number})
    audit.settle(session)


def unguard(connection: sa.Connection) -> dict[str, str]:
    """Do what somebody with every right in the database can do: take the triggers away. Gives how to make them again."""
    if connection.dialect.name == "sqlite":
        found = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").all()
        for name, _ in found:
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        return {one.name: one.sql for one in found}
    connection.exec_driver_sql("ALTER TABLE audit_entry DISABLE TRIGGER USER")
    connection.exec_driver_sql("ALTER TABLE audit_head DISABLE TRIGGER USER")
    return {}


def guard_again(connection: sa.Connection, taken: dict[str, str]) -> None:
    """Put back what `unguard` took away, as somebody would who wants nobody to notice."""
    for table in ("audit_entry", "audit_head"):
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    for definition in taken.values():
        connection.exec_driver_sql(definition)


def attack(session: Session, statement: str, **values: Any) -> None:
    """Change the log behind its back."""
    connection = session.connection()
    unguard(connection)
    connection.execute(sa.text(statement), values)


def lines(session: Session) -> list[dict[str, Any]]:
    """Give every line of the log as it stands there."""
    order = sa.select(AuditRow.__table__).order_by(sa.text("number"))  # type: ignore[attr-defined]
    return [dict(row) for row in session.connection().execute(order).mappings()]


def rewrite(session: Session, told: list[dict[str, Any]]) -> None:
    """Put other lines in place of the log, with every number, digest and head worked out anew."""
    attack(session, "DELETE FROM audit_entry")
    attack(session, "DELETE FROM audit_head")
    heads: dict[str, tuple[int, str]] = {WHOLE: (0, GENESIS)}
    for line in told:
        case = line["case_id"]
        number, before = heads[WHOLE]
        of_case, before_of_case = heads.get(case, (0, ""))
        values = line | {"number": number + 1, "case_number": None if case is None else of_case + 1}
        digest = chain.chained(before, before_of_case, [values[name] for name in FIELDS])
        session.connection().execute(sa.insert(AuditRow).values(values | {"digest": digest}))
        heads[WHOLE] = number + 1, digest
        if case is not None:
            heads[case] = of_case + 1, digest
    for name, (number, digest) in heads.items():
        session.connection().execute(sa.insert(AuditHeadRow).values(chain=name, number=number, digest=digest))


def forge(session: Session, statement: str) -> None:
    """Do what the most capable attacker does: change, and then work out everything after it anew."""
    attack(session, statement)
    rewrite(session, lines(session))
