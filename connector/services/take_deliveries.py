"""What platforms tell us: kept raw and committed first, read afterwards, dealt with by jobs.

An event only says that something changed. What it changed to is read from the channel, so that order, repetition and
loss of deliveries make no difference to what we know in the end.
"""

import hashlib
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from datetime import datetime, timedelta
from itertools import groupby

from msgspec import Struct
from sqlalchemy import Connection

from adapters.errors import ChannelError, ChannelSlow
from connector.application import Application, Step
from connector.services import app_deliveries, invoiced_balance, read_labels
from connector.services.ask_payment import look_whether_paid
from connector.services.audit import COMMAND_LINE, Audited, record
from connector.services.errors import InvalidInput, ServiceError
from connector.services.fill_shop import put_order, with_our_refunds
from connector.services.keep_prices import look_at_price
from connector.services.reissue_credit import look_at_use
from connector.services.sealing import opened, sealed
from connector.storage import backlog_store, command_store, connection_store, delivery_store, return_store
from connector.storage.database import Unit
from connector.storage.delivery_store import DONE, POISON, QUEUED, KeptDelivery
from connector.storage.shop_store import Shop
from domain.errors import DomainError
from domain.events import Actor
from domain.orders import read_order
from webhooks.delivery import CouponsUsed, Delivery, Event, OrderChanged, ProductChanged
from webhooks.errors import Unreadable

JOB = "reread_order"
AT_ONCE = 100
"""How many deliveries one transaction looks at."""
KEPT = timedelta(days=7)
LEFT_AFTER = timedelta(hours=6)
"""Longer than a job comes back to a channel that is slow."""
SHOWN = 50

log = logging.getLogger(__name__)


class Arrival(Struct, frozen=True):
    """An authentic delivery to a shop's channel."""

    shop: Shop
    channel: str
    delivery: Delivery


def secrets_of(app: Application, shop: Shop, *, channel: str) -> tuple[str, ...]:
    """The secrets by which the channel signs, newest first; none where the shop has no such connection."""
    with app.database.read(shop) as unit:
        return tuple(opened(app, one) for one in delivery_store.secrets_of(unit, channel))


def add_secret(app: Application, shop: Shop, *, channel: str, secret: str) -> None:
    """Trust what is signed with a secret too, from now on; raises InvalidInput for an empty one."""
    if not secret.strip():
        raise InvalidInput("An empty secret signs nothing.", at="secret")
    kept = sealed(app, secret)
    app.database.write(shop, lambda unit: delivery_store.add_secret(unit, channel, sealed=kept, at=app.clock()))


def replace_secrets(app: Application, shop: Shop, *, channel: str, secret: str) -> None:
    """Trust only what is signed with this secret from now on; raises InvalidInput for an empty one."""
    app.database.write(shop, lambda unit: delivery_store.forget_secrets(unit, channel))
    add_secret(app, shop, channel=channel, secret=secret)


def forget_secrets(unit: Unit, channel: str) -> None:
    """Trust nothing any more that the channel signs."""
    delivery_store.forget_secrets(unit, channel)


def keep(app: Application, arrivals: Sequence[Arrival]) -> "Future[None]":
    """Commit deliveries in one transaction, each identity once; nothing of them is read.

    Who takes them in goes on meanwhile: the answer is done once they are on the disk, or has the error.
    """

    def work(connection: Connection) -> None:
        for shop, mine in groupby(sorted(arrivals, key=_shop_id), key=lambda one: one.shop):
            delivery_store.keep(Unit(connection=connection, shop=shop), [_kept(app, one) for one in mine])

    return app.database.submit_install(work)


def _shop_id(arrival: Arrival) -> int:
    return arrival.shop.id


def drain(app: Application) -> int:
    """Turn what arrived into jobs, some of every shop; how many deliveries were looked at."""
    with app.database.read_install() as connection:
        shops = backlog_store.shops_with_deliveries(connection)
    return sum(_looked_at(app, shop) for shop in shops)


def put_aside_left(app: Application, shops: Sequence[Shop]) -> None:
    """Give to a person whatever no job carries on with."""
    before, why = app.clock() - LEFT_AFTER, "What was to be done about it was given up."
    for shop in shops:
        app.database.write(shop, lambda unit: delivery_store.put_aside_left(unit, before=before, why=why))


def forget_old(app: Application, shops: Sequence[Shop]) -> None:
    """Delete what was dealt with a week ago, and empty what nobody dealt with: names and addresses stand in it."""
    for shop in shops:
        app.database.write(shop, lambda unit: _forget_old(app, unit))


def reread_order(app: Application, shop: Shop, *, step: Step, payload: Mapping[str, object]) -> None:
    """The job: read the order that a delivery spoke of, and keep what its channel says now."""
    step("read", lambda: _reread(app, shop, payload=payload))


def reread_ours(app: Application, unit: Unit, changed: Iterable[str], *, channel: str, until: datetime) -> int:
    """Have those of the orders that changed read anew on which returns of ours stand; all is known up to a time."""
    ours = [order_id for order_id in changed if return_store.of_order(unit, order_id)]
    for order_id in ours:
        payload = {"order_id": order_id, "delivery_id": "", "channel": channel}
        app.jobs.enqueue(unit, JOB, key=f"{order_id}:watch:{until.isoformat()}", payload=payload)
    connection_store.heard(unit, channel, until=until)
    return len(ours)


def needing_a_person(app: Application, shop: Shop) -> tuple[KeptDelivery, ...]:
    """The deliveries that could not be dealt with, newest first."""
    with app.database.read(shop) as unit:
        return delivery_store.poison(unit, limit=SHOWN)


def replay(app: Application, shop: Shop, *, delivery_id: str, key: str, actor: Actor = COMMAND_LINE) -> None:
    """Look at a delivery once more, once per key; raises storage's NotFound when it does not need a person."""

    def work(unit: Unit) -> None:
        if command_store.get(unit, key) is None:
            delivery_store.begin_anew(unit, delivery_id, at=app.clock())
            command_store.keep(unit, key, result={"delivery_id": delivery_id}, at=app.clock())
            record(app, unit, Audited.DELIVERY_REPLAYED, actor=actor, about=delivery_id)

    app.database.write(shop, work)


def _forget_old(app: Application, unit: Unit) -> None:
    now = app.clock()
    delivery_store.forget_done(unit, before=now - KEPT)
    delivery_store.forget_bodies(unit, before=now - timedelta(days=app.settings.keep_days))


def _kept(app: Application, arrival: Arrival) -> KeptDelivery:
    named = f"{arrival.channel}\n{arrival.delivery.identity}".encode()
    return KeptDelivery(
        id=hashlib.sha256(named).hexdigest()[:32],
        channel=arrival.channel,
        topic=arrival.delivery.topic,
        body=arrival.delivery.body,
        arrived_at=app.clock(),
    )


def _looked_at(app: Application, shop: Shop) -> int:
    """All together; where one of them stops that, each alone, which takes longer and holds up nobody."""
    try:
        return app.database.write(shop, lambda unit: _each(app, unit, sort=_sort))
    except Exception:
        log.exception("deliveries could not be looked at together; each is looked at alone")
        return app.database.write(shop, lambda unit: _each(app, unit, sort=_sort_alone))


def _each(app: Application, unit: Unit, *, sort: Callable[[Application, Unit, KeptDelivery], None]) -> int:
    taken = delivery_store.take_new(unit, AT_ONCE)
    for one in taken:
        sort(app, unit, one)
    return len(taken)


def _sort_alone(app: Application, unit: Unit, one: KeptDelivery) -> None:
    """What fails a second time is undone, and needs a person."""
    try:
        with unit.connection.begin_nested():
            _sort(app, Unit(connection=unit.connection, shop=unit.shop), one)
    except Exception:
        log.exception("no jobs could be made of a delivery")
        delivery_store.mark(unit, one.id, state=POISON, error="No jobs could be made of it; the log says where.")


def _sort(app: Application, unit: Unit, one: KeptDelivery) -> None:
    """To its jobs, to what is done, or to what needs a person: a delivery never stays where it was."""
    try:
        events = app_deliveries.events_of(app, one)
    except Unreadable as error:
        delivery_store.mark(unit, one.id, state=POISON, error=error.message)
        return
    except Exception:
        log.exception("a delivery could not be read")
        delivery_store.mark(unit, one.id, state=POISON, error="Reading it failed; the log says where.")
        return
    followed = [_followed(app, unit, event, one=one) for event in events]
    orders = dict.fromkeys(event.order_id for event in events if isinstance(event, OrderChanged))
    for order_id in orders:
        look_whether_paid(app, unit, order_id, turn=f"{one.id}:{one.turn}")
    ours = [order_id for order_id in orders if return_store.of_order(unit, order_id)]
    for order_id in ours:
        payload = {"order_id": order_id, "delivery_id": one.id, "channel": one.channel}
        app.jobs.enqueue(unit, JOB, key=f"{order_id}:{one.id}:{one.turn}", payload=payload)
    delivery_store.mark(unit, one.id, state=QUEUED if ours or any(followed) else DONE)


def _followed(app: Application, unit: Unit, event: Event, *, one: KeptDelivery) -> bool:
    """Whether a job of its own follows the event; used store credit is looked at whoever's order it is."""
    if isinstance(event, CouponsUsed):
        turn = f"{one.id}:{one.turn}"
        look_at_use(app, unit, event.order_id, codes=event.codes, channel=one.channel, turn=turn)
    if isinstance(event, ProductChanged):
        look_at_price(app, unit, event.product_id, channel=one.channel)
    return app_deliveries.follow(app, unit, event, one=one)


def _reread(app: Application, shop: Shop, *, payload: Mapping[str, object]) -> None:
    order_id, delivery_id = str(payload["order_id"]), str(payload["delivery_id"])
    try:
        _read_anew(app, shop, order_id=order_id, channel=str(payload["channel"]))
    except ChannelSlow:
        raise
    except (ChannelError, DomainError, ServiceError) as error:
        why = getattr(error, "message", "") or "The order could not be kept."
        app.database.write(shop, lambda unit: delivery_store.mark(unit, delivery_id, state=POISON, error=why))
        return
    app.database.write(shop, lambda unit: delivery_store.mark(unit, delivery_id, state=DONE))


def _read_anew(app: Application, shop: Shop, *, order_id: str, channel: str) -> None:
    """A reading that began earlier never replaces one that began later."""
    number = app.database.write(shop, lambda unit: delivery_store.begin_reading(unit, order_id))
    platform = app.channels.for_shop(shop, channel)
    document = platform.read_order(order_id)
    if document is None:
        return
    found = document
    read_order(found)
    labels = read_labels.labels_on(app, shop, platform, order_id=order_id)

    def work(unit: Unit) -> None:
        if delivery_store.is_newest_reading(unit, order_id, number=number):
            put_order(unit, document=found, renew=with_our_refunds)
            invoiced_balance.heed(app, unit, found)
            read_labels.heed(app, unit, labels, channel=channel)

    app.database.write(shop, work)
