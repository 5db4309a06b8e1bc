"""Goods in back rooms, batches between locations, and who took in what."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "goods",
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("return_id", sa.Text(), nullable=False),
        sa.Column("group_id", sa.Text(), nullable=False),
        sa.Column("variant_id", sa.Text(), nullable=True),
        sa.Column("sku", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("grade", sa.Text(), nullable=False),
        sa.Column("disposition", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("digits", sa.Integer(), nullable=False),
        sa.Column("location_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("batch_id", sa.Text(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_goods_shop_id")),
        sa.ForeignKeyConstraint(
            ["shop_id", "return_id"], ["returns.shop_id", "returns.id"], name=op.f("fk_goods_shop_id_return_id")
        ),
        sa.PrimaryKeyConstraint("shop_id", "id", name=op.f("pk_goods")),
    )
    op.create_index(op.f("ix_goods_shop_id_batch_id"), "goods", ["shop_id", "batch_id"])
    op.create_index(op.f("ix_goods_shop_id_return_id"), "goods", ["shop_id", "return_id"])
    op.create_index(op.f("ix_goods_shop_id_state_location_id"), "goods", ["shop_id", "state", "location_id"])
    op.create_table(
        "batches",
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("origin_id", sa.Integer(), nullable=False),
        sa.Column("destination_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_batches_shop_id")),
        sa.ForeignKeyConstraint(
            ["shop_id", "destination_id"],
            ["locations.shop_id", "locations.id"],
            name=op.f("fk_batches_shop_id_destination_id"),
        ),
        sa.ForeignKeyConstraint(
            ["shop_id", "origin_id"], ["locations.shop_id", "locations.id"], name=op.f("fk_batches_shop_id_origin_id")
        ),
        sa.PrimaryKeyConstraint("shop_id", "id", name=op.f("pk_batches")),
    )
    op.create_index(op.f("ix_batches_shop_id_opened_at"), "batches", ["shop_id", "opened_at"])
    op.create_table(
        "batch_history",
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Text(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_kind", sa.Text(), nullable=False),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_batch_history_shop_id")),
        sa.ForeignKeyConstraint(
            ["shop_id", "batch_id"], ["batches.shop_id", "batches.id"], name=op.f("fk_batch_history_shop_id_batch_id")
        ),
        sa.PrimaryKeyConstraint("shop_id", "batch_id", "n", name=op.f("pk_batch_history")),
    )
    op.create_table(
        "looks",
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("return_id", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_looks_shop_id")),
        sa.ForeignKeyConstraint(
            ["shop_id", "return_id"], ["returns.shop_id", "returns.id"], name=op.f("fk_looks_shop_id_return_id")
        ),
        sa.ForeignKeyConstraint(
            ["shop_id", "staff_id"], ["staff.shop_id", "staff.id"], name=op.f("fk_looks_shop_id_staff_id")
        ),
        sa.PrimaryKeyConstraint("shop_id", "staff_id", "return_id", name=op.f("pk_looks")),
    )
    op.create_table(
        "receivings",
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("return_id", sa.Text(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("location_id", sa.Integer(), nullable=True),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_receivings_shop_id")),
        sa.ForeignKeyConstraint(
            ["shop_id", "return_id"], ["returns.shop_id", "returns.id"], name=op.f("fk_receivings_shop_id_return_id")
        ),
        sa.ForeignKeyConstraint(
            ["shop_id", "staff_id"], ["staff.shop_id", "staff.id"], name=op.f("fk_receivings_shop_id_staff_id")
        ),
        sa.PrimaryKeyConstraint("shop_id", "return_id", "n", name=op.f("pk_receivings")),
    )
    op.create_index(op.f("ix_receivings_shop_id_at"), "receivings", ["shop_id", "at"])
    op.create_table(
        "counter_legs",
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("location_id", sa.Integer(), nullable=True),
        sa.Column("tender", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_counter_legs_shop_id")),
        sa.ForeignKeyConstraint(
            ["shop_id", "key"], ["legs.shop_id", "legs.key"], name=op.f("fk_counter_legs_shop_id_key")
        ),
        sa.ForeignKeyConstraint(
            ["shop_id", "staff_id"], ["staff.shop_id", "staff.id"], name=op.f("fk_counter_legs_shop_id_staff_id")
        ),
        sa.PrimaryKeyConstraint("shop_id", "key", name=op.f("pk_counter_legs")),
    )


def downgrade() -> None:
    op.drop_table("counter_legs")
    op.drop_table("receivings")
    op.drop_table("looks")
    op.drop_table("batch_history")
    op.drop_table("batches")
    op.drop_table("goods")
