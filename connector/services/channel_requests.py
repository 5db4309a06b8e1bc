"""A leg as the request that its channel takes."""

from collections.abc import Callable, Mapping, Sequence

from adapters.channel import (
    Channel,
    Credit,
    Payback,
    Receipt,
    RefundedLine,
    Replacement,
    ReplacementLine,
    Restock,
    RestockedLine,
)
from domain.settlement import Leg, LegKind


def _lines(leg: Leg) -> Sequence[Mapping[str, object]]:
    lines = leg.work.get("lines", [])
    return lines if isinstance(lines, list) else []


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0


def _refund(channel: Channel, leg: Leg) -> Receipt:
    lines = tuple(
        RefundedLine(
            line_id=str(line["line_id"]),
            quantity=_whole(line["quantity"]),
            amount=_whole(line["amount"]),
            tax=_whole(line["tax"]),
        )
        for line in _lines(leg)
    )
    return channel.refund(
        Payback(
            key=leg.key,
            order_id=leg.order_id,
            return_id=leg.return_id,
            payment_id=leg.payment_id or "",
            amount=leg.amount,
            currency=leg.currency,
            digits=leg.digits,
            lines=lines,
            shipping=_whole(leg.work.get("shipping")),
            reason=leg.return_id,
        )
    )


def _credit(channel: Channel, leg: Leg) -> Receipt:
    return channel.credit(
        Credit(
            key=leg.key,
            order_id=leg.order_id,
            return_id=leg.return_id,
            amount=leg.amount,
            currency=leg.currency,
            digits=leg.digits,
        )
    )


def _replace(channel: Channel, leg: Leg) -> Receipt:
    lines = tuple(
        ReplacementLine(
            line_id=str(line["line_id"]),
            variant_id=str(line["variant_id"]),
            quantity=_whole(line["quantity"]),
            amount=_whole(line["amount"]),
            tax=_whole(line["tax"]),
        )
        for line in _lines(leg)
    )
    return channel.replace(
        Replacement(
            key=leg.key,
            order_id=leg.order_id,
            return_id=leg.return_id,
            currency=leg.currency,
            digits=leg.digits,
            lines=lines,
        )
    )


def _restock(channel: Channel, leg: Leg) -> Receipt:
    lines = tuple(
        RestockedLine(variant_id=str(line["variant_id"]), quantity=_whole(line["quantity"])) for line in _lines(leg)
    )
    return channel.restock(Restock(key=leg.key, order_id=leg.order_id, lines=lines))


REQUESTS: Mapping[LegKind, Callable[[Channel, Leg], Receipt]] = {
    LegKind.REFUND: _refund,
    LegKind.STORE_CREDIT: _credit,
    LegKind.EXCHANGE: _replace,
    LegKind.RESTOCK: _restock,
}
"""What each kind of leg asks of a channel."""
