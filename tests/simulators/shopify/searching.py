"""Orders as the search finds them: by a part of their name, their customer, or since they changed; 60 days back."""

import re
from datetime import UTC, datetime, timedelta

from tests.simulators.shopify.books import Document

NAME = re.compile(r'name:"?([^"]*)"?$')
CHANGED = re.compile(r"updated_at:>='?([^']*)'?$")
CUSTOMER = re.compile(r"customer_id:([0-9]+)$")
SEEN = timedelta(days=60)


def orders(state: Document, asked: Document) -> list[str]:
    """The ids of orders; modelled: that the name is matched as a part."""
    query = asked.get("query") or ""
    found = [order for order in state["orders"].values() if _is_seen(state, order)]
    if name := NAME.match(query):
        found = [order for order in found if name[1].lower() in order["name"].lower()]
    elif since := CHANGED.match(query):
        found = [order for order in found if _at(order["updated_at"]) >= _at(since[1])]
    elif of := CUSTOMER.match(query):
        found = [order for order in found if order["customer"] == of[1]]
    by = "updated_at" if asked.get("sortKey") == "UPDATED_AT" else "created_at"
    found.sort(key=lambda order: order[by], reverse=bool(asked.get("reverse")))
    return [order["id"] for order in found]


def _is_seen(state: Document, order: Document) -> bool:
    return "read_all_orders" in state["scopes"] or _at(order["created_at"]) > datetime.now(UTC) - SEEN


def _at(written: str) -> datetime:
    return datetime.fromisoformat(written.replace("Z", "+00:00"))
