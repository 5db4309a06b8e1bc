"""Shopify's own returns, as much of them as Backhaul works with. Pure.

A native return is known to be ours by the note of its lines, which begins with our return's number.
"""

from collections.abc import Collection
from datetime import datetime

from msgspec import Struct

from adapters.shopify.fields import Body, moment, part, parts, required, tail, text, whole
from adapters.shopify.paying import marks_of

OPEN = "OPEN"
REQUESTED = "REQUESTED"
CLOSED = "CLOSED"
CANCELED = "CANCELED"
DECLINED = "DECLINED"


class NativeLine(Struct, frozen=True):
    """Units of a line in a native return; `key` is the leg that brought them, where one did.

    `reason` is the handle of the shop's reason and `reason_name` what it is called; `note` is what was said besides.
    """

    id: str
    line_id: str
    variant_id: str | None
    fulfilled_id: str
    quantity: int
    processed: int
    refunded: int
    key: str | None = None
    reason: str = ""
    reason_name: str = ""
    note: str = ""

    @property
    def left(self) -> int:
        """Units that were not confirmed yet."""
        return self.quantity - self.processed

    @property
    def swapped(self) -> int:
        """Units that were confirmed and not refunded."""
        return max(0, self.processed - self.refunded)


class NativeExchange(Struct, frozen=True):
    """Units that go out for a native return; `line_ids` are the order's lines that they became."""

    id: str
    variant_id: str
    quantity: int
    processed: int
    line_ids: tuple[str, ...] = ()


class Disposition(Struct, frozen=True):
    """Where units went after inspection."""

    type: str
    quantity: int
    at: datetime


class ExpectedLine(Struct, frozen=True):
    """Units that the shop waits for; `goods_id` is the reverse fulfilment order that they belong to.

    `is_off`: that order was cancelled with its return, nobody waits for it any more.
    """

    id: str
    goods_id: str
    fulfilled_id: str
    quantity: int
    dispositions: tuple[Disposition, ...] = ()
    is_off: bool = False

    @property
    def left(self) -> int:
        """Units of which nobody said yet where they go. Shopify itself counts some of them twice [C]."""
        return 0 if self.is_off else max(0, self.quantity - sum(one.quantity for one in self.dispositions))


class Parcel(Struct, frozen=True):
    """A parcel on its way back, of the goods `goods_id`; without an `id` nobody told Shopify of one yet.

    `label` is where Shopify keeps its label for everybody to load, `labelled_at` (UTC) when that was last put there.
    """

    goods_id: str
    id: str = ""
    number: str | None = None
    label: str | None = None
    labelled_at: datetime | None = None


class NativeReturn(Struct, frozen=True):
    """A native return; `return_id` is our return's number, None for one that somebody else opened."""

    id: str
    name: str
    status: str
    at: datetime
    return_id: str | None
    lines: tuple[NativeLine, ...] = ()
    exchanges: tuple[NativeExchange, ...] = ()
    expected: tuple[ExpectedLine, ...] = ()
    parcels: tuple[Parcel, ...] = ()
    refunds: tuple[Body, ...] = ()

    @property
    def is_off(self) -> bool:
        """Whether it was cancelled or declined: it holds nothing any more."""
        return self.status in (CANCELED, DECLINED)

    @property
    def swapped(self) -> bool:
        """Whether goods went out for goods that came back."""
        return any(line.swapped for line in self.lines)

    @property
    def awaits_exchange(self) -> bool:
        """Whether something is still to go out for it."""
        return any(one.quantity > one.processed for one in self.exchanges)

    @property
    def exchanged_lines(self) -> tuple[str, ...]:
        """The order's lines that went out, or are to go out, for it."""
        return tuple(line_id for one in self.exchanges for line_id in one.line_ids)

    def is_called_off(self, removed: Collection[str]) -> bool:
        """Whether all that was to go out was taken off the order again, of which these lines were."""
        return bool(self.exchanged_lines) and all(line_id in removed for line_id in self.exchanged_lines)

    @property
    def is_untouched(self) -> bool:
        """Whether nothing of it was confirmed, given or disposed of yet."""
        moved = any(line.processed for line in self.lines) or any(one.dispositions for one in self.expected)
        return not moved and not self.refunds

    @property
    def is_done(self) -> bool:
        """Whether all that was to come and to go out is confirmed."""
        return not any(line.left for line in self.lines) and not self.awaits_exchange


def read_native(found: Body) -> NativeReturn:
    """A native return; raises Unreadable. Lines of goods that were never shipped are left out [S]."""
    listed = [line for line in parts(found, "returnLineItems") if part(line, "fulfillmentLineItem")]
    marks = [marks_of(_note(line)) for line in listed]
    goods = parts(found, "reverseFulfillmentOrders")
    return NativeReturn(
        id=tail(found),
        name=required(found, "name"),
        status=required(found, "status"),
        at=moment(found, "createdAt"),
        return_id=next((ours for ours, _ in marks if ours), None),
        lines=tuple(_line(line, key=key) for line, (_, key) in zip(listed, marks, strict=True)),
        exchanges=tuple(_exchange(one) for one in parts(found, "exchangeLineItems")),
        expected=tuple(_expected(line, one) for one in goods for line in parts(one, "lineItems")),
        parcels=tuple(parcel for one in goods for parcel in _parcels(one)),
        refunds=tuple(parts(found, "refunds")),
    )


def _line(found: Body, *, key: str | None) -> NativeLine:
    fulfilled, reason = part(found, "fulfillmentLineItem"), part(found, "returnReasonDefinition")
    sold = part(fulfilled, "lineItem")
    variant = part(sold, "variant")
    return NativeLine(
        id=tail(found),
        line_id=tail(sold),
        variant_id=tail(variant) if variant else None,
        fulfilled_id=tail(fulfilled),
        quantity=whole(found, "quantity"),
        processed=whole(found, "processedQuantity"),
        refunded=whole(found, "refundedQuantity"),
        key=key,
        reason=text(reason, "handle") or "",
        reason_name=text(reason, "name") or "",
        note=_note(found),
    )


def _note(found: Body) -> str:
    """What staff wrote of a line, else its customer."""
    return text(found, "returnReasonNote") or text(found, "customerNote") or ""


def _exchange(found: Body) -> NativeExchange:
    return NativeExchange(
        id=tail(found),
        variant_id=tail(found, "variantId") if text(found, "variantId") else "",
        quantity=whole(found, "quantity"),
        processed=whole(found, "processedQuantity"),
        line_ids=tuple(tail(line) for line in parts(found, "lineItems")),
    )


def _expected(found: Body, goods: Body) -> ExpectedLine:
    fulfilled = part(found, "fulfillmentLineItem")
    return ExpectedLine(
        id=tail(found),
        goods_id=tail(goods),
        fulfilled_id=tail(fulfilled) if fulfilled else "",
        quantity=whole(found, "totalQuantity"),
        is_off=text(goods, "status") == CANCELED,
        dispositions=tuple(
            Disposition(type=required(one, "type"), quantity=whole(one, "quantity"), at=moment(one, "createdAt"))
            for one in parts(found, "dispositions")
        ),
    )


def _parcels(goods: Body) -> list[Parcel]:
    """Each parcel on its way back; goods without one stand with a parcel that has no id."""
    known = parts(goods, "reverseDeliveries")
    return [_parcel(tail(goods), one) for one in known] if known else [Parcel(tail(goods))]


def _parcel(goods_id: str, found: Body) -> Parcel:
    shipping = part(found, "deliverable")
    label = part(shipping, "label")
    return Parcel(
        goods_id=goods_id,
        id=tail(found),
        number=text(part(shipping, "tracking"), "number"),
        label=text(label, "publicFileUrl"),
        labelled_at=moment(label, "updatedAt") if label else None,
    )
