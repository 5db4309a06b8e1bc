"""Webhooks in a store, and what is asked for when they were silent."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from adapters.woocommerce.client import Page, Query
from adapters.woocommerce.hooks import Changed, Changes, changed_since, make_hooks, remove_hooks, switch_on
from tests.adapters.woocommerce.stores import channel_of, client_of, placed
from tests.simulators.woocommerce import SimulatedStore, simulated_store
from tests.simulators.woocommerce.answer import times

HERE = "https://returns.example.com/shops/demo/webhooks/woocommerce"


NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
BEFORE_WINTER = datetime(2026, 10, 25, 0, tzinfo=UTC)


def changed_at(store: SimulatedStore, *seconds: int, since: datetime = NOON) -> list[str]:
    """The ids of orders that changed so many seconds after a time."""
    ids = [str(placed(store)["id"]) for _ in seconds]
    for order_id, second in zip(ids, seconds, strict=True):
        change(store, order_id, at=since + timedelta(seconds=second))
    return ids


def change(store: SimulatedStore, order_id: str, *, at: datetime) -> None:
    with store.books.change() as state:
        state["orders"][order_id] |= times("date_modified", at)


def told(changes: Changes) -> list[str]:
    return [one.order_id for one in changes.orders]


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
        changes = changed_since(client, datetime.now(UTC) - timedelta(minutes=30))
        assert changes == Changes((Changed(str(order["id"]), ()),), until=None)
        assert changed_since(client, datetime.now(UTC) + timedelta(minutes=30)).orders == ()


def test_what_changed_first_is_told_first_and_up_to_when_it_is_all(store: SimulatedStore):
    ids = changed_at(store, *range(1, 8))
    with client_of(store) as client:
        first = changed_since(client, NOON, a_page=3, most_pages=2)
        assert told(first) == ids[: len(first.orders)]
        assert 3 < len(first.orders) < 7
        assert first.until is not None
        rest = changed_since(client, first.until, a_page=3, most_pages=9)
        assert rest.until is None
    assert sorted({*told(first), *told(rest)}) == sorted(ids)


def test_all_that_changed_in_one_second_is_told_together(store: SimulatedStore):
    ids = changed_at(store, 1, 1, 1, 1, 1, 1, 1, 2)
    with client_of(store) as client:
        assert sorted(told(changed_since(client, NOON, a_page=2, most_pages=1))) == sorted(ids)


def test_what_changes_while_it_is_asked_for_hides_no_other(store: SimulatedStore):
    """Every order that was told moves to the end, and those behind it one place forward."""
    ids = changed_at(store, *range(1, 13, 2))
    with client_of(store) as client:
        page = client.page

        def page_then_change(path: str, query: Query, *, number: int) -> Page:
            found = page(path, query, number=number)
            change(store, str(found.things[0]["id"]), at=NOON + timedelta(hours=len(store.requests("GET"))))
            return found

        client.page = page_then_change  # type: ignore[assignment,method-assign]
        assert {*told(changed_since(client, NOON, a_page=3, most_pages=9))} == {*ids}


def test_the_hour_that_comes_twice_in_autumn_hides_nothing(store: SimulatedStore):
    """WordPress puts posts in the order of their local time; the store's Paris goes back at one o'clock GMT."""
    ids = changed_at(store, *range(0, 7200, 600), since=BEFORE_WINTER)
    with client_of(store) as client:
        changes = changed_since(client, BEFORE_WINTER - timedelta(minutes=1), a_page=5, most_pages=1)
        while changes.until is not None:
            ids = [one for one in ids if one not in told(changes)]
            changes = changed_since(client, changes.until, a_page=5, most_pages=1)
    assert {*ids} <= {*told(changes)}


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
