"""Independence of reviewers: what they declare about the candidate."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004_attachments"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "independence_declaration",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("person_name", sa.String(length=200), nullable=False),
        sa.Column("person_role", sa.String(length=40), nullable=False),
        sa.Column("relation", sa.String(length=40), nullable=False),
        sa.Column("explanation", sa.LargeBinary(), nullable=False),
        sa.Column("closes", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("substitute_id", sa.String(), nullable=True),
        sa.Column("substitute_name", sa.String(length=200), nullable=False),
        sa.Column("substitute_by_name", sa.String(length=200), nullable=False),
        sa.Column("substitute_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lift_reason", sa.LargeBinary(), nullable=False),
        sa.Column("lift_proposed_by", sa.String(), nullable=True),
        sa.Column("lift_proposed_by_name", sa.String(length=200), nullable=False),
        sa.Column("lift_proposed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by", sa.String(), nullable=True),
        sa.Column("lifted_by_name", sa.String(length=200), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_independence_declaration_case_id_case_file")
        ),
        sa.ForeignKeyConstraint(
            ["lift_proposed_by"], ["person.id"], name=op.f("fk_independence_declaration_lift_proposed_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["lifted_by"], ["person.id"], name=op.f("fk_independence_declaration_lifted_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_independence_declaration_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_independence_declaration_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["substitute_id"], ["person.id"], name=op.f("fk_independence_declaration_substitute_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_independence_declaration")),
    )
    with op.batch_alter_table("independence_declaration", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_independence_declaration_case_id"), ["case_id"], unique=False)
        batch_op.create_index("ix_independence_declaration_person_id_case_id", ["person_id", "case_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("independence_declaration", schema=None) as batch_op:
        batch_op.drop_index("ix_independence_declaration_person_id_case_id")
        batch_op.drop_index(batch_op.f("ix_independence_declaration_case_id"))

    op.drop_table("independence_declaration")
