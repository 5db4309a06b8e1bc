"""A simulated shop and ways to ask it."""

import time
from datetime import UTC, datetime
from typing import Any

from msgspec.structs import replace

from adapters.channel import Credit, Payback, RefundedLine, Replacement, ReplacementLine, Standing, StandingLine
from adapters.shopify.bucket import Cost, Level, full, taken, told
from adapters.shopify.channel import ShopifyChannel, Ways
from adapters.shopify.client import Reach, ShopClient
from tests.adapters.woocommerce.stores import RememberedSendings
from tests.simulators.shopify import SimulatedShop, selling
from tests.simulators.shopify.books import Document

CLIENTS: list[ShopClient] = []
HERE = Reach(read_seconds=3, write_seconds=3, patience_seconds=3)
TEE_M, TEE_L, TEE_XL, TEE_XXL, MUG = "11", "12", "13", "14", "21"


class OneToken:
    """A token that the shop gave, and no other."""

    def __init__(self, shop: SimulatedShop) -> None:
        self._token = shop.token()

    def current(self) -> str:
        return self._token

    def renewed(self, refused: str) -> str:
        return self._token


class RememberedBucket:
    """The bucket in memory."""

    def __init__(self) -> None:
        self.level: Level = full(time.monotonic())

    def take(self, points: float) -> float:
        self.level, wait = taken(self.level, points, at=time.monotonic())
        return wait

    def tell(self, cost: Cost, *, taken: float) -> None:
        self.level = told(self.level, cost, taken_before=taken, at=time.monotonic())


def client_of(shop: SimulatedShop, **reach: Any) -> ShopClient:
    client = ShopClient(shop.address, OneToken(shop), RememberedBucket(), reach=replace(HERE, **reach))
    CLIENTS.append(client)
    return client


def close_all() -> None:
    """Close what tests have opened."""
    while CLIENTS:
        CLIENTS.pop().close()


def channel_of(
    shop: SimulatedShop, sendings: RememberedSendings | None = None, *, unseen_seconds: float = 0.0, **reach: Any
) -> ShopifyChannel:
    return ShopifyChannel(
        client_of(shop, **reach),
        RememberedSendings() if sendings is None else sendings,
        clock=lambda: datetime.now(UTC),
        ways=Ways(unseen_seconds=unseen_seconds),
    )


def placed(shop: SimulatedShop, *items: tuple[str, int], **changes: Any) -> Document:
    """An order of two shirts, with delivery, paid by card, shipped."""
    with shop.books.change() as state:
        return selling.sold(state, *items, **changes)


def payback(order: Document, key: str = "RMA-1-1-refund-1", *, amount: int = 500, **changes: Any) -> Payback:
    """One unit of the first line."""
    lines = (RefundedLine(line_id=order["lines"][0]["id"], quantity=1, amount=amount, tax=0),)
    asked = {
        "key": key, "order_id": order["id"], "return_id": "RMA-1", "payment_id": order["transactions"][0]["id"],
        "amount": amount, "currency": order["currency"], "digits": 2, "lines": lines, **changes,
    }  # fmt: skip
    return Payback(**asked)


def replacement(order: Document, key: str = "RMA-1-1-exchange", *, variant: str = TEE_L, **changes: Any) -> Replacement:
    """One unit of the first line for one of another size."""
    line = ReplacementLine(order["lines"][0]["id"], variant, quantity=1, amount=2495, tax=221)
    asked = {
        "key": key, "order_id": order["id"], "return_id": "RMA-1", "currency": order["currency"], "digits": 2,
        "lines": (line,), **changes,
    }  # fmt: skip
    return Replacement(**asked)


def natives(shop: SimulatedShop) -> list[Document]:
    return list(shop.books.read()["returns"].values())


def refunds(shop: SimulatedShop) -> list[Document]:
    return list(shop.books.read()["refunds"].values())


def accounts(shop: SimulatedShop) -> list[Document]:
    return list(shop.books.read()["accounts"].values())


def credit(order: Document, key: str = "RMA-1-1-credit", **changes: Any) -> Credit:
    """Store credit for one unit of the first line."""
    lines = () if changes.get("incentive") else (RefundedLine(order["lines"][0]["id"], quantity=1, amount=700, tax=0),)
    asked = {
        "key": key, "order_id": order["id"], "return_id": "RMA-1", "amount": 700, "currency": order["currency"],
        "digits": 2, "lines": lines, **changes,
    }  # fmt: skip
    return Credit(**asked)


def standing(order: Document, status: str, *, return_id: str = "RMA-1", **changes: Any) -> Standing:
    """A return of one unit of the first line, as it stands."""
    of_line = {name: changes.pop(name) for name in ("reason", "variant_id", "amount", "fee_percent") if name in changes}
    line = StandingLine(order["lines"][0]["id"], 1, **of_line)
    asked = {
        "key": f"{return_id}-{status}", "order_id": order["id"], "return_id": return_id, "status": status,
        "currency": order["currency"], "digits": 2, "lines": (line,), **changes,
    }  # fmt: skip
    return Standing(**asked)
