"""What happened in the demo shop before today: returns by the same use cases, under an earlier clock."""

import random
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from connector.application import Application
from connector.services import locations, people, settle_return
from connector.services.errors import Refused
from connector.services.quote_return import preview
from connector.services.receive_return import preview as preview_arrival
from connector.services.receive_return import receive
from connector.services.request_return import Wish, open_return
from connector.storage import settlement_store
from connector.storage.shop_store import Shop
from domain.events import Actor, Post
from domain.orders import Order, read_order
from domain.returns import Inspection, Return

T = TypeVar("T")

HOW_MANY = 22
STILL_OUT_DAYS = 4
REASONS = ("size_too_small", "size_too_small", "size_too_large", "style", "changed_mind", "damaged", "color")
GRADES = "AAAABBC"
SHOPPER = Actor(kind="shopper", name="shopper")


class Happened(Struct, frozen=True):
    """A return that was opened at one time and, unless that was lately, arrived at another."""

    order: Order
    line_id: str
    opened_at: datetime
    arrived_at: datetime


def tell(application: Application, shop: Shop, orders: Sequence[Mapping[str, object]]) -> None:
    """Open returns of some delivered orders, and take in those that had the time to arrive."""
    dice = random.Random(7)  # noqa: S311  a demo, not a secret
    hands = _hands(application, shop)
    now = application.clock()
    delivered = [read for read in map(read_order, orders) if _delivered_at(read) is not None]
    for order in delivered[-HOW_MANY:]:
        happened = _happened(order, dice)
        if happened.opened_at < now:
            actor = hands[happened.arrived_at.day % len(hands)]
            _play(application, shop, happened, dice=dice, now=now, actor=actor)


def _hands(application: Application, shop: Shop) -> list[Actor]:
    """Who takes goods in: the shop's first manager at each of its locations, else the owner at none."""
    managers = [one for one in people.everybody(application, shop) if one.role == "manager"]
    places = locations.open_ones(application, shop)
    at = [Actor("staff", one.name, Post(one.id, place.id)) for one in managers[:1] for place in places]
    return at or [Actor("staff", "Owner")]


def _happened(order: Order, dice: random.Random) -> Happened:
    delivered = _delivered_at(order) or order.placed_at
    opened = delivered + timedelta(days=dice.randint(1, 9), hours=dice.randint(0, 12))
    arrived = opened + timedelta(days=dice.randint(2, 6))
    return Happened(order=order, line_id=dice.choice(order.lines).id, opened_at=opened, arrived_at=arrived)


def _play(
    application: Application, shop: Shop, happened: Happened, *, dice: random.Random, now: datetime, actor: Actor
) -> None:
    found = _opened(_at(application, happened.opened_at), shop, happened, dice=dice)
    if found is None or found.status != "awaiting" or happened.arrived_at > now - timedelta(days=STILL_OUT_DAYS):
        return
    then = _at(application, happened.arrived_at)
    inspections = [Inspection(group.id, "received", grade=dice.choice(GRADES)) for group in found.groups]
    shown = preview_arrival(then, shop, return_id=found.id, inspections=inspections)
    quote_id = shown.id if shown else None
    receive(then, shop, return_id=found.id, inspections=inspections, quote_id=quote_id, actor=actor, key=found.id)
    _carry_out(then, shop, found)


def _opened(then: Application, shop: Shop, happened: Happened, *, dice: random.Random) -> Return | None:
    """The return, once however often the demo is filled; None where the policy refuses it."""
    order_id = str(happened.order.id)
    resolution = dice.choice(("refund", "refund", "store_credit"))
    item = {"line_id": happened.line_id, "quantity": 1, "reason": dice.choice(REASONS), "resolution": resolution}
    shown = preview(then, shop, order_id=order_id, items=[item])
    wish = Wish(order_id=order_id, items=[item], method=dice.choice(("mail", "store")), quote_id=shown.id)
    try:
        return open_return(then, shop, wish=wish, actor=SHOPPER, key=f"past:{order_id}")
    except Refused:
        return None


def _carry_out(then: Application, shop: Shop, found: Return) -> None:
    """Settle at that time; the job that was enqueued meanwhile finds nothing left to do."""

    def step(name: str, act: Callable[[], T]) -> T:  # noqa: ARG001  the form of application.Step
        return act()

    with then.database.read(shop) as unit:
        legs = [leg.key for leg in settlement_store.legs_of(unit, found.id)]
    settle_return.carry_out_legs(then, shop, step=step, payload={"legs": legs})


def _at(application: Application, moment: datetime) -> Application:
    return replace(application, clock=lambda: moment)


def _delivered_at(order: Order) -> datetime | None:
    times = [part.delivered_at for line in order.lines for part in line.fulfilled if part.delivered_at]
    return max(times, default=None)
