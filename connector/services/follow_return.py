"""Where a return stands: for its shopper, for staff, and for the merchant."""

import hashlib
import hmac
from datetime import datetime

from msgspec import Struct

from connector.application import Application
from connector.services.collect_balance import Balance, balance_of
from connector.services.errors import NotFound
from connector.services.expire_return import send_by
from connector.services.leg_progress import return_of
from connector.services.quote_return import Document, order_document, order_of
from connector.storage import (
    figures_store,
    policy_store,
    quote_store,
    return_store,
    settlement_store,
)
from connector.storage.database import Unit
from connector.storage.figures_store import Figures
from connector.storage.shop_store import Shop
from domain.gifts import without_giver
from domain.labels import Label, is_to_send, label_to_use
from domain.lifecycle import possible
from domain.orders import digits_of
from domain.returns import Return
from domain.settlement import Leg, LegKind, LegState

LATEST = 20
MOST_SCANNED = 200
EXPECTED = frozenset({"awaiting", "in_transit", "requested"})
KEY_LENGTH = 32
PARCELS = frozenset({"mail", "drop_off"})
"""The ways back by which a parcel goes."""

NEXT_STEPS = {
    "requested": "The shop looks at the request and decides.",
    "awaiting": "The goods are on their way back, or waiting to be handed in.",
    "in_transit": "The parcel is on its way to the shop.",
    "received": "The goods are here. The shop checks them.",
    "incomplete": "Something has not arrived as expected. The shop is looking into it.",
    "to_pay": "The replacement costs more. The shop hands it over as soon as the rest is paid.",
    "settling": "The goods are checked. The money is on its way.",
    "needs_a_person": "A person at the shop is looking into the payment.",
    "done": "Everything is settled.",
    "declined": "The shop declined this return.",
    "cancelled": "This return was cancelled.",
    "expired": "Nothing was sent back in time, so this return has ended.",
}
"""What happens next at each status, in words for everybody."""


STATUS_WORDS = {
    "requested": "Waiting for a decision",
    "awaiting": "Waiting for the goods",
    "in_transit": "On its way back",
    "received": "Received",
    "incomplete": "Partly settled",
    "to_pay": "Waiting for a payment",
    "settling": "Being paid",
    "needs_a_person": "Being looked into",
    "done": "Done",
    "declined": "Declined",
    "cancelled": "Cancelled",
    "expired": "Ended",
}
"""Each status in words for everybody."""


class ReturnView(Struct, frozen=True):
    """All that a page shows of a return: the order and quote in the contract's form, the legs of its settlement.

    `possible` are the acts on the whole return (domain.lifecycle.STEPS), `send_by` (UTC) is when it ends unsent.
    `balance` is what the shopper still has to pay. `credits` are the codes for who brought goods that another bought.
    """

    found: Return
    order: Document
    quote: Document
    legs: tuple[Leg, ...]
    settle_on: str
    next_step: str
    possible: tuple[str, ...]
    send_by: datetime | None
    balance: Balance | None
    credits: tuple[str, ...] = ()

    @property
    def label(self) -> Label | None:
        """The label for a parcel that is still to be sent."""
        return label_to_use(self.found)

    @property
    def is_to_send(self) -> bool:
        """Whether a parcel of it is still to be sent, which a label may be given for."""
        return self.found.method in PARCELS and is_to_send(self.found)

    @property
    def digits(self) -> int:
        """The decimals of its amounts."""
        return digits_of(self.order)


class Standing(Struct, frozen=True):
    """A return with the legs of its settlement and the decimals of its amounts."""

    found: Return
    legs: tuple[Leg, ...]
    digits: int


class Course(Struct, frozen=True):
    """A return with when its money is given, which its stages are told by."""

    found: Return
    settle_on: str


class Overview(Struct, frozen=True):
    """What the merchant sees first: figures, what waits for a person, the latest returns."""

    figures: Figures
    undecided: tuple[Return, ...]
    by_hand: tuple[Leg, ...]
    latest: tuple[Return, ...]


def view(app: Application, shop: Shop, *, return_id: str) -> ReturnView:
    """A return with all that belongs to it; raises NotFound."""
    with app.database.read(shop) as unit:
        return view_in(unit, return_id)


def standing(app: Application, shop: Shop, *, return_id: str) -> Standing:
    """A return with its legs, which is much less to read; raises NotFound."""
    with app.database.read(shop) as unit:
        return standing_of(unit, return_of(unit, return_id))


def course(app: Application, shop: Shop, *, return_id: str) -> Course:
    """A return with when its money is given; raises NotFound."""
    with app.database.read(shop) as unit:
        found = return_of(unit, return_id)
        return Course(found, settle_on=_settle_on(unit, found))


def standing_of(unit: Unit, found: Return) -> Standing:
    """A return that was just read or saved, with its legs; raises NotFound without its order."""
    legs = settlement_store.legs_of(unit, found.id)
    return Standing(found, legs=legs, digits=digits_of(order_document(unit, found.order_id)))


def status_key(app: Application, shop: Shop, *, return_id: str) -> str:
    """The key of a return's status page: who has the link may read it, nobody can guess it."""
    text = f"status:{shop.id}:{return_id}".encode()
    return hmac.new(app.settings.secrets.signing_key, text, hashlib.sha256).hexdigest()[:KEY_LENGTH]


def status_link(app: Application, shop: Shop, *, return_id: str) -> str:
    """The address of a return's status page."""
    return f"{app.settings.public_url}{status_path(app, shop, return_id=return_id)}"


def status_path(app: Application, shop: Shop, *, return_id: str) -> str:
    """The path and query of a return's status page."""
    return f"/shops/{shop.slug}/returns/{return_id}?key={status_key(app, shop, return_id=return_id)}"


def view_by_key(app: Application, shop: Shop, *, return_id: str, key: str) -> ReturnView:
    """A return for who holds its key; a wrong key and an unknown return are the same NotFound."""
    if not hmac.compare_digest(status_key(app, shop, return_id=return_id).encode(), key.encode()):
        raise NotFound("There is no such return in this shop.")
    return view(app, shop, return_id=return_id)


def overview(app: Application, shop: Shop) -> Overview:
    """The dashboard's first page, as of now."""
    with app.database.read(shop) as unit:
        return Overview(
            figures=figures_store.figures(unit, now=app.clock()),
            undecided=tuple(return_store.undecided(unit)),
            by_hand=tuple(settlement_store.waiting_for_a_person(unit)),
            latest=tuple(return_store.latest(unit, limit=LATEST)),
        )


def expected(app: Application, shop: Shop) -> tuple[Return, ...]:
    """The newest returns whose goods are still to come."""
    with app.database.read(shop) as unit:
        newest = return_store.latest(unit, limit=MOST_SCANNED)
    return tuple(one for one in newest if one.status in EXPECTED)[:LATEST]


class Page(Struct, frozen=True):
    """A page of returns; `older` is where the next page begins (RFC 3339), None on the last."""

    returns: tuple[Return, ...]
    older: str | None


def search(app: Application, shop: Shop, *, text: str, status: str, before: datetime | None) -> Page:
    """Returns that a text names (RMA or order number), newest first, those of a status when one is given."""
    with app.database.read(shop) as unit:
        if text:
            found = return_store.search(unit, text, before=before, limit=MOST_SCANNED)
        else:
            found = return_store.latest(unit, before=before, limit=MOST_SCANNED)
    fitting = [one for one in found if status in ("", one.status)]
    shown = tuple(fitting[:LATEST])
    is_last = len(found) < MOST_SCANNED and len(fitting) <= LATEST
    last = shown[-1] if len(fitting) > LATEST else (found[-1] if found else None)
    return Page(returns=shown, older=None if is_last or last is None else last.opened_at.isoformat())


def _of_a_gift(found: Return, order: Document) -> Document:
    """The order without anything of who gave the gift: who brought it may look over a shoulder, or hold the link."""
    return without_giver(order, tuple({group.line_id for group in found.groups}))


def view_in(unit: Unit, return_id: str) -> ReturnView:
    """A return with all that belongs to it, within the caller's transaction; raises NotFound."""
    found = return_of(unit, return_id)
    order = order_document(unit, found.order_id)
    legs = settlement_store.legs_of(unit, return_id)
    return ReturnView(
        found=found,
        order=order if found.gift_receipt is None else _of_a_gift(found, order),
        quote=quote_store.document_of(unit, found.quote_id) or {},
        legs=legs,
        settle_on=_settle_on(unit, found),
        next_step=NEXT_STEPS[found.status],
        possible=possible(found),
        send_by=send_by(unit, found),
        balance=balance_of(unit, found, legs),
        credits=_codes(legs) if found.credit_to is not None else (),
    )


def _settle_on(unit: Unit, found: Return) -> str:
    """When the money of a return is given, by the policy that its order was placed under."""
    policy = policy_store.in_force(unit, at=order_of(unit, found.order_id).placed_at)
    return str(policy.get("settle_on") or "received")


def _codes(legs: tuple[Leg, ...]) -> tuple[str, ...]:
    """The codes of store credit that was given."""
    receipts = (leg.receipt for leg in legs if leg.kind == LegKind.STORE_CREDIT and leg.state == LegState.SETTLED)
    return tuple(str(receipt["reference"]) for receipt in receipts if receipt and receipt.get("kind") == "store_credit")
