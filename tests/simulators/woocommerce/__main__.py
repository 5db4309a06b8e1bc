"""A simulated store by itself, for the demo: `python -m tests.simulators.woocommerce FOLDER`.

Its first line is JSON that says where it is, its key, and which orders it has; it ends when its input does.
"""

import json
import sys
from pathlib import Path
from typing import Any

from tests.simulators.woocommerce import SimulatedStore, orders, simulated_store
from tests.simulators.woocommerce.books import KEY, SECRET

BUYER = {
    "first_name": "Bob", "last_name": "Buyer", "city": "New York", "state": "NY", "postcode": "10118",
    "country": "US", "email": "bob.buyer@example.com",
}  # fmt: skip
ORDERS: tuple[tuple[dict[str, Any], str], ...] = (
    ({"line_items": [{"product_id": 14, "variation_id": 17, "quantity": 2}]}, "two shirts: a refund, or another size"),
    ({"line_items": [{"product_id": 11, "quantity": 3}]}, "three mugs"),
    (
        {"line_items": [{"product_id": 14, "variation_id": 20, "quantity": 1}], "payment_method": "cod"},
        "cash on delivery: the money is given back by hand",
    ),
)


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with simulated_store(folder) as store:
        filled(store)
        made = sorted(store.books.read()["orders"].values(), key=lambda order: order["id"])
        shown = [
            {"number": order["number"], "email": BUYER["email"], "postcode": BUYER["postcode"], "why": why}
            for order, (_, why) in zip(made, ORDERS, strict=False)
        ]
        said = {"address": store.address, "key": KEY, "secret": SECRET, "orders": shown}
        sys.stdout.write(json.dumps(said) + "\n")
        sys.stdout.flush()
        sys.stdin.read()


def filled(store: SimulatedStore) -> None:
    """Orders to try, made at the first start and found again at every other."""
    with store.books.change() as state:
        if state["orders"]:
            return
        for changes, _ in ORDERS:
            body = {
                "payment_method": "labpay", "status": "completed", "billing": BUYER, "shipping": BUYER,
                "shipping_lines": [{"method_id": "flat_rate", "method_title": "Flat rate", "total": "6.90"}],
            }  # fmt: skip
            orders.create(state, {**body, **changes}, address=store.address)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
