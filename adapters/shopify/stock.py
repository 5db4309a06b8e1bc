"""Variants, and what of them can be taken."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from adapters.channel import ReplacementLine, RestockedLine, Variant
from adapters.errors import ChannelRefused
from adapters.shopify.client import ShopClient
from adapters.shopify.fields import Body, decimal, gid, is_id, part, parts, required, tail, text

NEVER_OUT = "CONTINUE"
ONLY = "Title"


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
