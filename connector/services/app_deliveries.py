"""Deliveries that need more than a look at an order: each is followed by a job of its own, which reads it again.

What a delivery says of a person stands in its body alone; a job is told which delivery it follows and nothing else.
"""

from collections.abc import Mapping
from typing import TypeVar

from connector.application import Application
from connector.storage import delivery_store
from connector.storage.database import Unit
from connector.storage.delivery_store import DONE, POISON, KeptDelivery
from connector.storage.shop_store import Shop
from webhooks.delivery import (
    AppRemoved,
    Event,
    PersonAsked,
    PersonErased,
    ReturnChanged,
    ScopesChanged,
    ShopErased,
    SomethingChanged,
)
from webhooks.errors import Unreadable

E = TypeVar("E", bound=Event)
Payload = Mapping[str, object]

REREAD_NATIVE = "reread_native"
WATCH_APP = "watch_app"
CHECK_APP = "check_app"
EXPORT_PERSON = "export_person"
FORGET_PERSON = "forget_person"
FORGET_SHOP = "forget_shop"

FOLLOWED_BY: Mapping[type[Event], str] = {
    ReturnChanged: REREAD_NATIVE,
    SomethingChanged: WATCH_APP,
    AppRemoved: CHECK_APP,
    ScopesChanged: CHECK_APP,
    PersonAsked: EXPORT_PERSON,
    PersonErased: FORGET_PERSON,
    ShopErased: FORGET_SHOP,
}
"""The job that follows each event."""


def follow(app: Application, unit: Unit, event: Event, *, one: KeptDelivery) -> bool:
    """Have a delivery followed by the job of its event; whether there is one."""
    job = FOLLOWED_BY.get(type(event))
    if job is not None:
        app.jobs.enqueue(unit, job, key=f"{one.id}:{one.turn}", payload={"delivery_id": one.id})
    return job is not None


def events_of(app: Application, one: KeptDelivery) -> tuple[Event, ...]:
    """What a delivery says; raises Unreadable."""
    platform = app.platforms(one.channel)
    if platform is None:
        raise Unreadable(f"Nothing here reads deliveries of '{one.channel}'.")
    return platform.translate(one.topic, one.body)


def event_of(app: Application, shop: Shop, payload: Payload, *, kind: type[E]) -> E | None:
    """What the delivery of a job says; None where it is not there any more, or was dealt with and emptied."""
    with app.database.read(shop) as unit:
        one = delivery_store.get(unit, str(payload["delivery_id"]))
    if one is None or not one.body:
        return None
    return next((event for event in events_of(app, one) if isinstance(event, kind)), None)


def done(unit: Unit, payload: Payload) -> None:
    """The delivery of a job was dealt with."""
    delivery_store.mark(unit, str(payload["delivery_id"]), state=DONE)


def done_and_forgotten(unit: Unit, payload: Payload) -> None:
    """The delivery of a job was dealt with, and nobody needs what it says any more."""
    delivery_store.empty(unit, str(payload["delivery_id"]))


def needs_a_person(unit: Unit, payload: Payload, *, why: str) -> None:
    """The delivery of a job is put aside, with a sentence that says why."""
    delivery_store.mark(unit, str(payload["delivery_id"]), state=POISON, error=why)
