"""One field at the counter takes everything: what a text can be is looked for, and what it names is answered."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from adapters.errors import ChannelError, ChannelSlow
from connector.application import Application
from connector.services.keep_order import OURS, kept
from connector.services.offer_lines import title_of
from connector.services.quote_return import Document
from connector.storage import gift_store, mark_store, order_store, product_store, return_store
from connector.storage.database import Unit
from connector.storage.shop_store import Shop
from domain.orders import read_order
from domain.returns import Return
from domain.scanning import Kind, Reading, readings

MOST = 8
"""What a list at the counter may hold of each kind."""
SLOW, OUT_OF_REACH = "slow", "out_of_reach"
TO_COME = frozenset({"awaiting", "in_transit", "requested", "incomplete", "to_pay", "needs_a_person"})


class Match(Struct, frozen=True):
    """One thing that a text names: `kind` is return, order, gift_receipt or variant."""

    kind: str
    id: str
    title: str
    about: str
    at: datetime | None = None


class Scanned(Struct, frozen=True):
    """What a text names; `unasked` is why the online shop could not be asked for it: slow, out_of_reach, or empty."""

    matches: tuple[Match, ...]
    unasked: str = ""


def scan(app: Application, shop: Shop, *, text: str) -> Scanned:
    """What a scanned or typed text names: one thing to go on with, or a short list; empty when nothing is known."""
    possible = readings(text)
    with app.database.read(shop) as unit:
        found = tuple(match for reading in possible for match in LOOK_UPS[reading.kind](unit, reading))
        numbers = [reading for reading in possible if reading.kind is Kind.NUMBER]
        is_known = any(_is_known(unit, reading, found=found) for reading in numbers)
    if not numbers or is_known:
        return Scanned(_each_once(found))
    return _on_the_platform(app, shop, text, found=found)


def _is_known(unit: Unit, reading: Reading, *, found: Sequence[Match]) -> bool:
    """Whether what was found is all that a number can name: a till may give the number of an order of the platform."""
    named = order_store.named(unit, reading.key, limit=MOST)
    only_of_tills = bool(named) and all(order.get("channel") in OURS for order in named)
    return bool(found) and not (only_of_tills and unit.shop.channel not in OURS)


def _each_once(found: Iterable[Match]) -> tuple[Match, ...]:
    return tuple({(match.kind, match.id): match for match in found}.values())


def _on_the_platform(app: Application, shop: Shop, text: str, *, found: Sequence[Match]) -> Scanned:
    """What was found, with an order that only its platform knows so far."""
    try:
        order = app.channels.for_shop(shop, shop.channel).find_order(text.strip())
    except ChannelSlow:
        return Scanned(_each_once(found), unasked=SLOW)
    except ChannelError:
        return Scanned(_each_once(found), unasked=OUT_OF_REACH)
    return Scanned(_each_once((*found, *((_order(kept(app, shop, order)),) if order is not None else ()))))


def _return(unit: Unit, reading: Reading) -> Iterable[Match]:
    found = return_store.get(unit, reading.key)
    return () if found is None else (_told(found),)


def _gift_receipt(unit: Unit, reading: Reading) -> Iterable[Match]:
    found = gift_store.get(unit, reading.key)
    return () if found is None else (Match(Kind.GIFT_RECEIPT, found.number, "Gift receipt", "", found.made_at),)


def _gift_or_order(unit: Unit, reading: Reading) -> Iterable[Match]:
    """A till's own gift receipts have numbers like any other receipt."""
    yield from _gift_receipt(unit, Reading(Kind.GIFT_RECEIPT, reading.key.upper()))
    for order in order_store.named(unit, reading.key, limit=MOST):
        yield from _of_order(unit, order)


def _of_order(unit: Unit, order: Document) -> Iterable[Match]:
    """Its one return that is still open; the order too where there is none, or more than one."""
    open_ones = [found for found in return_store.of_order(unit, str(order["id"])) if found.status in TO_COME]
    yield from (_told(found) for found in open_ones)
    if len(open_ones) != 1:
        yield _order(order)


def _of_person(unit: Unit, reading: Reading) -> Iterable[Match]:
    yield from _returns_to_come(unit, reading)
    yield from (_order(order) for order in mark_store.orders_marked(unit, reading, limit=MOST))


def _of_goods(unit: Unit, reading: Reading) -> Iterable[Match]:
    """What is expected of these goods, who bought them last, and the goods themselves."""
    yield from _of_person(unit, reading)
    for variant_id in mark_store.variants_marked(unit, reading, limit=MOST):
        yield _variant(unit, variant_id)


def _of_serial(unit: Unit, reading: Reading) -> Iterable[Match]:
    for order in mark_store.orders_marked(unit, reading, limit=MOST):
        yield from _of_order(unit, order)


def _returns_to_come(unit: Unit, reading: Reading) -> Iterable[Match]:
    for return_id in mark_store.returns_to_come(unit, reading, limit=MOST):
        found = return_store.get(unit, return_id)
        if found is not None:
            yield _told(found)


def _told(found: Return) -> Match:
    goods = "; ".join(f"{group.quantity} × {group.title}" for group in found.groups)
    return Match(Kind.RETURN, found.id, found.id, goods, found.opened_at)


def _order(document: Document) -> Match:
    order = read_order(document)
    goods = "; ".join(f"{line.quantity} × {title_of(line)}" for line in order.lines)
    return Match("order", str(order.id), f"Order {order.number or order.id}", goods, order.placed_at)


def _variant(unit: Unit, variant_id: str) -> Match:
    variant = product_store.variant(unit, variant_id) or {}
    product = product_store.get(unit, str(variant.get("product_id"))) or {}
    title = ", ".join(str(part) for part in (product.get("title"), variant.get("title")) if part)
    return Match("variant", variant_id, title or variant_id, f"SKU {variant.get('sku') or 'unknown'}")


LOOK_UPS: Mapping[Kind, Callable[[Unit, Reading], Iterable[Match]]] = {
    Kind.RETURN: _return,
    Kind.GIFT_RECEIPT: _gift_receipt,
    Kind.EMAIL: _of_person,
    Kind.GTIN: _of_goods,
    Kind.NUMBER: _gift_or_order,
    Kind.SERIAL: _of_serial,
    Kind.SKU: _of_goods,
}
"""Where each thing that a text can be is looked for."""
