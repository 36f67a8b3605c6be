"""What in the database itself refuses to change the audit log, and whether it is still there.

Whoever owns the database can take it away. That is seen by looking, and so `toetssteen audit verify` looks.
"""

from types import MappingProxyType

from sqlalchemy import Connection, text

GUARDS = MappingProxyType(
    {
        "sqlite": frozenset(
            {
                "audit_entry_no_delete",
                "audit_entry_no_replace",
                "audit_entry_no_update",
                "audit_head_forward",
                "audit_head_no_delete",
                "audit_head_no_replace",
            }
        ),
        "postgresql": frozenset(
            {
                "audit_entry_no_change",
                "audit_entry_no_truncate",
                "audit_head_forward",
                "audit_head_no_delete",
                "audit_head_no_truncate",
            }
        ),
    }
)
"""The triggers on the tables of the audit log, for each engine."""

_THERE = MappingProxyType(
    {
        "sqlite": text(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN ('audit_entry', 'audit_head')"
        ),
        # What is switched off (D), or only for a copy of the database (R), guards nothing.
        "postgresql": text(
            "SELECT tgname FROM pg_trigger WHERE tgrelid IN ('audit_entry'::regclass, 'audit_head'::regclass) "
            "AND tgenabled IN ('O', 'A')"
        ),
    }
)


def missing(connection: Connection) -> tuple[str, ...]:
    """Name the triggers that should guard the audit log and do not. Empty: they are all there and switched on."""
    engine = connection.dialect.name
    return tuple(sorted(GUARDS[engine] - set(connection.execute(_THERE[engine]).scalars())))
