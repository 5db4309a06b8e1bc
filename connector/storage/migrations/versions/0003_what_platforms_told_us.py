"""What platforms told us."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "deliveries",
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_deliveries_shop_id")),
        sa.PrimaryKeyConstraint("shop_id", "id", name=op.f("pk_deliveries")),
    )
    op.create_index(op.f("ix_deliveries_shop_id_state_arrived_at"), "deliveries", ["shop_id", "state", "arrived_at"])
    op.create_table(
        "delivery_secrets",
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_delivery_secrets_shop_id")),
        sa.PrimaryKeyConstraint("shop_id", "channel", "n", name=op.f("pk_delivery_secrets")),
    )
    op.create_table(
        "order_readings",
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("begun", sa.Integer(), nullable=False),
        sa.Column("written", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_order_readings_shop_id")),
        sa.PrimaryKeyConstraint("shop_id", "order_id", name=op.f("pk_order_readings")),
    )


def downgrade() -> None:
    op.drop_table("order_readings")
    op.drop_table("delivery_secrets")
    op.drop_index(op.f("ix_deliveries_shop_id_state_arrived_at"), "deliveries")
    op.drop_table("deliveries")
