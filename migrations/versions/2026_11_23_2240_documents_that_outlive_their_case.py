"""Documents that outlive their case, sealed with the key of the organisation."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "kept_document",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("stub_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("filename", sa.LargeBinary(), nullable=False),
        sa.Column("media_type", sa.String(length=120), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("made_by_name", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_kept_document_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["stub_id"], ["case_file.id"], name=op.f("fk_kept_document_stub_id_case_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_document")),
    )
    op.create_index(op.f("ix_kept_document_stub_id"), "kept_document", ["stub_id"])


def downgrade() -> None:
    op.drop_table("kept_document")
