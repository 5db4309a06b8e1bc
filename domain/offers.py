"""What is offered instead of goods that come back, by the reason: what most likely mends it, three at most."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial

from msgspec import Struct, field

from domain.sizes import Place, place_of, size_option

MOST = 3
SIMILAR_PERCENT = 25
"""How far the price of another product may be from what it stands in for."""


class Goods(Struct, frozen=True):
    """A variant as it may be offered: `price` in minor units, `available` None where stock is not kept."""

    variant_id: str
    product_id: str
    price: int
    available: int | None = None
    options: Mapping[str, str] = field(default_factory=dict)

    @property
    def size(self) -> Place | None:
        """Where its size stands, None where it has none."""
        name = size_option(self.options)
        return None if name is None else place_of(self.options[name])

    @property
    def look(self) -> Mapping[str, str]:
        """Its options but the size: colour, material, cut."""
        name = size_option(self.options)
        return {option: value for option, value in self.options.items() if option != name}


class Shelf(Struct, frozen=True):
    """What there is: the variants of the same product, and those of other products of its type."""

    same_product: Sequence[Goods]
    other_products: Sequence[Goods] = ()


def offers(bought: Goods, shelf: Shelf, *, reason: str | None, quantity: int = 1) -> tuple[Goods, ...]:
    """What to offer for goods that come back, the likeliest first; nothing where no other goods would mend it."""
    ranked = BY_REASON.get(reason or "", _nothing)(bought, shelf)
    there = {goods.variant_id: goods for goods in ranked if goods.available is None or goods.available >= quantity}
    return tuple(there.values())[:MOST]


def _other_size(bought: Goods, shelf: Shelf, *, direction: int) -> Iterator[Goods]:
    """The next size in the same look, then that size in other looks, then other products."""
    if bought.size is None:
        return
    further = [goods for goods in shelf.same_product if _is_further(goods, bought, direction=direction)]
    nearest = sorted(further, key=lambda goods: abs(_step(goods, bought)))
    same_look = [goods for goods in nearest if goods.look == bought.look]
    yield from same_look[:1]
    yield from (
        goods for goods in nearest if goods.look != bought.look and _step(goods, bought) == _step(nearest[0], bought)
    )
    others = [goods for goods in _alternatives(bought, shelf) if _is_further(goods, bought, direction=direction)]
    least = min((abs(_step(goods, bought)) for goods in others), default=0)
    yield from (goods for goods in others if abs(_step(goods, bought)) == least)


def _other_look(bought: Goods, shelf: Shelf) -> Iterator[Goods]:
    """The same size in other looks, then other products in that size."""
    yield from (goods for goods in shelf.same_product if goods.size == bought.size and goods.look != bought.look)
    yield from (goods for goods in _alternatives(bought, shelf) if goods.size == bought.size)


def _the_same(bought: Goods, shelf: Shelf) -> Iterator[Goods]:
    """The same thing again, in order this time."""
    return (goods for goods in shelf.same_product if goods.variant_id == bought.variant_id)


def _nothing(_bought: Goods, _shelf: Shelf) -> Iterable[Goods]:
    return ()


def _alternatives(bought: Goods, shelf: Shelf) -> list[Goods]:
    """Other products at a similar price, the nearest price first, one variant of each look."""
    similar = [
        goods for goods in shelf.other_products if _distance(goods, bought) * 100 <= SIMILAR_PERCENT * bought.price
    ]
    return sorted(similar, key=lambda goods: _distance(goods, bought))


def _distance(goods: Goods, bought: Goods) -> int:
    return abs(goods.price - bought.price)


def _is_further(goods: Goods, bought: Goods, *, direction: int) -> bool:
    return goods.size is not None and _step(goods, bought) * direction > 0


def _step(goods: Goods, bought: Goods) -> float:
    """How much larger its size is, 0 where the two cannot be compared."""
    if goods.size is None or bought.size is None or goods.size[0] != bought.size[0]:
        return 0
    return goods.size[1] - bought.size[1]


Ranker = Callable[[Goods, Shelf], Iterable[Goods]]

BY_REASON: Mapping[str, Ranker] = {
    "size_too_small": partial(_other_size, direction=1),
    "size_too_large": partial(_other_size, direction=-1),
    "color": _other_look,
    "style": _other_look,
    "defective": _the_same,
    "damaged": _the_same,
    "wrong_item": _the_same,
    "not_as_described": _other_look,
    "missing_parts": _the_same,
}
"""Who ranks what is offered, by the reason; for any other nothing is offered."""

BEYOND = frozenset(reason for reason, rank in BY_REASON.items() if rank is not _the_same)
"""The reasons for which other products of its type may be offered too."""
