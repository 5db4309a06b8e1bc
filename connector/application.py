"""What every use case is given: the application's parts, built once by bootstrap."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from adapters.channel import Channel
from connector.settings import Settings
from connector.storage.database import Database, Unit
from connector.storage.shop_store import Shop
from domain.outside import Outside
from webhooks.delivery import Platform, platform

T = TypeVar("T")


class Step(Protocol):
    """Run an act of a job once, durably: what it returned is kept, and a later run of the job gets that instead."""

    def __call__(self, name: str, act: Callable[[], T]) -> T:
        """The kept result of the step, else that of the act; tried again while the channel is slow."""


class Jobs(Protocol):
    """Durable work to be done later, handed over in the caller's own transaction."""

    def enqueue(
        self, unit: Unit, name: str, *, key: str, payload: Mapping[str, object], delay_seconds: float = 0
    ) -> None:
        """Enqueue a job of the catalogue for the unit's shop; the same key twice is one job."""

    def is_current(self) -> bool:
        """Whether what jobs are kept in is as this version needs it."""

    def counts(self) -> Mapping[str, int]:
        """How many jobs are waiting, running and failed in the whole install, each counted up to 1,000."""


class Channels(Protocol):
    """The shop's ways out to where its orders live."""

    def for_shop(self, shop: Shop, name: str) -> Channel:
        """The channel of that name; raises adapters.errors.NotConnected."""


@dataclass(frozen=True, slots=True)
class Application:
    """The parts that use cases work with; `clock` gives aware UTC, `token` at least 128 random bits, URL-safe.

    `platforms` gives how the deliveries of a channel are read, None for a channel that sends none.
    """

    settings: Settings
    database: Database
    jobs: Jobs
    channels: Channels
    outside: Outside
    clock: Callable[[], datetime]
    token: Callable[[], str]
    platforms: Callable[[str], Platform | None] = platform
