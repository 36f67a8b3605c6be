"""Files that reviewers add too: who added one, where it comes from, and which answer it belongs to."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("attachment") as table:
        table.add_column(sa.Column("about", sa.LargeBinary(), nullable=True))
        table.add_column(sa.Column("source", sa.LargeBinary(), nullable=True))
        # Until now only candidates added files.
        table.add_column(sa.Column("by_role", sa.String(length=40), nullable=False, server_default="candidate"))
        table.add_column(sa.Column("by_id", sa.String(), nullable=True))
        table.add_column(sa.Column("by_name", sa.String(length=200), nullable=False, server_default=""))
        table.create_foreign_key(op.f("fk_attachment_by_id_person"), "person", ["by_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("attachment") as table:
        table.drop_constraint(op.f("fk_attachment_by_id_person"), type_="foreignkey")
        table.drop_column("by_name")
        table.drop_column("by_id")
        table.drop_column("by_role")
        table.drop_column("source")
        table.drop_column("about")
