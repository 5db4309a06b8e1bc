"""Returns in lists: those that the counter expects, and all of them, page by page."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from connector.application import Application
from connector.storage import return_store
from connector.storage.database import Unit
from connector.storage.shop_store import Shop
from domain.returns import Return

PAGE = 20
BATCH = 100
EXPECTED = frozenset({"awaiting", "in_transit", "incomplete"})
MOST_EXPECTED = 50


@dataclass(frozen=True, slots=True)
class ReturnsPage:
    """Some returns, newest first; `older` is the time to go on from, None on the last page."""

    returns: tuple[Return, ...]
    older: datetime | None


def expected(app: Application, shop: Shop) -> tuple[Return, ...]:
    """The newest returns whose goods are still to come."""
    with app.database.read(shop) as unit:
        unfinished = return_store.unfinished(unit)
    return tuple(found for found in unfinished if found.status in EXPECTED)[:MOST_EXPECTED]


def page_of_returns(
    app: Application, shop: Shop, *, text: str = "", status: str = "", before: datetime | None = None
) -> ReturnsPage:
    """The newest returns before a time that a text names (RMA or order number), of a status when one is given."""
    with app.database.read(shop) as unit:
        wanted = (one for one in _all(unit, text, before) if status in ("", one.status))
        found = tuple(one for one, _ in zip(wanted, range(PAGE + 1), strict=False))
    shown = found[:PAGE]
    return ReturnsPage(returns=shown, older=shown[-1].opened_at if len(found) > PAGE else None)


def _all(unit: Unit, text: str, before: datetime | None) -> Iterator[Return]:
    """Returns newest first, read in batches; a status is derived, so the database cannot select by it."""
    while batch := return_store.search(unit, text, before=before, limit=BATCH):
        yield from batch
        before = batch[-1].opened_at
