"""What the shop tells its app: signed deliveries of what a mutation changed, to be brought late, twice, in any order.

Bodies have the fields of the recorded examples that say what changed; that of returns/process is empty, as recorded.
"""

import json
from dataclasses import dataclass, field
from typing import Any

from tests.simulators.shopify.books import Document, gid, new_id, now
from webhooks.signature import sign

RETURNS = {
    "returnRequest": "request", "returnApproveRequest": "approve", "returnDeclineRequest": "decline",
    "returnCreate": "approve", "returnCancel": "cancel", "returnClose": "close", "returnReopen": "reopen",
    "removeFromReturn": "update", "returnProcess": "process",
}  # fmt: skip
"""The topic below returns/, by the mutation."""
FLAT = ("close", "cancel", "reopen")
"""These name their order by `order_id` [S]."""
LONGEST = 200
"""Nobody fetches the deliveries of most tests."""


@dataclass(frozen=True)
class Told:
    """A delivery as it is posted."""

    topic: str
    body: bytes
    headers: dict[str, str] = field(hash=False)


def seen(state: Document) -> dict[str, Any]:
    """What a later look is compared with."""
    return {
        "orders": {name: order["updated_at"] for name, order in state["orders"].items()},
        "refunds": set(state["refunds"]),
        "returns": {name: json.dumps(native, sort_keys=True) for name, native in state["returns"].items()},
    }


def note(state: Document, root: str, before: dict[str, Any]) -> None:
    """Put what a mutation changed into the outbox."""
    for name in sorted(set(state["refunds"]) - before["refunds"]):
        refund = state["refunds"][name]
        _put(state, "refunds/create", {**_named("Refund", name), "order_id": int(refund["order"])})
    for name, native in state["returns"].items():
        if before["returns"].get(name) != json.dumps(native, sort_keys=True) and root in RETURNS:
            _put(state, f"returns/{RETURNS[root]}", _native(RETURNS[root], native))
    if root == "reverseFulfillmentOrderDispose":
        _put(state, "reverse_fulfillment_orders/dispose", {})
    for name, order in state["orders"].items():
        if before["orders"].get(name) != order["updated_at"]:
            _put(state, "orders/updated", _named("Order", name))


def posted(state: Document) -> list[Told]:
    """Everything in the outbox, signed; it is empty then."""
    told, state["outbox"] = state["outbox"], []
    return [_signed(state, *one) for one in told]


def _native(word: str, native: Document) -> Document:
    if word == "process":
        return {}
    named = _named("Return", native["id"])
    if word == "update":
        return {"admin_graphql_api_id": named["admin_graphql_api_id"]}
    of = {"order_id": int(native["order"])} if word in FLAT else {"order": _named("Order", native["order"])}
    return {**named, **of, "status": native["status"].lower()}


def _named(kind: str, name: str) -> Document:
    return {"id": int(name), "admin_graphql_api_id": gid(kind, name)}


def _put(state: Document, topic: str, body: Document) -> None:
    state["outbox"] = [*state["outbox"], [topic, body, f"wh-{new_id(state)}"]][-LONGEST:]


def _signed(state: Document, topic: str, body: Document, identity: str) -> Told:
    content = json.dumps(body).encode()
    said = {
        "topic": topic, "hmac-sha256": sign(state["secrets"][0].encode(), content), "webhook-id": identity,
        "shop-domain": state["shop"]["domain"], "api-version": "2026-10", "triggered-at": now(),
    }  # fmt: skip
    return Told(topic, content, {f"x-shopify-{name}": value for name, value in said.items()})
