"""What may come back of an order and what it gives: the case made of what we know, the quote kept as promised."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from connector.application import Application
from connector.services.earlier_returns import decided_before, earlier_parts, owed_flat_fee, without_flat_fee
from connector.services.errors import NotFound
from connector.services.policy_terms import as_terms
from connector.storage import order_store, policy_store, quote_store, return_store, settlement_store
from connector.storage.database import Unit
from connector.storage.shop_store import Shop
from domain.by_hand import as_answered, needs_answers
from domain.case import read_case
from domain.errors import Malformed
from domain.orders import Order, read_order
from domain.policy import Policy
from domain.quote import assess
from domain.returns import Return, UnitGroup
from domain.without_receipt import gift_terms, terms_without_receipt

Document = Mapping[str, object]


class StoredQuote(Struct, frozen=True):
    """A quote that was shown or carried out, in the contract's form, with the case that it answers."""

    id: str
    case: Document
    document: Document


class Request(Struct, frozen=True):
    """What is asked of an order: `items` are those of the contract, `opened_at` is UTC, None for a new return.

    `group_ids` are the groups of the return `return_id` that the items stand for. A `gift` is brought by who got it.
    """

    items: Sequence[Document]
    channel: str = "online"
    kind: str = "return"
    return_id: str | None = None
    opened_at: datetime | None = None
    group_ids: frozenset[str] = frozenset()
    gift: bool = False


def preview(
    app: Application,
    shop: Shop,
    *,
    order_id: str,
    items: Sequence[Document],
    channel: str = "online",
    kind: str = "return",
) -> StoredQuote:
    """Quote a request and keep the quote; raises NotFound, or domain errors for a malformed request."""
    request = Request(items=items, channel=channel, kind=kind)
    return app.database.write(shop, lambda unit: quote(app, unit, order_id=order_id, request=request))


def quote(app: Application, unit: Unit, *, order_id: str, request: Request) -> StoredQuote:
    """Quote a request within the caller's transaction and keep the quote."""
    return keep(app, unit, worked_out(app, unit, order_id=order_id, request=request))


def worked_out(app: Application, unit: Unit, *, order_id: str, request: Request) -> StoredQuote:
    """The quote of a request, which is not kept yet."""
    case = case_of(app, unit, order=order_document(unit, order_id), request=request)
    order = as_read(unit, case["order"])  # type: ignore[arg-type]
    return StoredQuote(id=f"q_{app.token()}", case=case, document=answer(app, case, order=order))


def keep(app: Application, unit: Unit, made: StoredQuote) -> StoredQuote:
    """Keep a quote as it was worked out."""
    quote_store.save(unit, made.id, case=made.case, quote=made.document, at=app.clock())
    return made


def answer(app: Application, case: Document, *, order: Order) -> Document:
    """The quote of a case, both in the contract's form; `order` is the case's own order as it was read before."""
    return assess(read_case({**case, "order": order, "policy": _terms_in(case, order)}), app.outside).document()


def order_document(unit: Unit, order_id: str) -> Document:
    """An order of the shop in the normal form; raises NotFound."""
    document = order_store.get(unit, order_id)
    if document is None:
        raise NotFound("There is no such order in this shop.")
    return document


def order_of(unit: Unit, order_id: str) -> Order:
    """An order of the shop as the domain reads it; raises NotFound."""
    return as_read(unit, order_document(unit, order_id))


def as_read(unit: Unit, document: Document) -> Order:
    """The order of a document, which a unit reads once."""
    name = ("order read", document["id"])
    known: tuple[Document, Order] | None = unit.known.get(name)
    if known is None or known[0] is not document:
        known = unit.known[name] = (document, read_order(document))
    return known[1]


def case_of(
    app: Application, unit: Unit, *, order: Document, request: Request, earlier: Sequence[Return] | None = None
) -> Document:
    """The case of a request: the order, the policy in force when it was placed, what came back before.

    `earlier` are all returns of the order, where they were read already.
    """
    earlier = return_store.of_order(unit, str(order["id"])) if earlier is None else earlier
    order = _as_answered(unit, order, earlier)
    read = as_read(unit, order)
    policy = _terms(policy_store.in_force(unit, at=read.placed_at), read, request)
    own = [decided_before(one, request.group_ids) for one in earlier if one.id == request.return_id]
    first = next((one for one in own if one.groups), None)
    others = [one for one in earlier if one.id != request.return_id]
    return {
        "now": app.clock().isoformat(),
        "opened_at": request.opened_at.isoformat() if request.opened_at else None,
        "return_id": None if first else request.return_id,
        "kind": request.kind,
        "channel": request.channel,
        "order": order,
        "policy": without_flat_fee(policy) if first and owed_flat_fee(unit, first) else policy,
        "earlier": earlier_parts(unit, (*others, first) if first else others, order=read),
        "items": list(request.items),
    }


def item_of(group: UnitGroup) -> Document:
    """A group of units as an item of a case."""
    return {
        "line_id": group.line_id,
        "quantity": group.quantity,
        "reason": group.reason,
        "resolution": group.resolution,
        "exchange_for": group.exchange_for,
    }


def _as_answered(unit: Unit, order: Document, earlier: Sequence[Return]) -> Document:
    """The order with what people said that they did by hand for its returns."""
    if not earlier or not needs_answers(order):
        return order
    return as_answered(order, [leg for one in earlier for leg in settlement_store.legs_of(unit, one.id)])


def _terms_in(case: Document, order: Order) -> Policy:
    try:
        return as_terms(case["policy"], digits=order.digits)  # type: ignore[arg-type]
    except Malformed as fault:
        raise fault.within("policy") from None


def _terms(policy: Document, order: Order, request: Request) -> Document:
    """The policy as it is for who brings the goods."""
    if order.without_receipt:
        return terms_without_receipt(policy)
    return gift_terms(policy) if request.gift else policy
