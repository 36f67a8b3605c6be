"""The end of a chain cannot be replaced either: SQLite takes a row away for REPLACE without asking the other triggers.

PostgreSQL has no such thing: there every overwriting is an update, which was refused already.
"""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

REFUSED = "the audit log only grows"
REFUSE = f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
BACK = "NEW.chain <> OLD.chain OR NEW.number <= OLD.number"


def upgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    # A row is also replaced by its rowid, which may be written on purpose. Forward is what an upsert does.
    op.execute(
        "CREATE TRIGGER audit_head_no_replace BEFORE INSERT ON audit_head "  # noqa: S608 - our own names
        "WHEN EXISTS (SELECT 1 FROM audit_head WHERE chain = NEW.chain AND number >= NEW.number) "
        f"OR EXISTS (SELECT 1 FROM audit_head WHERE rowid = NEW.rowid AND chain <> NEW.chain) {REFUSE}"
    )
    op.execute("DROP TRIGGER audit_head_forward")
    op.execute(
        f"CREATE TRIGGER audit_head_forward BEFORE UPDATE ON audit_head WHEN {BACK} OR NEW.rowid <> OLD.rowid {REFUSE}"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    op.execute("DROP TRIGGER audit_head_no_replace")
    op.execute("DROP TRIGGER audit_head_forward")
    op.execute(f"CREATE TRIGGER audit_head_forward BEFORE UPDATE ON audit_head WHEN {BACK} {REFUSE}")
