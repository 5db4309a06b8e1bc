"""A person approves or declines a return that the rules left to a person."""

from connector.application import Application
from connector.services.change_return import Turn, take
from connector.storage.shop_store import Shop
from domain.events import Actor
from domain.lifecycle import Doing
from domain.returns import Return


def approve(app: Application, shop: Shop, *, return_id: str, actor: Actor, why: str, key: str) -> Return:
    """Approve what waits for a decision, once per key. Raises NotFound, IllegalStep when nothing waits."""
    doing = Doing(at=app.clock(), actor=actor, why=why)
    return take(app, shop, return_id=return_id, turn=Turn("approve", doing, moment="approved"), key=key)


def decline(app: Application, shop: Shop, *, return_id: str, actor: Actor, why: str, key: str) -> Return:
    """Decline what waits for a decision, once per key. Raises NotFound, IllegalStep when nothing waits."""
    doing = Doing(at=app.clock(), actor=actor, why=why)
    return take(app, shop, return_id=return_id, turn=Turn("decline", doing, moment="approved"), key=key)
