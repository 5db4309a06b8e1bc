"""Returns, their groups of units and their history."""

from sqlalchemy import Column, Index, Text

from connector.storage.columns import DOCUMENT
from connector.storage.tables.shape import amount, belongs_to, document, number, of_shop, text, time

returns = of_shop(
    "returns",
    text("id"),
    text("order_id"),
    text("order_number"),
    text("number_key"),
    text("kind"),
    text("channel"),
    text("method"),
    time("opened_at"),
    text("quote_id"),
    number("version"),
    Column("gift_receipt", Text),
    Column("credit_to", Text),
    belongs_to("orders", "order_id"),
    belongs_to("quotes", "quote_id"),
    Index(None, "shop_id", "order_id"),
    Index(None, "shop_id", "number_key"),
    Index(None, "shop_id", "opened_at"),
    key=["id"],
)
"""`gift_receipt` is the one that was shown; `credit_to` is who gets store credit where that is not the buyer."""

return_groups = of_shop(
    "return_groups",
    text("return_id"),
    text("id"),
    number("position"),
    text("line_id"),
    number("quantity"),
    Column("reason", Text),
    text("resolution"),
    text("title"),
    amount("amount"),
    amount("tax"),
    Column("exchange_for", DOCUMENT),
    Column("fallback", Text),
    Column("destination", Text),
    text("reception"),
    text("acceptance"),
    text("settlement"),
    Column("grade", Text),
    Column("disposition", Text),
    text("note"),
    belongs_to("returns", "return_id"),
    Index(None, "shop_id", "acceptance"),
    Index(None, "shop_id", "settlement"),
    key=["return_id", "id"],
)

return_history = of_shop(
    "return_history",
    text("return_id"),
    number("n"),
    time("at"),
    text("actor_kind"),
    text("actor_name"),
    text("act"),
    text("why"),
    document("details"),
    belongs_to("returns", "return_id"),
    Index(None, "shop_id", "at"),
    key=["return_id", "n"],
)
