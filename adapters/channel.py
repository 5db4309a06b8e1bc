"""The one protocol of all channels: where a shop's orders live and its money moves."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from msgspec import Struct, field

OrderDocument = Mapping[str, object]
"""An order in the normal form of the quote contract: decimal strings, RFC 3339 times."""


class Capabilities(Struct, frozen=True):
    """What a channel can do.

    `own_keys`: it answers under our key what it did, so nothing is ever sent blindly. `collects`: its exchange orders
    can be paid in part with a balance that the shop took from the shopper. `reserves`: it is a Reserving one.
    `once`: what is sent twice under one key is done once; without it the channel is an Unguarded one, on which what
    nobody can see `unseen_seconds` after it was sent has not arrived.
    `bills`: it is a Billing one. `invoices`: it asks the shopper for such a balance itself, and nobody else may; it is
    an Invoicing one.
    `mirrors`: it is a Mirroring one. `reissues`: it is a Reissuing one. `lists`: it is a Listing one.
    `refunds_credit`: what it gives as store credit stands among the order's refunds.
    """

    collects: bool = False
    reserves: bool = False
    bills: bool = False
    own_keys: bool = False
    once: bool = False
    unseen_seconds: float = 0.0
    invoices: bool = False
    mirrors: bool = False
    reissues: bool = False
    lists: bool = False
    refunds_credit: bool = False


class Variant(Struct, frozen=True):
    """A variant that can be given instead; `price` is a decimal string, `available` None where stock is not kept."""

    id: str
    product_id: str
    sku: str | None
    title: str
    options: Mapping[str, str]
    price: str
    available: int | None


class RefundedLine(Struct, frozen=True):
    """What of a refund falls on an order line; amounts in minor units."""

    line_id: str
    quantity: int
    amount: int
    tax: int


class Payback(Struct, frozen=True):
    """Money to be given back to a payment once: `key` is the leg's, `amount` and `shipping` are in minor units."""

    key: str
    order_id: str
    return_id: str
    payment_id: str
    amount: int
    currency: str
    digits: int
    lines: tuple[RefundedLine, ...] = ()
    shipping: int = 0
    reason: str = ""


class Credit(Struct, frozen=True):
    """Store credit to be given once, to the order's own customer and nobody else; `amount` in minor units.

    `to` is somebody else who brought the goods, where the shop's own tills give it: an e-mail address, or empty for
    who holds the code. `lines` are the goods that it is given for; an `incentive` is given on top, for no goods.
    """

    key: str
    order_id: str
    return_id: str
    amount: int
    currency: str
    digits: int
    lines: tuple[RefundedLine, ...] = ()
    incentive: bool = False
    to: str | None = None


class ReplacementLine(Struct, frozen=True):
    """Units of a variant that the shopper takes for units of an order line.

    `amount` and `tax` are what the replacement costs, in minor units: in an even exchange what those units counted for.
    """

    line_id: str
    variant_id: str
    quantity: int
    amount: int
    tax: int


class Replacement(Struct, frozen=True):
    """An exchange order to be made once.

    `collected` is the part of what its lines cost that the shopper paid besides, in minor units, and `tender` how;
    `bill` is the platform's order by which it was paid, where that was so. `holds` are the keys of reservations that
    its goods are taken from.
    """

    key: str
    order_id: str
    return_id: str
    currency: str
    digits: int
    lines: tuple[ReplacementLine, ...]
    collected: int = 0
    tender: str = ""
    holds: tuple[str, ...] = ()
    bill: str = ""


class RestockedLine(Struct, frozen=True):
    """Units of a variant that are on sale again."""

    variant_id: str
    quantity: int


class Restock(Struct, frozen=True):
    """Stock to be raised once, at a `location` of the platform's own id; empty for where it puts goods by itself."""

    key: str
    order_id: str
    lines: tuple[RestockedLine, ...]
    return_id: str = ""
    location: str = ""


class Reservation(Struct, frozen=True):
    """Units to be kept for an exchange until they are taken or the reservation is released."""

    key: str
    order_id: str
    lines: tuple[RestockedLine, ...]


class Release(Struct, frozen=True):
    """A reservation to be given up once: `hold` is its key."""

    key: str
    order_id: str
    hold: str


class Receipt(Struct, frozen=True):
    """What the channel did under a key: `reference` is its own number or the credit's code, `at` is UTC."""

    key: str
    kind: str
    reference: str
    at: datetime
    details: Mapping[str, object] = field(default_factory=dict)


class Channel(Protocol):
    """A shop's channel. Every call may raise adapters.errors.ChannelSlow; every act is done once for its key."""

    @property
    def capabilities(self) -> Capabilities:
        """What this channel can do."""

    def find_order(self, number: str) -> OrderDocument | None:
        """The order of exactly this number, as shoppers write it."""

    def read_order(self, order_id: str) -> OrderDocument | None:
        """The order of this id."""

    def variants(self, product_id: str) -> tuple[Variant, ...]:
        """All variants of a product with price and stock as of now."""

    def receipt(self, key: str) -> Receipt | None:
        """What was done under this key, if anything was."""

    def refund(self, payback: Payback) -> Receipt:
        """Give money back to a payment; raises ChannelRefused when it holds less."""

    def credit(self, credit: Credit) -> Receipt:
        """Give store credit; the receipt's reference is its code."""

    def replace(self, replacement: Replacement) -> Receipt:
        """Make the exchange order and take its goods from stock; raises ChannelRefused when they are not there."""

    def restock(self, restock: Restock) -> Receipt:
        """Put units back on sale."""


class Reserving(Channel, Protocol):
    """A channel that keeps units for an exchange."""

    def reserve(self, reservation: Reservation) -> Receipt:
        """Keep units; raises ChannelRefused when they are not there."""

    def release(self, release: Release) -> Receipt:
        """Put back what is still kept under a reservation; one that was used or never made puts nothing back."""


class Bill(Struct, frozen=True):
    """What a shopper still has to pay for a dearer replacement; `amount` is in minor units, with its tax."""

    key: str
    order_id: str
    return_id: str
    amount: int
    currency: str
    digits: int


class Billing(Channel, Protocol):
    """A channel on whose storefront a balance can be paid."""

    def bill(self, bill: Bill) -> Receipt:
        """Ask for the money; the receipt's details have the `order` to be paid and the `address` where."""

    def is_paid(self, key: str) -> bool:
        """Whether what was billed under a key has been paid, read afresh."""

    def withdraw(self, key: str) -> bool:
        """Let it be paid no more; False when it was paid before that."""


class CallOff(Struct, frozen=True):
    """An exchange to be undone, as its balance was not paid: `key` is that of the balance, `lines` were to go out."""

    key: str
    order_id: str
    return_id: str
    lines: tuple[RestockedLine, ...]


class Invoicing(Channel, Protocol):
    """A channel that asks the shopper for balances itself, and keeps the goods back until they are paid."""

    def call_off(self, asked: CallOff) -> bool:
        """Undo an exchange that was not paid; False when it was paid before that. The same again changes nothing.

        Raises ChannelRefused when its goods are gone.
        """


class Reissuing(Channel, Protocol):
    """A channel whose store credit is used up at once, so that what is left must be given anew."""

    def reissue(self, order_id: str) -> tuple[Receipt, ...]:
        """Give anew what is left of store credit of ours that was used in an order; once for each use."""


class RecentOrder(Struct, frozen=True):
    """An order as its customer knows it again: its number, when it was placed (UTC), what it begins with."""

    number: str
    placed_at: datetime
    titles: tuple[str, ...]


class Listing(Channel, Protocol):
    """A channel whose customers sign in at the platform, which says what they bought."""

    def orders_of(self, customer_id: str, *, limit: int) -> tuple[RecentOrder, ...]:
        """The newest orders of exactly this customer that were not cancelled."""


class Unguarded(Channel, Protocol):
    """A channel whose platform does twice what it is sent twice."""

    def shown(self, key: str) -> Receipt | None:
        """What the platform itself shows under this key, read afresh; raises DoneTwice when it shows two."""


class StandingLine(Struct, frozen=True):
    """Units of an order line in a return, and why they come back; `variant_id` is what they are exchanged for.

    `amount` is what the replacement costs with its tax, in minor units; `fee_percent` what a fee keeps of their price.
    """

    line_id: str
    quantity: int
    reason: str | None = None
    variant_id: str | None = None
    amount: int = 0
    fee_percent: float = 0.0


class Standing(Struct, frozen=True):
    """A return of ours as it stands: `status` is requested, open, done, declined or withdrawn.

    `tracking` is the number of the parcel that comes back, `why` what the shopper is told of a decline;
    `shipping_fee` is in minor units. `label` is where the shop's own label for the parcel lies (https), and
    `labelled_at` (UTC) since when.
    """

    key: str
    order_id: str
    return_id: str
    status: str
    currency: str
    digits: int
    lines: tuple[StandingLine, ...]
    tracking: str | None = None
    why: str = ""
    shipping_fee: int = 0
    label: str | None = None
    labelled_at: datetime | None = None


class ParcelLabel(Struct, frozen=True):
    """A label that a platform keeps for the parcel of a return of ours: where it can be loaded, since when (UTC)."""

    return_id: str
    address: str
    at: datetime


class OthersLine(Struct, frozen=True):
    """Units of an order line in a return that is not ours: `reason` is one of ours, `note` what else was said."""

    line_id: str
    quantity: int
    reason: str | None
    note: str = ""


class OthersReturn(Struct, frozen=True):
    """A return that somebody else opened on the platform: `name` there, `status` requested or open."""

    name: str
    status: str
    lines: tuple[OthersLine, ...]


class Mirroring(Channel, Protocol):
    """A channel that has returns of its own, in which the shop's people see ours."""

    def mirror(self, standing: Standing) -> None:
        """Bring the platform's return to where ours stands; the same again changes nothing. Moves no money."""

    def labels(self, order_id: str) -> tuple[ParcelLabel, ...]:
        """The labels that the platform keeps for parcels of ours that are still to come back, one a return."""

    def others(self, order_id: str) -> tuple[OthersReturn, ...]:
        """The unfinished returns of an order that others opened on the platform, with their reasons in our words."""
