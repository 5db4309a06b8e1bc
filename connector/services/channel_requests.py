"""A leg as the request that its channel takes."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from adapters.channel import (
    Channel,
    Credit,
    Payback,
    Receipt,
    RefundedLine,
    Release,
    Replacement,
    ReplacementLine,
    Reservation,
    Reserving,
    Restock,
    RestockedLine,
)
from adapters.errors import NotConnected
from domain.settlement import Leg, LegKind


def _lines(leg: Leg) -> Sequence[Mapping[str, Any]]:
    return _listed(leg, "lines")


def _listed(leg: Leg, name: str) -> Sequence[Any]:
    listed = leg.work.get(name, [])
    return listed if isinstance(listed, list) else []


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0


def _refunded(leg: Leg) -> tuple[RefundedLine, ...]:
    return tuple(
        RefundedLine(
            line_id=str(line["line_id"]),
            quantity=_whole(line["quantity"]),
            amount=_whole(line["amount"]),
            tax=_whole(line["tax"]),
        )
        for line in _lines(leg)
    )


def _refund(channel: Channel, leg: Leg) -> Receipt:
    return channel.refund(
        Payback(
            key=leg.key,
            order_id=leg.order_id,
            return_id=leg.return_id,
            payment_id=leg.payment_id or "",
            amount=leg.amount,
            currency=leg.currency,
            digits=leg.digits,
            lines=_refunded(leg),
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
            lines=_refunded(leg),
            incentive=leg.kind == LegKind.BONUS,
            to=str(leg.work["to"]) if "to" in leg.work else None,
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
            collected=_whole(leg.work.get("collected")),
            tender=str(leg.work.get("tender", "")),
            holds=tuple(str(hold) for hold in _listed(leg, "holds")),
            bill=str(leg.work.get("bill", "")),
        )
    )


def _restock(channel: Channel, leg: Leg) -> Receipt:
    lines = tuple(
        RestockedLine(variant_id=str(line["variant_id"]), quantity=_whole(line["quantity"])) for line in _lines(leg)
    )
    where = str(leg.work.get("location", ""))
    return channel.restock(Restock(leg.key, leg.order_id, lines=lines, return_id=leg.return_id, location=where))


def _unshelve(channel: Channel, leg: Leg) -> Receipt:
    """Take units off sale for good: what is kept under this key is never released."""
    if not channel.capabilities.reserves:
        raise NotConnected("This channel cannot take goods off sale, so a person must.")
    return _reserve(channel, leg)


def _reserve(channel: Channel, leg: Leg) -> Receipt:
    lines = tuple(
        RestockedLine(variant_id=str(line["variant_id"]), quantity=_whole(line["quantity"])) for line in _lines(leg)
    )
    return _reserving(channel).reserve(Reservation(key=leg.key, order_id=leg.order_id, lines=lines))


def _release(channel: Channel, leg: Leg) -> Receipt:
    hold = str(leg.work["hold"])
    return _reserving(channel).release(Release(key=leg.key, order_id=leg.order_id, hold=hold))


def _reserving(channel: Channel) -> Reserving:
    if not channel.capabilities.reserves:
        raise NotConnected("This channel cannot keep goods for an exchange.")
    return cast("Reserving", channel)


REQUESTS: Mapping[LegKind, Callable[[Channel, Leg], Receipt]] = {
    LegKind.REFUND: _refund,
    LegKind.STORE_CREDIT: _credit,
    LegKind.BONUS: _credit,
    LegKind.EXCHANGE: _replace,
    LegKind.RESTOCK: _restock,
    LegKind.UNSHELVE: _unshelve,
    LegKind.RESERVE: _reserve,
    LegKind.RELEASE: _release,
}
"""What each kind of leg asks of a channel."""
