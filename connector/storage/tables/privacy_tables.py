"""What people asked to know of themselves, or to have erased."""

from sqlalchemy import Column

from connector.storage.columns import DOCUMENT, UtcTime
from connector.storage.tables.shape import of_shop, text, time

privacy_requests = of_shop(
    "privacy_requests",
    text("id"),
    text("kind"),
    text("subject"),
    time("asked_at"),
    Column("done_at", UtcTime),
    Column("document", DOCUMENT),
    key=["id"],
)
"""`subject` is the platform's number of the person; `document` is what is kept of them, until it is forgotten again."""
