"""A session tells on which kind of device it began, with which role, and whether through the organisation."""

import sqlalchemy as sa
from alembic import op

revision = "0003_sessions"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.add_column(sa.Column("device", sa.String(length=60), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("role", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("single_sign_on", sa.Boolean(), nullable=False, server_default=sa.false()))
    # A session from before this does not know its role, so it would end at the next request; say so at once.
    op.execute("UPDATE sign_in SET revoked_at = seen_at WHERE person_id IS NOT NULL AND revoked_at IS NULL")


def downgrade() -> None:
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.drop_column("single_sign_on")
        batch_op.drop_column("role")
        batch_op.drop_column("device")
