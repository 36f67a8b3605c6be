"""Working notes of reviewers, sealed with the key of the case."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reviewer_note",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("rule", sa.String(length=40), nullable=True),
        sa.Column("item", sa.String(length=12), nullable=True),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("by_id", sa.String(), nullable=False),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_reviewer_note_by_id_person")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_reviewer_note_case_id_case_file")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_reviewer_note_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviewer_note")),
    )
    op.create_index("ix_reviewer_note_case_id_by_id", "reviewer_note", ["case_id", "by_id"])


def downgrade() -> None:
    op.drop_table("reviewer_note")
