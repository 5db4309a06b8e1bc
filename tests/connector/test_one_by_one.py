"""What is short goes one by one, and nobody waits long for who stays."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from adapters.errors import NotConnected
from connector import one_by_one
from connector.one_by_one import go_out, inside
from connector.services import converse
from connector.storage.shop_store import Shop
from connector.store_clients import StoreClients
from tests.connector.web.conftest import browser_of
from tests.shops import a_shop

LONG = 10.0


@contextmanager
def somebody_inside(*, goes_out: bool = False) -> Iterator[None]:
    """A thread that went in and stays there, or goes out and works on."""
    came, may_end = threading.Event(), threading.Event()

    def stay() -> None:
        with inside():
            if goes_out:
                go_out()
            came.set()
            may_end.wait(LONG)

    thread = threading.Thread(target=stay)
    thread.start()
    assert came.wait(LONG)
    yield
    may_end.set()
    thread.join()


def is_free() -> bool:
    """Whether whoever comes now is let in at once."""
    free = one_by_one._door.acquire(blocking=False)
    if free:
        one_by_one._door.release()
    return free


def test_one_at_a_time_is_inside(monkeypatch):
    monkeypatch.setattr(one_by_one, "PATIENCE_SECONDS", LONG)
    within, most = [], []

    def act(n: int) -> None:
        with inside():
            within.append(n)
            time.sleep(0.002)
            most.append(len(within))
            within.remove(n)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(act, range(40)))
    assert most == [1] * 40


def test_who_waits_for_a_write_is_outside(tmp_path: Path):
    with a_shop(tmp_path) as demo, inside():
        assert demo.app.database.write(demo.shop, lambda unit: unit.shop.slug) == "demo"
        assert is_free()


@pytest.mark.parametrize("way", [StoreClients.channel, StoreClients.shopify])
def test_who_asks_a_platform_is_outside(tmp_path: Path, way: Callable[[StoreClients, Shop], object]):
    with a_shop(tmp_path) as demo, inside():
        with pytest.raises(NotConnected):
            way(StoreClients(demo.app.settings, demo.app.database, clock=demo.clock), demo.shop)
        assert is_free()


def test_who_asks_our_own_tills_stays_inside(tmp_path: Path):
    with a_shop(tmp_path) as demo, inside():
        demo.app.channels.for_shop(demo.shop, "store")
        assert not is_free()


@pytest.mark.anyio
async def test_a_turn_of_the_assistant_goes_inside(tmp_path: Path, monkeypatch):
    seen = []

    def start(*_given: object, **_named: object) -> dict[str, object]:
        seen.append(is_free())
        return {}

    monkeypatch.setattr(converse, "start", start)
    monkeypatch.setattr("connector.web.chat.converse.say", start)
    with a_shop(tmp_path) as demo:
        async with browser_of(demo.app) as client:
            await client.post("/shops/demo/chat", json={})
            await client.post("/shops/demo/chat/c_1", json={"text": "hello"})
    assert seen == [False, False]


def test_whoever_goes_out_lets_the_next_one_in_and_may_leave_twice():
    with somebody_inside(goes_out=True):
        assert is_free()
        with inside():
            assert not is_free()
    assert is_free()


def test_who_is_inside_already_stays_inside_until_the_end():
    with inside():
        with inside():
            pass
        assert not is_free()
    assert is_free()


def test_an_error_lets_the_next_one_in():
    with pytest.raises(ZeroDivisionError), inside():
        raise ZeroDivisionError
    assert is_free()


def test_whoever_waited_long_enough_goes_on_and_takes_nothing_from_who_is_inside(monkeypatch):
    monkeypatch.setattr(one_by_one, "PATIENCE_SECONDS", 0.01)
    with somebody_inside():
        with inside():
            assert not is_free()
        assert not is_free()
    assert is_free()


def test_who_is_outside_may_go_out():
    go_out()
    assert is_free()
