"""What the assistant asks to be done outside, and what may come of it; a result goes to `bot.turn.resume`."""

from collections.abc import Mapping, Sequence

from msgspec import Struct, field

from bot.conversation import Item
from bot.knowledge import Why


class LookUpOrder(Struct, frozen=True):
    """Find the order of a number and check the proof: an e-mail address or a postcode."""

    number: str
    proof: str


class ListOrders(Struct, frozen=True):
    """Let the facts hold the newest orders of the shopper who is signed in."""


class ReadVariants(Struct, frozen=True):
    """Let the facts hold the variants of these lines' products, and what may suit better."""

    line_ids: tuple[str, ...]


class QuoteReturn(Struct, frozen=True):
    """Quote these items of the proved order, and keep the quote."""

    order_id: str
    items: tuple[Item, ...]
    kind: str = "return"


class OpenReturn(Struct, frozen=True):
    """Open the return that the shopper confirmed; the quote that was shown names it, so that it is opened once.

    `kind` is `return` or `withdrawal`; `fallback` is what is given instead of a swap that comes to nothing; `notes` are
    what the shopper wrote of lines, by line.
    """

    order_id: str
    items: tuple[Item, ...]
    method: str
    quote_id: str
    kind: str = "return"
    fallback: str | None = None
    notes: Mapping[str, str] = field(default_factory=dict)


class CancelReturn(Struct, frozen=True):
    """Cancel a return of the proved order."""

    order_id: str
    return_id: str


class HandOver(Struct, frozen=True):
    """Let a person look at the conversation; nothing comes back of it."""

    topic: str


Effect = LookUpOrder | ListOrders | ReadVariants | QuoteReturn | OpenReturn | CancelReturn | HandOver


class OrderProved(Struct, frozen=True):
    """Number and proof are those of this order; the facts hold it from now on."""

    order_id: str


class OrderNotProved(Struct, frozen=True):
    """There is no such order, or the proof is another's: nobody is told which."""


class TooManyTries(Struct, frozen=True):
    """The shopper must wait before the next look-up."""


class ShopIsSlow(Struct, frozen=True):
    """The shop's system did not answer, so the order could not be looked up."""


class OrdersListed(Struct, frozen=True):
    """The facts hold the shopper's orders now; none where the shop could not say."""


class VariantsRead(Struct, frozen=True):
    """The facts hold the variants now."""


class Quoted(Struct, frozen=True):
    """What was asked for was quoted; `quote` is in the contract's form, `proof` how its figures were worked out."""

    quote_id: str
    quote: Mapping[str, object]
    proof: Sequence[Mapping[str, str]] = ()


class NotQuoted(Struct, frozen=True):
    """What was asked for cannot be quoted: something of it is not there any more."""


class Opened(Struct, frozen=True):
    """The return was opened; `link` leads to its status page."""

    return_id: str
    method: str
    status: str
    link: str


class Cancelled(Struct, frozen=True):
    """The return was cancelled."""

    return_id: str


class NotCancelled(Struct, frozen=True):
    """The return cannot be cancelled any more."""


class QuoteMoved(Struct, frozen=True):
    """The money is not what was shown any more, so nothing was opened."""


class Refused(Struct, frozen=True):
    """Nothing of it may come back any more."""

    reasons: tuple[Why, ...]


Result = (
    OrderProved
    | OrderNotProved
    | TooManyTries
    | ShopIsSlow
    | OrdersListed
    | VariantsRead
    | Quoted
    | NotQuoted
    | Opened
    | Cancelled
    | NotCancelled
    | QuoteMoved
    | Refused
)
