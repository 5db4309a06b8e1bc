"""What a counter finds things by, price history, gift receipts, visits, and credit for goods without a receipt."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Any

import sqlalchemy as sa
from alembic import op

from connector.storage.columns import DOCUMENT, UtcTime
from domain.currencies import DIGITS
from domain.money import parse_short_amount
from domain.scanning import marks_of_goods, marks_of_order

revision = "0018"
down_revision = "0016"
branch_labels = None
depends_on = None

BATCH = 1000


def upgrade() -> None:
    # Without the time in it SQLite walks through all orders in their order in time, a tenth of a second for 100,000.
    op.drop_index(op.f("ix_orders_shop_id_number_key"), "orders")
    op.create_index(op.f("ix_orders_shop_id_number_key_placed_at"), "orders", ["shop_id", "number_key", "placed_at"])
    op.add_column("returns", sa.Column("gift_receipt", sa.Text(), nullable=True))
    op.add_column("returns", sa.Column("credit_to", sa.Text(), nullable=True))
    op.create_table(
        "order_marks",
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_order_marks_shop_id")),
        sa.ForeignKeyConstraint(
            ["shop_id", "order_id"], ["orders.shop_id", "orders.id"], name=op.f("fk_order_marks_shop_id_order_id")
        ),
        sa.PrimaryKeyConstraint("shop_id", "order_id", "kind", "key", name=op.f("pk_order_marks")),
    )
    op.create_index(
        op.f("ix_order_marks_shop_id_kind_key_placed_at"), "order_marks", ["shop_id", "kind", "key", "placed_at"]
    )
    op.create_table(
        "variant_marks",
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("variant_id", sa.Text(), nullable=False),
        sa.Column("product_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_variant_marks_shop_id")),
        sa.PrimaryKeyConstraint("shop_id", "variant_id", "kind", "key", name=op.f("pk_variant_marks")),
    )
    op.create_index(op.f("ix_variant_marks_shop_id_kind_key"), "variant_marks", ["shop_id", "kind", "key"])
    op.create_index(op.f("ix_variant_marks_shop_id_product_id"), "variant_marks", ["shop_id", "product_id"])
    op.create_table(
        "prices",
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("variant_id", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_prices_shop_id")),
        sa.PrimaryKeyConstraint("shop_id", "variant_id", "since", name=op.f("pk_prices")),
    )
    op.create_table(
        "gift_receipts",
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("line_ids", DOCUMENT, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_gift_receipts_shop_id")),
        sa.ForeignKeyConstraint(
            ["shop_id", "order_id"], ["orders.shop_id", "orders.id"], name=op.f("fk_gift_receipts_shop_id_order_id")
        ),
        sa.PrimaryKeyConstraint("shop_id", "number", name=op.f("pk_gift_receipts")),
    )
    op.create_index(op.f("ix_gift_receipts_shop_id_order_id"), "gift_receipts", ["shop_id", "order_id"])
    op.create_table(
        "credits_without_receipt",
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("return_id", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("approved_by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_credits_without_receipt_shop_id")),
        sa.ForeignKeyConstraint(
            ["shop_id", "return_id"],
            ["returns.shop_id", "returns.id"],
            name=op.f("fk_credits_without_receipt_shop_id_return_id"),
        ),
        sa.PrimaryKeyConstraint("shop_id", "return_id", name=op.f("pk_credits_without_receipt")),
    )
    op.create_index(
        op.f("ix_credits_without_receipt_shop_id_person_at"), "credits_without_receipt", ["shop_id", "person", "at"]
    )
    op.create_table(
        "visits",
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_visits_shop_id")),
        sa.PrimaryKeyConstraint("shop_id", "id", name=op.f("pk_visits")),
    )
    op.create_table(
        "visit_returns",
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Text(), nullable=False),
        sa.Column("return_id", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_visit_returns_shop_id")),
        sa.ForeignKeyConstraint(
            ["shop_id", "visit_id"], ["visits.shop_id", "visits.id"], name=op.f("fk_visit_returns_shop_id_visit_id")
        ),
        sa.ForeignKeyConstraint(
            ["shop_id", "return_id"], ["returns.shop_id", "returns.id"], name=op.f("fk_visit_returns_shop_id_return_id")
        ),
        sa.PrimaryKeyConstraint("shop_id", "visit_id", "return_id", name=op.f("pk_visit_returns")),
    )
    op.create_index(op.f("ix_visit_returns_shop_id_return_id"), "visit_returns", ["shop_id", "return_id"])
    _fill("order_marks", _marks_of_orders())
    _fill("variant_marks", _marks_of_variants())
    _fill("prices", _first_prices())


def downgrade() -> None:
    op.drop_table("visit_returns")
    op.drop_table("visits")
    op.drop_table("credits_without_receipt")
    op.drop_table("gift_receipts")
    op.drop_table("prices")
    op.drop_table("variant_marks")
    op.drop_table("order_marks")
    op.drop_column("returns", "credit_to")
    op.drop_column("returns", "gift_receipt")
    op.drop_index(op.f("ix_orders_shop_id_number_key_placed_at"), "orders")
    op.create_index(op.f("ix_orders_shop_id_number_key"), "orders", ["shop_id", "number_key"])


ORDERS = sa.table(
    "orders",
    sa.column("shop_id", sa.Integer()),
    sa.column("id", sa.Text()),
    sa.column("placed_at", UtcTime()),
    sa.column("document", DOCUMENT),
)
VARIANTS = sa.table(
    "variants",
    sa.column("shop_id", sa.Integer()),
    sa.column("id", sa.Text()),
    sa.column("product_id", sa.Text()),
    sa.column("document", DOCUMENT),
)
SHOPS = sa.table("shops", sa.column("id", sa.Integer()), sa.column("currency", sa.String()))
COLUMNS = {
    "order_marks": ("shop_id", "order_id", "kind", "key", "placed_at"),
    "variant_marks": ("shop_id", "variant_id", "product_id", "kind", "key"),
    "prices": ("shop_id", "variant_id", "since", "amount"),
}
TIMES = ("placed_at", "since")


def _fill(name: str, values: Iterator[tuple[Any, ...]]) -> None:
    columns = COLUMNS[name]
    table = sa.table(name, *(sa.column(one, UtcTime() if one in TIMES else None) for one in columns))
    while batch := [dict(zip(columns, row, strict=True)) for row in islice(values, BATCH)]:
        op.get_bind().execute(table.insert(), batch)


def _pages(table: sa.TableClause) -> Iterator[sa.RowMapping]:
    """All rows, in pages, so that a large shop does not stand in memory."""
    after = (0, "")
    order = (table.c.shop_id, table.c.id)
    while True:
        page = sa.select(table).where(sa.tuple_(*order) > sa.tuple_(*after)).order_by(*order).limit(BATCH)
        found = op.get_bind().execute(page).mappings().all()
        if not found:
            return
        yield from found
        after = (found[-1]["shop_id"], found[-1]["id"])


def _marks_of_orders() -> Iterator[tuple[Any, ...]]:
    for order in _pages(ORDERS):
        for kind, key in sorted(marks_of_order(order["document"])):
            yield order["shop_id"], order["id"], kind, key, order["placed_at"]


def _marks_of_variants() -> Iterator[tuple[Any, ...]]:
    for variant in _pages(VARIANTS):
        for kind, key in sorted(marks_of_goods(variant["document"])):
            yield variant["shop_id"], variant["id"], variant["product_id"], kind, key


def _first_prices() -> Iterator[tuple[Any, ...]]:
    """What everything costs when history begins to be kept."""
    now = datetime.now(UTC)
    digits = {shop.id: DIGITS[shop.currency] for shop in op.get_bind().execute(sa.select(SHOPS))}
    for variant in _pages(VARIANTS):
        price = str(variant["document"]["price"])
        yield variant["shop_id"], variant["id"], now, parse_short_amount(price, digits[variant["shop_id"]])
