"""Returns at a till of the platform: staff find a return or an order, say what is handed in, and see what is given.

Who may is the person whom the platform signed in; who stood at the till, and where, is only written down with it.
"""

from collections.abc import Sequence

from msgspec import Struct

from bot.conversation import Item
from connector.application import Application
from connector.services import shift
from connector.services.conversation_facts import item_documents
from connector.services.errors import NotFound
from connector.services.keep_order import kept
from connector.services.offer_lines import LineChoice, line_choices
from connector.services.quote_return import Document, StoredQuote, preview
from connector.services.request_return import Wish, open_return
from connector.storage import order_store, return_store
from connector.storage.shop_store import Shop
from connector.storage.staff_store import Staff
from domain.events import Actor
from domain.proof import number_key
from domain.returns import Return
from domain.transitions import Reception

STORE = "store"
TO_COME = frozenset({Reception.AWAITING, Reception.IN_TRANSIT, Reception.MISSING, Reception.WRONG_ITEM})


class Till(Struct, frozen=True):
    """Where staff stand, by the platform's ids: for the history alone."""

    staff_id: str = ""
    location_id: str = ""


class AtTheTill(Struct, frozen=True):
    """What a text at the till names: a return that is expected, else an order with what of it may come back."""

    found: Return | None
    order: Document | None
    lines: tuple[LineChoice, ...]


def find(app: Application, shop: Shop, *, text: str) -> AtTheTill:
    """The return or the order of a number; raises NotFound for neither."""
    found = _expected(app, shop, text)
    if found is not None:
        return AtTheTill(found=found, order=None, lines=())
    order = app.channels.for_shop(shop, shop.channel).find_order(text)
    if order is None:
        raise NotFound("There is no return and no order of that number.")
    known = kept(app, shop, order)
    return AtTheTill(found=None, order=known, lines=line_choices(app, shop, order=known))


def _expected(app: Application, shop: Shop, text: str) -> Return | None:
    """The return that an RMA number names, or the newest of an order's number, while its goods are still to come."""
    with app.database.read(shop) as unit:
        named = return_store.get(unit, text.strip().upper())
        order = order_store.find_by_number(unit, number_key(text)) if named is None else None
        found = (named,) if named else return_store.of_order(unit, str(order["id"])) if order else ()
    return next(
        (one for one in found if any(group.counts and group.reception in TO_COME for group in one.groups)), None
    )


def quoted(app: Application, shop: Shop, *, order_id: str, items: Sequence[Item]) -> StoredQuote:
    """What items that are handed in give, kept as a quote."""
    return preview(app, shop, order_id=order_id, items=item_documents(app, shop, order_id, items), channel=STORE)


class HandedIn(Struct, frozen=True):
    """Items of an order that are handed in, with the quote that staff saw and the shopper agreed to."""

    order_id: str
    items: Sequence[Item]
    quote_id: str


def opened(app: Application, shop: Shop, *, handed_in: HandedIn, actor: Actor, key: str) -> Return:
    """Open the return of what is handed in, once per key; it is received in a step of its own."""
    wish = Wish(
        order_id=handed_in.order_id,
        items=item_documents(app, shop, handed_in.order_id, handed_in.items),
        method=STORE,
        quote_id=handed_in.quote_id,
        channel=STORE,
    )
    return open_return(app, shop, wish=wish, actor=actor, key=f"till:{handed_in.order_id}:{key}")


def actor_at(app: Application, shop: Shop, person: Staff, till: Till) -> Actor:
    """Who acts, within their limits and for the figures as on a browser of their own; who stood where is told."""
    said = [
        f"POS staff {till.staff_id}" if till.staff_id else "",
        f"location {till.location_id}" if till.location_id else "",
    ]
    where = ", ".join(filter(None, said))
    name = f"{person.name} ({where})" if where else person.name
    return Actor(kind="staff", name=name, post=shift.of_person(app, shop, person).post)
