"""A customer is forgotten: what was given for which goods stays known, whose they were does not."""

from collections.abc import Mapping

from connector.application import Application, Step
from connector.services import app_deliveries
from connector.services.audit import Audited, record
from connector.storage import person_store, privacy_store
from connector.storage.database import Unit
from connector.storage.person_store import Person, Traces
from connector.storage.privacy_store import ERASURE, PrivacyRequest
from connector.storage.shop_store import Shop
from domain.events import SYSTEM
from domain.person import known_by
from webhooks.delivery import PersonErased

JOB = app_deliveries.FORGET_PERSON


def forget_person(app: Application, shop: Shop, *, step: Step, payload: Mapping[str, object]) -> None:
    """The job: look where the person stands, then leave everything without them, in one transaction."""
    found = step("find", lambda: _found(app, shop, payload=payload))
    if found is not None:
        traces = Traces(tuple(found["orders"]), tuple(found["conversations"]))
        step("forget", lambda: _forgotten(app, shop, traces, payload=payload))


def _found(app: Application, shop: Shop, *, payload: Mapping[str, object]) -> dict[str, list[str]] | None:
    """Where they stand, by our own numbers; None for a delivery that was dealt with."""
    event = app_deliveries.event_of(app, shop, payload, kind=PersonErased)
    if event is None:
        return None
    with app.database.read(shop) as unit:
        traces = person_store.find(unit, Person(event.customer_id, event.email, event.order_ids))
    return {"orders": list(traces.order_ids), "conversations": list(traces.conversation_ids)}


def _forgotten(app: Application, shop: Shop, traces: Traces, *, payload: Mapping[str, object]) -> None:
    event = app_deliveries.event_of(app, shop, payload, kind=PersonErased)
    if event is not None:
        app.database.write(shop, lambda unit: _forget(app, unit, traces, event=event, payload=payload))


def _forget(
    app: Application, unit: Unit, traces: Traces, *, event: PersonErased, payload: Mapping[str, object]
) -> None:
    now = app.clock()
    known = known_by(person_store.orders_of(unit, traces), besides=(event.email,))
    asked = PrivacyRequest(str(payload["delivery_id"]), ERASURE, event.customer_id, asked_at=now)
    person_store.forget(unit, traces, known=known, at=now)
    privacy_store.forget_files_of(unit, event.customer_id)
    if privacy_store.get(unit, asked.id) is None:
        told = {"orders": len(traces.order_ids), "conversations": len(traces.conversation_ids)}
        record(app, unit, Audited.PERSON_FORGOTTEN, actor=SYSTEM, about=f"customer {event.customer_id}", details=told)
    privacy_store.begin(unit, asked)
    privacy_store.end(unit, asked.id, document=None, at=now)
    app_deliveries.done_and_forgotten(unit, payload)
