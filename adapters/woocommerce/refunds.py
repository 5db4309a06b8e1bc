"""Refunds as WooCommerce gives them, in the normal form, and how they go into the order that they belong to.

An order tells of each refund its id, its total and its reason (fact 3); a list of refunds tells the rest.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from decimal import Decimal

from adapters.channel import OrderDocument
from adapters.errors import Unreadable
from adapters.woocommerce.fields import Body, amount, decimals, identity, meta, moment, parts, required, written
from domain.orders import digits_of

MARKER = "_return_request_id"
"""The meta entry that a refund of ours carries: the id of our return (fact 3)."""

FINISHED = "_refund_type"
"""The meta entry that a refund has as soon as it is no longer in flight (fact 3)."""


def embedded_refunds(order: Body, *, digits: int) -> list[OrderDocument]:
    """The refunds that an order's own body tells of: what they gave back, not for which lines."""
    return [
        {"id": required(refund, "id"), "amount": written(abs(amount(refund, "total")), digits)}
        for refund in parts(order, "refunds")
    ]


def normalise_refund(refund: Body, *, order: OrderDocument) -> OrderDocument:
    """The normal form of a refund of a list, in the terms of its order; raises Unreadable.

    One in flight may still be declined (fact 3). Only its amount counts, so that money which may be moving is not
    given twice, and it has no time: what is known no closer goes when a later list no longer has it.
    """
    digits = digits_of(order)
    entries = meta(refund)
    document = {"id": required(refund, "id"), "amount": _whole_amount(refund, digits=digits)}
    if MARKER in entries:
        document["key"] = required(entries[MARKER], "value")
    if FINISHED not in entries or "line_items" not in refund:
        return document
    return document | {
        "at": moment(refund, "date_created_gmt"),
        "shipping": written(-_with_tax(parts(refund, "shipping_lines")), digits),
        "lines": _lines(refund, order=order, digits=digits),
    }


def merge(order: OrderDocument, refunds: Iterable[OrderDocument], *, complete_at: datetime | None) -> OrderDocument:
    """The order with refunds of a list; the same list twice changes nothing.

    `complete_at` is when the list was all that there was: refunds that the order only knows by their amount and the
    later list does not have were declined or deleted meanwhile.
    """
    told = {str(refund["id"]): refund for refund in refunds}
    known = _listed(order, "refunds")
    is_newer = complete_at is not None and complete_at >= _moment(order, "changed_at")
    kept = [refund for refund in known if refund["id"] in told or refund.get("at") or not is_newer]
    known_ids = {refund["id"] for refund in known}
    more = [refund for refund_id, refund in told.items() if refund_id not in known_ids]
    return with_refunds(order, [*(_closer(refund, told.get(str(refund["id"]))) for refund in kept), *more])


def renewed(order: OrderDocument, *, kept: OrderDocument) -> OrderDocument:
    """An order told anew, with what its body cannot tell about refunds as it was kept.

    A refund that is missing in the body was deleted only where the body is newer than both the kept order and the
    refund; else the body is merely older than the list that told of it.
    """
    known = {str(refund["id"]): refund for refund in _listed(kept, "refunds")}
    told = [_closer(refund, known.pop(str(refund["id"]), None)) for refund in _listed(order, "refunds")]
    changed_at = _moment(order, "changed_at")
    is_newer = changed_at > _moment(kept, "changed_at")
    missing = [refund for refund in known.values() if not is_newer or _moment(refund, "at") > changed_at]
    return with_refunds(order, [*told, *missing])


def with_refunds(order: OrderDocument, refunds: Sequence[OrderDocument]) -> OrderDocument:
    """The order with these refunds and no others; its one payment gave back all of them.

    Fact 9: total and lines stay as they were sold. Fact 2: the sum may be more than was paid.
    """
    digits = digits_of(order)
    given = written(sum((Decimal(str(refund["amount"])) for refund in refunds), Decimal(0)), digits)
    payments = _listed(order, "payments")
    # Fact 9: newest first, but ties within a second are in no order; by id they always are.
    ordered = sorted(refunds, key=lambda refund: (len(str(refund["id"])), str(refund["id"])))
    paid_back = [{**payment, "refunded": given} for payment in payments] if len(payments) == 1 else payments
    return {**order, "payments": paid_back, "refunds": ordered}


def _listed(document: OrderDocument, name: str) -> Sequence[OrderDocument]:
    found = document.get(name)
    return found if isinstance(found, list) else []


def _moment(document: OrderDocument, name: str) -> datetime:
    """A time of a document; one that is not known is before all others."""
    found = document.get(name)
    return datetime.fromisoformat(found) if isinstance(found, str) else datetime.min.replace(tzinfo=UTC)


def _closer(refund: OrderDocument, other: OrderDocument | None) -> OrderDocument:
    """What two tell of one refund, together."""
    return {**refund, **(other or {})}


def _whole_amount(refund: Body, *, digits: int) -> str:
    """A refund's amount, which must have the decimals of its order to be exact (fact 11)."""
    found = amount(refund, "amount")
    exact = written(found, digits)
    if decimals(refund, "amount") < digits or Decimal(exact) != found:
        raise Unreadable(
            f"Refund {refund.get('id')} has other decimals than its order: import the order as the store shows it now."
        )
    return exact


def _lines(refund: Body, *, order: OrderDocument, digits: int) -> list[OrderDocument]:
    """The refunded lines; their quantities are negative and the order's line is in their meta (fact 9).

    Fact 7: a store checks nothing, so there may be more units than were sold, and lines that the order does not have;
    those are left out, their money is in the refund's amount.
    """
    known = {line["id"] for line in _listed(order, "lines")}
    refunded = [
        (identity(meta(line).get("_refunded_item_id", {}), "value"), line) for line in parts(refund, "line_items")
    ]
    inclusive = bool(order.get("prices_include_tax"))
    return [
        _line(line, line_id=line_id, inclusive=inclusive, digits=digits)
        for line_id, line in refunded
        if line_id in known
    ]


def _line(line: Body, *, line_id: str | None, inclusive: bool, digits: int) -> OrderDocument:
    net, tax = -amount(line, "total"), -amount(line, "total_tax")
    quantity = line.get("quantity")
    return {
        "line_id": line_id,
        "quantity": abs(quantity) if isinstance(quantity, int) else 0,
        "amount": written(max(Decimal(0), net + tax if inclusive else net), digits),
        "tax": written(max(Decimal(0), tax), digits),
    }


def _with_tax(lines: Iterable[Body]) -> Decimal:
    return sum((amount(line, "total") + amount(line, "total_tax") for line in lines), Decimal(0))
