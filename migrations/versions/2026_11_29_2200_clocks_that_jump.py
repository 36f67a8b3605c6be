"""Which codes of an app were used, also when the clock was ahead meanwhile, and how far the clock was when last looked at."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_WITH_AN_APP = ("authenticator", "candidate_way")


def upgrade() -> None:
    op.create_table(
        "wall_clock",
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wall_clock")),
    )
    for name in _WITH_AN_APP:
        with op.batch_alter_table(name) as table:
            table.add_column(sa.Column("used_steps", sa.Text(), nullable=False, server_default="[]"))
        # Canonical JSON, as the column is written from now on.
        op.execute(f"UPDATE {name} SET used_steps = '[' || last_step || ']' WHERE last_step > 0")  # noqa: S608 - names
        with op.batch_alter_table(name) as table:
            table.drop_column("last_step")


def downgrade() -> None:
    for name in _WITH_AN_APP:
        with op.batch_alter_table(name) as table:
            table.add_column(sa.Column("last_step", sa.BigInteger(), nullable=False, server_default="0"))
        _keep_the_last(name)
        with op.batch_alter_table(name) as table:
            table.drop_column("used_steps")
    op.drop_table("wall_clock")


def _keep_the_last(name: str) -> None:
    """The list is in order: its last number is the one that the older release looks at."""
    table = sa.table(name, sa.column("id"), sa.column("used_steps"), sa.column("last_step"))
    connection = op.get_bind()
    for identity, used in connection.execute(sa.select(table.c.id, table.c.used_steps)).all():
        steps = json.loads(used)
        if isinstance(steps, list) and steps and isinstance(steps[-1], int):
            connection.execute(table.update().where(table.c.id == identity).values(last_step=steps[-1]))
