"""What devices did on their own and sent when the network was back."""

from sqlalchemy import Column, Index, LargeBinary, Text

from connector.storage.columns import UtcTime
from connector.storage.tables.shape import belongs_to, document, of_shop, text, time

device_commands = of_shop(
    "device_commands",
    text("id"),
    text("device"),
    text("act"),
    text("return_id"),
    document("said"),
    text("digest"),
    text("made_by"),
    time("made_at"),
    text("sent_by"),
    time("arrived_at"),
    text("state"),
    text("verdict"),
    text("why"),
    Column("settled_by", Text),
    Column("settled_at", UtcTime),
    Index(None, "shop_id", "state", "arrived_at"),
    Index(None, "shop_id", "return_id"),
    key=["id"],
)
"""`return_id` is what was scanned or typed, so it may name nothing; `digest` tells whether an id says the same."""

device_photos = of_shop(
    "device_photos",
    text("command_id"),
    Column("picture", LargeBinary, nullable=False),
    belongs_to("device_commands", "command_id"),
    key=["command_id"],
)
"""Pictures as JPEG, without what the camera wrote beside them."""
