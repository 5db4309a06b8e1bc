"""What a counter finds things by, and what it writes down besides returns."""

from sqlalchemy import Index

from connector.storage.tables.shape import amount, belongs_to, document, of_shop, text, time

order_marks = of_shop(
    "order_marks",
    text("order_id"),
    text("kind"),
    text("key"),
    time("placed_at"),
    belongs_to("orders", "order_id"),
    Index(None, "shop_id", "kind", "key", "placed_at"),
    key=["order_id", "kind", "key"],
)
"""What an order is found by besides its number (domain.scanning.Kind); `placed_at` is the order's."""

variant_marks = of_shop(
    "variant_marks",
    text("variant_id"),
    text("product_id"),
    text("kind"),
    text("key"),
    Index(None, "shop_id", "kind", "key"),
    Index(None, "shop_id", "product_id"),
    key=["variant_id", "kind", "key"],
)

prices = of_shop("prices", text("variant_id"), time("since"), amount("amount"), key=["variant_id", "since"])
"""What a variant cost from a time on, in minor units of the shop's currency, until its next price."""

gift_receipts = of_shop(
    "gift_receipts",
    text("number"),
    text("order_id"),
    document("line_ids"),
    time("made_at"),
    belongs_to("orders", "order_id"),
    Index(None, "shop_id", "order_id"),
    key=["number"],
)
"""Receipts that name goods of an order, and nothing else of it."""

credits_without_receipt = of_shop(
    "credits_without_receipt",
    text("return_id"),
    text("person"),
    amount("amount"),
    text("approved_by"),
    time("at"),
    belongs_to("returns", "return_id"),
    Index(None, "shop_id", "person", "at"),
    key=["return_id"],
)
"""What a person was given for goods without a receipt; `person` is the hash of their e-mail address."""

visits = of_shop("visits", text("id"), time("opened_at"), text("opened_by"), key=["id"])

visit_returns = of_shop(
    "visit_returns",
    text("visit_id"),
    text("return_id"),
    time("at"),
    belongs_to("visits", "visit_id"),
    belongs_to("returns", "return_id"),
    Index(None, "shop_id", "return_id"),
    key=["visit_id", "return_id"],
)
"""The returns that one person brought at one time."""
