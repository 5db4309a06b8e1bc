"""A simulated store and ways to ask it."""

import dataclasses
from datetime import UTC, datetime
from typing import Any

import pytest
from msgspec.structs import replace

from adapters.channel import Payback, Receipt, RefundedLine
from adapters.errors import ChannelSlow
from adapters.sendings import Sending
from adapters.woocommerce.auth import Credentials, Manner
from adapters.woocommerce.channel import Ways, WooCommerceChannel
from adapters.woocommerce.client import Reach, StoreClient
from tests.contracts.channel_contract import World
from tests.simulators.woocommerce import SimulatedStore, orders
from tests.simulators.woocommerce.books import KEY, SECRET

Document = dict[str, Any]

TEE, BLACK_M, BLACK_L, BLUE_L = "14", "17", "19", "20"
MUG = "11"

PLAIN = pytest.mark.parametrize("store", [False], indirect=True, ids=["plain"])
PLUGIN = pytest.mark.parametrize("store", [True], indirect=True, ids=["plugin"])

CLIENTS: list[StoreClient] = []
HERE = Reach(allows_private=True, read_seconds=2, write_seconds=5)


def credentials_of(store: SimulatedStore, **changes: object) -> Credentials:
    known = Credentials(address=store.address, key=KEY, secret=SECRET)
    return dataclasses.replace(known, **changes)  # type: ignore[arg-type]


def reach_of(store: SimulatedStore, **changes: object) -> Reach:
    tls = store.certificate.client_context() if store.certificate else None
    return replace(HERE, tls=tls, **changes)  # type: ignore[arg-type]


def client_of(store: SimulatedStore, *, manner: Manner = Manner.BASIC, **changes: object) -> StoreClient:
    return _kept(StoreClient(credentials_of(store, manner=manner, **changes), reach=reach_of(store)))


def close_all() -> None:
    """Close what tests have opened."""
    while CLIENTS:
        CLIENTS.pop().close()


def _kept(client: StoreClient) -> StoreClient:
    CLIENTS.append(client)
    return client


class RememberedSendings:
    """The ledger in memory."""

    def __init__(self) -> None:
        self.entries: dict[str, Sending] = {}

    def get(self, key: str) -> Sending | None:
        return self.entries.get(key)

    def begin(self, sending: Sending, *, after: Sending | None) -> None:
        if self.entries.get(sending.key) != after:
            raise ChannelSlow("Somebody else is at it.")
        self.entries[sending.key] = sending

    def under_way(self, key: str) -> None:
        self.entries[key] = replace(self.entries[key], seen=True)

    def done(self, receipt: Receipt) -> None:
        self.entries[receipt.key] = replace(self.entries[receipt.key], receipt=receipt)

    def forget(self, key: str) -> None:
        self.entries.pop(key, None)


def channel_of(
    store: SimulatedStore,
    sendings: RememberedSendings | None = None,
    *,
    unseen_seconds: float = 0.0,
    settled: str = "",
    **reach: object,
) -> WooCommerceChannel:
    return WooCommerceChannel(
        _kept(StoreClient(credentials_of(store), reach=reach_of(store, **reach))),
        RememberedSendings() if sendings is None else sendings,
        clock=lambda: datetime.now(UTC),
        code=lambda key: f"CREDIT-{key}",
        ways=Ways(unseen_seconds=unseen_seconds, plugin=store.books.read()["plugin"], settled=settled),
    )


NEW_YORK = {
    "first_name": "Bob", "last_name": "Buyer", "city": "New York", "state": "NY", "postcode": "10118",
    "country": "US", "email": "bob.buyer@example.com",
}  # fmt: skip


def placed(store: SimulatedStore, *lines: Document, **changes: object) -> Document:
    """An order as the store makes it: two shirts of one kind, with delivery, paid by a gateway that can refund."""
    body = {
        "payment_method": "labpay",
        "status": "completed",
        "billing": NEW_YORK,
        "shipping": NEW_YORK,
        "line_items": list(lines) or [{"product_id": 14, "variation_id": 17, "quantity": 2}],
        "shipping_lines": [{"method_id": "flat_rate", "method_title": "Flat rate", "total": "6.90"}],
        **changes,
    }
    with store.books.change() as state:
        return dict(orders.create(state, body, address=store.address).body)


def stock(store: SimulatedStore, variant_id: str) -> int | None:
    state = store.books.read()
    found = state["variations"][TEE].get(variant_id) or state["products"][variant_id]
    return found["stock_quantity"]


def world_of(store: SimulatedStore) -> World:
    order = placed(store)
    return World(
        channel=channel_of(store),
        order_id=str(order["id"]),
        number=order["number"],
        line_id=str(order["line_items"][0]["id"]),
        payment_id=f"paid-{order['id']}",
        paid=round(float(order["total"]) * 100),
        product_id=TEE,
        variant_id=BLACK_M,
        other_variant_id=BLACK_L,
        gone_variant_id=BLUE_L,
        stock=lambda variant_id: stock(store, variant_id),
    )


def refunds(store: SimulatedStore, order: Document) -> list[Document]:
    return store.books.read()["refunds"].get(str(order["id"]), [])


def payback(order: Document, key: str = "RMA-1-1-refund-1", *, amount: int = 2716, **changes: object) -> Payback:
    """One shirt with its tax."""
    lines = (RefundedLine(line_id=str(order["line_items"][0]["id"]), quantity=1, amount=2495, tax=221),)
    asked = {
        "key": key, "order_id": str(order["id"]), "return_id": "RMA-1", "payment_id": f"paid-{order['id']}",
        "amount": amount, "currency": "USD", "digits": 2, "lines": lines, **changes,
    }  # fmt: skip
    return Payback(**asked)  # type: ignore[arg-type]
