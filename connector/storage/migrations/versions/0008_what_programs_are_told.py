"""What programs are told."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "webhook_endpoints",
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("secrets", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_webhook_endpoints_shop_id")),
        sa.PrimaryKeyConstraint("shop_id", "n", name=op.f("pk_webhook_endpoints")),
    )
    op.create_table(
        "webhook_messages",
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("endpoint_n", sa.Integer(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("return_id", sa.Text(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["shop_id", "endpoint_n"],
            ["webhook_endpoints.shop_id", "webhook_endpoints.n"],
            name=op.f("fk_webhook_messages_shop_id_endpoint_n"),
        ),
        sa.ForeignKeyConstraint(
            ["shop_id", "return_id", "line"],
            ["return_history.shop_id", "return_history.return_id", "return_history.n"],
            name=op.f("fk_webhook_messages_shop_id_return_id_line"),
        ),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_webhook_messages_shop_id")),
        sa.PrimaryKeyConstraint("shop_id", "endpoint_n", "id", name=op.f("pk_webhook_messages")),
    )
    op.create_index(
        op.f("ix_webhook_messages_shop_id_state_changed_at"), "webhook_messages", ["shop_id", "state", "changed_at"]
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_webhook_messages_shop_id_state_changed_at"), "webhook_messages")
    op.drop_table("webhook_messages")
    op.drop_table("webhook_endpoints")
