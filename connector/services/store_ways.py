"""How a shop wants its WooCommerce store used: which statuses mean that goods have left, which one a return ends in."""

import re
from collections.abc import Mapping
from dataclasses import replace

from msgspec import Struct

from connector.application import Application
from connector.services.audit import Audited, record
from connector.services.connect_store import CHANNEL
from connector.services.errors import InvalidInput, NotFound
from connector.storage import connection_store
from connector.storage.connection_store import Connection
from connector.storage.database import Unit
from connector.storage.shop_store import Shop
from domain.events import Actor

SHIPPED = "shipped_statuses"
SETTLED = "settled_status"
STATUS = re.compile(r"[a-z0-9][a-z0-9-]{0,16}")
"""WooCommerce keeps a status with "wc-" before it in twenty letters."""
MOST = 20
MOVES_MONEY = frozenset({"refunded", "cancelled", "trash", "auto-draft", "checkout-draft", "pending", "failed"})
"""Facts 8 and 21: taking one of these the store refunds or restocks by itself, or asks for money."""


class StoreWays(Struct, frozen=True):
    """`shipped` are statuses of the store's own, besides `completed`; `settled` is empty where none is to be taken."""

    shipped: tuple[str, ...] = ()
    settled: str = ""


def ways_in(details: Mapping[str, object]) -> StoreWays:
    """What is kept with a connection."""
    shipped = details.get(SHIPPED)
    return StoreWays(
        shipped=tuple(map(str, shipped)) if isinstance(shipped, list) else (), settled=str(details.get(SETTLED) or "")
    )


def change(app: Application, shop: Shop, *, shipped: str, settled: str, actor: Actor) -> StoreWays:
    """Keep what a merchant typed; raises InvalidInput, NotFound for a shop without a store."""
    wanted = StoreWays(shipped=_several(shipped), settled=_one(settled, at="settled") if settled.strip() else "")
    if wanted.settled in MOVES_MONEY:
        raise InvalidInput("The store moves money or stock by itself in that status. Choose another one.", at="settled")

    def work(unit: Unit) -> None:
        found = connection_store.get(unit, CHANNEL)
        if found is None:
            raise NotFound("This shop is not connected to a store.")
        connection_store.save(unit, _with(found, wanted))
        told = {"shipped": list(wanted.shipped), "settled": wanted.settled}
        record(app, unit, Audited.STORE_WAYS_CHANGED, actor=actor, about=CHANNEL, details=told)

    app.database.write(shop, work)
    return wanted


def _with(found: Connection, wanted: StoreWays) -> Connection:
    return replace(found, details={**found.details, SHIPPED: list(wanted.shipped), SETTLED: wanted.settled})


def _several(typed: str) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(_one(word, at="shipped") for word in re.split(r"[,\n]", typed) if word.strip()))
    if len(found) > MOST:
        raise InvalidInput("Those are more statuses than a store has.", at="shipped")
    return found


def _one(typed: str, *, at: str) -> str:
    """A status as the store's API writes it."""
    word = "-".join(typed.strip().lower().removeprefix("wc-").split())
    if not STATUS.fullmatch(word):
        raise InvalidInput(f"'{typed.strip()}' is not how a store writes a status. It looks like: handed-over.", at=at)
    return word
