"""How a candidate proves who is there, beside the link, and somebody who is between two proofs."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Constraint

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def _refers(table: str) -> list[Constraint]:
    return [
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f(f"fk_{table}_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f(f"fk_{table}_case_id_case_file")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    ]


def upgrade() -> None:
    op.create_table(
        "candidate_way",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("way", sa.String(length=10), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=True),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.Column("credential_sha256", sa.String(length=64), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=True),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("began_again_why", sa.LargeBinary(), nullable=True),
        *_refers("candidate_way"),
        sa.UniqueConstraint("case_id", name=op.f("uq_candidate_way_case_id")),
    )
    op.create_table(
        "candidate_step",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("challenge", sa.LargeBinary(), nullable=True),
        sa.Column("secret", sa.LargeBinary(), nullable=True),
        sa.Column("code_sha256", sa.String(length=64), nullable=False),
        sa.Column("code_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        *_refers("candidate_step"),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_candidate_step_token_sha256")),
    )
    op.create_index(op.f("ix_candidate_step_case_id"), "candidate_step", ["case_id"])
    op.create_index(op.f("ix_candidate_step_expires_at"), "candidate_step", ["expires_at"])


def downgrade() -> None:
    op.drop_table("candidate_step")
    op.drop_table("candidate_way")
