"""Counters with locations, shared devices, PINs and approvals."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("staff", sa.Column("pin_hash", sa.Text(), nullable=True))
    op.add_column("staff", sa.Column("pin_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("sessions", sa.Column("device_id", sa.Text(), nullable=True))
    op.create_table(
        "locations",
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("idle_minutes", sa.Integer(), nullable=False),
        sa.Column("cash_allowed", sa.Boolean(), nullable=False),
        sa.Column("staff_limit", sa.BigInteger(), nullable=True),
        sa.Column("manager_limit", sa.BigInteger(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_locations_shop_id")),
        sa.PrimaryKeyConstraint("shop_id", "id", name=op.f("pk_locations")),
    )
    op.create_table(
        "devices",
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("location_id", sa.Integer(), nullable=False),
        sa.Column("training", sa.Boolean(), nullable=False),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_staff_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_devices_shop_id")),
        sa.ForeignKeyConstraint(
            ["shop_id", "location_id"],
            ["locations.shop_id", "locations.id"],
            name=op.f("fk_devices_shop_id_location_id"),
        ),
        sa.PrimaryKeyConstraint("shop_id", "token_hash", name=op.f("pk_devices")),
        sa.UniqueConstraint("shop_id", "id", name=op.f("uq_devices_shop_id_id")),
    )
    op.create_table(
        "approvals",
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("digits", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("given_by", sa.Integer(), nullable=False),
        sa.Column("location_id", sa.Integer(), nullable=True),
        sa.Column("device_id", sa.Text(), nullable=True),
        sa.Column("training", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_approvals_shop_id")),
        sa.ForeignKeyConstraint(
            ["shop_id", "asked_by"], ["staff.shop_id", "staff.id"], name=op.f("fk_approvals_shop_id_asked_by")
        ),
        sa.ForeignKeyConstraint(
            ["shop_id", "given_by"], ["staff.shop_id", "staff.id"], name=op.f("fk_approvals_shop_id_given_by")
        ),
        sa.PrimaryKeyConstraint("shop_id", "id", name=op.f("pk_approvals")),
    )
    op.create_index(op.f("ix_approvals_shop_id_at"), "approvals", ["shop_id", "at"])


def downgrade() -> None:
    op.drop_table("approvals")
    op.drop_table("devices")
    op.drop_table("locations")
    op.drop_column("sessions", "device_id")
    op.drop_column("staff", "pin_until")
    op.drop_column("staff", "pin_hash")
