"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

NO_CHANGE = {
    "sqlite": (
        (
            "CREATE TRIGGER ledger_no_change BEFORE UPDATE ON ledger"
            " BEGIN SELECT RAISE(ABORT, 'the ledger is only added to'); END"
        ),
        (
            "CREATE TRIGGER ledger_no_removal BEFORE DELETE ON ledger"
            " BEGIN SELECT RAISE(ABORT, 'the ledger is only added to'); END"
        ),
    ),
    "postgresql": (
        (
            "CREATE FUNCTION ledger_is_only_added_to() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'the ledger is only added to'; END $$"
        ),
        (
            "CREATE TRIGGER ledger_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger"
            " FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_only_added_to()"
        ),
    ),
}
"""What each database must be told so that the ledger can only grow."""


def upgrade() -> None:
    op.create_table(
        "shops",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shops")),
        sa.UniqueConstraint("slug", name=op.f("uq_shops_slug")),
    )
    op.create_table(
        "workers",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("beat_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workers")),
    )
    op.create_table(
        "attempts",
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hits", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_attempts_shop_id")),
        sa.PrimaryKeyConstraint("shop_id", "key", name=op.f("pk_attempts")),
    )
    with op.batch_alter_table("attempts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attempts_shop_id_until"), ["shop_id", "until"], unique=False)

    op.create_table(
        "bookings",
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("document", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_bookings_shop_id")),
        sa.PrimaryKeyConstraint("shop_id", "key", name=op.f("pk_bookings")),
    )
    with op.batch_alter_table("bookings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bookings_shop_id_order_id"), ["shop_id", "order_id"], unique=False)

    op.create_table(
        "commands",
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("result", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_commands_shop_id")),
        sa.PrimaryKeyConstraint("shop_id", "key", name=op.f("pk_commands")),
    )
    op.create_table(
        "conversations",
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("document", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_conversations_shop_id")),
        sa.PrimaryKeyConstraint("shop_id", "id", name=op.f("pk_conversations")),
    )
    with op.batch_alter_table("conversations", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_conversations_shop_id_changed_at"), ["shop_id", "changed_at"], unique=False
        )

    op.create_table(
        "orders",
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("number_key", sa.Text(), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("document", sa.JSON(none_as_null=True), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_orders_shop_id")),
        sa.PrimaryKeyConstraint("shop_id", "id", name=op.f("pk_orders")),
    )
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_orders_shop_id_number_key"), ["shop_id", "number_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_orders_shop_id_placed_at"), ["shop_id", "placed_at"], unique=False)

    op.create_table(
        "policies",
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("in_force_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("document", sa.JSON(none_as_null=True), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_policies_shop_id")),
        sa.PrimaryKeyConstraint("shop_id", "version", name=op.f("pk_policies")),
    )
    op.create_table(
        "products",
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("document", sa.JSON(none_as_null=True), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_products_shop_id")),
        sa.PrimaryKeyConstraint("shop_id", "id", name=op.f("pk_products")),
    )
    op.create_table(
        "quotes",
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("case", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("document", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_quotes_shop_id")),
        sa.PrimaryKeyConstraint("shop_id", "id", name=op.f("pk_quotes")),
    )
    op.create_table(
        "staff",
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_staff_shop_id")),
        sa.PrimaryKeyConstraint("shop_id", "id", name=op.f("pk_staff")),
    )
    op.create_table(
        "stock_movements",
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("variant_id", sa.Text(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("delta", sa.Integer(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_stock_movements_shop_id")),
        sa.PrimaryKeyConstraint("shop_id", "variant_id", "n", name=op.f("pk_stock_movements")),
    )
    op.create_table(
        "store_credits",
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("return_id", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("balance", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("digits", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_store_credits_shop_id")),
        sa.PrimaryKeyConstraint("shop_id", "key", name=op.f("pk_store_credits")),
        sa.UniqueConstraint("shop_id", "code", name=op.f("uq_store_credits_shop_id_code")),
    )
    op.create_table(
        "returns",
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("order_number", sa.Text(), nullable=False),
        sa.Column("number_key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("quote_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["shop_id", "order_id"], ["orders.shop_id", "orders.id"], name=op.f("fk_returns_shop_id_order_id")
        ),
        sa.ForeignKeyConstraint(
            ["shop_id", "quote_id"], ["quotes.shop_id", "quotes.id"], name=op.f("fk_returns_shop_id_quote_id")
        ),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_returns_shop_id")),
        sa.PrimaryKeyConstraint("shop_id", "id", name=op.f("pk_returns")),
    )
    with op.batch_alter_table("returns", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_returns_shop_id_number_key"), ["shop_id", "number_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_returns_shop_id_opened_at"), ["shop_id", "opened_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_returns_shop_id_order_id"), ["shop_id", "order_id"], unique=False)

    op.create_table(
        "sessions",
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["shop_id", "staff_id"], ["staff.shop_id", "staff.id"], name=op.f("fk_sessions_shop_id_staff_id")
        ),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_sessions_shop_id")),
        sa.PrimaryKeyConstraint("shop_id", "token_hash", name=op.f("pk_sessions")),
    )
    op.create_table(
        "staff_links",
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["shop_id", "staff_id"], ["staff.shop_id", "staff.id"], name=op.f("fk_staff_links_shop_id_staff_id")
        ),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_staff_links_shop_id")),
        sa.PrimaryKeyConstraint("shop_id", "token_hash", name=op.f("pk_staff_links")),
    )
    op.create_table(
        "turns",
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.Text(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=True),
        sa.Column("document", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["shop_id", "conversation_id"],
            ["conversations.shop_id", "conversations.id"],
            name=op.f("fk_turns_shop_id_conversation_id"),
        ),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_turns_shop_id")),
        sa.PrimaryKeyConstraint("shop_id", "conversation_id", "n", name=op.f("pk_turns")),
        sa.UniqueConstraint(
            "shop_id", "conversation_id", "message_id", name=op.f("uq_turns_shop_id_conversation_id_message_id")
        ),
    )
    op.create_table(
        "variants",
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("product_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("document", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("available", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["shop_id", "product_id"], ["products.shop_id", "products.id"], name=op.f("fk_variants_shop_id_product_id")
        ),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_variants_shop_id")),
        sa.PrimaryKeyConstraint("shop_id", "id", name=op.f("pk_variants")),
    )
    with op.batch_alter_table("variants", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_variants_shop_id_product_id"), ["shop_id", "product_id"], unique=False)

    op.create_table(
        "legs",
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("return_id", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("digits", sa.Integer(), nullable=False),
        sa.Column("payment_id", sa.Text(), nullable=True),
        sa.Column("group_ids", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("work", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("receipt", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["shop_id", "return_id"], ["returns.shop_id", "returns.id"], name=op.f("fk_legs_shop_id_return_id")
        ),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_legs_shop_id")),
        sa.PrimaryKeyConstraint("shop_id", "key", name=op.f("pk_legs")),
    )
    with op.batch_alter_table("legs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_legs_shop_id_return_id"), ["shop_id", "return_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_legs_shop_id_state"), ["shop_id", "state"], unique=False)
        batch_op.create_index(
            "uq_legs_one_sending_per_order",
            ["shop_id", "order_id"],
            unique=True,
            sqlite_where=sa.text("state = 'sending'"),
            postgresql_where=sa.text("state = 'sending'"),
        )

    op.create_table(
        "return_groups",
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("return_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("resolution", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("tax", sa.BigInteger(), nullable=False),
        sa.Column("exchange_for", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("destination", sa.Text(), nullable=True),
        sa.Column("reception", sa.Text(), nullable=False),
        sa.Column("acceptance", sa.Text(), nullable=False),
        sa.Column("settlement", sa.Text(), nullable=False),
        sa.Column("grade", sa.Text(), nullable=True),
        sa.Column("disposition", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["shop_id", "return_id"], ["returns.shop_id", "returns.id"], name=op.f("fk_return_groups_shop_id_return_id")
        ),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_return_groups_shop_id")),
        sa.PrimaryKeyConstraint("shop_id", "return_id", "id", name=op.f("pk_return_groups")),
    )
    with op.batch_alter_table("return_groups", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_return_groups_shop_id_acceptance"), ["shop_id", "acceptance"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_return_groups_shop_id_settlement"), ["shop_id", "settlement"], unique=False
        )

    op.create_table(
        "return_history",
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("return_id", sa.Text(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_kind", sa.Text(), nullable=False),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("details", sa.JSON(none_as_null=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["shop_id", "return_id"],
            ["returns.shop_id", "returns.id"],
            name=op.f("fk_return_history_shop_id_return_id"),
        ),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_return_history_shop_id")),
        sa.PrimaryKeyConstraint("shop_id", "return_id", "n", name=op.f("pk_return_history")),
    )
    op.create_table(
        "ledger",
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("return_id", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("digits", sa.Integer(), nullable=False),
        sa.Column("payment_id", sa.Text(), nullable=True),
        sa.Column("receipt", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["shop_id", "key"], ["legs.shop_id", "legs.key"], name=op.f("fk_ledger_shop_id_key")),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_ledger_shop_id")),
        sa.PrimaryKeyConstraint("shop_id", "key", name=op.f("pk_ledger")),
    )
    with op.batch_alter_table("ledger", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ledger_shop_id_at"), ["shop_id", "at"], unique=False)
        batch_op.create_index(batch_op.f("ix_ledger_shop_id_return_id"), ["shop_id", "return_id"], unique=False)

    for statement in NO_CHANGE[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    with op.batch_alter_table("ledger", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ledger_shop_id_return_id"))
        batch_op.drop_index(batch_op.f("ix_ledger_shop_id_at"))

    op.drop_table("ledger")
    op.drop_table("return_history")
    with op.batch_alter_table("return_groups", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_return_groups_shop_id_settlement"))
        batch_op.drop_index(batch_op.f("ix_return_groups_shop_id_acceptance"))

    op.drop_table("return_groups")
    with op.batch_alter_table("legs", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_legs_one_sending_per_order",
            sqlite_where=sa.text("state = 'sending'"),
            postgresql_where=sa.text("state = 'sending'"),
        )
        batch_op.drop_index(batch_op.f("ix_legs_shop_id_state"))
        batch_op.drop_index(batch_op.f("ix_legs_shop_id_return_id"))

    op.drop_table("legs")
    with op.batch_alter_table("variants", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_variants_shop_id_product_id"))

    op.drop_table("variants")
    op.drop_table("turns")
    op.drop_table("staff_links")
    op.drop_table("sessions")
    with op.batch_alter_table("returns", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_returns_shop_id_order_id"))
        batch_op.drop_index(batch_op.f("ix_returns_shop_id_opened_at"))
        batch_op.drop_index(batch_op.f("ix_returns_shop_id_number_key"))

    op.drop_table("returns")
    op.drop_table("store_credits")
    op.drop_table("stock_movements")
    op.drop_table("staff")
    op.drop_table("quotes")
    op.drop_table("products")
    op.drop_table("policies")
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_orders_shop_id_placed_at"))
        batch_op.drop_index(batch_op.f("ix_orders_shop_id_number_key"))

    op.drop_table("orders")
    with op.batch_alter_table("conversations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_conversations_shop_id_changed_at"))

    op.drop_table("conversations")
    op.drop_table("commands")
    with op.batch_alter_table("bookings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_bookings_shop_id_order_id"))

    op.drop_table("bookings")
    with op.batch_alter_table("attempts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attempts_shop_id_until"))

    op.drop_table("attempts")
    op.drop_table("workers")
    op.drop_table("shops")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION ledger_is_only_added_to()")
