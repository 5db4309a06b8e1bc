"""Webhooks in a store, and what is asked for when they were silent."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from adapters.woocommerce.hooks import changed_since, make_hooks, remove_hooks, switch_on
from tests.adapters.woocommerce.stores import channel_of, client_of, placed
from tests.simulators.woocommerce import SimulatedStore, simulated_store

HERE = "https://returns.example.com/shops/demo/webhooks/woocommerce"


@pytest.fixture
def store(tmp_path: Path):
    with simulated_store(tmp_path) as store:
        yield store


def test_only_our_own_webhooks_are_touched(store: SimulatedStore):
    other = {"topic": "order.updated", "delivery_url": "https://other.example", "secret": "theirs"}
    with client_of(store) as client:
        theirs = client.send("POST", "/webhooks", other)
        client.send("PUT", f"/webhooks/{theirs['id']}", {"status": "disabled"})
        make_hooks(client, delivery_url=HERE, secret="ours")
        assert switch_on(client, delivery_url=HERE) == 0
        assert remove_hooks(client, delivery_url=HERE) == 4
        assert [hook["status"] for hook in client.listed("/webhooks")] == ["disabled"]


def test_fact_12_what_changed_is_asked_for_in_gmt(store: SimulatedStore):
    """Fact 12: the store is in Paris, an hour ahead, and takes a time for its own unless it is said to be GMT."""
    order = placed(store)
    with client_of(store) as client:
        (changed,) = changed_since(client, datetime.now(UTC) - timedelta(minutes=30))
        assert (changed.order_id, changed.codes) == (str(order["id"]), ())
        assert list(changed_since(client, datetime.now(UTC) + timedelta(minutes=30))) == []


def test_fact_30_a_refund_that_was_deleted_in_silence_is_gone_when_the_order_is_read(store: SimulatedStore):
    """Fact 30: no webhook tells of it, so nothing but a reading can."""
    order = placed(store)
    with client_of(store) as client:
        made = client.send("POST", f"/orders/{order['id']}/refunds", {"amount": "5.00", "api_refund": False})
    channel = channel_of(store)
    assert [one["amount"] for one in (channel.read_order(str(order["id"])) or {})["refunds"]] == ["5.00"]  # type: ignore[attr-defined]
    with store.books.change() as state:
        state["refunds"][str(order["id"])] = []
        state["orders"][str(order["id"])]["refunds"] = []
    assert made["amount"] == "5.00"
    assert (channel.read_order(str(order["id"])) or {})["refunds"] == []
