"""People with passwords, sessions that can be seen and ended, what people did, and where the widget may stand."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

NO_CHANGE = {
    "sqlite": (
        (
            "CREATE TRIGGER audit_no_change BEFORE UPDATE ON audit"
            " BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END"
        ),
        (
            "CREATE TRIGGER audit_no_removal BEFORE DELETE ON audit"
            " BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END"
        ),
    ),
    "postgresql": (
        (
            "CREATE FUNCTION audit_is_only_added_to() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'the audit log is only added to'; END $$"
        ),
        (
            "CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit"
            " FOR EACH STATEMENT EXECUTE FUNCTION audit_is_only_added_to()"
        ),
    ),
}
"""What each database must be told so that the audit log can only grow."""


def upgrade() -> None:
    with op.batch_alter_table("staff") as table:
        table.add_column(sa.Column("login", sa.Text(), nullable=True))
        table.add_column(sa.Column("password_hash", sa.Text(), nullable=True))
        table.add_column(sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True))
        table.create_unique_constraint(op.f("uq_staff_shop_id_login"), ["shop_id", "login"])
    op.execute("DELETE FROM sessions")
    op.execute("DELETE FROM staff_links")
    with op.batch_alter_table("staff_links") as table:
        table.add_column(sa.Column("purpose", sa.Text(), nullable=False))
    with op.batch_alter_table("sessions") as table:
        table.add_column(sa.Column("id", sa.Text(), nullable=False))
        table.add_column(sa.Column("agent", sa.Text(), nullable=False))
        table.add_column(sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False))
        table.create_unique_constraint(op.f("uq_sessions_shop_id_id"), ["shop_id", "id"])
    op.create_table(
        "audit",
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_kind", sa.Text(), nullable=False),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("details", sa.JSON(none_as_null=True), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_audit_shop_id")),
        sa.PrimaryKeyConstraint("shop_id", "n", name=op.f("pk_audit")),
    )
    op.create_table(
        "widget_origins",
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_widget_origins_shop_id")),
        sa.PrimaryKeyConstraint("shop_id", "origin", name=op.f("pk_widget_origins")),
    )
    for statement in NO_CHANGE[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("widget_origins")
    op.drop_table("audit")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_is_only_added_to")
    op.execute("DELETE FROM sessions")
    with op.batch_alter_table("sessions") as table:
        table.drop_constraint(op.f("uq_sessions_shop_id_id"), type_="unique")
        for name in ("id", "agent", "seen_at"):
            table.drop_column(name)
    with op.batch_alter_table("staff_links") as table:
        table.drop_column("purpose")
    with op.batch_alter_table("staff") as table:
        table.drop_constraint(op.f("uq_staff_shop_id_login"), type_="unique")
        for name in ("login", "password_hash", "disabled_at"):
            table.drop_column(name)
