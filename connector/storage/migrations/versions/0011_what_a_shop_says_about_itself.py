"""What a shop says about itself."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "shop_details",
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_shop_details_shop_id")),
        sa.PrimaryKeyConstraint("shop_id", "name", name=op.f("pk_shop_details")),
    )


def downgrade() -> None:
    op.drop_table("shop_details")
