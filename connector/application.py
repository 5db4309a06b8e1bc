"""What every use case is given: the application's parts, built once by bootstrap."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from msgspec import Struct

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


class SeenJob(Struct, frozen=True):
    """A job of a shop as people see it: `state` is waiting, running or failed; `error` says why it failed."""

    id: str
    name: str
    key: str
    payload: Mapping[str, object]
    state: str
    error: str
    changed_at: datetime | None


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

    def of_shop(self, shop: Shop, state: str, *, limit: int) -> Sequence[SeenJob]:
        """The newest jobs of a shop in a state."""

    def forget(self, shop: Shop, job_id: str) -> None:
        """Forget a job of the shop that is over; what is not its own stays."""

    def cancel(self, shop: Shop, job_id: str) -> None:
        """Let a job of the shop that waits never begin; what is not its own goes on."""


class Channels(Protocol):
    """The shop's ways out to where its orders live."""

    def for_shop(self, shop: Shop, name: str) -> Channel:
        """The channel of that name; raises adapters.errors.NotConnected."""


class Passwords(Protocol):
    """Hashes of passwords."""

    def hash(self, password: str) -> str:
        """The hash to keep of a password."""

    def fits(self, password: str, kept: str | None) -> bool:
        """Whether a password is that of a kept hash; for nobody's it takes as long and never is."""


class Undeliverable(Exception):
    """An address could not be called, or may not be; the message is a sentence that says why."""


class MailServerAway(Exception):
    """The mail server takes nothing for now; the message is a sentence that says why."""


class Letter(Struct, frozen=True):
    """Something to be mailed: the same as plain text and as HTML; `name` is who it is from, `key` its own id."""

    key: str
    to: str
    name: str
    subject: str
    text: str
    html: str


class Mail(Protocol):
    """The operator's mail server."""

    def __call__(self, letter: Letter, /) -> None:
        """Hand a letter over; raises Undeliverable when it is refused for good, MailServerAway when not yet."""


class Post(Protocol):
    """A call of an address that somebody typed in."""

    def __call__(self, url: str, body: bytes, /, *, headers: Mapping[str, str]) -> int:
        """The status of the answer; raises Undeliverable."""


def nobody_is_called(_url: str, _body: bytes, *, headers: Mapping[str, str]) -> int:  # noqa: ARG001  the form of Post
    """An application that calls nobody; raises Undeliverable."""
    raise Undeliverable("Nobody is called from here.")


class Application(Struct, frozen=True):
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
    passwords: Passwords
    platforms: Callable[[str], Platform | None] = platform
    post: Post = nobody_is_called
    mail: Mail | None = None
