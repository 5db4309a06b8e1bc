"""How often a program may ask, counted in this process's memory: a limit must not cost a write for every question."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

A_MINUTE = 60.0
MOST = 600
"""Questions of one token in a minute and a process."""
MOST_KNOWN = 10_000


@dataclass(frozen=True, slots=True)
class Reading:
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


class Meter:
    """Counts by key in windows of a minute that begin with the first question."""

    def __init__(self, now: Callable[[], float] = time.monotonic, *, most: int = MOST) -> None:
        self._most = most
        self._now = now
        self._windows: dict[tuple[int, int], tuple[float, int]] = {}

    def count(self, key: tuple[int, int]) -> Reading:
        """Count a question of a key."""
        now = self._now()
        ends, count = self._windows.get(key, (0.0, 0))
        if ends <= now:
            self._sweep(now)
            ends, count = now + A_MINUTE, 0
        self._windows[key] = (ends, count + 1)
        left = self._most - count - 1
        return Reading(most=self._most, remaining=max(0, left), resets_in=math.ceil(ends - now), is_over=left < 0)

    def _sweep(self, now: float) -> None:
        if len(self._windows) >= MOST_KNOWN:
            self._windows = {key: window for key, window in self._windows.items() if window[0] > now}
