"""Where a person stands in a shop's rows, and those rows without them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, Table, Text, cast, false, func, or_, select

from connector.storage import bringer_store, order_store
from connector.storage.database import Unit
from connector.storage.delivery_store import DONE, POISON
from connector.storage.scope import changed, of_shop, removed, rows, selected
from connector.storage.tables import metadata
from connector.storage.tables.api_tables import api_answers
from connector.storage.tables.counter_tables import credits_without_receipt, gift_receipts, order_marks
from connector.storage.tables.delivery_tables import deliveries
from connector.storage.tables.device_tables import device_commands, device_photos
from connector.storage.tables.money_tables import store_credits
from connector.storage.tables.order_tables import orders, quotes
from connector.storage.tables.return_tables import return_groups, return_history, returns
from connector.storage.tables.talk_tables import conversations, photos, turns
from domain.person import Known, case_without_person, without_person
from domain.proof import number_key

Document = Mapping[str, Any]
Scrub = Callable[[object], object]

OWN_TILLS = (None, "store")

BECOMES: Mapping[str, str] = {
    "conversations": "removed",
    "turns": "removed",
    "hand_overs": "removed",
    "photos": "removed",
    "device_commands": "names in what staff wrote are struck out",
    "device_photos": "those of the person's returns are removed",
    "returns": "the address of who got the credit of a gift is struck out",
    "legs": "the address of who got the credit of a gift is struck out",
    "order_marks": "made anew from the order without the person, or removed with it",
    "gift_receipts": "removed with an order that is removed",
    "credits_without_receipt": "the mark of the person is struck out",
    "orders": "removed, or left without the person where a return stands on it",
    "quotes": "removed, or left without the person where the order is",
    "return_groups": "names in what staff wrote are struck out",
    "return_history": "names in what people wrote are struck out, labels and parcel numbers removed",
    "store_credits": "the address is struck out",
    "api_answers": "those that name the person are removed",
    "deliveries": "emptied",
    "privacy_requests": "the files made for the person are removed",
}
"""What becomes of the rows of each table that a shopper can stand in, when that shopper is forgotten."""
HOLD_NOBODY = frozenset(
    {
        *("ledger", "bookings", "sendings", "webhook_messages", "order_readings", "checkups"),
        *("goods", "batches", "batch_history", "looks", "receivings", "counter_legs"),
        *("locations", "devices", "approvals"),
        *("variant_marks", "prices", "visits", "visit_returns"),
        *("policies", "products", "variants", "stock_movements", "widget_origins", "shop_details", "attempts"),
        *("staff", "staff_links", "sessions", "audit", "commands", "api_tokens", "webhook_endpoints"),
        *("connections", "connection_states", "cost_buckets", "leases", "delivery_secrets"),
    }
)
"""The tables in which no shopper stands; those of the shop's own people are among them."""


class Person(Struct, frozen=True):
    """Whom a platform means: its number of them, their address, the orders that it names."""

    customer_id: str
    email: str
    order_ids: tuple[str, ...]


class Traces(Struct, frozen=True):
    """What there is of a person."""

    order_ids: tuple[str, ...]
    conversation_ids: tuple[str, ...]


def find(unit: Unit, person: Person) -> Traces:
    """Their orders, and the conversations in which one of those was proved or their address was typed."""
    found = rows(unit, selected(unit, orders, _theirs(person)).order_by(orders.c.placed_at, orders.c.id))
    emails = {person.email, *(str((one["document"].get("customer") or {}).get("email") or "") for one in found)}
    order_ids = tuple(one["id"] for one in found)
    return Traces(order_ids, _conversations(unit, order_ids, emails=sorted(filter(None, emails))))


def orders_of(unit: Unit, traces: Traces) -> tuple[Document, ...]:
    """Their orders."""
    found = rows(unit, selected(unit, orders, orders.c.id.in_(traces.order_ids)).order_by(orders.c.placed_at))
    return tuple(one["document"] for one in found)


def is_forgotten(unit: Unit, order_id: str) -> bool:
    """Whether an order is kept without its person."""
    mine = selected(unit, orders, orders.c.id == order_id, orders.c.forgotten_at.is_not(None))
    return bool(rows(unit, mine))


def forget(unit: Unit, traces: Traces, *, known: Known, at: datetime) -> None:
    """Leave the returns, their figures and the ledger, and nobody whom they belonged to."""
    numbers = {number_key(str(order.get("number") or order["id"])) for order in orders_of(unit, traces)}
    _forget_talk(unit, traces.conversation_ids)
    _forget_orders(unit, traces.order_ids, at=at)
    return_ids = _returns(unit, traces.order_ids, known=known)
    known = known.sent(_details(unit, return_ids))
    told: Mapping[str, Scrub] = {"why": known.scrubbed_own, "details": known.scrubbed_details}
    _scrub(unit, return_history, return_ids, told=told, key=("return_id", "n"))
    _scrub(unit, return_groups, return_ids, told={"note": known.scrubbed_own}, key=("return_id", "id"))
    theirs = changed(unit, store_credits, store_credits.c.return_id.in_(return_ids))
    unit.connection.execute(theirs.values(email=""))
    given = changed(unit, credits_without_receipt, credits_without_receipt.c.return_id.in_(return_ids))
    unit.connection.execute(given.values(person=""))
    unit.connection.execute(removed(unit, photos, photos.c.return_id.in_(return_ids)))
    bringer_store.forget(unit, returns.c.id.in_(return_ids))
    _forget_sent(unit, return_ids, numbers=numbers, known=known)
    _forget_answers(unit, known)
    _forget_deliveries(unit, known)


def _returns(unit: Unit, order_ids: Sequence[str], *, known: Known) -> list[str]:
    """The returns of their orders, and those that they brought as somebody else's gift."""
    addresses = [word.lower() for word in known.words]
    mine = returns.c.order_id.in_(order_ids) | func.lower(returns.c.credit_to).in_(addresses)
    return list(unit.connection.execute(select(returns.c.id).where(of_shop(unit, returns), mine)).scalars())


def _forget_sent(unit: Unit, return_ids: Sequence[str], *, numbers: set[str], known: Known) -> None:
    """Name them no more in what devices sent, but of somebody else's return; pictures of theirs are removed."""
    named = func.upper(func.trim(device_commands.c.return_id))
    others = select(returns.c.id).where(of_shop(unit, returns), returns.c.id.not_in(return_ids))
    theirs = {*map(number_key, return_ids), *numbers}
    told: Mapping[str, Scrub] = dict.fromkeys(("return_id", "said", "why"), known.scrubbed)
    own: Mapping[str, Scrub] = {**told, "said": known.scrubbed_details, "why": known.scrubbed_own}
    for found in rows(unit, selected(unit, device_commands, named.not_in(others))):
        is_own = number_key(found["return_id"]) in theirs
        if is_own:
            unit.connection.execute(removed(unit, device_photos, device_photos.c.command_id == found["id"]))
        clean = {name: scrub(found[name]) for name, scrub in (own if is_own else told).items()}
        if any(clean[name] != found[name] for name in clean):
            mine = changed(unit, device_commands, device_commands.c.id == found["id"])
            unit.connection.execute(mine.values(clean))


def _theirs(person: Person) -> ColumnElement[bool]:
    customer = orders.c.document["customer"]
    email = func.lower(customer["email"].as_string())
    return or_(
        orders.c.id.in_(person.order_ids),
        customer["id"].as_string() == person.customer_id if person.customer_id else false(),
        email == person.email.lower() if person.email else false(),
    )


def _conversations(unit: Unit, order_ids: Sequence[str], *, emails: Sequence[str]) -> tuple[str, ...]:
    proved = select(conversations.c.id).where(
        of_shop(unit, conversations), conversations.c.document["order_id"].as_string().in_(order_ids)
    )
    typed = select(turns.c.conversation_id).where(
        of_shop(unit, turns), or_(false(), *(_says(turns.c.document, email) for email in emails))
    )
    return tuple(sorted({*unit.connection.execute(proved).scalars(), *unit.connection.execute(typed).scalars()}))


def _says(column: ColumnElement[Any], word: str) -> ColumnElement[bool]:
    return func.lower(cast(column, Text)).contains(word.lower(), autoescape=True)


def _forget_talk(unit: Unit, conversation_ids: Sequence[str]) -> None:
    """The conversations with all that belongs to them, whatever is kept beside them."""
    beside = [table for table in reversed(metadata.sorted_tables) if "conversation_id" in table.c]
    for table in beside:
        unit.connection.execute(removed(unit, table, table.c.conversation_id.in_(conversation_ids)))
    unit.connection.execute(removed(unit, conversations, conversations.c.id.in_(conversation_ids)))


def _forget_orders(unit: Unit, order_ids: Sequence[str], *, at: datetime) -> None:
    """An order that a return stands on is left without its person; any other lives on its platform and is removed."""
    stood_on = select(returns.c.order_id).where(of_shop(unit, returns), returns.c.order_id.in_(order_ids))
    kept = set(unit.connection.execute(stood_on).scalars())
    for found in rows(unit, selected(unit, orders, orders.c.id.in_(order_ids))):
        mine = orders.c.id == found["id"]
        if found["id"] in kept or found["document"].get("channel") in OWN_TILLS:
            order_store.save(unit, without_person(found["document"]))
            unit.connection.execute(changed(unit, orders, mine).values(forgotten_at=at))
        else:
            for table in (order_marks, gift_receipts):
                unit.connection.execute(removed(unit, table, table.c.order_id == found["id"]))
            unit.connection.execute(removed(unit, orders, mine))
        _forget_quotes(unit, found["id"], is_kept=found["id"] in kept)


def _forget_quotes(unit: Unit, order_id: str, *, is_kept: bool) -> None:
    of_order = quotes.c.case["order"]["id"].as_string() == order_id
    if not is_kept:
        unit.connection.execute(removed(unit, quotes, of_order))
        return
    for found in rows(unit, selected(unit, quotes, of_order)):
        nameless = changed(unit, quotes, quotes.c.id == found["id"])
        unit.connection.execute(nameless.values(case=case_without_person(found["case"])))


def _details(unit: Unit, return_ids: Sequence[str]) -> list[object]:
    return [found["details"] for found in rows(unit, selected(unit, return_history, _of(return_history, return_ids)))]


def _scrub(
    unit: Unit, table: Table, return_ids: Sequence[str], *, told: Mapping[str, Scrub], key: Sequence[str]
) -> None:
    """Name them no more in what people wrote about returns."""
    for found in rows(unit, selected(unit, table, _of(table, return_ids))):
        clean = {name: scrub(found[name]) for name, scrub in told.items()}
        if any(clean[name] != found[name] for name in told):
            mine = changed(unit, table, *(table.c[name] == found[name] for name in key))
            unit.connection.execute(mine.values(clean))


def _of(table: Table, return_ids: Sequence[str]) -> ColumnElement[bool]:
    return table.c.return_id.in_(return_ids)


def _forget_answers(unit: Unit, known: Known) -> None:
    named = or_(false(), *(_says(api_answers.c.body, word) for word in known.words))
    unit.connection.execute(removed(unit, api_answers, named))


def _forget_deliveries(unit: Unit, known: Known) -> None:
    """What was dealt with, and what needs a person and is about them; each stays known, so that it counts once."""
    done = [deliveries.c.state == DONE]
    for found in rows(unit, selected(unit, deliveries, deliveries.c.state == POISON)):
        said = found["body"].decode("utf-8", "replace")
        if known.scrubbed(said) != said:
            done.append(deliveries.c.id == found["id"])
    unit.connection.execute(changed(unit, deliveries, or_(*done)).values(body=b"", state=DONE))
