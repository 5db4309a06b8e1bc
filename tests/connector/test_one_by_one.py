"""What is short goes one by one, and nobody waits long for who stays."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from adapters.errors import NotConnected
from connector import one_by_one
from connector.one_by_one import Line, Pending, answered, go_out, inside
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
    free = one_by_one._door.enter(patience=0)
    if free:
        one_by_one._door.leave()
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

    def start(*_given: object, **_named: object) -> Pending[dict[str, object]]:
        seen.append(is_free())
        return Pending({})

    monkeypatch.setattr(converse, "start_soon", start)
    monkeypatch.setattr(converse, "say_soon", start)
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


def test_they_come_in_in_the_order_in_which_they_came(monkeypatch):
    monkeypatch.setattr(one_by_one, "PATIENCE_SECONDS", LONG)
    came: list[int] = []

    def act(n: int) -> None:
        with inside():
            came.append(n)

    with ThreadPoolExecutor(8) as threads, somebody_inside():
        for n in range(8):
            threads.submit(act, n)
            while len(one_by_one._door._waiting) <= n:
                time.sleep(0.001)
    assert came == list(range(8))


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(8) as several:
        yield several


def test_a_line_answers_each_act_in_turn_one_at_a_time(threads: ThreadPoolExecutor):
    line, within, seen = Line(threads), list[int](), list[tuple[int, bool, int]]()

    def act(n: int) -> Pending[int]:
        within.append(n)
        time.sleep(0.001)
        seen.append((n, is_free(), len(within)))
        within.remove(n)
        return Pending(n)

    answers = [line.put(lambda n=n: act(n)) for n in range(40)]
    assert [answer.result(LONG) for answer in answers] == list(range(40))
    assert seen == [(n, False, 1) for n in range(40)]
    assert is_free()


def test_an_answer_comes_when_it_is_saved_and_the_line_does_not_wait_for_that(threads: ThreadPoolExecutor):
    line, saved = Line(threads), Future[None]()
    first = line.put(lambda: Pending("first", saved))
    assert line.put(lambda: Pending("second")).result(LONG) == "second"
    assert not first.done()
    saved.set_result(None)
    assert first.result(LONG) == "first"


def test_what_an_act_or_saving_raises_is_told_and_the_line_goes_on(threads: ThreadPoolExecutor):
    line, saved = Line(threads), Future[None]()
    saved.set_exception(NotConnected("refused"))
    with pytest.raises(ZeroDivisionError):
        line.put(lambda: Pending(1 // 0)).result(LONG)
    with pytest.raises(NotConnected):
        line.put(lambda: Pending("never", saved)).result(LONG)
    assert line.put(lambda: Pending("next")).result(LONG) == "next"


def test_who_goes_out_leaves_the_line_to_another_thread(threads: ThreadPoolExecutor):
    line, may_end, is_out = Line(threads), threading.Event(), threading.Event()

    def waits() -> Pending[str]:
        is_out.wait(LONG)
        go_out()
        may_end.wait(LONG)
        return Pending("waited")

    slow, next_ = line.put(waits), line.put(lambda: Pending("next"))
    is_out.set()
    assert next_.result(LONG) == "next"
    assert line.put(lambda: Pending("later")).result(LONG) == "later"
    assert not slow.done()
    may_end.set()
    assert slow.result(LONG) == "waited"
    assert line.put(lambda: Pending("last")).result(LONG) == "last"


def test_who_carries_an_act_out_for_too_long_leads_no_more(threads: ThreadPoolExecutor, monkeypatch):
    monkeypatch.setattr(one_by_one, "PATIENCE_SECONDS", 0.05)
    line, may_end, times = Line(threads), threading.Event(), list[int]()

    def stays() -> Pending[str]:
        may_end.wait(LONG)
        return Pending("stayed")

    slow, *others = [line.put(act) for act in (stays, *(lambda n=n: Pending(times.append(n)) for n in range(3)))]
    assert line.move_on(others[0])
    assert not others[0].done()
    time.sleep(0.06)
    assert line.move_on(others[0])
    assert [other.result(LONG) for other in others] == [None] * 3
    assert not line.move_on(others[0])
    assert line.put(lambda: Pending("later")).result(LONG) == "later"
    assert not slow.done()
    may_end.set()
    assert slow.result(LONG) == "stayed"
    assert line.put(lambda: Pending("last")).result(LONG) == "last"
    assert times == [0, 1, 2]


def test_a_line_that_moves_on_keeps_its_leader_however_long_it_is(threads: ThreadPoolExecutor, monkeypatch):
    monkeypatch.setattr(one_by_one, "PATIENCE_SECONDS", 0.5)
    line, carried_out_by = Line(threads), set[int]()

    def act() -> Pending[None]:
        time.sleep(0.05)
        return Pending(carried_out_by.add(threading.get_ident()))

    answers = [line.put(act) for _ in range(12)]
    while line.move_on(answers[-1]):
        time.sleep(0.001)
    assert answers[-1].result(LONG) is None
    assert len(carried_out_by) == 1


class CountedThreads(ThreadPoolExecutor):
    """Threads that count how often one of them was begun."""

    begun = 0

    def submit(self, *given: Any, **named: Any) -> Any:
        self.begun += 1
        return super().submit(*given, **named)


def test_how_long_a_leader_stands_at_the_door_does_not_count(monkeypatch):
    monkeypatch.setattr(one_by_one, "PATIENCE_SECONDS", 0.1)
    with CountedThreads(8) as threads, somebody_inside():
        line = Line(threads)
        for _ in range(3):
            answers = [line.put(lambda: Pending(None)) for _ in range(3)]
            while line.move_on(answers[-1]):
                time.sleep(0.0005)
            assert answers[-1].result(LONG) is None
    assert threads.begun == 3


def test_where_no_thread_can_begin_any_more_the_leader_goes_on_and_nothing_new_is_taken():
    threads = ThreadPoolExecutor(2)
    line, may_go_on = Line(threads), threading.Event()

    def goes_out() -> Pending[str]:
        may_go_on.wait(LONG)
        go_out()
        return Pending("went out")

    first, second = line.put(goes_out), line.put(lambda: Pending("second"))
    threads.shutdown(wait=False)
    may_go_on.set()
    assert [one.result(LONG) for one in (first, second)] == ["went out", "second"]
    with pytest.raises(RuntimeError):
        line.put(lambda: Pending("late"))


def test_what_answers_nothing_pending_is_told_so(threads: ThreadPoolExecutor):
    line = Line(threads)
    with pytest.raises(AttributeError):
        line.put(lambda: "plain").result(LONG)  # type: ignore[arg-type,return-value]
    assert line.put(lambda: Pending("next")).result(LONG) == "next"


def test_an_act_that_nobody_waits_for_before_its_turn_is_left_out(threads: ThreadPoolExecutor):
    line, may_end, done = Line(threads), threading.Event(), list[str]()
    slow = line.put(lambda: Pending(may_end.wait(LONG)))
    cancelled = line.put(lambda: Pending(done.append("done")))
    assert cancelled.cancel()
    may_end.set()
    assert slow.result(LONG)
    assert line.put(lambda: Pending("next")).result(LONG) == "next"
    assert done == []


def test_who_waits_in_their_own_thread_until_it_is_saved_is_outside():
    saved = Future[None]()
    saved.set_result(None)
    with inside():
        assert answered(Pending("here")) == "here"
        assert not is_free()
        assert answered(Pending("there", saved)) == "there"
        assert is_free()
