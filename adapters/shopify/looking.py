"""What a shop shows of an order, of its native returns, and of what we did there."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice

from msgspec import Struct

from adapters.channel import Receipt, RecentOrder
from adapters.errors import DoneTwice
from adapters.sendings import Sending
from adapters.shopify.client import ShopClient
from adapters.shopify.compose import Returnable
from adapters.shopify.fields import Body, amount, decimal, gid, is_id, moment, part, parts, required, tail, text, whole
from adapters.shopify.natives import NativeReturn, read_native
from adapters.shopify.normalise import OrderParts
from adapters.shopify.paying import marks_of
from adapters.shopify.reasons import Reason, known_reasons
from domain.proof import number_key

UNSAFE = str.maketrans("", "", "\"\\'")
MOST_PROPOSED = 500
"""A number of three digits is a part of some 300 of the first 100,000; who types one digit is not looked for longer."""
MOST_CHANGED = 5000
CLOCKS_APART = timedelta(seconds=30)


def order_id_of(client: ShopClient, number: str) -> str | None:
    """The id of the order of exactly this name; the search only proposes, since it finds longer names too [M]."""
    if not number:
        return None
    proposed = client.pages("orders_by_name", {"query": f'name:"{number.translate(UNSAFE)}"'}, of=("orders",))
    for order in islice(proposed, MOST_PROPOSED):
        if number_key(text(order, "name") or "") == number:
            return tail(order)
    return None


def orders_of(client: ShopClient, customer_id: str) -> tuple[RecentOrder, ...]:
    """The newest orders of exactly this customer, without those that were cancelled; the search only proposes."""
    if not is_id(customer_id):
        return ()
    found = parts(part(client.ask("orders_of_customer", {"query": f"customer_id:{customer_id}"}), "orders"), "nodes")
    return tuple(
        RecentOrder(
            number=required(order, "name"),
            placed_at=moment(order, "createdAt"),
            titles=tuple(filter(None, (text(line, "title") for line in parts(order, "lineItems")))),
        )
        for order in found
        if part(order, "customer") and tail(part(order, "customer")) == customer_id and not text(order, "cancelledAt")
    )


def order_of(client: ShopClient, order_id: str) -> Body | None:
    """An order without its lines; None for one that is not there, or older than the app may see."""
    return part(client.ask("order", {"id": gid("Order", order_id)}), "order") or None if is_id(order_id) else None


def parts_of(client: ShopClient, order: Body) -> OrderParts:
    """All that belongs to an order."""
    order_gid = {"id": str(order["id"])}
    return OrderParts(
        order=order,
        lines=tuple(client.pages("order_lines", order_gid, of=("order", "lineItems"))),
        fulfillments=tuple((one, tuple(_shipped(client, one))) for one in _shown_fulfillments(client, order)),
        refunds=tuple(part(client.ask("refund", {"id": one["id"]}), "refund") for one in parts(order, "refunds")),
        natives=tuple(native_of(client, tail(one)) for one in parts(order, "returns")),
    )


def _shown_fulfillments(client: ShopClient, order: Body) -> Iterator[Body]:
    for one in parts(order, "fulfillments"):
        if text(one, "status") == "SUCCESS":
            yield part(client.ask("fulfillment", {"id": one["id"], "after": None}), "fulfillment")


def _shipped(client: ShopClient, parcel: Body) -> Iterator[Body]:
    """The lines of a parcel; the first page came with it."""
    listed = part(parcel, "fulfillmentLineItems")
    yield from parts(parcel, "fulfillmentLineItems")
    page = part(listed, "pageInfo")
    while page.get("hasNextPage") is True:
        found = client.ask("fulfillment", {"id": parcel["id"], "after": page.get("endCursor")})
        listed = part(part(found, "fulfillment"), "fulfillmentLineItems")
        yield from parts(listed, "nodes")
        page = part(listed, "pageInfo")


def native_of(client: ShopClient, native_id: str) -> NativeReturn:
    """A native return as it stands, with all its lines; raises Unreadable when it is not there."""
    found = part(client.ask("return", {"id": gid("Return", native_id)}), "return")
    goods = [
        {**one, "lineItems": _all_of(client, one, "lineItems", way=("expected_lines", "reverseFulfillmentOrder"))}
        for one in parts(found, "reverseFulfillmentOrders")
    ]
    lines = _all_of(client, found, "returnLineItems", way=("return_lines", "return"))
    return read_native({**found, "returnLineItems": lines, "reverseFulfillmentOrders": goods})


def _all_of(client: ShopClient, owner: Body, name: str, *, way: tuple[str, str]) -> list[Body]:
    """The nodes of a connection of which the first page came along; `way` is the document of the others, its root."""
    document, root = way
    listed = part(owner, name)
    found = list(parts(listed, "nodes"))
    while part(listed, "pageInfo").get("hasNextPage") is True:
        after = text(part(listed, "pageInfo"), "endCursor")
        listed = part(part(client.ask(document, {"id": owner["id"], "after": after}), root), name)
        found += parts(listed, "nodes")
    return found


def natives_of(client: ShopClient, order_id: str) -> tuple[NativeReturn, ...]:
    """The native returns of one order, never of the whole shop, which knows them a second later [D]."""
    found = part(client.ask("returns_of_order", {"id": gid("Order", order_id)}), "order")
    return tuple(native_of(client, tail(one)) for one in parts(found, "returns"))


def returnable_of(client: ShopClient, order_id: str) -> tuple[Returnable, ...]:
    """What of an order can still be returned, parcel by parcel."""
    found: list[Returnable] = []
    after: object = None
    while True:
        said = client.ask("returnable_fulfillments", {"orderId": gid("Order", order_id), "after": after})
        listed = part(said, "returnableFulfillments")
        for parcel in parts(listed, "nodes"):
            found += _returnable(client, order_id, parcel, after=after)
        if part(listed, "pageInfo").get("hasNextPage") is not True:
            return tuple(found)
        after = part(listed, "pageInfo").get("endCursor")


def _returnable(client: ShopClient, order_id: str, parcel: Body, *, after: object) -> Iterator[Returnable]:
    listed = part(parcel, "returnableFulfillmentLineItems")
    while True:
        for line in parts(listed, "nodes"):
            shipped = part(line, "fulfillmentLineItem")
            yield Returnable(tail(shipped), tail(part(shipped, "lineItem")), whole(line, "quantity"))
        if part(listed, "pageInfo").get("hasNextPage") is not True:
            return
        asked = {"orderId": gid("Order", order_id), "after": after}
        asked["linesAfter"] = str(part(listed, "pageInfo").get("endCursor"))
        said = client.ask("returnable_fulfillments", asked)
        (again,) = parts(part(said, "returnableFulfillments"), "nodes")[:1]
        listed = part(again, "returnableFulfillmentLineItems")


def reasons_of(client: ShopClient) -> tuple[Reason, ...]:
    """The reasons that the shop knows."""
    return known_reasons(parts(part(client.ask("return_reasons"), "returnReasonDefinitions"), "nodes"))


def location_of(client: ShopClient, wanted: str | None) -> str | None:
    """Where goods go back on the shelf: the location that the shop chose, else its first that ships orders."""
    active = [
        one
        for one in parts(part(client.ask("locations"), "locations"), "nodes")
        if one.get("isActive") is True and one.get("shipsInventory") is True
    ]
    chosen = [one for one in active if tail(one) == wanted] or active
    return str(chosen[0]["id"]) if chosen else None


def refund_for(client: ShopClient, order_id: str, *, key: str, kind: str) -> Receipt | None:
    """The refund that bears our key in its note; raises DoneTwice when there are two."""
    mine = [refund for refund in _refunds_of(client, order_id) if marks_of(text(refund, "note"))[1] == key]
    return _only(mine, key=key, kind=kind)


def refund_like(client: ShopClient, sending: Sending, *, minor: int, digits: int) -> Receipt | None:
    """The one refund without any note that a sending can have made; raises DoneTwice when there are two.

    Whether Shopify puts the note of returnProcess on the refund that it makes is not known [M].
    """
    found = _refunds_of(client, sending.order_id)
    mine = [refund for refund in found if _could_be(refund, sending, minor=minor, digits=digits)]
    return _only(mine, key=sending.key, kind=sending.kind)


def _only(mine: Sequence[Body], *, key: str, kind: str) -> Receipt | None:
    if len(mine) > 1:
        raise DoneTwice(f"The shop shows {len(mine)} refunds for {key}.")
    return refund_receipt(mine[0], key=key, kind=kind) if mine else None


def _refunds_of(client: ShopClient, order_id: str) -> list[Body]:
    order = order_of(client, order_id) or {}
    return [part(client.ask("refund", {"id": one["id"]}), "refund") for one in parts(order, "refunds")]


def refund_receipt(refund: Body, *, key: str, kind: str) -> Receipt:
    """The receipt of a refund."""
    details = {"amount": str(amount(refund, "totalRefundedSet"))}
    return Receipt(key=key, kind=kind, reference=tail(refund), at=moment(refund, "createdAt"), details=details)


def bonus_for(client: ShopClient, sending: Sending, *, customer_id: str, worth: str) -> Receipt | None:
    """The incentive that a sending gave; credits have no note [S], so only one of this amount since then can be it."""
    since = sending.first_at.astimezone(UTC) - CLOCKS_APART
    found = part(client.ask("store_credit_of_customer", {"id": gid("Customer", customer_id)}), "customer")
    entries = [
        entry
        for account in parts(found, "storeCreditAccounts")
        for entry in parts(account, "transactions")
        if text(entry, "__typename") == "StoreCreditAccountCreditTransaction"
        and moment(entry, "createdAt") >= since
        and decimal(part(entry, "amount"), "amount") == decimal({"amount": worth}, "amount")
    ]
    if len(entries) > 1:
        raise DoneTwice(f"The shop shows {len(entries)} credits that could be {sending.key}.")
    return bonus_receipt(entries[0], key=sending.key, customer_id=customer_id, worth=worth) if entries else None


def bonus_again(client: ShopClient, sending: Sending) -> Receipt | None:
    """The incentive that was given under a key, read afresh; raises DoneTwice when the account shows two of it."""
    told = sending.receipt.details if sending.receipt else {}
    if not told:
        return None
    return bonus_for(client, sending, customer_id=str(told["customer"]), worth=str(told["amount"]))


def bonus_receipt(entry: Body, *, key: str, customer_id: str, worth: str) -> Receipt:
    """The receipt of an incentive: it is in the customer's account, there is no code."""
    details = {"customer": customer_id, "amount": worth}
    return Receipt(key, kind="store_credit", reference=tail(entry), at=moment(entry, "createdAt"), details=details)


def native_for(natives: Sequence[NativeReturn], key: str) -> NativeReturn | None:
    """The native return that a leg opened; raises DoneTwice when there are two."""
    mine = [native for native in natives if any(line.key == key for line in native.lines)]
    if len(mine) > 1:
        raise DoneTwice(f"The shop shows {len(mine)} returns for {key}.")
    return mine[0] if mine else None


class Changed(Struct, frozen=True):
    """Orders that changed; `until` is up to when they are all, None where there are no more."""

    order_ids: tuple[str, ...]
    until: datetime | None


def changed_since(client: ShopClient, since: datetime, *, most: int = MOST_CHANGED) -> Changed:
    """The orders that changed after a time, those that changed first first; at most so many at a time."""
    after = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    asked = {"query": f"updated_at:>='{after}'"}
    found = tuple(islice(client.pages("orders_changed", asked, of=("orders",)), most))
    until = moment(found[-1], "updatedAt") if len(found) == most else None
    return Changed(tuple(tail(order) for order in found), until)


def _could_be(refund: Body, sending: Sending, *, minor: int, digits: int) -> bool:
    since = sending.first_at.astimezone(UTC) - CLOCKS_APART
    gave = int(amount(refund, "totalRefundedSet").scaleb(digits))
    is_ours = text(refund, "note") is None and bool(part(refund, "return"))
    return is_ours and gave == minor and moment(refund, "createdAt") >= since
