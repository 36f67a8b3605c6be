"""One chain over the whole installation and one for each case, in tables that the database only lets grow.

Lines that are there already are hung on the new chains in the order of their moments. A later migration that makes
`audit_entry` or `audit_head` anew must make the triggers anew too.
"""

import hashlib
import json
from collections.abc import Callable, Iterable
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

GENESIS = "0" * 64
REFUSED = "the audit log only grows"

Row = dict[str, Any]


def upgrade() -> None:
    old = _take_away("audit_entry", "at, organisation_id, number")
    op.create_table(
        "audit_head",
        sa.Column("chain", sa.String(length=26), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("chain", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "audit_entry",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("case_number", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.String(length=26), nullable=False),
        sa.Column("at", sa.String(length=40), nullable=False),
        sa.Column("actor_id", sa.String(length=26), nullable=False),
        sa.Column("actor_name", sa.String(length=200), nullable=False),
        sa.Column("actor_role", sa.String(length=40), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("object_kind", sa.String(length=40), nullable=False),
        sa.Column("object_id", sa.String(length=200), nullable=False),
        sa.Column("case_id", sa.String(length=26), nullable=True),
        sa.Column("origin", sa.String(length=100), nullable=False),
        sa.Column("result", sa.String(length=40), nullable=False),
        sa.Column("operation", sa.String(length=16), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_entry")),
    )
    op.create_index("ix_audit_entry_organisation_id_number", "audit_entry", ["organisation_id", "number"])
    op.create_index("ix_audit_entry_case_id_case_number", "audit_entry", ["case_id", "case_number"])
    _fill(*_chained(old, _above))
    _guard()


def downgrade() -> None:
    _unguard()
    new = _take_away("audit_entry", "number")
    op.create_table(
        "audit_head",
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_audit_head_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "audit_entry",
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(length=40), nullable=False),
        sa.Column("actor_id", sa.String(length=26), nullable=False),
        sa.Column("actor_name", sa.String(length=200), nullable=False),
        sa.Column("actor_role", sa.String(length=40), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("object_kind", sa.String(length=40), nullable=False),
        sa.Column("object_id", sa.String(length=200), nullable=False),
        sa.Column("case_id", sa.String(), nullable=True),
        sa.Column("origin", sa.String(length=100), nullable=False),
        sa.Column("result", sa.String(length=40), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_audit_entry_case_id_case_file")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_audit_entry_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("organisation_id", "number", name=op.f("pk_audit_entry")),
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_entry_case_id"), ["case_id"], unique=False)
    _fill(*_chained(new, _below))


ABOVE = (
    "number", "case_number", "organisation_id", "at", "actor_id", "actor_name", "actor_role", "action",
    "object_kind", "object_id", "case_id", "origin", "result", "operation", "detail",
)  # fmt: skip
BELOW = tuple(name for name in dict.fromkeys(("organisation_id", *ABOVE)) if name not in {"case_number", "operation"})

Heads = dict[str, tuple[int, str]]


def _above(line: Row, heads: Heads) -> str:
    """Hang a line on the chain of the whole and on that of its case."""
    number, previous = heads.get("all", (0, GENESIS))
    line |= {"number": number + 1, "case_number": None, "operation": ""}
    of_case = ""
    if line["case_id"]:
        case_number, of_case = heads.get(line["case_id"], (0, ""))
        line["case_number"] = case_number + 1
    digest = _digest(previous + of_case, [line[name] for name in ABOVE])
    heads["all"] = line["number"], digest
    if line["case_id"]:
        heads[line["case_id"]] = line["case_number"], digest
    return digest


def _below(line: Row, heads: Heads) -> str:
    """Hang a line on the chain of its organisation."""
    number, previous = heads.get(line["organisation_id"], (0, GENESIS))
    line["number"] = number + 1
    digest = _digest(previous, [line[name] for name in BELOW])
    heads[line["organisation_id"]] = number + 1, digest
    return digest


def _chained(lines: Iterable[Row], hang: Callable[[Row, Heads], str]) -> tuple[list[Row], list[Row]]:
    heads: Heads = {} if hang is _below else {"all": (0, GENESIS)}
    names = BELOW if hang is _below else ABOVE
    hung = []
    for line in lines:
        digest = hang(line, heads)
        hung.append({**{name: line[name] for name in names}, "digest": digest})
    if hang is _below:
        for (organisation,) in op.get_bind().execute(sa.text("SELECT id FROM organisation")):
            heads.setdefault(organisation, (0, GENESIS))
    key = "organisation_id" if hang is _below else "chain"
    return hung, [{key: chain, "number": number, "digest": digest} for chain, (number, digest) in heads.items()]


def _digest(before: str, values: list[Any]) -> str:
    text = json.dumps(values, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256((before + text).encode()).hexdigest()


def _take_away(table: str, order: str) -> list[Row]:
    found = op.get_bind().execute(sa.text(f"SELECT * FROM {table} ORDER BY {order}")).mappings()  # noqa: S608 - our own names
    rows = [dict(row) for row in found]
    op.drop_table(table)
    op.drop_table("audit_head")
    return rows


def _fill(lines: list[Row], heads: list[Row]) -> None:
    for name, rows in (("audit_entry", lines), ("audit_head", heads)):
        if rows:
            op.bulk_insert(sa.table(name, *map(sa.column, rows[0])), rows)


def _guard() -> None:
    """Refuse to change or take away a line, and to move a head back: from the database itself, for everybody."""
    if op.get_bind().dialect.name == "sqlite":
        refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
        for act in ("UPDATE", "DELETE"):
            op.execute(f"CREATE TRIGGER audit_entry_no_{act.lower()} BEFORE {act} ON audit_entry {refuse}")
        # REPLACE takes a row away without asking the trigger above
        op.execute(
            "CREATE TRIGGER audit_entry_no_replace BEFORE INSERT ON audit_entry "  # noqa: S608 - our own names
            f"WHEN EXISTS (SELECT 1 FROM audit_entry WHERE number = NEW.number) {refuse}"
        )
        op.execute(f"CREATE TRIGGER audit_head_no_delete BEFORE DELETE ON audit_head {refuse}")
        op.execute(
            "CREATE TRIGGER audit_head_forward BEFORE UPDATE ON audit_head "
            f"WHEN NEW.chain <> OLD.chain OR NEW.number <= OLD.number {refuse}"
        )
        return
    op.execute(
        "CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSED}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_entry_no_change BEFORE UPDATE OR DELETE ON audit_entry "
        "FOR EACH ROW EXECUTE FUNCTION audit_refuse()"
    )
    op.execute(
        "CREATE TRIGGER audit_head_no_delete BEFORE DELETE ON audit_head FOR EACH ROW EXECUTE FUNCTION audit_refuse()"
    )
    op.execute(
        "CREATE TRIGGER audit_head_forward BEFORE UPDATE ON audit_head FOR EACH ROW "
        "WHEN (NEW.chain <> OLD.chain OR NEW.number <= OLD.number) EXECUTE FUNCTION audit_refuse()"
    )
    for table in ("audit_entry", "audit_head"):
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()"
        )


def _unguard() -> None:
    if op.get_bind().dialect.name == "sqlite":
        return  # they go with their tables
    op.execute("DROP FUNCTION audit_refuse() CASCADE")
