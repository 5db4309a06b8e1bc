"""A change of one return, in order with all others of its order, and once for each key."""

from collections.abc import Callable

from msgspec import Struct

from connector.application import Application
from connector.services.audit import overridden
from connector.services.leg_progress import return_of
from connector.services.mirror_return import mirror
from connector.services.reserve_replacement import release, reserve
from connector.services.settle_return import settle_when_due
from connector.storage import command_store, order_store, return_store
from connector.storage.database import Unit
from connector.storage.shop_store import Shop
from domain import lifecycle
from domain.lifecycle import Doing
from domain.returns import Return

DECISIONS = frozenset({"approve", "decline", "expire", "reopen"})
"""Acts of people that stand in the audit log, too: they decide where the rules did not."""


class Turn(Struct, frozen=True):
    """An act on a return with the moment of settlement that it brings (settle_return.MOMENTS); None brings none."""

    act: str
    doing: Doing
    moment: str | None = None


def take(app: Application, shop: Shop, *, return_id: str, turn: Turn, key: str) -> Return:
    """Do an act on a return once per key, and begin the settlement that it brings. Raises NotFound, IllegalStep."""

    def work(unit: Unit) -> Return:
        return changed_once(app, unit, return_id, key=key, change=lambda found: taken(app, unit, found, turn=turn))

    return app.database.write(shop, work)


def changed_once(
    app: Application, unit: Unit, return_id: str, *, key: str, change: Callable[[Return], Return]
) -> Return:
    """The return after a change that saves it, or as it is when that was made before. Raises NotFound."""
    order_store.lock(unit, return_of(unit, return_id).order_id)
    found = return_of(unit, return_id)
    if command_store.get(unit, key) is not None:
        return found
    command_store.keep(unit, key, result={"return_id": return_id}, at=app.clock())
    return change(found)


def taken(app: Application, unit: Unit, found: Return, *, turn: Turn) -> Return:
    """The return after an act, saved, with the settlement that it brings begun. Raises IllegalStep."""
    moved = lifecycle.apply(found, turn.act, doing=turn.doing)
    saved = return_store.save(unit, moved, expected_version=found.version)
    doing = turn.doing
    if turn.act in DECISIONS and doing.actor.kind == "staff":
        overridden(app, unit, doing.actor, about=found.id, said={"act": turn.act, "why": doing.why})
    if turn.act == "reopen":
        reserve(app, unit, saved)
    release(app, unit, saved)
    mirror(app, unit, saved)
    return saved if turn.moment is None else settle_when_due(app, unit, saved, moment=turn.moment)
