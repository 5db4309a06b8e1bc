"""What the assistant asks to be done outside, and what may come of it; a result goes to `bot.turn.resume`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.conversation import Item
from bot.knowledge import Why


@dataclass(frozen=True, slots=True)
class LookUpOrder:
    """Find the order of a number and check the proof: an e-mail address or a postcode."""

    number: str
    proof: str


@dataclass(frozen=True, slots=True)
class ListOrders:
    """Let the facts hold the newest orders of the shopper who is signed in."""


@dataclass(frozen=True, slots=True)
class ReadVariants:
    """Let the facts hold the variants of these lines' products, and what may suit better."""

    line_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QuoteReturn:
    """Quote these items of the proved order, and keep the quote."""

    order_id: str
    items: tuple[Item, ...]
    kind: str = "return"


@dataclass(frozen=True, slots=True)
class OpenReturn:
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


@dataclass(frozen=True, slots=True)
class CancelReturn:
    """Cancel a return of the proved order."""

    order_id: str
    return_id: str


@dataclass(frozen=True, slots=True)
class HandOver:
    """Let a person look at the conversation; nothing comes back of it."""

    topic: str


Effect = LookUpOrder | ListOrders | ReadVariants | QuoteReturn | OpenReturn | CancelReturn | HandOver


@dataclass(frozen=True, slots=True)
class OrderProved:
    """Number and proof are those of this order; the facts hold it from now on."""

    order_id: str


@dataclass(frozen=True, slots=True)
class OrderNotProved:
    """There is no such order, or the proof is another's: nobody is told which."""


@dataclass(frozen=True, slots=True)
class TooManyTries:
    """The shopper must wait before the next look-up."""


@dataclass(frozen=True, slots=True)
class ShopIsSlow:
    """The shop's system did not answer, so the order could not be looked up."""


@dataclass(frozen=True, slots=True)
class OrdersListed:
    """The facts hold the shopper's orders now; none where the shop could not say."""


@dataclass(frozen=True, slots=True)
class VariantsRead:
    """The facts hold the variants now."""


@dataclass(frozen=True, slots=True)
class Quoted:
    """What was asked for was quoted; `quote` is in the contract's form, `proof` how its figures were worked out."""

    quote_id: str
    quote: Mapping[str, object]
    proof: Sequence[Mapping[str, str]] = ()


@dataclass(frozen=True, slots=True)
class NotQuoted:
    """What was asked for cannot be quoted: something of it is not there any more."""


@dataclass(frozen=True, slots=True)
class Opened:
    """The return was opened; `link` leads to its status page."""

    return_id: str
    method: str
    status: str
    link: str


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The return was cancelled."""

    return_id: str


@dataclass(frozen=True, slots=True)
class NotCancelled:
    """The return cannot be cancelled any more."""


@dataclass(frozen=True, slots=True)
class QuoteMoved:
    """The money is not what was shown any more, so nothing was opened."""


@dataclass(frozen=True, slots=True)
class Refused:
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
