"""What platforms told us, raw, until it is dealt with."""

from sqlalchemy import Column, Index, LargeBinary

from connector.storage.tables.shape import number, of_shop, text, time

deliveries = of_shop(
    "deliveries",
    text("id"),
    text("channel"),
    text("topic"),
    Column("body", LargeBinary, nullable=False),
    text("state"),
    number("turn"),
    text("error"),
    time("arrived_at"),
    Index(None, "shop_id", "state", "arrived_at"),
    key=["id"],
)
"""`state` is new, queued, done or poison; `turn` counts how often it was begun anew."""

delivery_secrets = of_shop(
    "delivery_secrets", text("channel"), number("n"), text("sealed"), time("added_at"), key=["channel", "n"]
)
"""The secrets by which a platform signs, sealed; two while one is being replaced."""

order_readings = of_shop("order_readings", text("order_id"), number("begun"), number("written"), key=["order_id"])
"""How often an order was read from its channel anew: `written` is the number of the reading that is kept."""
