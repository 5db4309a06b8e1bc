"""Variants, what of them can be taken, and how goods get back on the shelf: by disposition, never by a number."""

from collections.abc import Iterable, Sequence
from datetime import UTC
from decimal import Decimal

from adapters.channel import Receipt, ReplacementLine, Restock, RestockedLine, Variant
from adapters.errors import ChannelRefused
from adapters.sendings import Sending
from adapters.shopify import looking
from adapters.shopify.client import ShopClient
from adapters.shopify.compose import Units
from adapters.shopify.fields import Body, decimal, gid, is_id, part, parts, required, tail, text
from adapters.shopify.goods import Goods, Opening
from adapters.shopify.natives import ExpectedLine, NativeReturn

NEVER_OUT = "CONTINUE"
ONLY = "Title"
RESTOCKED = "RESTOCKED"


def available(variant: Body) -> int | None:
    """How many can be taken; None where the shop does not count, or sells what it does not have."""
    if part(variant, "inventoryItem").get("tracked") is not True or text(variant, "inventoryPolicy") == NEVER_OUT:
        return None
    quantity = variant.get("sellableOnlineQuantity")
    return max(0, quantity) if isinstance(quantity, int) else 0


def variants_of(client: ShopClient, product_id: str) -> tuple[Variant, ...]:
    """The variants of a product; none of a product that is gone."""
    found = client.pages("product_variants", {"id": gid("Product", product_id)}, of=("product", "variants"))
    return tuple(_variant(one, product_id) for one in found)


def wanted_of(lines: Iterable[ReplacementLine | RestockedLine]) -> dict[str, int]:
    """How many of each variant."""
    wanted: dict[str, int] = {}
    for line in lines:
        wanted[line.variant_id] = wanted.get(line.variant_id, 0) + line.quantity
    return wanted


def prices_of(client: ShopClient, lines: Sequence[ReplacementLine]) -> dict[str, Decimal]:
    """The price of each variant that goes out; raises ChannelRefused unless all of them are there."""
    prices = {}
    for variant_id, quantity in wanted_of(lines).items():
        variant = _shown(client, variant_id)
        if not variant:
            raise ChannelRefused("The replacement is gone from the shop's catalogue.")
        there = available(variant)
        if there is not None and there < quantity:
            raise ChannelRefused("The replacement is out of stock.")
        prices[variant_id] = decimal(variant, "price")
    return prices


def known_lines(client: ShopClient, lines: Sequence[RestockedLine]) -> tuple[RestockedLine, ...]:
    """The lines whose variant is still in the catalogue."""
    return tuple(line for line in lines if _shown(client, line.variant_id))


def expected_for(
    client: ShopClient, goods: Goods, restock: Restock, lines: Sequence[RestockedLine]
) -> list[list[tuple[ExpectedLine, int]]]:
    """The expected units that go on the shelf, one list for each order of goods, since Shopify takes one at a time [C].

    Goods that Shopify does not wait for yet get a native return; raises ChannelRefused when there is none to be had.
    """
    taken = _taken(goods.of_return(restock.order_id, restock.return_id), wanted_of(lines))
    missing = wanted_of(lines)
    for native, line, quantity in taken:
        missing[_variant_in(native, line)] -= quantity
    if any(missing.values()):
        units = _units_of(client, restock.order_id, {name: count for name, count in missing.items() if count})
        made = goods.open(Opening(restock.key, restock.order_id, restock.return_id, units))
        taken += _taken([made], missing)
    by_goods: dict[str, list[tuple[ExpectedLine, int]]] = {}
    for _, line, quantity in taken:
        by_goods.setdefault(line.goods_id, []).append((line, quantity))
    return list(by_goods.values())


def restocked_since(client: ShopClient, restock: Restock, sending: Sending) -> Receipt | None:
    """What a restock did, where Shopify shows since then as many units on the shelf as were asked for, of each kind."""
    since = sending.first_at.astimezone(UTC) - looking.CLOCKS_APART
    natives = [one for one in looking.natives_of(client, restock.order_id) if one.return_id == restock.return_id]
    shown: dict[str, int] = {}
    for native in natives:
        for line in native.expected:
            count = sum(one.quantity for one in line.dispositions if one.type == RESTOCKED and one.at >= since)
            name = _variant_in(native, line)
            shown[name] = shown.get(name, 0) + count
    wanted = wanted_of(restock.lines)
    if not all(shown.get(name, 0) >= count for name, count in wanted.items()):
        return None
    return Receipt(restock.key, "restock", restock.key, at=sending.last_at)


def _taken(natives: Iterable[NativeReturn], wanted: dict[str, int]) -> list[tuple[NativeReturn, ExpectedLine, int]]:
    left, taken = dict(wanted), []
    for native in natives:
        for line in native.expected:
            share = min(line.left, left.get(_variant_in(native, line), 0))
            if share:
                taken.append((native, line, share))
                left[_variant_in(native, line)] -= share
    return taken


def _variant_in(native: NativeReturn, expected: ExpectedLine) -> str:
    return next((line.variant_id or "" for line in native.lines if line.fulfilled_id == expected.fulfilled_id), "")


def _units_of(client: ShopClient, order_id: str, wanted: dict[str, int]) -> tuple[Units, ...]:
    """Units of an order's lines, by the variants that they are of."""
    order = {"id": gid("Order", order_id)}
    left, units = dict(wanted), []
    for line in client.pages("order_lines", order, of=("order", "lineItems")):
        variant = part(line, "variant")
        name = tail(variant) if variant else ""
        sold = line.get("quantity")
        share = min(left.get(name, 0), sold if isinstance(sold, int) else 0)
        if share:
            units.append(Units(tail(line), share))
            left[name] -= share
    return tuple(units)


def _shown(client: ShopClient, variant_id: str) -> Body:
    if not is_id(variant_id):
        return {}
    return part(client.ask("variant", {"id": gid("ProductVariant", variant_id)}), "productVariant")


def _variant(found: Body, product_id: str) -> Variant:
    chosen = ((text(one, "name"), text(one, "value")) for one in parts(found, "selectedOptions"))
    return Variant(
        id=tail(found),
        product_id=product_id,
        sku=text(found, "sku"),
        title=text(found, "title") or "",
        options={name: value for name, value in chosen if name and value and name != ONLY},
        price=required(found, "price"),
        available=available(found),
    )
