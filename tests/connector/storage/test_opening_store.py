"""An opening asks once for its order, the quote that was shown and the policy that was promised."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from connector.storage import opening_store, order_store, policy_store, quote_store
from connector.storage.database import Database, Unit
from connector.storage.errors import NotFound
from connector.storage.shop_store import Shop
from tests.connector.storage.conftest import LATER, NOW, order
from tests.counting import statements

Write = Callable[..., Any]
PLACED = datetime.fromisoformat("2026-10-01T10:00:00+02:00")


def known_after(unit: Unit, *, quote_id: str = "q1", at: datetime = PLACED) -> tuple[Any, Any, Any]:
    opening_store.lock(unit, "o1", quote_id=quote_id)
    return order_store.get(unit, "o1"), quote_store.get(unit, quote_id), policy_store.in_force(unit, at=at)


@pytest.fixture
def filled(write: Write) -> None:
    write(order_store.save, order())
    write(quote_store.save, "q1", case={"order": "o1"}, quote={"total": "20.00"}, at=NOW)
    for days, at in ((30, PLACED - timedelta(days=9)), (14, LATER)):
        write(policy_store.add_version, {"days": days}, in_force_from=at)


@pytest.mark.usefixtures("filled")
def test_all_that_it_needs_is_read_with_the_lock(write: Write, monkeypatch: pytest.MonkeyPatch):
    with statements(monkeypatch) as sql:
        found, quote, policy = write(known_after)
    assert len([one for one in sql if "SELECT" in one]) == 1
    assert found == order()
    assert (quote.id, quote.case, quote.document, quote.at) == ("q1", {"order": "o1"}, {"total": "20.00"}, NOW)
    assert policy == {"days": 30}


@pytest.mark.usefixtures("filled")
def test_each_is_what_it_is_when_it_is_asked_for_by_itself(write: Write, read: Write):
    assert write(known_after) == (
        read(order_store.get, "o1"),
        read(quote_store.get, "q1"),
        read(policy_store.in_force, at=PLACED),
    )


@pytest.mark.parametrize("days", range(-12, 13, 3))
def test_the_policy_is_the_one_that_was_in_force_when_the_order_was_placed(write: Write, read: Write, days: int):
    early, late = PLACED - timedelta(days=9), PLACED + timedelta(days=9)
    for n, begins in enumerate((PLACED, early, PLACED, late, early, late)):
        write(policy_store.add_version, {"days": n}, in_force_from=begins)
    at = PLACED + timedelta(days=days)
    write(order_store.save, order(placed_at=at.isoformat()))
    assert write(known_after, at=at)[2] == read(policy_store.in_force, at=at)
    assert write(lambda unit: (opening_store.lock(unit, "o1", quote_id=""), unit.known["policy", at]))


@pytest.mark.usefixtures("filled")
def test_a_quote_that_is_not_known_is_none(write: Write):
    assert write(known_after, quote_id="q2")[1] is None


@pytest.mark.usefixtures("filled")
def test_the_policy_of_another_time_is_asked_for_anew(write: Write):
    assert write(known_after, at=LATER)[2] == {"days": 14}


def test_a_shop_without_a_policy_has_none_in_force(write: Write):
    write(order_store.save, order())
    with pytest.raises(NotFound):
        write(known_after)


def test_an_unknown_order_cannot_be_locked(write: Write):
    with pytest.raises(NotFound):
        write(opening_store.lock, "o1", quote_id="q1")


@pytest.mark.usefixtures("filled")
def test_who_opens_a_return_of_an_order_waits_for_who_has_locked_it(each_database: Database, shop: Shop):
    first_in, may_end, order_of_ends = threading.Event(), threading.Event(), list[str]()

    def first(unit: Unit) -> None:
        opening_store.lock(unit, "o1", quote_id="q1")
        first_in.set()
        may_end.wait(5)
        order_of_ends.append("first")

    def second(unit: Unit) -> None:
        opening_store.lock(unit, "o1", quote_id="q1")
        order_of_ends.append("second")

    threads = [threading.Thread(target=each_database.write, args=(shop, first))]
    threads[0].start()
    assert first_in.wait(5)
    threads.append(threading.Thread(target=each_database.write, args=(shop, second)))
    threads[1].start()
    threads[1].join(0.2)
    assert order_of_ends == []
    may_end.set()
    for thread in threads:
        thread.join(5)
    assert order_of_ends == ["first", "second"]
