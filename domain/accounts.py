"""One line's account: what its units cost and which of them came back before this request.

The units of a line come back in a row: the first `back` ones are gone, the last `line.cancelled` were never charged.
k units after the first d of Q cost round(L(d+k)/Q) - round(Ld/Q), so that any split gives back exactly L.
"""

from msgspec import Struct

from domain.money import share
from domain.orders import Line


class Goods(Struct, frozen=True):
    """What units give back: `amount` in the order's price terms, `value` with the tax that prices leave out."""

    amount: int
    tax: int
    duties: int
    value: int


NOTHING = Goods(0, 0, 0, 0)


class Account(Struct, frozen=True):
    """What a line cost for all its units (`worth`, each of `taxes`), and what of it came back.

    `posted` units are in its parcels. `returned` units came back by earlier returns of ours, `exchanged` of them for
    other goods; `refunded` units were refunded by the platform without a return of ours. `given` is the money given
    back for the line, tax included.
    """

    line: Line
    worth: int
    taxes: tuple[int, ...]
    prices_include_tax: bool
    posted: int
    returned: int = 0
    exchanged: int = 0
    refunded: int = 0
    given: int = 0

    @property
    def units(self) -> int:
        """Units that were not removed from the order."""
        return self.line.quantity - self.line.cancelled

    @property
    def back(self) -> int:
        """Units that came back so far, however they did."""
        return min(self.units, self.returned + self.refunded)

    @property
    def left(self) -> int:
        """Units that could still come back, shipped or not."""
        return self.units - self.back

    @property
    def waiting(self) -> int:
        """Units that are still to be shipped.

        Returned ones count as shipped ones first, those refunded by the platform as unshipped ones first.
        """
        unshipped = max(0, self.units - self.posted)
        withdrawn = max(0, self.returned - self.posted)
        return max(0, unshipped - withdrawn - self.refunded)

    @property
    def charged(self) -> int:
        """What the units of the order cost, tax included, duties left out."""
        taxes = () if self.prices_include_tax else self.taxes
        return sum([portion(cost, 0, count=self.units, whole=self.line.quantity) for cost in (self.worth, *taxes)])

    def goods(self, first: int, count: int) -> Goods:
        """What `count` units give back when `first` units are back before them."""
        whole = self.line.quantity
        amount = portion(self.worth, first, count=count, whole=whole)
        tax = sum([portion(levied, first, count=count, whole=whole) for levied in self.taxes])
        duties = portion(self.line.duties, first, count=count, whole=whole)
        return Goods(amount, tax, duties, amount if self.prices_include_tax else amount + tax)


def portion(amount: int, first: int, *, count: int, whole: int) -> int:
    """The part of an amount for `whole` units that falls on `count` units after the `first` ones."""
    if not amount:
        return 0
    before = share(amount, first, whole) if first else 0
    return (amount if first + count == whole else share(amount, first + count, whole)) - before


def taxes_of(line: Line) -> tuple[int, ...]:
    """The taxes on a line; what `tax` says beyond their sum counts as one more."""
    taxes = tuple(tax.amount for tax in line.taxes)
    difference = 0 if line.tax is None else line.tax - sum(taxes)
    return (*taxes, difference) if difference else taxes
