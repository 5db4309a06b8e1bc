"""What people asked of what is kept of them; orders and shops that are kept without anybody."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

OPEN_WHEN_ERASED = {
    "sqlite": (
        "DROP TRIGGER audit_no_removal",
        (
            "CREATE TRIGGER audit_no_removal BEFORE DELETE ON audit"
            " WHEN (SELECT erased_at FROM shops WHERE id = OLD.shop_id) IS NULL"
            " BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END"
        ),
    ),
    "postgresql": (
        "DROP TRIGGER audit_no_change ON audit",
        (
            "CREATE TRIGGER audit_no_change BEFORE UPDATE OR TRUNCATE ON audit"
            " FOR EACH STATEMENT EXECUTE FUNCTION audit_is_only_added_to()"
        ),
        (
            "CREATE FUNCTION audit_stays_with_its_shop() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN IF (SELECT erased_at FROM shops WHERE id = OLD.shop_id) IS NULL THEN"
            " RAISE EXCEPTION 'the audit log is only added to'; END IF; RETURN OLD; END $$"
        ),
        (
            "CREATE TRIGGER audit_no_removal BEFORE DELETE ON audit"
            " FOR EACH ROW EXECUTE FUNCTION audit_stays_with_its_shop()"
        ),
    ),
}
"""The log of a shop goes with the shop, and in no other way."""
AS_BEFORE = {
    "sqlite": (
        "DROP TRIGGER audit_no_removal",
        (
            "CREATE TRIGGER audit_no_removal BEFORE DELETE ON audit"
            " BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END"
        ),
    ),
    "postgresql": (
        "DROP TRIGGER audit_no_removal ON audit",
        "DROP FUNCTION audit_stays_with_its_shop()",
        "DROP TRIGGER audit_no_change ON audit",
        (
            "CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit"
            " FOR EACH STATEMENT EXECUTE FUNCTION audit_is_only_added_to()"
        ),
    ),
}


def upgrade() -> None:
    op.create_table(
        "privacy_requests",
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("document", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_privacy_requests_shop_id")),
        sa.PrimaryKeyConstraint("shop_id", "id", name=op.f("pk_privacy_requests")),
    )
    op.add_column("orders", sa.Column("forgotten_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("shops", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    for statement in OPEN_WHEN_ERASED[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    for statement in AS_BEFORE[op.get_bind().dialect.name]:
        op.execute(statement)
    op.drop_column("shops", "erased_at")
    op.drop_column("orders", "forgotten_at")
    op.drop_table("privacy_requests")
