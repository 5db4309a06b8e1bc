"""How often a program may ask, counted in the database for all processes, in shares: a write for many questions.

A process takes a tenth of what is left and lends it out from memory. One process counts exactly; of several, one may
say no while another still has some of its share. Never is more allowed than the limit.
"""

import math
from collections.abc import Callable
from datetime import UTC, datetime
from threading import Lock

from msgspec import Struct, field

from connector.storage.attempt_store import Window

MOST = 600
"""Questions of one token in a minute."""
SHARES = 10
LARGEST_SHARE = 60
MOST_KNOWN = 10_000
ENDED = datetime.min.replace(tzinfo=UTC)


class Reading(Struct, frozen=True):
    """What a meter says after a question: `resets_in` is in whole seconds, `is_over` whether it was one too many."""

    most: int
    remaining: int
    resets_in: int
    is_over: bool

    @property
    def headers(self) -> dict[str, str]:
        """The reading as headers of the answer."""
        return {
            "RateLimit-Limit": str(self.most),
            "RateLimit-Remaining": str(self.remaining),
            "RateLimit-Reset": str(self.resets_in),
        }


class Share(Struct):
    """What this process has of a minute: when it ends, how many all processes took, how many of ours are left.

    Who takes more holds `taking`: who asks meanwhile waits for what comes.
    """

    until: datetime = ENDED
    taken: int = 0
    left: int = 0
    taking: Lock = field(default_factory=Lock)


class Meter:
    """Counts by token in minutes that begin with the first question; used from many threads."""

    def __init__(self, *, most: int = MOST) -> None:
        self._most = most
        self._lock = Lock()
        self._shares: dict[tuple[int, int], Share] = {}

    def count(self, key: tuple[int, int], *, now: datetime, take: Callable[[int], Window]) -> Reading:
        """Count a question of a key; `take` counts so many more of it in the database."""
        with self._lock:
            share = self._share(key, now)
            if not self._wanted(share, now):
                return self._lent(share, now)
        with share.taking:
            return self._taken(share, now=now, take=take)

    def _taken(self, share: Share, *, now: datetime, take: Callable[[int], Window]) -> Reading:
        with self._lock:
            wanted = self._wanted(share, now)
            if not wanted:  # who had taken before us took enough
                return self._lent(share, now)
        window = take(wanted)
        with self._lock:
            self._receive(share, window, wanted=wanted)
            return self._lent(share, now)

    def _share(self, key: tuple[int, int], now: datetime) -> Share:
        share = self._shares.get(key)
        if share is None:
            if len(self._shares) >= MOST_KNOWN:
                self._shares = {name: one for name, one in self._shares.items() if _is_used(one, now)}
            share = self._shares[key] = Share()
        return share

    def _wanted(self, share: Share, now: datetime) -> int:
        """How many more are to be taken: none while some are left, or where the minute has no more."""
        if share.until <= now:
            share.taken = share.left = 0
        return 0 if share.left else min(LARGEST_SHARE, math.ceil((self._most - share.taken) / SHARES))

    def _receive(self, share: Share, window: Window, *, wanted: int) -> None:
        """What is above the limit was counted but is not given."""
        given = max(0, min(wanted, self._most - (window.hits - wanted)))
        share.left = given if window.until != share.until else share.left + given
        share.until, share.taken = window.until, min(window.hits, self._most)

    def _lent(self, share: Share, now: datetime) -> Reading:
        is_over = share.left == 0
        share.left -= not is_over
        resets_in = max(0, math.ceil((share.until - now).total_seconds()))
        remaining = share.left + self._most - share.taken
        return Reading(most=self._most, remaining=remaining, resets_in=resets_in, is_over=is_over)


def _is_used(share: Share, now: datetime) -> bool:
    return share.until > now or share.taking.locked()
