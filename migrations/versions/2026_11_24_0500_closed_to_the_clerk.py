"""When and why the content of cases was closed to the clerk, sealed with the key of the organisation."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "clerk_closing",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_clerk_closing_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clerk_closing")),
    )
    op.create_index(op.f("ix_clerk_closing_organisation_id"), "clerk_closing", ["organisation_id"])


def downgrade() -> None:
    op.drop_table("clerk_closing")
