"""A worker: carries out the jobs of the catalogue in this process, under an identity of its own."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import Any, TypeVar, cast

from msgspec.structs import replace

from adapters.errors import ChannelSlow
from connector.application import Application, Step
from connector.jobs.catalogue import Job
from connector.jobs.engine import Engine, Ticket, durably
from connector.jobs.identity import Identity
from connector.jobs.keeper import LEASE_SECONDS, Keeper
from connector.jobs.patience import WAITS_SECONDS, Patience
from connector.jobs.schedule import SCHEDULE, Timetable
from connector.storage import shop_store
from connector.storage.shop_store import Shop

T = TypeVar("T")

GRACE_SECONDS = 5.0
MOST_TURNS = 8
FIRST_DELAY_SECONDS = 30.0


class Worker:
    """Carries out jobs from `start` to `stop`."""

    def __init__(
        self,
        app: Application,
        engine: Engine,
        *,
        catalogue: Mapping[str, Job],
        lease_seconds: float = LEASE_SECONDS,
        waits_seconds: Sequence[float] = WAITS_SECONDS,
        first_delay_seconds: float = FIRST_DELAY_SECONDS,
        schedule: Mapping[str, timedelta] = SCHEDULE,
    ) -> None:
        self._app = app
        self._engine = engine
        self._catalogue = catalogue
        self._waits = waits_seconds
        self._first_delay = first_delay_seconds
        self._identity = Identity.of(app.database.url, token=app.token())
        self._keeper = Keeper(app.database, engine, worker_id=self._identity.name, lease_seconds=lease_seconds)
        self._timetable = Timetable(app, schedule=schedule)
        self._stopping = threading.Event()
        self._under_way = 0
        self._changed = threading.Condition()

    def start(self) -> None:
        """Go on with what this worker left, take over what the dead left, then carry out what comes."""
        self._keeper.start()
        self._engine.launch(self._run, executor_id=self._identity.name)
        self._timetable.start()

    def stop(self) -> None:
        """Stop after the steps that are under way, if they end soon; other processes or the next start go on."""
        self._stopping.set()
        self._timetable.stop()
        self._engine.take_no_more()
        with self._changed:
            self._changed.wait_for(lambda: not self._under_way, timeout=GRACE_SECONDS)
        self._engine.stop()
        self._keeper.stop()
        if not self._under_way:
            self._keeper.sign_off()
        self._identity.release()

    def _run(self, ticket: Ticket) -> None:
        with self._counted():
            shop = self._shop(ticket)
            job = self._catalogue.get(ticket.name)
            if job is None:
                raise LookupError(f"there is no job '{ticket.name}'")
            step = self._step_of(lease=self._keeper.begin(ticket.id))
            try:
                job(self._app, shop, step=step, payload=ticket.payload)
            except ChannelSlow:
                self._put_off(shop, ticket, step=step)

    def _put_off(self, shop: Shop, ticket: Ticket, *, step: Step) -> None:
        """Try the whole job again later; raises ChannelSlow after the last turn."""
        if ticket.turn == MOST_TURNS:
            raise ChannelSlow(f"still too slow after {MOST_TURNS + 1} turns")
        delay = self._first_delay * 2**ticket.turn
        later = replace(ticket, turn=ticket.turn + 1)

        def put_off() -> None:
            self._app.database.write(shop, lambda unit: self._engine.put(unit, later, delay_seconds=delay))

        step("put off", put_off)

    def _step_of(self, *, lease: int) -> Step:
        """The steps of one run: durable, patient, and none once this worker has lost the job."""
        patience = Patience(self._waits, may_go_on=partial(self._keeper.holds, lease), stopping=self._stopping)

        def step(name: str, act: Callable[[], T]) -> T:
            kept = durably(name, lambda: _outcome(patience, act))
            if "slow" in kept:
                raise ChannelSlow(str(kept["slow"]))
            return cast("T", kept["result"])

        return step

    def _shop(self, ticket: Ticket) -> Shop:
        with self._app.database.read_install() as connection:
            shop = shop_store.get(connection, ticket.shop_id)
        if shop is None:
            raise LookupError(f"the job '{ticket.name}' is for a shop that is gone: {ticket.shop_id}")
        return shop

    @contextmanager
    def _counted(self) -> Iterator[None]:
        with self._changed:
            self._under_way += 1
        try:
            yield
        finally:
            with self._changed:
                self._under_way -= 1
                self._changed.notify_all()


def _outcome(patience: Patience, act: Callable[[], object]) -> dict[str, Any]:
    """What is kept of a step; a channel's slowness too, since an error that is kept comes back as another type."""
    try:
        return {"result": patience.try_out(act)}
    except ChannelSlow as slow:
        return {"slow": slow.message}
