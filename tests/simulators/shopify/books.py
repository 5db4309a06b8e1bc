"""What the shop knows, in a file: another process sees it, and it outlives whoever is killed."""

import fcntl
import json
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

Document = dict[str, Any]

SHOP = "simulated-jeans.myshopify.com"
CLIENT_ID = "simulated-app"
SECRET = "shpss_simulated0simulated0simulated0ab"
FIRST_ID = 1000
SCOPES = (
    "read_orders", "write_orders", "read_order_edits", "write_order_edits", "read_returns", "write_returns",
    "read_products", "read_inventory",
    "read_locations", "read_customers", "read_fulfillments", "read_merchant_managed_fulfillment_orders",
    "read_store_credit_accounts", "read_store_credit_account_transactions", "write_store_credit_account_transactions",
)  # fmt: skip
REASONS = (
    "unknown", "changed-my-mind", "item-not-as-described", "received-the-wrong-item", "other-reason",
    "damaged-or-defective", "too-small", "too-big", "style", "color", "arrived-late",
)  # fmt: skip
"""The first ten as a live shop has them, by their ids from 1 [C]."""


class Books:
    """The shop's state; `change` holds a lock over all processes while it is open."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = path.with_suffix(".lock")
        if not path.exists():
            with self._locked():
                path.write_text(json.dumps(opening_books()))

    def read(self) -> Document:
        with self._locked():
            return json.loads(self._path.read_text())

    @contextmanager
    def change(self) -> Iterator[Document]:
        """The state, written back when nothing was raised."""
        with self._locked():
            books = json.loads(self._path.read_text())
            yield books
            draft = self._path.with_suffix(".new")
            draft.write_text(json.dumps(books))
            draft.replace(self._path)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with self._lock.open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def opening_books() -> Document:
    """A shop with two products, one location, one customer, and no orders."""
    return {
        "next_id": FIRST_ID,
        "next_order": 1001,
        "shop": {"domain": SHOP, "name": "Simulated Jeans", "currency": "USD", "taxes_included": False},
        "scopes": list(SCOPES),
        "secrets": [SECRET],
        "tokens": {},
        "refresh_tokens": {},
        "codes": {},
        "orders": {},
        "fulfillments": {},
        "returns": {},
        "refunds": {},
        "rfos": {},
        "deliveries": {},
        "products": deepcopy(PRODUCTS),
        "variants": deepcopy(VARIANTS),
        "locations": {"1": {"name": "Warehouse", "active": True}},
        "customers": {"501": {"name": "Bob Buyer", "email": "bob.buyer@example.com", "tags": ["vip"]}},
        "accounts": {},
        "store_credit": True,
        "reasons": [{"id": str(n), "handle": handle} for n, handle in enumerate(REASONS, start=1)],
        "keys": {},
        "invoices": [],
        "edits": {},
        "bucket": {"available": 2000.0, "maximum": 2000.0, "rate": 100.0, "at": 0.0},
        "requests": [],
        "faults": [],
        "outbox": [],
        "subscriber": None,
    }


PRODUCTS = {
    "1": {"title": "Plain Tee", "type": "Shirts", "tags": []},
    "2": {"title": "Mug", "type": "Kitchen", "tags": []},
}
VARIANTS = {
    "11": {"product": "1", "title": "M", "sku": "TEE-M", "price": "24.95", "stock": 10, "barcode": "4006381333931"},
    "12": {"product": "1", "title": "L", "sku": "TEE-L", "price": "24.95", "stock": 10, "barcode": None},
    "13": {"product": "1", "title": "XL", "sku": "TEE-XL", "price": "29.95", "stock": 0, "barcode": None},
    "14": {"product": "1", "title": "XXL", "sku": None, "price": "29.95", "stock": 5, "barcode": None},
    "21": {"product": "2", "title": "Default Title", "sku": "MUG", "price": "12.50", "stock": None, "barcode": None},
}


def new_id(state: Document) -> str:
    state["next_id"] += 1
    return str(state["next_id"])


def now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def cents(value: Decimal | str | float) -> Decimal:
    return Decimal(str(value)).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def shown(value: Decimal | str) -> str:
    """An amount as Shopify writes it: "24.95", "5.0" [C]."""
    whole, _, part = f"{cents(value):f}".partition(".")
    return f"{whole}.{part.rstrip('0') or '0'}"


def gid(kind: str, tail: str) -> str:
    return f"gid://shopify/{kind}/{tail}"


def tail(written: str) -> str:
    return written.rpartition("/")[2].partition("?")[0]


class Refused(Exception):
    """User errors of a mutation; indexes in `field` are strings, `code` may be null [C]."""

    def __init__(self, message: str, *, field: list[str] | None = None, code: str | None = None) -> None:
        super().__init__(message)
        self.error = {"field": field, "message": message, "code": code}


class TopLevel(Exception):
    """An error beside the data."""

    def __init__(self, message: str, *, code: str) -> None:
        super().__init__(message)
        self.code = code
