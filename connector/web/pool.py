"""The threads that use cases run in: so many in all and for each shop, so that a busy shop never takes them all."""

import math
from collections.abc import Callable
from typing import TypeVar
from weakref import WeakValueDictionary

from anyio import CapacityLimiter, WouldBlock, fail_after, to_thread

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
        self._all = CapacityLimiter(threads)
        self._of_one_shop = of_one_shop
        self._patience = patience
        self._shops: WeakValueDictionary[str, CapacityLimiter] = WeakValueDictionary()
        self._as_many_as_are_let_in = CapacityLimiter(math.inf)

    async def run(self, act: Callable[[], T], *, shop: str) -> T:
        """What the act returns; raises Busy."""
        share = self._share_of(shop)
        await self._enter(share)
        try:
            return await to_thread.run_sync(act, limiter=self._as_many_as_are_let_in)
        finally:
            self._all.release()
            share.release()

    async def _enter(self, share: CapacityLimiter) -> None:
        if not self._enter_at_once(share):
            await self._wait_for(share)

    def _enter_at_once(self, share: CapacityLimiter) -> bool:
        """Most often there is room, and waiting with an end costs more than looking."""
        try:
            share.acquire_nowait()
        except WouldBlock:
            return False
        try:
            self._all.acquire_nowait()
        except WouldBlock:
            share.release()
            return False
        return True

    async def _wait_for(self, share: CapacityLimiter) -> None:
        try:
            with fail_after(self._patience):
                await share.acquire()
                try:
                    await self._all.acquire()
                except BaseException:
                    share.release()
                    raise
        except TimeoutError:
            raise Busy from None

    def _share_of(self, shop: str) -> CapacityLimiter:
        """The shop's share, shared by its requests under way and forgotten with the last of them."""
        share = self._shops.get(shop)
        if share is None:
            share = self._shops[shop] = CapacityLimiter(self._of_one_shop)
        return share
