"""One busy shop leaves threads to the others, and nobody waits for ever."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextvars import ContextVar

import anyio
import pytest

from connector.one_by_one import Pending
from connector.web.pool import Busy, Pool

pytestmark = pytest.mark.anyio


class Crowd:
    """Acts that go on until they are let go, and how many were under way at once."""

    def __init__(self) -> None:
        self.under_way = self.most = 0
        self._lock = threading.Lock()
        self._go = threading.Event()

    def act(self) -> None:
        with self._lock:
            self.under_way += 1
            self.most = max(self.most, self.under_way)
        self._go.wait(5)
        with self._lock:
            self.under_way -= 1

    def let_go(self) -> None:
        self._go.set()


async def gathered(until: Callable[[], bool]) -> None:
    with anyio.fail_after(5):
        while not until():
            await anyio.sleep(0.005)


async def test_an_act_gives_what_it_returns_and_raises_what_it_raises():
    assert await Pool().run(lambda: 5, shop="demo") == 5
    with pytest.raises(ZeroDivisionError):
        await Pool().run(lambda: 1 // 0, shop="demo")


async def test_a_busy_shop_leaves_threads_to_the_others():
    pool, crowd = Pool(threads=3, of_one_shop=2), Crowd()
    async with anyio.create_task_group() as requests:
        for _ in range(5):
            requests.start_soon(lambda: pool.run(crowd.act, shop="busy"))
        await gathered(lambda: crowd.under_way == 2)
        assert await pool.run(lambda: "served", shop="other") == "served"
        crowd.let_go()
    assert (crowd.under_way, crowd.most) == (0, 2)


async def test_there_are_never_more_acts_than_threads():
    pool, crowd = Pool(threads=3, of_one_shop=2), Crowd()
    async with anyio.create_task_group() as requests:
        for number in range(6):
            requests.start_soon(lambda shop=f"shop-{number}": pool.run(crowd.act, shop=shop))
        await gathered(lambda: crowd.under_way == 3)
        crowd.let_go()
    assert crowd.most == 3


async def test_who_waits_too_long_hears_that_the_shop_is_busy_and_takes_no_thread():
    pool, crowd = Pool(threads=2, of_one_shop=1, patience=0.05), Crowd()
    async with anyio.create_task_group() as requests:
        requests.start_soon(lambda: pool.run(crowd.act, shop="demo"))
        await gathered(lambda: crowd.under_way == 1)
        with pytest.raises(Busy):
            await pool.run(crowd.act, shop="demo")
        crowd.let_go()
    assert crowd.most == 1
    assert await pool.run(lambda: "served", shop="demo") == "served"


async def test_waiting_for_a_thread_of_all_gives_the_shops_own_back():
    pool, crowd = Pool(threads=1, of_one_shop=1, patience=0.05), Crowd()
    async with anyio.create_task_group() as requests:
        requests.start_soon(lambda: pool.run(crowd.act, shop="one"))
        await gathered(lambda: crowd.under_way == 1)
        with pytest.raises(Busy):
            await pool.run(crowd.act, shop="two")
        crowd.let_go()
    assert await pool.run(lambda: "served", shop="two") == "served"


async def test_an_act_that_nobody_waits_for_any_more_is_carried_out_and_keeps_its_place_until_then():
    pool, crowd = Pool(threads=2, of_one_shop=1, patience=0.05), Crowd()
    async with anyio.create_task_group() as requests:
        requests.start_soon(lambda: pool.run(crowd.act, shop="demo"))
        await gathered(lambda: crowd.under_way == 1)
        requests.cancel_scope.cancel()
    assert crowd.under_way == 1
    with pytest.raises(Busy):
        await pool.run(crowd.act, shop="demo")
    crowd.let_go()
    await gathered(lambda: crowd.under_way == 0)
    assert await pool.run(lambda: "served", shop="demo") == "served"


async def test_an_act_sees_what_belongs_to_its_request():
    whose: ContextVar[str] = ContextVar("whose", default="nobody")
    whose.set("ours")
    assert await Pool().run(whose.get, shop="demo") == "ours"


async def test_short_acts_go_one_by_one_and_see_what_belongs_to_their_request():
    pool, within, most = Pool(), list[str](), list[int]()
    whose: ContextVar[str] = ContextVar("whose", default="nobody")

    def act() -> Pending[str]:
        within.append(whose.get())
        time.sleep(0.001)
        most.append(len(within))
        within.remove(whose.get())
        return Pending(whose.get())

    async def asked(name: str) -> None:
        whose.set(name)
        assert await pool.run_in_line(act, shop="demo") == name

    async with anyio.create_task_group() as requests:
        for n in range(12):
            requests.start_soon(asked, f"request {n}")
    assert most == [1] * 12


async def test_a_short_act_is_answered_once_it_is_saved_and_keeps_its_place_until_then():
    pool, saved = Pool(threads=2, of_one_shop=1, patience=0.05), Future[None]()
    async with anyio.create_task_group() as requests:
        requests.start_soon(lambda: pool.run_in_line(lambda: Pending("saved", saved), shop="demo"))
        await anyio.sleep(0.01)
        with pytest.raises(Busy):
            await pool.run(lambda: None, shop="demo")
        saved.set_result(None)
    assert await pool.run_in_line(lambda: Pending("next"), shop="demo") == "next"


async def test_who_stands_in_line_behind_a_long_act_is_served_beside_it():
    pool, crowd = Pool(), Crowd()

    def stays() -> Pending[None]:
        return Pending(crowd.act())

    async with anyio.create_task_group() as requests:
        requests.start_soon(lambda: pool.run_in_line(stays, shop="demo"))
        await gathered(lambda: crowd.under_way == 1)
        assert await pool.run_in_line(lambda: Pending("served"), shop="demo") == "served"
        assert crowd.under_way == 1
        crowd.let_go()


async def test_a_short_act_that_nobody_waits_for_any_more_is_carried_out_all_the_same():
    pool, crowd, done = Pool(), Crowd(), list[str]()
    async with anyio.create_task_group() as requests:
        requests.start_soon(lambda: pool.run_in_line(lambda: Pending(crowd.act()), shop="demo"))
        requests.start_soon(lambda: pool.run_in_line(lambda: Pending(done.append("done")), shop="demo"))
        await gathered(lambda: crowd.under_way == 1)
        requests.cancel_scope.cancel()
    crowd.let_go()
    await gathered(lambda: done == ["done"])
