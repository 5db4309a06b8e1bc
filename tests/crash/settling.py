"""Returns whose goods are in and whose settlement waits for a worker, and the workers that are killed over it."""

import dataclasses
import itertools
import multiprocessing
import os
import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

from connector.application import Application
from connector.jobs.engine import Engine
from connector.jobs.identity import ONLY_ONE
from connector.jobs.keeper import Keeper
from connector.services.install_shop import NewShop, add_shop
from connector.services.quote_return import Request, quote
from connector.services.receive_return import preview, receive
from connector.services.request_return import Wish, open_return
from connector.services.take_deliveries import JOB as REREAD
from connector.storage import order_store, product_store, return_store, settlement_store, worker_store
from connector.storage.settlement_store import LedgerLine
from connector.storage.shop_store import Shop
from domain.events import Act, Actor
from domain.returns import Inspection, Return
from domain.settlement import Leg, LegState
from tests.crash.settler import LEASE_SECONDS, STARTED, Post, application, settler
from tests.shops import line, order, policy, product
from tests.simulators.payments import SimulatedPayments

SAM = Actor(kind="staff", name="Sam")
PATIENCE_SECONDS = 90
READ_AGAIN_SECONDS = 2
CHANNEL = "shopify"
"""Orders of the contract live on a channel of the contract; the platform behind it is the simulator."""
GOING_ON = (LegState.DUE, LegState.SENDING)
EVER = datetime.max.replace(tzinfo=UTC)

processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload(["tests.crash.settler"])


@dataclass
class Settler:
    """A worker's process and the line to it."""

    process: ForkServerProcess
    line: Connection

    @property
    def is_gone(self) -> bool:
        """Whether it was killed."""
        return not self.process.is_alive()

    @property
    def is_frozen(self) -> bool:
        """Whether it stands still; the kernel says so."""
        try:
            told = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii")
        except (FileNotFoundError, ProcessLookupError):
            return False
        return told.rsplit(")", 1)[1].split()[0] == "T"

    @property
    def ended_at(self) -> str:
        """The kind of the moment at which it was killed or frozen; empty when it was not."""
        said = self.line.recv() if self.line.poll() else ""
        return str(self.line.recv() if said == STARTED and self.line.poll() else said).removeprefix(STARTED)

    def wake(self) -> None:
        """Let a frozen one go on."""
        os.kill(self.process.pid or 0, signal.SIGCONT)

    def stop(self) -> None:
        """Let it end by itself, after what it is at."""
        self.line.send("stop")
        self.process.join(30)


@dataclass
class World:
    """An install on a database, with a shop whose orders live on the platform."""

    post: Post
    platform: SimulatedPayments
    app: Application
    shop: Shop
    returns: list[str] = field(default_factory=list)
    reports: Iterator[int] = field(default_factory=itertools.count)

    @property
    def undertaker(self) -> Keeper:
        """Who gives the jobs of the dead to the living."""
        return Keeper(self.app.database, self.engine, worker_id="undertaker", lease_seconds=LEASE_SECONDS)

    @property
    def engine(self) -> Engine:
        """The engine that enqueues."""
        assert isinstance(self.app.jobs, Engine)
        return self.app.jobs

    def new_return(self) -> str:
        """An order on the platform, one unit of it sent back for money and one for store credit, both taken in."""
        number = len(self.returns) + 1
        order_id = f"o{number}"
        document = _order(order_id)
        self.platform.books.orders[order_id] = document
        self.app.database.write(self.shop, lambda unit: order_store.save(unit, document))
        self.returns.append(self._taken_in(self._opened(order_id), order_id).id)
        return self.returns[-1]

    def reported(self, order_id: str) -> None:
        """The platform says that an order changed; a worker reads it anew, whatever another does with it meanwhile."""
        key, payload = f"report-{next(self.reports)}", {"order_id": order_id, "delivery_id": "", "channel": CHANNEL}
        self.app.database.write(self.shop, lambda unit: self.engine.enqueue(unit, REREAD, key=key, payload=payload))

    def _opened(self, order_id: str) -> Return:
        items = [
            {"line_id": "l1", "quantity": 1, "reason": "style", "resolution": "refund"},
            {"line_id": "l1", "quantity": 1, "reason": "style", "resolution": "store_credit"},
        ]
        app, shop = self.app, self.shop
        shown = app.database.write(shop, lambda unit: quote(app, unit, order_id=order_id, request=Request(items=items)))
        wish = Wish(order_id=order_id, items=items, method="store", quote_id=shown.id)
        return open_return(app, shop, wish=wish, actor=SAM, key=f"open-{order_id}")

    def _taken_in(self, found: Return, order_id: str) -> Return:
        looks = [Inspection(group.id, "received", grade="A") for group in found.groups]
        shown = preview(self.app, self.shop, return_id=found.id, inspections=looks)
        return receive(
            self.app, self.shop, return_id=found.id, inspections=looks, quote_id=shown and shown.id, actor=SAM,
            key=f"take-{order_id}",
        )  # fmt: skip

    @contextmanager
    def settlers(self, *ats: int | None, **changes: Any) -> Iterator[list[Settler]]:
        """So many workers at once, each ending at its moment; none is left behind."""
        with ExitStack() as stack:
            yield [stack.enter_context(self._settler(dataclasses.replace(self.post, at=at, **changes))) for at in ats]

    @contextmanager
    def _settler(self, post: Post) -> Iterator[Settler]:
        ours, theirs = processes.Pipe()
        process = processes.Process(target=settler, args=(post, theirs), daemon=True)
        process.start()
        one = Settler(process, ours)
        try:
            yield one
        finally:
            if process.is_alive():
                process.kill()
            process.join(30)
            self.bury(one)

    def bury(self, one: Settler) -> None:
        """Tell the database at once that a worker is silent, rather than wait until its lease has run out."""
        for owner in self.engine.unfinished():
            if f"-{one.process.pid}-" in owner or owner == ONLY_ONE:
                self.app.database.write_install(partial(worker_store.sign_off, worker_id=owner))
        self.undertaker.sweep()

    def until(self, *settlers: Settler) -> None:
        """Wait until all is settled as far as it goes, or every one of the workers is gone or frozen.

        What one of them leaves, the others take over at once. Orders that are read again wait in the same queue.
        """
        ends = time.monotonic() + PATIENCE_SECONDS + len(self.returns) * READ_AGAIN_SECONDS
        alive = list(settlers)
        while alive and not self.is_over():
            assert time.monotonic() < ends, ([self.legs(one) for one in self.returns], self.engine.jobs(limit=20))
            for one in [one for one in alive if one.is_gone or one.is_frozen]:
                alive.remove(one)
                self.bury(one)
            time.sleep(0.02)

    def until_still(self, one: Settler) -> None:
        """Wait until a worker stands still, whose lease goes on meanwhile, or there is nothing left to do for it."""
        ends = time.monotonic() + PATIENCE_SECONDS
        while not (one.is_frozen or self.is_over()):
            assert time.monotonic() < ends, self.engine.jobs(limit=20)
            time.sleep(0.02)

    def is_over(self) -> bool:
        """Whether every leg has come to an end."""
        with self.app.database.read(self.shop) as unit:
            return not any(settlement_store.standing(unit, state=state, since=EVER) for state in GOING_ON)

    def legs(self, return_id: str) -> tuple[Leg, ...]:
        """The legs of a return."""
        with self.app.database.read(self.shop) as unit:
            return settlement_store.legs_of(unit, return_id)

    def ledger(self, return_id: str) -> tuple[LedgerLine, ...]:
        """What was written down as given for a return."""
        with self.app.database.read(self.shop) as unit:
            return settlement_store.ledger_of(unit, return_id)

    def found(self, return_id: str) -> Return:
        """A return as it stands."""
        with self.app.database.read(self.shop) as unit:
            found = return_store.get(unit, return_id)
        assert found is not None
        return found


@contextmanager
def a_world(post: Post, platform: SimulatedPayments) -> Iterator[World]:
    """An install on the post's database, which is migrated."""
    with application(post) as app:
        new = NewShop(slug="demo", name="Demo", channel="store", currency="USD", policy=policy())
        shop = add_shop(app, new)
        app.database.write(shop, lambda unit: product_store.save(unit, product()))
        world = World(post=post, platform=platform, app=app, shop=shop)
        platform.report = world.reported
        yield world


def _order(order_id: str) -> dict[str, Any]:
    now = datetime.now(UTC)
    ago = {days: (now - timedelta(days=days)).isoformat() for days in (3, 5, 6)}
    lines = [line(fulfilled=[{"quantity": 2, "at": ago[5], "delivered_at": ago[3]}])]
    return {**order(id=order_id, number=f"#{order_id}", placed_at=ago[6], lines=lines), "channel": CHANNEL}


def given_once(world: World, return_id: str) -> None:
    """Exactly what was decided was given, once, and the ledger says the same; what was declined late is told."""
    legs = world.legs(return_id)
    declined = [leg for leg in legs if world.platform.books.declined(leg.key)]
    settled = [leg for leg in legs if leg not in declined]
    assert {leg.state for leg in settled} <= {LegState.SETTLED}, legs
    for leg in settled:
        assert [one.amount for one in world.platform.books.under(leg.key)] == [leg.amount], leg
    for leg in declined:
        told_and_not_given(world, leg)
    written = sorted((one.key, one.amount) for one in world.ledger(return_id))
    assert written == sorted((leg.key, leg.amount) for leg in settled)
    assert (world.found(return_id).status == "done") == (not any(leg.group_ids for leg in declined))


def told_and_not_given(world: World, leg: Leg) -> None:
    """A leg that the platform took and declined afterwards waits for a person, and nothing of it was given."""
    assert leg.state == LegState.FAILED, leg
    assert world.platform.books.under(leg.key) == []
    told = [entry.details["leg"] for entry in world.found(leg.return_id).history if entry.act == Act.FAILED]
    assert told.count(leg.key) == 1, (told, leg)


def given_once_or_told(world: World, return_id: str) -> None:
    """Everything was given once or waits for a person: what was given more often, and what was not given after that."""
    for leg in world.legs(return_id):
        given = world.platform.books.under(leg.key)
        assert {one.amount for one in given} <= {leg.amount}, leg
        assert (len(given), leg.state) == (1, LegState.SETTLED) or leg.state == LegState.UNKNOWN, (given, leg)
