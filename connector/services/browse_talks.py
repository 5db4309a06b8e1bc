"""Everything that shoppers wrote to the assistant, for the merchant, whose customers they are."""

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from connector.application import Application
from connector.services.errors import NotFound
from connector.storage import conversation_store, order_store
from connector.storage.conversation_store import Conversation
from connector.storage.database import Unit
from connector.storage.shop_store import Shop

A_PAGE = 30


class Seen(Struct, frozen=True):
    """A conversation in short: the order that was proved in it, and how the shopper began."""

    id: str
    changed_at: datetime
    order_number: str | None
    begins: str


class Page(Struct, frozen=True):
    """Conversations, the latest first; `older` is where the next page begins."""

    talks: tuple[Seen, ...]
    older: str | None


def talks(app: Application, shop: Shop, *, before: datetime | None) -> Page:
    """The conversations in which a shopper said something."""
    with app.database.read(shop) as unit:
        found = conversation_store.latest(unit, before=before, limit=A_PAGE + 1)
        begun = conversation_store.first_said(unit, [one.id for one in found])
        shown = tuple(_seen(unit, one, begun=begun) for one in found[:A_PAGE])
    return Page(shown, older=shown[-1].changed_at.isoformat() if len(found) > A_PAGE else None)


def talk(app: Application, shop: Shop, *, conversation_id: str) -> Seen:
    """One of them; raises NotFound."""
    with app.database.read(shop) as unit:
        found = conversation_store.get(unit, conversation_id)
        if found is None:
            raise NotFound("There is no such conversation in this shop.")
        return _seen(unit, found, begun=conversation_store.first_said(unit, [found.id]))


def _seen(unit: Unit, found: Conversation, *, begun: Mapping[str, conversation_store.Document]) -> Seen:
    order_id = found.document.get("order_id")
    order = order_store.get(unit, str(order_id)) if order_id else None
    said = begun.get(found.id, {})
    labels = said.get("labels")
    words = said.get("text") or (" · ".join(map(str, labels)) if isinstance(labels, list) else "")
    return Seen(found.id, found.changed_at, str(order.get("number") or order_id) if order else None, str(words))
