"""Photos that shoppers show of what comes back."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "photos",
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("conversation_id", sa.Text(), nullable=False),
        sa.Column("line_id", sa.Text(), nullable=False),
        sa.Column("return_id", sa.Text(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["shop_id", "conversation_id"],
            ["conversations.shop_id", "conversations.id"],
            name=op.f("fk_photos_shop_id_conversation_id"),
        ),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_photos_shop_id")),
        sa.PrimaryKeyConstraint("shop_id", "id", name=op.f("pk_photos")),
    )
    op.create_index(op.f("ix_photos_shop_id_conversation_id"), "photos", ["shop_id", "conversation_id"])
    op.create_index(op.f("ix_photos_shop_id_return_id"), "photos", ["shop_id", "return_id"])


def downgrade() -> None:
    op.drop_table("photos")
