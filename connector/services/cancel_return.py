"""A return is cancelled before anything was sent or given; its units can be returned again."""

from connector.application import Application
from connector.services.change_return import Turn, take
from connector.storage.shop_store import Shop
from domain.events import Actor
from domain.lifecycle import Doing
from domain.returns import Return


def cancel(app: Application, shop: Shop, *, return_id: str, actor: Actor, why: str, key: str) -> Return:
    """Cancel a return, once per key. Raises NotFound, IllegalStep once goods are on their way or money is due."""
    return take(
        app, shop, return_id=return_id, turn=Turn("cancel", Doing(at=app.clock(), actor=actor, why=why)), key=key
    )
