"""Goods that came back: each unit with where it is, batches between locations, and who took in what and paid what."""

from sqlalchemy import Column, Index, Integer, Text

from connector.storage.columns import UtcTime
from connector.storage.tables.shape import amount, belongs_to, currency, document, number, of_shop, text, time

goods = of_shop(
    "goods",
    text("id"),
    text("return_id"),
    text("group_id"),
    Column("variant_id", Text),
    Column("sku", Text),
    text("title"),
    text("grade"),
    text("disposition"),
    amount("amount"),
    currency(),
    number("digits"),
    Column("location_id", Integer),
    text("state"),
    Column("batch_id", Text),
    time("received_at"),
    time("moved_at"),
    text("received_by"),
    belongs_to("returns", "return_id"),
    Index(None, "shop_id", "state", "location_id"),
    Index(None, "shop_id", "batch_id"),
    Index(None, "shop_id", "return_id"),
    key=["id"],
)
"""One row a unit. `amount` is what its return gives for it; a unit is in one batch at most, since it names only one."""

batches = of_shop(
    "batches",
    text("id"),
    number("origin_id"),
    number("destination_id"),
    text("state"),
    number("version"),
    time("opened_at"),
    belongs_to("locations", "origin_id"),
    belongs_to("locations", "destination_id"),
    Index(None, "shop_id", "opened_at"),
    key=["id"],
)

batch_history = of_shop(
    "batch_history",
    text("batch_id"),
    number("n"),
    time("at"),
    text("actor_kind"),
    text("actor_name"),
    text("act"),
    text("why"),
    document("details"),
    belongs_to("batches", "batch_id"),
    key=["batch_id", "n"],
)

looks = of_shop(
    "looks",
    number("staff_id"),
    text("return_id"),
    time("at"),
    belongs_to("staff", "staff_id"),
    belongs_to("returns", "return_id"),
    key=["staff_id", "return_id"],
)
"""When somebody opened a return that they did not take in yet."""

receivings = of_shop(
    "receivings",
    text("return_id"),
    number("n"),
    number("staff_id"),
    Column("location_id", Integer),
    Column("begun_at", UtcTime),
    time("at"),
    number("units"),
    belongs_to("returns", "return_id"),
    belongs_to("staff", "staff_id"),
    Index(None, "shop_id", "at"),
    key=["return_id", "n"],
)
"""Each time that somebody took goods of a return in; `begun_at` is when they opened it, where that is known."""

counter_legs = of_shop(
    "counter_legs",
    text("key"),
    number("staff_id"),
    Column("location_id", Integer),
    text("tender"),
    belongs_to("legs", "key", key=["key"]),
    belongs_to("staff", "staff_id"),
    key=["key"],
)
"""Whose money of the ledger is: who decided it, or gave or took it by hand, where, and by which kind of payment."""
