"""What people prove themselves with: passkeys, apps, recovery codes, links by mail, steps on the way in, known devices."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Constraint

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def _person(table: str, *, unique: bool = False) -> list[Constraint]:
    more: list[Constraint] = [sa.UniqueConstraint("person_id", name=op.f(f"uq_{table}_person_id"))] if unique else []
    return [sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f(f"fk_{table}_person_id_person")), *more]


def _organisation(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["organisation_id"], ["organisation.id"], name=op.f(f"fk_{table}_organisation_id_organisation")
    )


def upgrade() -> None:
    op.create_table(
        "passkey",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("credential_sha256", sa.String(length=64), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        *_person("passkey"),
        sa.UniqueConstraint("credential_sha256", name=op.f("uq_passkey_credential_sha256")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
    )
    op.create_index(op.f("ix_passkey_person_id"), "passkey", ["person_id"])
    op.create_table(
        "authenticator",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        *_person("authenticator", unique=True),
        _organisation("authenticator"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authenticator")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("mark_sha256", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        *_person("recovery_code"),
        sa.UniqueConstraint("mark_sha256", name=op.f("uq_recovery_code_mark_sha256")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
    )
    op.create_index(op.f("ix_recovery_code_person_id"), "recovery_code", ["person_id"])
    op.create_table(
        "account_link",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("made_by", sa.String(length=40), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        *_person("account_link"),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_account_link_token_sha256")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_link")),
    )
    op.create_index(op.f("ix_account_link_person_id"), "account_link", ["person_id"])
    op.create_table(
        "sign_in_step",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("organisation_id", sa.String(), nullable=True),
        sa.Column("person_id", sa.String(), nullable=True),
        sa.Column("challenge", sa.LargeBinary(), nullable=True),
        sa.Column("secret", sa.LargeBinary(), nullable=True),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        *_person("sign_in_step"),
        _organisation("sign_in_step"),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_sign_in_step_token_sha256")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_step")),
    )
    op.create_index(op.f("ix_sign_in_step_person_id"), "sign_in_step", ["person_id"])
    op.create_index(op.f("ix_sign_in_step_expires_at"), "sign_in_step", ["expires_at"])
    op.create_table(
        "known_device",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        *_person("known_device"),
        sa.UniqueConstraint("token_sha256", "person_id", name=op.f("uq_known_device_token_sha256_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_known_device")),
    )
    op.create_index(op.f("ix_known_device_person_id"), "known_device", ["person_id"])
    with op.batch_alter_table("login_attempt", schema=None) as batch_op:
        batch_op.add_column(sa.Column("account_sha256", sa.String(length=64), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("what", sa.String(length=20), nullable=False, server_default="password"))
        batch_op.add_column(sa.Column("organisation_id", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("person_id", sa.String(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_login_attempt_organisation_id_organisation"), "organisation", ["organisation_id"], ["id"]
        )
        batch_op.create_foreign_key(batch_op.f("fk_login_attempt_person_id_person"), "person", ["person_id"], ["id"])
        batch_op.create_index(batch_op.f("ix_login_attempt_account_sha256"), ["account_sha256"])
        batch_op.create_index(batch_op.f("ix_login_attempt_organisation_id"), ["organisation_id"])


def downgrade() -> None:
    with op.batch_alter_table("login_attempt", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_login_attempt_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_login_attempt_account_sha256"))
        batch_op.drop_constraint(batch_op.f("fk_login_attempt_person_id_person"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_login_attempt_organisation_id_organisation"), type_="foreignkey")
        batch_op.drop_column("person_id")
        batch_op.drop_column("organisation_id")
        batch_op.drop_column("what")
        batch_op.drop_column("account_sha256")
    for table in ("known_device", "sign_in_step", "account_link", "recovery_code", "authenticator", "passkey"):
        op.drop_table(table)
