"""A shop whose orders live on a simulated platform, and a worker that may die after any step: for random lives."""

import dataclasses
import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar, cast

from msgspec.structs import replace

from adapters.errors import ChannelSlow
from connector.jobs.catalogue import CATALOGUE
from connector.services.quote_return import preview
from connector.services.receive_return import preview as preview_arrival
from connector.services.receive_return import receive
from connector.services.request_return import Wish, open_return
from connector.services.take_deliveries import JOB as REREAD
from connector.storage import quote_store, return_store, settlement_store
from connector.storage.errors import Conflict
from connector.storage.quote_store import KeptQuote
from connector.storage.settlement_store import LedgerLine
from domain.events import Act
from domain.money import parse_amount
from domain.orders import Order, read_order
from domain.returns import Inspection, Return
from domain.settlement import Leg
from tests.shops import ANN, NOW, SAM, Document, TestShop, a_shop, line, order
from tests.simulators.payments import PaymentsChannels, SimulatedPayments, simulated_payments

T = TypeVar("T")

CHANNEL = "shopify"
"""Orders of the contract live on a channel of the contract; the platform behind it is the simulator."""
TRIES = 3
LONGER_THAN_A_REQUEST_SECONDS = 5
PAID = "83.70"
CARDS = {"p1": "50.00", "p2": "33.70"}
AUTUMN = {"title": "Autumn", "amount": "16.00", "threshold": "50.00"}
"""What is taken off the lines, as their own discounts say it."""


class Died(Exception):
    """The process was killed after a step did its work and before that was written down."""


@dataclass(frozen=True)
class Seen:
    """The returns of an order at one moment; legs and ledger by the number of the return, and the decided quotes."""

    returns: tuple[Return, ...]
    legs: Mapping[str, tuple[Leg, ...]]
    ledger: Mapping[str, tuple[LedgerLine, ...]]
    decided: tuple[KeptQuote, ...]

    @property
    def all_legs(self) -> list[Leg]:
        """The legs of all returns."""
        return [leg for legs in self.legs.values() for leg in legs]


@dataclass
class Stage:
    """The shop, its platform, and what a worker remembers of the jobs that it began."""

    demo: TestShop
    platform: SimulatedPayments
    finished: dict[str, dict[str, object]] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    faults: list[Exception] = field(default_factory=list)
    """What went wrong where no test hears of it: in the platform's threads, while it reports."""

    def new_order(self, *, cards: Mapping[str, str] = CARDS) -> str:
        """Two lines, three tees and one more, delivered, paid with cards: two of them unless it is said."""
        order_id = f"o{next(self.numbers)}"
        there = [{"quantity": 3, "at": "2026-11-05T10:00:00+00:00", "delivered_at": "2026-11-08T10:00:00+00:00"}]
        one = [{**there[0], "quantity": 1}]
        lines = [line(quantity=3, tax="5.05", fulfilled=there), line(id="l2", quantity=1, tax="1.65", fulfilled=one)]
        known = {"gateway": "card", "kind": "card", "refunded": "0.00", "refundable": True}
        payments = [{"id": name, "amount": amount, **known} for name, amount in cards.items()]
        paid = {"lines": lines, "payments": payments, "discounts": [AUTUMN]}
        document = {**order(id=order_id, number=f"#{order_id}", **paid), "channel": CHANNEL}
        self.platform.books.orders[order_id] = document
        self.platform.books.troubles.clear()
        self.demo.clock.now = NOW
        self.demo.save_order(document)
        return order_id

    def opened(self, order_id: str, item: Document, *, key: str) -> Return:
        """What a shopper asks for and confirms."""
        shown = preview(self.demo.app, self.demo.shop, order_id=order_id, items=[item])
        wish = Wish(order_id=order_id, items=[item], method="mail", quote_id=shown.id)
        return open_return(self.demo.app, self.demo.shop, wish=wish, actor=ANN, key=key)

    def taken_in(self, found: Return, looks: Sequence[Inspection], *, key: str) -> Return:
        """What staff find, and the figures that they confirm."""
        app, shop = self.demo.app, self.demo.shop
        shown = preview_arrival(app, shop, return_id=found.id, inspections=looks)
        quote_id = shown and shown.id
        return receive(app, shop, return_id=found.id, inspections=looks, quote_id=quote_id, actor=SAM, key=key)

    def work(self, *, dies_after: int | None = None) -> None:
        """Carry out what waits, each job once; raises nothing, whatever dies, is slow or was done by somebody else.

        What the platform is late with has come to its end by then.
        """
        for one in self.platform.books.given:
            one.ready_at = 0.0
        steps = itertools.count()
        for key in [key for key in self.demo.jobs.waiting if key not in self.demo.jobs.done]:
            try:
                self._carry_out(key, steps=steps, dies_after=dies_after)
            except ChannelSlow:
                self.finished.pop(key, None)
            except Conflict:
                self.demo.jobs.done.append(key)
            except Died:
                return

    def report(self, order_id: str, *, key: str) -> None:
        """The platform says that an order changed."""
        demo, payload = self.demo, {"order_id": order_id, "delivery_id": "", "channel": CHANNEL}
        demo.app.database.write(demo.shop, lambda unit: demo.jobs.enqueue(unit, REREAD, key=key, payload=payload))

    def reported(self, order_id: str) -> None:
        """The platform says that an order changed while it is asked to change it, and that is dealt with at once."""
        try:
            payload = {"order_id": order_id, "delivery_id": "", "channel": CHANNEL}
            CATALOGUE[REREAD](self.demo.app, self.demo.shop, step=lambda _, act: act(), payload=payload)
        except Exception as fault:
            self.faults.append(fault)
            raise

    def settle_down(self) -> None:
        """Let workers go on until nothing waits any more."""
        self.platform.books.troubles.clear()
        for _ in range(50):
            self.work()
            if set(self.demo.jobs.waiting) == set(self.demo.jobs.done):
                return
        raise AssertionError([key for key in self.demo.jobs.waiting if key not in self.demo.jobs.done])

    def seen(self, order_id: str) -> "Seen":
        """The returns of an order as they stand, with their legs and what was written down as given."""
        with self.demo.app.database.read(self.demo.shop) as unit:
            found = return_store.of_order(unit, order_id)
            legs = {one.id: settlement_store.legs_of(unit, one.id) for one in found}
            ledger = {one.id: settlement_store.ledger_of(unit, one.id) for one in found}
            decided = [quote_store.get(unit, quote_id) for one in found for quote_id in _decided(one)]
        return Seen(found, legs=legs, ledger=ledger, decided=tuple(quote for quote in decided if quote))

    def returns(self, order_id: str) -> tuple[Return, ...]:
        """The returns of an order as they stand."""
        with self.demo.app.database.read(self.demo.shop) as unit:
            return return_store.of_order(unit, order_id)

    def ours(self, order_id: str) -> Order:
        """The order as we keep it."""
        return read_order(cast("Mapping[str, Any]", self.demo.order(order_id)))

    def refunded(self, order_id: str) -> int:
        """What the platform gave back of an order or is about to, in minor units."""
        return parse_amount(PAID, 2) - self.platform.books.left(order_id)

    def _carry_out(self, key: str, *, steps: Iterator[int], dies_after: int | None) -> None:
        _, name, payload = self.demo.jobs.waiting[key]
        known = self.finished.setdefault(key, {})

        def step(name: str, act: Callable[[], T]) -> T:
            if name not in known:
                result = self._patiently(act)
                if next(steps) == dies_after:
                    raise Died
                known[name] = result
            return cast("T", known[name])

        CATALOGUE[name](self.demo.app, self.demo.shop, step=step, payload=payload)
        self.demo.jobs.done.append(key)

    def _patiently(self, act: Callable[[], T]) -> T:
        for _ in range(TRIES):
            try:
                return act()
            except (ChannelSlow, Conflict):
                self.demo.clock.move(seconds=LONGER_THAN_A_REQUEST_SECONDS)
        return act()


def _decided(found: Return) -> list[str]:
    """The quotes that were carried out of a return."""
    return [str(entry.details["quote"]) for entry in found.history if entry.act == Act.DECIDED]


@contextmanager
def a_stage(folder: Path, *, has_keys: bool, **policy: object) -> Iterator[Stage]:
    """A shop on SQLite before a platform with or without keys of its own."""
    with simulated_payments(has_keys=has_keys) as platform, a_shop(folder, **policy) as demo:
        channels = PaymentsChannels.at(platform.address, has_keys=has_keys)
        stage = Stage(dataclasses.replace(demo, app=replace(demo.app, channels=channels)), platform)
        platform.report = stage.reported
        try:
            yield stage
        finally:
            channels.client.close()
