"""What products are of one type is asked of an index, not of the whole catalogue."""

import sqlalchemy as sa
from alembic import op

from connector.storage.columns import DOCUMENT

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

PRODUCTS = sa.table("products", sa.column("document", DOCUMENT), sa.column("product_type", sa.Text()))


def upgrade() -> None:
    op.add_column("products", sa.Column("product_type", sa.Text(), nullable=True))
    op.execute(PRODUCTS.update().values(product_type=PRODUCTS.c.document["product_type"].as_string()))
    op.create_index(op.f("ix_products_shop_id_product_type"), "products", ["shop_id", "product_type"])


def downgrade() -> None:
    op.drop_index(op.f("ix_products_shop_id_product_type"), "products")
    op.drop_column("products", "product_type")
