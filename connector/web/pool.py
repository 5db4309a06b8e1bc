"""The threads that use cases run in: so many in all and for each shop, so that a busy shop never takes them all."""

from asyncio import Semaphore, get_running_loop, shield, timeout, wrap_future
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from typing import TypeVar
from weakref import WeakValueDictionary

from connector.one_by_one import PATIENCE_SECONDS as PATIENCE_IN_LINE
from connector.one_by_one import Line, Pending

T = TypeVar("T")

THREADS = 24
"""Fewer than the connections to PostgreSQL, so that who reads can always write as well."""
OF_ONE_SHOP = 16
PATIENCE_SECONDS = 6.0
"""How long a person waits for a thread before hearing that the shop is busy."""


class Busy(Exception):
    """All threads, or all of the shop's, were taken for as long as anybody waits; nothing was done."""

    code = "busy"
    retry_after = 5


class Pool:
    """Runs sync code in threads, at most so many at a time, and fewer of one shop."""

    def __init__(
        self, *, threads: int = THREADS, of_one_shop: int = OF_ONE_SHOP, patience: float = PATIENCE_SECONDS
    ) -> None:
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="use-case")
        self._line = Line(self._threads)
        self._all = Semaphore(threads)
        self._of_one_shop = of_one_shop
        self._patience = patience
        self._shops: WeakValueDictionary[str, Semaphore] = WeakValueDictionary()

    async def run(self, act: Callable[[], T], *, shop: str) -> T:
        """What the act returns; raises Busy. An act that nobody waits for any more is carried out all the same."""
        share = self._share_of(shop)
        await self._enter(share)
        carried_out = wrap_future(self._threads.submit(copy_context().run, act))
        carried_out.add_done_callback(lambda _: self._leave(share))
        return await shield(carried_out)

    async def run_in_line(self, act: Callable[[], Pending[T]], *, shop: str) -> T:
        """What a short act answers, once it is saved; it is carried out one by one with others. Raises Busy."""
        share = self._share_of(shop)
        await self._enter(share)
        standing = self._line.put(partial(copy_context().run, act))
        self._watch(standing)
        answer = wrap_future(standing)
        answer.add_done_callback(lambda _: self._leave(share))
        return await shield(answer)

    def _watch(self, standing: "Future[T]") -> None:
        """See now and then that the line moves on, as long as an act stands in it."""
        get_running_loop().call_later(PATIENCE_IN_LINE, self._moves_on, standing)

    def _moves_on(self, standing: "Future[T]") -> None:
        if self._line.move_on(standing):
            self._watch(standing)

    async def _enter(self, share: Semaphore) -> None:
        """Most often there is room, and waiting with an end costs more than looking."""
        if share.locked() or self._all.locked():
            await self._wait_for(share)
            return
        await share.acquire()
        await self._all.acquire()

    async def _wait_for(self, share: Semaphore) -> None:
        try:
            async with timeout(self._patience):
                await share.acquire()
                try:
                    await self._all.acquire()
                except BaseException:
                    share.release()
                    raise
        except TimeoutError:
            raise Busy from None

    def _leave(self, share: Semaphore) -> None:
        self._all.release()
        share.release()

    def _share_of(self, shop: str) -> Semaphore:
        """The shop's share, shared by its requests under way and forgotten with the last of them."""
        share = self._shops.get(shop)
        if share is None:
            share = self._shops[shop] = Semaphore(self._of_one_shop)
        return share
