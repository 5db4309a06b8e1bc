"""What people did in a shop that others may want to know."""

from connector.storage.tables.shape import document, number, of_shop, text, time

audit = of_shop(
    "audit",
    number("n"),
    time("at"),
    text("actor_kind"),
    text("actor_name"),
    text("act"),
    text("about"),
    document("details"),
    key=["n"],
)
"""One line an act; lines are added and never changed."""
