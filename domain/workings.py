"""What a quote follows from: the books, the verdicts, what the goods are worth, the caps."""

from collections.abc import Sequence

from msgspec import Struct

from domain.books import Books
from domain.caps import Capped
from domain.case import Case
from domain.eligibility import Judged
from domain.fees import Fee
from domain.rules import Decided, Ruling


class Worth(Struct, frozen=True):
    """What the accepted items come to, before caps and bonus; minor units, taxes included."""

    goods: int
    shipping: int
    duties: int
    charges: int
    exchange: int
    fees: tuple[Fee, ...]

    @property
    def net(self) -> int:
        """What the shopper gets; where it is negative, what the shopper owes."""
        back = self.goods + self.shipping + self.duties + self.charges
        return back - self.exchange - sum(fee.amount for fee in self.fees)


class Workings(Struct, frozen=True):
    """Everything between a case and its quote; `bonus` is what store credit earns on top, in minor units.

    `judged` and `rulings` are in the order of the case's items, `accepted` are those of them that are not refused.
    """

    case: Case
    books: Books
    judged: tuple[Judged, ...]
    accepted: tuple[Judged, ...]
    worth: Worth
    capped: Capped
    bonus: int
    rulings: Sequence[Ruling]
    trace: tuple[Decided, ...]
