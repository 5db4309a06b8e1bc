"""Training: an application in which everything can be done and nothing of it is there afterwards."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import cast

from msgspec import Struct
from msgspec.structs import replace

from adapters.channel import Channel
from connector.application import Application, Channels, Jobs, SeenJob, nobody_is_called
from connector.services.approve_at_counter import Wanted
from connector.services.errors import NeedsApproval, ServiceError
from connector.storage.database import Unit
from connector.storage.errors import StorageError
from connector.storage.rehearsal import RehearsedDatabase
from connector.storage.shop_store import Shop
from domain.errors import DomainError


def wanted_for(app: Application, shop: Shop, act: Callable[[Application], object]) -> tuple[Wanted, ...]:
    """To what of an act a manager must agree first; the act itself is undone, and nobody is told what it refuses."""
    try:
        act(Rehearsal(app, shop).app)
    except NeedsApproval as needed:
        return needed.wanted
    except (ServiceError, DomainError, StorageError):
        return ()
    return ()


class _TriedOut(Exception):
    """Ends a unit of work that was only to show what it raises."""


def try_out(app: Application, shop: Shop, work: Callable[[Application, Unit], object]) -> None:
    """Raises what a unit of work would raise, and does nothing of it: an approval that it used is good afterwards."""
    waiting = replace(app, jobs=JobsThatWait(app.jobs))

    def tried(unit: Unit) -> None:
        work(waiting, unit)
        raise _TriedOut

    with suppress(_TriedOut):
        app.database.write(shop, tried)


class Moved(Struct, frozen=True):
    """What would have been given, taken or moved: a leg's kind and its amount in minor units."""

    kind: str
    amount: int
    currency: str
    digits: int


class JobsThatWait:
    """Jobs as they are; none is added, cancelled or forgotten."""

    def __init__(self, real: Jobs) -> None:
        self._real = real

    def enqueue(
        self, unit: Unit, name: str, *, key: str, payload: Mapping[str, object], delay_seconds: float = 0
    ) -> None:
        """Nothing is to be done."""

    def is_current(self) -> bool:
        """Whether what jobs are kept in is as this version needs it."""
        return self._real.is_current()

    def counts(self) -> Mapping[str, int]:
        """How many jobs there are really."""
        return self._real.counts()

    def of_shop(self, shop: Shop, state: str, *, limit: int) -> Sequence[SeenJob]:
        """The newest jobs of a shop in a state."""
        return self._real.of_shop(shop, state, limit=limit)

    def forget(self, shop: Shop, job_id: str) -> None:
        """A real job stays."""

    def cancel(self, shop: Shop, job_id: str) -> None:
        """A real job goes on."""


TAKEN_BACK: Mapping[str, Callable[[object], bool]] = {"withdraw": lambda _key: True, "call_off": lambda _asked: True}
"""What use cases ask of a channel at once and not by a job, and what it answers when it was done."""


class ChannelsThatWait:
    """The shop's channels, which tell what they know and take nothing back."""

    def __init__(self, real: Channels) -> None:
        self._real = real

    def for_shop(self, shop: Shop, name: str) -> Channel:
        """The channel of that name, to be read."""
        return cast("Channel", _ChannelThatWaits(self._real.for_shop(shop, name)))


class _ChannelThatWaits:
    def __init__(self, real: Channel) -> None:
        self._real = real

    def __getattr__(self, name: str) -> object:
        return TAKEN_BACK[name] if name in TAKEN_BACK else getattr(self._real, name)


class Rehearsal:
    """One request of a training: `app` is the application to act with, `moved` what would have come of it."""

    def __init__(self, app: Application, shop: Shop) -> None:
        self._database = RehearsedDatabase(app.database, shop=shop, since=app.clock())
        jobs, channels = JobsThatWait(app.jobs), ChannelsThatWait(app.channels)
        self.app = replace(app, database=self._database, jobs=jobs, channels=channels, post=nobody_is_called)

    @property
    def moved(self) -> tuple[Moved, ...]:
        """What would have been given, taken or moved."""
        return tuple(
            Moved(kind=leg["kind"], amount=leg["amount"], currency=leg["currency"], digits=leg["digits"])
            for leg in self._database.legs
        )
