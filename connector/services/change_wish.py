"""What a shopper wants instead of what their return says, before it is taken in: offered, and written down."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from adapters.channel import Variant
from connector.application import Application
from connector.services.counter_order import OWN_TILLS
from connector.services.errors import Refused
from connector.services.offer_lines import replacement_choices, variants_once
from connector.services.policy_terms import terms_of
from connector.services.quote_return import Document, quote
from connector.services.settle_return import request_of
from connector.storage.database import Unit
from connector.storage.shop_store import Shop
from domain import wishes
from domain.events import Actor
from domain.orders import read_order
from domain.returns import Return
from domain.wishes import NewWish, can_change

EXCHANGE = "exchange"


class Ways(Struct, frozen=True):
    """What a group may be given back for instead: other resolutions, and variants with their stock as of now.

    `can_swap` is whether variants are to be had; where their platform must be asked for them, it was not yet when there
    are none.
    """

    resolutions: tuple[str, ...]
    swaps: tuple[Variant, ...]
    can_swap: bool


def offered(app: Application, shop: Shop, *, found: Return, order: Document, swap: str = "") -> Mapping[str, Ways]:
    """By group, what may be wanted instead; `swap` is a line of which the stock of its platform is asked."""
    read = read_order(order)
    if found.gift_receipt is not None or read.without_receipt:
        return {}
    with app.database.read(shop) as unit:
        resolutions = terms_of(unit, read).resolutions
    own, can_swap = read.channel in OWN_TILLS, EXCHANGE in resolutions
    groups = [group for group in found.groups if can_change(group)]
    asked = {group.line_id for group in groups if can_swap and (own or group.line_id == swap)}
    variants = variants_once(app, shop)
    swaps = {line_id: replacement_choices(read, line_id, variants=variants) for line_id in asked}
    return {
        group.id: Ways(
            tuple(one for one in resolutions if one not in (EXCHANGE, group.resolution)),
            swaps.get(group.line_id, ()),
            can_swap,
        )
        for group in groups
    }


def changed(app: Application, unit: Unit, found: Return, wanted: Mapping[str, NewWish], *, actor: Actor) -> Return:
    """The return with these wishes, its history telling of each; not saved yet.

    Raises Refused where the rules do not give that, IllegalStep for what was decided before.
    """
    if not wanted:
        return found
    wished = wishes.change(found, wanted, at=app.clock(), actor=actor)
    groups = tuple(group for group in wished.groups if group.id in wanted)
    made = quote(app, unit, order_id=found.order_id, request=request_of(wished, groups))
    items: Sequence[Document] = made.document["items"]  # type: ignore[assignment]
    reasons = [reason for item in items if item["verdict"] == "refused" for reason in item["reasons"]]  # type: ignore[attr-defined]
    if any(item["verdict"] == "refused" for item in items):
        words = " ".join(dict.fromkeys(str(reason["text"]) for reason in reasons))
        raise Refused(words or "The rules do not give that instead.", reasons=tuple(reasons))
    return wished
