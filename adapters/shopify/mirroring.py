"""A return of ours, shown in the shop as one of its own: asked for, approved, declined, under way. Moves no money."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from adapters.channel import OthersLine, OthersReturn, ParcelLabel, ReplacementLine, Standing, StandingLine
from adapters.shopify import compose, stock
from adapters.shopify.compose import Money
from adapters.shopify.fields import Body, gid
from adapters.shopify.goods import Goods, Opening
from adapters.shopify.natives import CLOSED, OPEN, REQUESTED, NativeLine, NativeReturn, Parcel
from adapters.shopify.reasons import reason_of

UNFINISHED: Mapping[str, str] = {REQUESTED: "requested", OPEN: "open"}
REST = "-rest"
LONGEST_NOTE = 500
"""Of a decline [S]."""


def mirror(goods: Goods, standing: Standing) -> None:
    """Bring the native return of ours to where ours stands; raises what the client raises."""
    natives = goods.of_return(standing.order_id, standing.return_id)
    MIRRORS[standing.status](goods, standing, natives)


def labels_of(natives: Iterable[NativeReturn]) -> tuple[ParcelLabel, ...]:
    """The labels that Shopify keeps for parcels of ours, the newest of each return."""
    found = [
        ParcelLabel(native.return_id, parcel.label, parcel.labelled_at)
        for native in natives
        for parcel in native.parcels
        if native.status == OPEN and native.return_id and parcel.label and parcel.labelled_at
    ]
    return tuple({one.return_id: one for one in sorted(found, key=lambda one: one.at)}.values())


def others_of(natives: Iterable[NativeReturn]) -> tuple[OthersReturn, ...]:
    """The unfinished native returns that are not ours."""
    return tuple(
        OthersReturn(native.name, UNFINISHED[native.status], tuple(_of_others(line) for line in native.lines))
        for native in natives
        if native.return_id is None and native.status in UNFINISHED
    )


def _of_others(line: NativeLine) -> OthersLine:
    reason, unknown = reason_of(line.reason, name=line.reason_name)
    note = " · ".join(filter(None, (unknown, line.note)))
    return OthersLine(line.line_id, line.quantity, reason, note)


def _asked_for(goods: Goods, standing: Standing, natives: list[NativeReturn]) -> None:
    """A return that waits; what is to go out for it stays with us, since a request cannot hold it [S]."""
    if all(native.is_off for native in natives):
        goods.request(_opening(standing))


def _open(goods: Goods, standing: Standing, natives: list[NativeReturn]) -> None:
    is_exchange = any(line.variant_id for line in standing.lines)
    for native in natives:
        if native.status == REQUESTED and is_exchange:
            goods.give_up(native)
        elif native.status == REQUESTED:
            goods.opened(native)
    kept = (OPEN, CLOSED) if is_exchange else (OPEN, CLOSED, REQUESTED)
    held = [native for native in natives if native.status in kept]
    for opening in _openings(goods, standing, _missing(standing.lines, held)):
        goods.open(opening)
    _let_go(goods, standing, held)
    if standing.tracking or standing.label:
        _tell_of_parcels(goods, standing)


def _declined(goods: Goods, standing: Standing, natives: list[NativeReturn]) -> None:
    for native in natives:
        if native.status == REQUESTED:
            note = {"declineNote": standing.why[:LONGEST_NOTE]} if standing.why else {}
            said = {"id": gid("Return", native.id), "declineReason": "OTHER", "notifyCustomer": False, **note}
            goods.client.change("return_decline", {"input": said})
        elif native.status == OPEN:
            goods.give_up(native)


def _withdrawn(goods: Goods, _: Standing, natives: list[NativeReturn]) -> None:
    for native in natives:
        if native.status in (REQUESTED, OPEN):
            goods.give_up(native)


def _done(goods: Goods, standing: Standing, natives: list[NativeReturn]) -> None:
    """[C] Units in an open native return cannot be returned again, and nobody else closes it."""
    _let_go(goods, standing, [native for native in natives if not native.is_off])
    for native in natives:
        if native.status == OPEN and native.is_done:
            goods.close(native.id)


def _let_go(goods: Goods, standing: Standing, natives: Sequence[NativeReturn]) -> None:
    """Take off what is more than ours holds: it was refused, or will not come after all."""
    more = Counter(line.line_id for native in natives for line in native.lines for _ in range(line.quantity))
    more.subtract(Counter(line.line_id for line in standing.lines for _ in range(line.quantity)))
    for native in natives:
        gone = []
        for line in native.lines:
            share = min(line.left, more[line.line_id]) if native.status != CLOSED else 0
            if share > 0:
                gone.append((line, share))
                more[line.line_id] -= share
        goods.take_off(native, gone)


MIRRORS: Mapping[str, Callable[[Goods, Standing, list[NativeReturn]], None]] = {
    "requested": _asked_for,
    "open": _open,
    "done": _done,
    "declined": _declined,
    "withdrawn": _withdrawn,
}
"""What each standing of ours makes of Shopify's."""


def _missing(lines: Sequence[StandingLine], natives: Iterable[NativeReturn]) -> tuple[StandingLine, ...]:
    """What of these lines no native return holds; what is exchanged is looked for in exchanges first, the rest last."""
    held: Counter[tuple[str, bool]] = Counter()
    for native in natives:
        for one in native.lines:
            held[one.line_id, bool(native.exchanges)] += one.quantity
    left = list(lines)
    for is_its_kind in (True, False):
        for n, line in enumerate(left):
            kept = (line.line_id, bool(line.variant_id) is is_its_kind)
            share = min(line.quantity, held[kept])
            held[kept] -= share
            left[n] = _part(line, line.quantity - share)
    return tuple(line for line in left if line.quantity)


def _part(line: StandingLine, quantity: int) -> StandingLine:
    amount = line.amount * quantity // line.quantity if line.quantity else 0
    return replace(line, quantity=quantity, amount=amount)


def _opening(standing: Standing) -> Opening:
    return Opening(
        key=standing.key,
        order_id=standing.order_id,
        return_id=standing.return_id,
        units=compose.units_standing(standing.lines),
        shipping_fee=compose.shipping_fee_of(standing),
    )


def _openings(goods: Goods, standing: Standing, missing: Sequence[StandingLine]) -> Iterator[Opening]:
    """What goes out for goods, and what does not, in native returns of their own: each is confirmed by its own leg.

    The fee for the way back stands in one of them only.
    """
    exchanged = tuple(line for line in missing if line.variant_id)
    rest = tuple(line for line in missing if not line.variant_id)
    is_mixed = len({bool(line.variant_id) for line in standing.lines}) > 1
    if rest:
        yield _opening(replace(standing, lines=rest, key=f"{standing.key}{REST if is_mixed else ''}"))
    if exchanged:
        fee = 0 if is_mixed else standing.shipping_fee
        yield _with_exchange(goods, replace(standing, lines=exchanged, shipping_fee=fee))


def _with_exchange(goods: Goods, standing: Standing) -> Opening:
    """A return with what goes out for it; a replacement that is sold out is left for the settlement to tell of."""
    lines = [
        ReplacementLine(line.line_id, line.variant_id, line.quantity, amount=line.amount, tax=0)
        for line in standing.lines
        if line.variant_id
    ]
    money = Money(standing.currency, standing.digits)
    prices = stock.prices_of(goods.client, lines)
    exchanged: list[Body] = [
        compose.exchange_line(line, price=prices[line.variant_id], worth=line.amount, money=money) for line in lines
    ]
    return replace(_opening(standing), exchanged=tuple(exchanged))


def _tell_of_parcels(goods: Goods, standing: Standing) -> None:
    """The parcel's number and label, where the shop waits for goods and does not know them yet."""
    for native in goods.of_return(standing.order_id, standing.return_id):
        for parcel in native.parcels if native.status == OPEN else ():
            news = _news(parcel, standing)
            if news and parcel.id:
                said = {"reverseDeliveryId": gid("ReverseDelivery", parcel.id), **news}
                goods.client.change("reverse_delivery_update", said)
            elif news:
                said = {"reverseFulfillmentOrderId": gid("ReverseFulfillmentOrder", parcel.goods_id), **news}
                goods.client.change("reverse_delivery_create", said)


def _news(parcel: Parcel, standing: Standing) -> Body:
    """What Shopify does not know of a parcel.

    It copies the file of a label to an address of its own [M], so that a label is known again by its time alone.
    """
    is_late = parcel.labelled_at is not None and standing.labelled_at is not None
    has_label = is_late and parcel.labelled_at >= standing.labelled_at  # type: ignore[operator]
    return {
        **({"trackingInput": {"number": standing.tracking}} if standing.tracking not in (None, parcel.number) else {}),
        **({"labelInput": {"fileUrl": standing.label}} if standing.label and not has_label else {}),
    }
