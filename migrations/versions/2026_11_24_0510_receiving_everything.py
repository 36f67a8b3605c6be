"""When somebody who withdrew chose what happens, and confirmed that everything was received."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("retention", sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("retention", sa.Column("received_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("retention", "received_at")
    op.drop_column("retention", "chosen_at")
