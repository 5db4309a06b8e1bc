"""What devices did on their own and sent when the network was back."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "device_commands",
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("return_id", sa.Text(), nullable=False),
        sa.Column("said", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_by", sa.Text(), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("settled_by", sa.Text(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_device_commands_shop_id")),
        sa.PrimaryKeyConstraint("shop_id", "id", name=op.f("pk_device_commands")),
    )
    op.create_index(
        op.f("ix_device_commands_shop_id_state_arrived_at"), "device_commands", ["shop_id", "state", "arrived_at"]
    )
    op.create_index(op.f("ix_device_commands_shop_id_return_id"), "device_commands", ["shop_id", "return_id"])
    op.create_table(
        "device_photos",
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("command_id", sa.Text(), nullable=False),
        sa.Column("picture", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_device_photos_shop_id")),
        sa.ForeignKeyConstraint(
            ["shop_id", "command_id"],
            ["device_commands.shop_id", "device_commands.id"],
            name=op.f("fk_device_photos_shop_id_command_id"),
        ),
        sa.PrimaryKeyConstraint("shop_id", "command_id", name=op.f("pk_device_photos")),
    )


def downgrade() -> None:
    op.drop_table("device_photos")
    op.drop_table("device_commands")
