"""Training: an application in which everything can be done and nothing of it is there afterwards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from connector.application import Application, Jobs, SeenJob, nobody_is_called
from connector.storage.database import Unit
from connector.storage.rehearsal import RehearsedDatabase
from connector.storage.shop_store import Shop


@dataclass(frozen=True, slots=True)
class Moved:
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


class Rehearsal:
    """One request of a training: `app` is the application to act with, `moved` what would have come of it."""

    def __init__(self, app: Application, shop: Shop) -> None:
        self._database = RehearsedDatabase(app.database, shop=shop, since=app.clock())
        self.app = replace(app, database=self._database, jobs=JobsThatWait(app.jobs), post=nobody_is_called)

    @property
    def moved(self) -> tuple[Moved, ...]:
        """What would have been given, taken or moved."""
        return tuple(
            Moved(kind=leg["kind"], amount=leg["amount"], currency=leg["currency"], digits=leg["digits"])
            for leg in self._database.legs
        )
