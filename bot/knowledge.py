"""What a turn may know of the world: the shop, and the proved order with what may come back of it."""

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct, field

from domain.progress import Stage
from domain.refusals import REFUSED


class Why(Struct, frozen=True):
    """Why something cannot come back: an English sentence and what is put into it; `last` is a day."""

    sentence: str
    values: Mapping[str, str] = field(default_factory=dict)


def why_of(reason: Mapping[str, Any]) -> Why:
    """A reason of a quote; one whose values were not kept is its sentence as it was."""
    values = reason.get("values")
    return Why(reason["text"]) if values is None else Why(REFUSED.get(reason["code"], reason["text"]), values)


class LineFact(Struct, frozen=True):
    """An order line: `returnable` units may come back, else `why` says why none may; `price` is for one unit."""

    line_id: str
    title: str
    returnable: int
    price: str
    image: str | None = None
    why: tuple[Why, ...] = ()


class VariantFact(Struct, frozen=True):
    """A variant of a line's product, or what was bought itself; `available` is None where stock is not kept."""

    variant_id: str
    title: str
    available: int | None
    is_same: bool = False


class OfferFact(Struct, frozen=True):
    """What may suit better than what comes back: decimal amounts, `back` given back besides, `more` to be paid."""

    variant_id: str
    title: str
    image: str | None = None
    back: str | None = None
    more: str | None = None


class ReturnFact(Struct, frozen=True):
    """A return of the proved order, with its status and next step in English words and the link to its page.

    `cancellable` while nothing was sent or given; `to_send` while a parcel of it is still with the shopper; `label` is
    where the label for that parcel can be loaded, "" where there is none.
    """

    return_id: str
    status: str
    next_step: str
    link: str
    cancellable: bool = False
    to_send: bool = False
    label: str = ""


class OrderFact(Struct, frozen=True):
    """An order of the shopper who is signed in: its number, the date it was placed (ISO 8601), what it begins with."""

    number: str
    day: str
    titles: tuple[str, ...] = ()


class CreditFact(Struct, frozen=True):
    """Store credit that a return of the proved order gave: decimal amounts, `left` where the shop keeps it."""

    return_id: str
    amount: str
    left: str | None = None


class PolicyFact(Struct, frozen=True):
    """What the shop's policy says: days and since when, resolutions, ways back, the store-credit bonus in percent.

    Percents are plain decimals, which `Facts.percent` writes out;
    `evidence` is what any rule asks for (`photo`, `note`); `return_fee` is a decimal amount, None where there is none;
    `label` says who pays for the parcel back: `merchant`, `shopper`, `none`, `varies` by item, or "" where the policy
    does not say; `pay_days` is how long a balance may stay unpaid.
    """

    days: int
    resolutions: tuple[str, ...]
    methods: tuple[str, ...]
    settle_on: str
    bonus_percent: str = "0"
    starts: str = "delivered"
    restocking_percent: str = "0"
    return_fee: str | None = None
    waives_faults: bool = True
    has_final_sale: bool = False
    label: str = ""
    pay_days: int = 7
    evidence: tuple[str, ...] = ()


class Facts(Struct, frozen=True):
    """Everything that is known at this turn; order facts are there only once the order is proved.

    `money` writes a decimal amount in the order's currency, `day` a date, `percent` a plain decimal with its sign,
    each as the shopper's language does;
    `stage` is how far the order is, `stage_day` since which date (ISO 8601);
    `variants` has an entry for every line that was picked, `offers` for each whose resolution is asked next;
    `evidence` says of lines what a rule asks for, as far as their reason is known and not all of it is there;
    `fallbacks` is what may be given instead of the swaps that are wanted, if they come to nothing;
    `contact` is how the shop is reached and `return_address` where parcels go, both "" where the shop does not say;
    `seen_days` is how far back orders can be found, None for all of them;
    `knows_customer` says that the shopper is signed in to the shop, so that their own orders need no proof;
    `own_orders` are the newest of those, None as long as nobody asked for them.
    """

    shop_name: str
    policy: PolicyFact
    money: Callable[[str], str]
    day: Callable[[str], str] = str
    percent: Callable[[str], str] = "{}%".format
    order_number: str | None = None
    stage: Stage = "not_shipped"
    stage_day: str | None = None
    lines: tuple[LineFact, ...] = ()
    variants: Mapping[str, tuple[VariantFact, ...]] = field(default_factory=dict)
    offers: Mapping[str, tuple[OfferFact, ...]] = field(default_factory=dict)
    evidence: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    fallbacks: tuple[str, ...] = ()
    returns: tuple[ReturnFact, ...] = ()
    credits: tuple[CreditFact, ...] = ()
    contact: str = ""
    return_address: str = ""
    seen_days: int | None = None
    knows_customer: bool = False
    own_orders: tuple[OrderFact, ...] | None = None

    def line(self, line_id: str | None) -> LineFact | None:
        """The line of this id."""
        return next((line for line in self.lines if line.line_id == line_id), None)
