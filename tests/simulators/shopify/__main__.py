"""A simulated shop by itself, for the demo: `python -m tests.simulators.shopify FOLDER`.

Its first line is JSON that says where it is, the app that it knows, a session token of its owner, and which orders it
has; it ends when its input does.
"""

import json
import sys
from pathlib import Path
from typing import Any

from tests.simulators.shopify import SimulatedShop, selling, simulated_shop, tokens
from tests.simulators.shopify.books import CLIENT_ID, SECRET, SHOP

BUYER = {"email": "bob.buyer@example.com", "postcode": "10118"}
TWO_TENDERS = [("bogus", "20.00"), ("gift_card", None)]
SCATTERED = [[(0, 1)], [(0, 1)], [(0, 1)]]
ORDERS: tuple[tuple[tuple[tuple[str, int], ...], dict[str, Any], str], ...] = (
    ((("11", 2),), {}, "two shirts: a refund, store credit, or another size; XXL is dearer, Shopify asks for the rest"),
    ((("21", 3),), {"parcels": SCATTERED}, "three mugs that went in three parcels"),
    ((("11", 1), ("21", 1)), {"paid_with": TWO_TENDERS}, "paid with a card and a gift card"),
    ((("12", 1),), {"paid_with": [("manual", None)]}, "paid by hand: the money is given back by hand"),
)  # fmt: skip


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with simulated_shop(folder) as shop:
        filled(shop)
        state = shop.books.read()
        made = sorted(state["orders"].values(), key=lambda order: int(order["id"]))
        shown = [
            {"number": order["name"], **BUYER, "why": why} for order, (_, _, why) in zip(made, ORDERS, strict=False)
        ]
        said = {
            "address": shop.address, "domain": SHOP, "client_id": CLIENT_ID, "secret": SECRET,
            "session": tokens.session_token(state), "orders": shown,
        }  # fmt: skip
        sys.stdout.write(json.dumps(said) + "\n")
        sys.stdout.flush()
        sys.stdin.read()


def filled(shop: SimulatedShop) -> None:
    """Orders to try, made at the first start and found again at every other."""
    with shop.books.change() as state:
        if state["orders"]:
            return
        for items, changes, _ in ORDERS:
            selling.sold(state, *items, **changes)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
