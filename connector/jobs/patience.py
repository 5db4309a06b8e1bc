"""How a step bears with what is slow."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from threading import Event
from typing import TypeVar

from sqlalchemy.exc import OperationalError

from adapters.errors import ChannelSlow
from connector.jobs.engine import Interrupted
from connector.storage.away import is_away
from connector.storage.errors import Conflict

T = TypeVar("T")

WAITS_SECONDS = (0.2, 0.5, 1.0, 2.0, 4.0, 8.0)
"""Between the tries of a step; after the last one the channel is too slow for now, or the database does refuse."""
DATABASE_AWAY_SECONDS = 2.0


class Patience:
    """Tries an act until it is done: while its channel is slow, others save faster, or the database is away."""

    def __init__(self, waits_seconds: Sequence[float], *, may_go_on: Callable[[], bool], stopping: Event) -> None:
        self._waits = waits_seconds
        self._may_go_on = may_go_on
        self._stopping = stopping

    def try_out(self, act: Callable[[], T]) -> T:
        """What the act gave.

        Raises ChannelSlow, Conflict and what the database refuses when every try did, other errors at once, and
        Interrupted before a try when this process stops or has lost the job.
        """
        for seconds in self._waits:
            with suppress(ChannelSlow, Conflict, OperationalError):
                return self._while_database_is_there(act)
            self._wait(seconds)
        return self._while_database_is_there(act)

    def _while_database_is_there(self, act: Callable[[], T]) -> T:
        while True:
            try:
                self._check()
                return act()
            except OperationalError as error:
                if not is_away(error):
                    raise
                self._wait(DATABASE_AWAY_SECONDS)

    def _check(self) -> None:
        if self._stopping.is_set() or not self._may_go_on():
            raise Interrupted

    def _wait(self, seconds: float) -> None:
        if self._stopping.wait(seconds):
            raise Interrupted
