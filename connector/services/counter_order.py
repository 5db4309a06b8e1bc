"""An order as a counter shows it: what may come back, what for, what could be taken instead, and what came before."""

from collections.abc import Mapping
from typing import cast

from msgspec import Struct

from adapters.channel import Mirroring, OthersReturn, Variant
from adapters.errors import ChannelError
from connector.application import Application
from connector.services.give_receipt import Gift
from connector.services.offer_lines import LineChoice, line_choices_in, replacement_choices, variants_once
from connector.services.place_goods import guides
from connector.services.policy_terms import terms_of
from connector.services.quote_return import Document, Request, as_read, case_of, order_document
from connector.storage import return_store
from connector.storage.shop_store import Shop
from domain.orders import Line, read_order
from domain.policy import Guide
from domain.returns import Return

OWN_TILLS = (None, "store")


class CounterOrder(Struct, frozen=True):
    """All that the page of an order shows; `swaps` are the variants to take instead, by line, where they were asked.

    `resolutions` are what the policy offers; `returns` are those of the order so far.
    """

    order: Document
    lines: tuple[LineChoice, ...]
    sold: Mapping[str, Line]
    guides: Mapping[str, Guide]
    resolutions: tuple[str, ...]
    swaps: Mapping[str, tuple[Variant, ...]]
    returns: tuple[Return, ...] = ()


def shown(app: Application, shop: Shop, *, order_id: str, swap: str = "") -> CounterOrder:
    """An order of the shop; `swap` is a line of which the stock of its platform is asked. Raises NotFound."""
    with app.database.read(shop) as unit:
        order = order_document(unit, order_id)
        read = as_read(unit, order)
        policy = terms_of(unit, read)
        returns = return_store.of_order(unit, order_id)
        case = case_of(app, unit, order=order, request=Request(items=(), channel="store"), earlier=returns)
        lines = line_choices_in(app, unit, case=case)
    asked = [line.line_id for line in lines if line.returnable and (read.channel in OWN_TILLS or line.line_id == swap)]
    swaps, variants = asked if "exchange" in policy.resolutions else [], variants_once(app, shop)
    return CounterOrder(
        order=order,
        lines=lines,
        sold={line.id: line for line in read.lines},
        guides=guides(app, shop, order=order),
        resolutions=policy.resolutions,
        swaps={line_id: replacement_choices(read, line_id, variants=variants) for line_id in swaps},
        returns=returns,
    )


def of_gift(app: Application, shop: Shop, *, gift: Gift) -> CounterOrder:
    """What a gift receipt is good for: its goods, for store credit, and nothing else of their order."""
    return CounterOrder(
        order=gift.order,
        lines=gift.lines,
        sold={line.id: line for line in read_order(gift.order).lines},
        guides=guides(app, shop, order=gift.order),
        resolutions=("store_credit",),
        swaps={},
    )


def opened_elsewhere(app: Application, shop: Shop, order: Document) -> tuple[OthersReturn, ...] | None:
    """The unfinished returns that others opened on the order's platform; None where it cannot say just now."""
    try:
        channel = app.channels.for_shop(shop, str(order.get("channel") or shop.channel))
        if not channel.capabilities.mirrors:
            return ()
        return cast("Mirroring", channel).others(str(order["id"]))
    except ChannelError:
        return None
