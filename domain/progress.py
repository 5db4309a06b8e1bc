"""How far an order is on its way to the shopper."""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from msgspec import Struct

from domain.orders import Line, Order

Stage = Literal["cancelled", "not_shipped", "partly_shipped", "shipped", "delivered"]


class Progress(Struct, frozen=True):
    """The stage of an order, and since when where that is known (UTC)."""

    stage: Stage
    since: datetime | None


def progress_of(order: Order) -> Progress:
    """The stage that everything which is still wanted has reached."""
    lines = [line for line in order.lines if line.quantity > line.cancelled]
    if order.cancelled_at is not None or not lines:
        return Progress("cancelled", order.cancelled_at)
    shipped = [part for line in lines for part in line.fulfilled]
    if not shipped:
        return Progress("not_shipped", None)
    if any(_shipped(line) < line.quantity - line.cancelled for line in lines):
        return Progress("partly_shipped", _latest(part.at for part in shipped))
    if all(part.delivered_at for part in shipped):
        return Progress("delivered", _latest(part.delivered_at for part in shipped))
    return Progress("shipped", _latest(part.at for part in shipped))


def _shipped(line: Line) -> int:
    return sum(part.quantity for part in line.fulfilled)


def _latest(times: Iterable[datetime | None]) -> datetime | None:
    return max((time for time in times if time is not None), default=None)
