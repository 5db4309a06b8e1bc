"""How goods get back on the shelf: by disposition, never by a number.

Shopify takes the goods of one reverse fulfilment order at a time [C], so each of them is an act of its own: what was
put on the shelf from one stays there, whatever becomes of the next.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC

from msgspec import Struct

from adapters.channel import Receipt, Restock
from adapters.sendings import Sending
from adapters.shopify import compose, looking
from adapters.shopify.compose import Units
from adapters.shopify.fields import gid, part, tail
from adapters.shopify.goods import Goods, Opening
from adapters.shopify.natives import ExpectedLine, NativeReturn
from adapters.shopify.once import Act
from adapters.shopify.stock import known_lines, wanted_of

RESTOCKED = "RESTOCKED"
UNITS = "units"

Taken = list[tuple[NativeReturn, ExpectedLine, int]]


class Shelf(Struct, frozen=True):
    """Where the goods of one restock go."""

    goods: Goods
    restock: Restock
    location_id: str

    def fill(self) -> None:
        """Put on the shelf what is not there yet; those of no product are left out.

        Raises ChannelRefused when Shopify waits for fewer units and there are none to be had besides.
        """
        left = Counter(wanted_of(known_lines(self.goods.client, self.restock.lines)))
        natives = self.goods.of_return(self.restock.order_id, self.restock.return_id)
        begun = [one for one in _goods_of(natives) if self.goods.ledger.sendings.get(self._key(one))]
        for goods_id in begun:
            left.subtract(self._put(goods_id, _taken(natives, left, of=(goods_id,))))
        fresh = [one for one in _goods_of(natives) if one not in begun]
        for goods_id, taken in _by_goods(self._expected(natives, +left, of=fresh)).items():
            self._put(goods_id, taken)

    def _key(self, goods_id: str) -> str:
        return f"{self.restock.key}/{goods_id}"

    def _expected(self, natives: Sequence[NativeReturn], wanted: Counter[str], *, of: Sequence[str]) -> Taken:
        """The units that go on the shelf; those that Shopify does not wait for yet get a native return."""
        taken = _taken(natives, wanted, of=of)
        missing = +(wanted - _variants(taken))
        if not missing:
            return taken
        order_id, return_id = self.restock.order_id, self.restock.return_id
        made = self.goods.open(Opening(self.restock.key, order_id, return_id, self._units_of(missing)))
        return taken + _taken([made], missing, of=_goods_of([made]))

    def _put(self, goods_id: str, taken: Taken) -> Mapping[str, int]:
        """How many of each variant went on the shelf from one order of goods, now or before."""
        act = Act(
            key=self._key(goods_id),
            kind="restock",
            order_id=self.restock.order_id,
            look=lambda: None,
            guess=lambda one: self._shown(goods_id, one),
            prepare=lambda: lambda: self._sent(goods_id, taken),
        )
        told = self.goods.ledger.do(act).details[UNITS]
        return told if isinstance(told, Mapping) else {}

    def _sent(self, goods_id: str, taken: Taken) -> Receipt:
        lines = [(line, quantity) for _, line, quantity in taken]
        if lines:
            self.goods.client.change("dispose", compose.disposed(lines, location_id=self.location_id))
        return self._receipt(goods_id, _variants(taken))

    def _shown(self, goods_id: str, sending: Sending) -> Receipt | None:
        """What an act did, where Shopify shows units of these goods on the shelf since then."""
        since = sending.first_at.astimezone(UTC) - looking.CLOCKS_APART
        shown = Counter[str]()
        for native in self.goods.of_return(self.restock.order_id, self.restock.return_id):
            for line in native.expected:
                done = [one for one in line.dispositions if one.type == RESTOCKED and one.at >= since]
                if line.goods_id == goods_id:
                    shown[_variant_in(native, line)] += sum(one.quantity for one in done)
        shown &= Counter(wanted_of(self.restock.lines))
        return self._receipt(goods_id, shown) if shown else None

    def _receipt(self, goods_id: str, units: Mapping[str, int]) -> Receipt:
        at = self.goods.ledger.clock()
        return Receipt(self._key(goods_id), "restock", goods_id, at=at, details={UNITS: dict(units)})

    def _units_of(self, wanted: Counter[str]) -> tuple[Units, ...]:
        """Units of the order's lines, by the variants that they are of."""
        order, left, units = {"id": gid("Order", self.restock.order_id)}, Counter(wanted), []
        for line in self.goods.client.pages("order_lines", order, of=("order", "lineItems")):
            variant = part(line, "variant")
            name = tail(variant) if variant else ""
            sold = line.get("quantity")
            share = min(left[name], sold if isinstance(sold, int) else 0)
            if share:
                units.append(Units(tail(line), share))
                left[name] -= share
        return tuple(units)


def _goods_of(natives: Iterable[NativeReturn]) -> list[str]:
    """The orders of goods that belong to native returns."""
    return list(dict.fromkeys(line.goods_id for native in natives for line in native.expected))


def _taken(natives: Iterable[NativeReturn], wanted: Mapping[str, int], *, of: Sequence[str]) -> Taken:
    """The wanted units, as far as these orders of goods wait for them."""
    left, taken = Counter(wanted), []
    for native in natives:
        for line in () if native.is_off else native.expected:
            share = min(line.left, left[_variant_in(native, line)]) if line.goods_id in of else 0
            if share > 0:
                taken.append((native, line, share))
                left[_variant_in(native, line)] -= share
    return taken


def _variants(taken: Taken) -> Counter[str]:
    found = Counter[str]()
    for native, line, quantity in taken:
        found[_variant_in(native, line)] += quantity
    return found


def _by_goods(taken: Taken) -> dict[str, Taken]:
    found: dict[str, Taken] = {}
    for one in taken:
        found.setdefault(one[1].goods_id, []).append(one)
    return found


def _variant_in(native: NativeReturn, expected: ExpectedLine) -> str:
    return next((line.variant_id or "" for line in native.lines if line.fulfilled_id == expected.fulfilled_id), "")
