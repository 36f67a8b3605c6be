"""Content becomes sealed bytes, and every case and organisation gets a key.

A release before this one kept content as it was typed. Nothing of that is carried over: sealing it afterwards would leave
the readable text in backups, logs and free pages, while everybody believes that it is gone.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003_sessions"
branch_labels = None
depends_on = None

# What was readable text, by table: column, its type before, and whether an index or constraint does not care.
TEXTS: dict[str, tuple[tuple[str, sa.types.TypeEngine[str]], ...]] = {
    "answer": (("by_name", sa.String(200)),),
    "lost_answer": (("by_name", sa.String(200)),),
    "submission": (("receipt", sa.Text()),),
    "round": (("title", sa.String(200)),),
    "case_file": (
        ("candidate_name", sa.String(200)),
        ("candidate_email", sa.String(254)),
        ("context", sa.Text()),
    ),
    "step_change": (("by_name", sa.String(200)), ("reason", sa.String(5000))),
    "document": (("filename", sa.String(200)), ("receipt", sa.Text()), ("made_by_name", sa.String(200))),
    "outbox": (("to_address", sa.String(254)), ("problem", sa.String(500))),
    "assessment_frozen": (("receipt", sa.Text()),),
    "finding": (("evidence_digest", sa.String(64)),),
    "decision": (("evidence_digest", sa.String(64)),),
    "measure": (("flags", sa.Text()), ("owner", sa.String(200))),
    "reply": (("by_name", sa.String(200)),),
    "correction_request": (("questions", sa.Text()),),
}


def upgrade() -> None:
    _refuse_with_data("this database was filled before content was sealed, and cannot be taken along; begin a new one")
    for table, columns in TEXTS.items():
        with op.batch_alter_table(table) as batch:
            for column, before in columns:
                batch.alter_column(
                    column, existing_type=before, type_=sa.LargeBinary(), postgresql_using=f"{column}::bytea"
                )
    op.create_table(
        "data_key",
        sa.Column("owner_id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=True),
        sa.Column("master_id", sa.String(length=16), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shredded_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("owner_id", name=op.f("pk_data_key")),
    )
    op.create_index(op.f("ix_data_key_master_id"), "data_key", ["master_id"])


def downgrade() -> None:
    _refuse_with_data("sealed content cannot become readable text again")
    op.drop_index(op.f("ix_data_key_master_id"), "data_key")
    op.drop_table("data_key")
    for table, columns in reversed(TEXTS.items()):
        with op.batch_alter_table(table) as batch:
            for column, before in columns:
                batch.alter_column(
                    column,
                    existing_type=sa.LargeBinary(),
                    type_=before,
                    postgresql_using=f"convert_from({column}, 'UTF8')",
                )


def _refuse_with_data(reason: str) -> None:
    if op.get_bind().execute(sa.text("SELECT count(*) FROM organisation")).scalar_one():
        raise RuntimeError(reason)
