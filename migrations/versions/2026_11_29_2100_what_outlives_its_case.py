"""What outlives its case is looked after too, and the policy on keeping gets a history."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("retention", sa.Column("council_warned_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("retention_request") as table:
        table.alter_column("case_id", existing_type=sa.String(), nullable=True)
        table.add_column(sa.Column("stub_id", sa.String(), nullable=True))
        table.create_foreign_key(op.f("fk_retention_request_stub_id_case_file"), "case_file", ["stub_id"], ["id"])
        table.create_index(op.f("ix_retention_request_stub_id"), ["stub_id"])
    op.create_table(
        "policy_change",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("policy", sa.Text(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_policy_change_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_change")),
    )
    op.create_index(op.f("ix_policy_change_organisation_id"), "policy_change", ["organisation_id"])


def downgrade() -> None:
    op.drop_table("policy_change")
    # Without a case there is no key to seal these with: the older release cannot hold them.
    op.execute("DELETE FROM retention_request WHERE case_id IS NULL")
    with op.batch_alter_table("retention_request") as table:
        table.drop_index(op.f("ix_retention_request_stub_id"))
        table.drop_constraint(op.f("fk_retention_request_stub_id_case_file"), type_="foreignkey")
        table.drop_column("stub_id")
        table.alter_column("case_id", existing_type=sa.String(), nullable=False)
    op.drop_column("retention", "council_warned_at")
