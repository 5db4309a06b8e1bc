"""A customer wants to know what is kept of them: a file for the merchant, who hands it over."""

import json
from collections.abc import Mapping
from typing import Any

from msgspec.structs import asdict

from connector.application import Application, Step
from connector.services import app_deliveries
from connector.services.audit import Audited, record
from connector.services.errors import NotFound
from connector.storage import conversation_store, person_store, privacy_store, return_store, settlement_store
from connector.storage.database import Unit
from connector.storage.person_store import Person
from connector.storage.privacy_store import EXPORT, PrivacyRequest
from connector.storage.shop_store import Shop
from domain.events import SYSTEM, Actor
from domain.returns import Return
from webhooks.delivery import PersonAsked

JOB = app_deliveries.EXPORT_PERSON
SHOWN = 100

Document = dict[str, Any]


def export_person(app: Application, shop: Shop, *, step: Step, payload: Mapping[str, object]) -> None:
    """The job: make the file of the person whom a delivery names."""
    step("export", lambda: _export(app, shop, payload=payload))


def requests(app: Application, shop: Shop) -> tuple[PrivacyRequest, ...]:
    """What people asked, newest first."""
    with app.database.read(shop) as unit:
        return privacy_store.latest(unit, limit=SHOWN)


def take_file(app: Application, shop: Shop, *, request_id: str, actor: Actor) -> Mapping[str, Any]:
    """The file of a request; that it was taken is written down first. Raises NotFound."""

    def taken(unit: Unit) -> Mapping[str, Any]:
        found = privacy_store.get(unit, request_id)
        if found is None or found.document is None:
            raise NotFound("There is no such file, or not any more.")
        record(app, unit, Audited.EXPORTED, actor=actor, about=f"what is kept of customer {found.subject}")
        return found.document

    return app.database.write(shop, taken)


def _export(app: Application, shop: Shop, *, payload: Mapping[str, object]) -> None:
    event = app_deliveries.event_of(app, shop, payload, kind=PersonAsked)
    if event is None:
        return
    person = Person(event.customer_id, event.email, event.order_ids)
    with app.database.read(shop) as unit:
        file = file_of(unit, person)
    asked = PrivacyRequest(str(payload["delivery_id"]), EXPORT, event.customer_id, asked_at=app.clock())

    def work(unit: Unit) -> None:
        known = privacy_store.get(unit, asked.id)
        privacy_store.begin(unit, asked)
        privacy_store.end(unit, asked.id, document=file, at=app.clock())
        app_deliveries.done(unit, payload)
        if known is None:
            record(app, unit, Audited.PERSON_ASKED, actor=SYSTEM, about=f"customer {event.customer_id}")

    app.database.write(shop, work)


def file_of(unit: Unit, person: Person) -> Document:
    """Everything that is kept of a person: orders, returns with what was given, conversations."""
    traces = person_store.find(unit, person)
    found = [one for order_id in traces.order_ids for one in return_store.of_order(unit, order_id)]
    return {
        "person": {"customer_id": person.customer_id, "email": person.email},
        "orders": list(person_store.orders_of(unit, traces)),
        "returns": [_return(unit, one) for one in found],
        "conversations": [_conversation(unit, one) for one in traces.conversation_ids],
    }


def _return(unit: Unit, found: Return) -> Document:
    given = [asdict(line) for line in settlement_store.ledger_of(unit, found.id)]
    return {**_plain(asdict(found)), "given": _plain(given)}


def _conversation(unit: Unit, conversation_id: str) -> Document:
    said = (asdict(turn) for turn in conversation_store.turns(unit, conversation_id))
    return {"id": conversation_id, "turns": [_plain(turn) for turn in said]}


def _plain(found: Any) -> Any:  # noqa: ANN401  any JSON
    """Values as JSON has them: times become text."""
    return json.loads(json.dumps(found, default=str))
