"""Programs with tokens."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "api_tokens",
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("scopes", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_api_tokens_shop_id")),
        sa.PrimaryKeyConstraint("shop_id", "n", name=op.f("pk_api_tokens")),
    )
    op.create_index(op.f("ix_api_tokens_shop_id_token_hash"), "api_tokens", ["shop_id", "token_hash"], unique=True)
    op.create_table(
        "api_answers",
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("token_n", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["shop_id", "token_n"], ["api_tokens.shop_id", "api_tokens.n"], name=op.f("fk_api_answers_shop_id_token_n")
        ),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_api_answers_shop_id")),
        sa.PrimaryKeyConstraint("shop_id", "token_n", "key", name=op.f("pk_api_answers")),
    )
    op.create_index(op.f("ix_api_answers_shop_id_at"), "api_answers", ["shop_id", "at"])
    op.create_index(op.f("ix_return_history_shop_id_at"), "return_history", ["shop_id", "at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_return_history_shop_id_at"), "return_history")
    op.drop_index(op.f("ix_api_answers_shop_id_at"), "api_answers")
    op.drop_table("api_answers")
    op.drop_index(op.f("ix_api_tokens_shop_id_token_hash"), "api_tokens")
    op.drop_table("api_tokens")
