"""What is left for the shopper, as money and as store credit, after fees and exchanges."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from msgspec import Struct

from domain.case import Case
from domain.deliveries import duties_of
from domain.eligibility import Judged
from domain.fees import Fee


class Pot(Struct, frozen=True):
    """What the shopper gets: `money` to payments, and store `credit`."""

    money: int
    credit: int

    @property
    def total(self) -> int:
        """Money and credit together."""
        return self.money + self.credit

    def less(self, amount: int) -> "Pot":
        """The pot after an amount came off: money first, then credit, never below nothing."""
        from_money = min(self.money, amount)
        return Pot(self.money - from_money, max(0, self.credit - (amount - from_money)))

    def at_most(self, most: int) -> "Pot":
        """The pot after what is above `most` came off."""
        over = self.total - most
        return self.less(over) if over > 0 else self


class Portions(Struct, frozen=True):
    """What a request comes to: `of_items` is what each accepted item leaves after its own fees, maybe below nothing.

    Beside the items: `along` comes back with them (delivery, charges, a promotion given back), `flat` are the fees of
    the whole request, `exchange` is the value of what the shopper takes instead.
    """

    of_items: tuple[int, ...]
    along: int
    flat: int
    exchange: int


def own_fees(fees: Sequence[Fee]) -> Mapping[int, int]:
    """The sum of the accepted items' own fees, by their place; 0 where an item has none."""
    own: dict[int, int] = defaultdict(int)
    for fee in fees:
        if fee.place is not None:
            own[fee.place] += fee.amount
    return own


def portions(case: Case, accepted: Sequence[Judged], *, fees: Sequence[Fee], back: int, exchange: int) -> Portions:
    """The request in portions; `back` is the delivery and the charges that come back."""
    own = own_fees(fees)
    flat = sum(fee.amount for fee in fees if fee.place is None and fee.amount > 0)
    given = -sum(fee.amount for fee in fees if fee.amount < 0)
    leaves = (judged.goods.value + duties_of(case, judged) - own[place] for place, judged in enumerate(accepted))
    return Portions(tuple(leaves), along=back + given, flat=flat, exchange=exchange)


class Gathered(Struct, frozen=True):
    """What a request comes to before it is shared out.

    `refunds` and `credits` are what items leave, each at least nothing. `difference` is what exchanged goods leave
    less what is taken instead. What comes along is in `money_along` or `credit_along`. `burden` are flat fees and fees
    above an item's own goods.
    """

    refunds: int
    credits: int
    difference: int
    money_along: int
    credit_along: int
    burden: int

    @property
    def pot(self) -> Pot:
        """Refunds as money, store credit as credit; what an exchange lacks and the burden come off money first."""
        money = self.refunds + max(0, self.difference) + self.money_along
        return Pot(money, self.credits + self.credit_along).less(self.burden + max(0, -self.difference))


def gather(accepted: Sequence[Judged], parts: Portions) -> Gathered:
    """Portions by what the shopper wants for each; what comes along follows the refund, or the credit without one."""
    by_resolution = {"refund": 0, "store_credit": 0, "exchange": -parts.exchange}
    burden = parts.flat
    for judged, leaves in zip(accepted, parts.of_items, strict=True):
        borne = leaves if judged.exchanged else max(0, leaves)
        by_resolution[judged.item.resolution] += borne
        burden += borne - leaves
    as_credit = _resolves(accepted, "store_credit") and not _resolves(accepted, "refund")
    money_along, credit_along = (0, parts.along) if as_credit else (parts.along, 0)
    refunds, credited, difference = by_resolution.values()
    return Gathered(refunds, credited, difference, money_along=money_along, credit_along=credit_along, burden=burden)


def _resolves(accepted: Sequence[Judged], resolution: str) -> bool:
    return any(judged.item.resolution == resolution for judged in accepted)
