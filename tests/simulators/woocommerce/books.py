"""What the store knows, in a file: another process sees it, and it outlives whoever is killed."""

import fcntl
import json
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path
from typing import Any

from tests.recordings import body_of

Document = dict[str, Any]

KEY = "ck_simulated"
SECRET = "cs_simulated"
READ_KEY = "ck_simulated_reader"
FIRST_ID = 1000


class Books:
    """The store's state; `change` holds a lock over all processes while it is open."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = path.with_suffix(".lock")
        if not path.exists():
            with self._locked():
                path.write_text(json.dumps(opening_books()))

    def read(self) -> Document:
        with self._locked():
            return json.loads(self.path.read_text())

    @contextmanager
    def change(self) -> Iterator[Document]:
        """The state, written back when nothing was raised."""
        with self._locked():
            books = json.loads(self.path.read_text())
            yield books
            draft = self.path.with_suffix(".new")
            draft.write_text(json.dumps(books))
            draft.replace(self.path)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with self._lock.open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def opening_books() -> Document:
    """A store with the recorded products, gateways and settings, and no orders."""
    mug = deepcopy(body_of("woocommerce", "products-create-simple"))
    tee = deepcopy(body_of("woocommerce", "products-get-variable"))
    kinds = deepcopy(body_of("woocommerce", "products-variations-list"))
    kinds.append(deepcopy(body_of("woocommerce", "products-get-variation")))
    return {
        "next_id": FIRST_ID,
        "keys": {KEY: {"secret": SECRET, "can": "read_write"}, READ_KEY: {"secret": SECRET, "can": "read"}},
        "orders": {},
        "refunds": {},
        "notes": {},
        "coupons": {},
        "webhooks": {},
        "products": {str(product["id"]): product for product in (mug, tee)},
        "variations": {str(tee["id"]): {str(kind["id"]): kind for kind in kinds}},
        "gateways": deepcopy(body_of("woocommerce", "payment-gateways")),
        "settings": deepcopy(body_of("woocommerce", "settings-general")),
        "plugin": False,
        "acts": {},
        "gateway_calls": [],
        "requests": [],
        "faults": [],
        "blocked": [],
        "gateway_waits": False,
        "race_seconds": 0.0,
    }


def new_id(books: Document) -> int:
    """Orders, refunds, lines and coupons count in one row."""
    books["next_id"] += 1
    return int(books["next_id"])


def decimals(books: Document) -> int:
    """Fact 11: how many the store writes, whatever the currency."""
    (found,) = [entry["value"] for entry in books["settings"] if entry["id"] == "woocommerce_price_num_decimals"]
    return int(found)
