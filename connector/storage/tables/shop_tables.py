"""What a shop sells, by which terms it takes back, and where its assistant may be shown."""

from sqlalchemy import Column, Index, Integer, Text

from connector.storage.tables.shape import belongs_to, document, number, of_shop, text, time

policies = of_shop("policies", number("version"), time("in_force_from"), document("document"), key=["version"])

products = of_shop(
    "products",
    text("id"),
    text("title"),
    document("document"),
    Column("product_type", Text),
    Index(None, "shop_id", "product_type"),
    key=["id"],
)
"""`product_type` is what the document says of it, null where it says nothing."""

variants = of_shop(
    "variants",
    text("id"),
    text("product_id"),
    number("position"),
    document("document"),
    Column("available", Integer),
    belongs_to("products", "product_id"),
    Index(None, "shop_id", "product_id"),
    key=["id"],
)
"""`available` is null where stock is not kept."""

stock_movements = of_shop(
    "stock_movements",
    text("variant_id"),
    number("n"),
    number("delta"),
    text("why"),
    time("at"),
    key=["variant_id", "n"],
)

widget_origins = of_shop("widget_origins", text("origin"), key=["origin"])
"""The origins whose pages may talk to the shop's assistant."""

shop_details = of_shop("shop_details", text("name"), text("words"), key=["name"])
"""What the shop says about itself in its own words: how it is reached, where parcels go."""
