"""A reference to type instead of a link, why a link was taken back, and devices that a candidate came in with."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("invitation") as table:
        table.add_column(sa.Column("revoked_why", sa.LargeBinary(), nullable=True))
        table.add_column(sa.Column("reference", sa.String(length=20), nullable=True))
        table.add_column(sa.Column("site", sa.String(length=200), nullable=False, server_default=""))
        table.create_unique_constraint(op.f("uq_invitation_reference"), ["reference"])
        # Wrong codes are counted for every place apart now, with the other attempts that failed.
        table.drop_column("failed")
        table.drop_column("locked_until")
    op.create_table(
        "candidate_device",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_candidate_device_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_candidate_device_case_id_case_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_candidate_device")),
        sa.UniqueConstraint("token_sha256", "case_id", name=op.f("uq_candidate_device_token_sha256_case_id")),
    )
    op.create_index(op.f("ix_candidate_device_case_id"), "candidate_device", ["case_id"])


def downgrade() -> None:
    op.drop_table("candidate_device")
    with op.batch_alter_table("invitation") as table:
        table.add_column(sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("failed", sa.Integer(), nullable=False, server_default="0"))
        table.drop_constraint(op.f("uq_invitation_reference"), type_="unique")
        table.drop_column("site")
        table.drop_column("reference")
        table.drop_column("revoked_why")
