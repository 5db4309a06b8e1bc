"""A return of ours is shown on a platform that has returns of its own, where the shop's people work. Moves no money."""

from collections.abc import Mapping, Sequence
from typing import cast

from adapters.channel import Mirroring, Standing, StandingLine
from adapters.errors import ChannelError, ChannelSlow, NotConnected
from connector.application import Application, Step
from connector.services.leg_progress import channel_of, return_of, saved
from connector.services.quote_return import Document, order_of
from connector.storage import order_store, quote_store, return_store
from connector.storage.database import Unit
from connector.storage.quote_store import KeptQuote
from connector.storage.shop_store import Shop
from domain import returns
from domain.case import read_case
from domain.events import SYSTEM, Act, Entry
from domain.exchanges import worth
from domain.labels import label_of
from domain.money import parse_amount
from domain.orders import Order
from domain.returns import Return, UnitGroup

Worths = Mapping[str, tuple[int, int]]

JOB = "mirror_return"
STANDINGS: Mapping[str, str] = {
    "requested": "requested",
    "awaiting": "open",
    "in_transit": "open",
    "received": "open",
    "incomplete": "open",
    "done": "done",
    "declined": "declined",
    "cancelled": "withdrawn",
    "expired": "withdrawn",
}
"""What each status of ours is on a platform; of the others the settlement itself tells it."""

OF_OURS = frozenset({Act.AGREED, Act.NOTED})
"""What is said in the shop itself, and to no shopper."""


def mirror(app: Application, unit: Unit, found: Return) -> None:
    """Have a return shown as it is now, where its order's channel has returns of its own."""
    order = order_of(unit, found.order_id)
    if found.status in STANDINGS and _mirrors(app, unit.shop, order):
        app.jobs.enqueue(unit, JOB, key=f"{found.id}:{found.version}", payload={"return_id": found.id})


def let_go(app: Application, unit: Unit, found: Return) -> None:
    """Have units that came to nothing let go on the platform, as soon as nothing of the return is under way."""
    if not all(group.counts for group in found.groups):
        mirror(app, unit, found)


def mirror_return(app: Application, shop: Shop, *, step: Step, payload: Mapping[str, object]) -> None:
    """The job: bring the platform's return to where ours stands now; what it refuses is said and left to people."""
    return_id = str(payload["return_id"])
    refusal = step("mirror", lambda: _mirrored(app, shop, return_id=return_id))
    if refusal:
        step("tell", lambda: app.database.write(shop, lambda unit: _told(app, unit, return_id, why=str(refusal))))


def _mirrored(app: Application, shop: Shop, *, return_id: str) -> str:
    """What the platform said against it, empty when it took it."""
    with app.database.read(shop) as unit:
        found = return_store.get(unit, return_id)
        if found is None or found.status not in STANDINGS:
            return ""
        order = order_of(unit, found.order_id)
        kept = quote_store.get(unit, found.quote_id)
    worths = _worths(found, kept)
    try:
        channel = app.channels.for_shop(shop, channel_of(shop, order))
        if not channel.capabilities.mirrors:
            return ""
        cast("Mirroring", channel).mirror(standing_of(found, order, quote=kept.document if kept else {}, worths=worths))
    except ChannelSlow:
        raise
    except ChannelError as refusal:
        return refusal.message
    return ""


def _told(app: Application, unit: Unit, return_id: str, *, why: str) -> None:
    """In the return's history, where the shop's people look; told to no platform again."""
    order_store.lock(unit, return_of(unit, return_id).order_id)
    found = return_of(unit, return_id)
    entry = Entry(at=app.clock(), actor=SYSTEM, act=Act.NOTED, why=why, details={"mirror": found.version})
    saved(unit, returns.note(found, entry, before=found), expected=found)


def standing_of(found: Return, order: Order, *, quote: Document, worths: Worths) -> Standing:
    """A return as a platform is told of it; `quote` is the one that was promised, with its fees.

    `worths` is what replacements cost, price and tax in minor units, where they do not count for what they replace.
    """
    fees = [
        (str(fee.get("code")), fee.get("line_id"), parse_amount(str(fee["amount"]), order.digits))
        for fee in _listed(quote, "fees")
    ]
    kept = {line_id: amount for code, line_id, amount in fees if code == "restocking"}
    label = label_of(found)
    ours = label if label and not label.platform else None
    is_held = STANDINGS[found.status] in ("open", "done")
    groups = [group for group in found.groups if group.counts or not is_held]
    return Standing(
        key=_key(found),
        order_id=found.order_id,
        return_id=found.id,
        status=STANDINGS[found.status],
        currency=order.currency,
        digits=order.digits,
        lines=tuple(
            _line(group, order, fee=kept.get(group.line_id, 0), costs=worths.get(group.id)) for group in groups
        ),
        tracking=_tracking(found),
        why=next((entry.why for entry in reversed(found.history) if entry.why and entry.act not in OF_OURS), ""),
        shipping_fee=sum(amount for code, _, amount in fees if code == "return_fee"),
        label=ours.address if ours else None,
        labelled_at=ours.at if ours else None,
    )


def _key(found: Return) -> str:
    """What is opened again after it was cancelled is another thing on a platform."""
    times = sum(entry.act == Act.REOPENED for entry in found.history)
    return f"{found.id}-{STANDINGS[found.status]}{f'-{times}' if times else ''}"


def _worths(found: Return, kept: KeptQuote | None) -> Worths:
    if kept is None or not any(group.resolution == "exchange" for group in found.groups):
        return {}
    case = read_case(kept.case)
    if len(case.items) != len(found.groups):
        return {}
    pairs = ((group.id, worth(case, item)) for group, item in zip(found.groups, case.items, strict=True))
    return {group_id: amounts for group_id, amounts in pairs if amounts is not None}


def _line(group: UnitGroup, order: Order, *, fee: int, costs: tuple[int, int] | None) -> StandingLine:
    amount, tax = costs or (group.amount, group.tax)
    wanted = group.exchange_for or {}
    variant_id = wanted.get("variant_id") if group.resolution == "exchange" else None
    return StandingLine(
        line_id=group.line_id,
        quantity=group.quantity,
        reason=group.reason,
        variant_id=str(variant_id) if variant_id else None,
        amount=amount if order.prices_include_tax else amount + tax,
        fee_percent=round(100 * fee / group.amount, 2) if fee and group.amount else 0.0,
    )


def _tracking(found: Return) -> str | None:
    numbers = (entry.details.get("tracking") for entry in reversed(found.history))
    return next((str(number) for number in numbers if number), None)


def _mirrors(app: Application, shop: Shop, order: Order) -> bool:
    try:
        return app.channels.for_shop(shop, channel_of(shop, order)).capabilities.mirrors
    except NotConnected:
        return False


def _listed(quote: Document, name: str) -> Sequence[Document]:
    found = quote.get(name)
    return found if isinstance(found, list) else []
