"""What the last look over a shop's books found."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "checkups",
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("orders", sa.Integer(), nullable=False),
        sa.Column("drifts", sa.JSON(none_as_null=True), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_checkups_shop_id")),
        sa.PrimaryKeyConstraint("shop_id", name=op.f("pk_checkups")),
    )


def downgrade() -> None:
    op.drop_table("checkups")
