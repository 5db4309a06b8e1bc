"""A person approves or declines a return that the rules left to a person."""

from connector.application import Application
from connector.services.errors import Conflict, NotFound
from connector.services.settle_return import settle_when_due
from connector.storage import command_store, order_store, return_store
from connector.storage.database import Unit
from connector.storage.shop_store import Shop
from domain import returns
from domain.events import Actor
from domain.returns import Return


def approve(app: Application, shop: Shop, *, return_id: str, actor: Actor, why: str, key: str) -> Return:
    """Approve what waits for a decision, once per key. Raises NotFound, Conflict when nothing waits."""
    return app.database.write(
        shop, lambda unit: _decided(app, unit, return_id=return_id, verdict="accept", actor=actor, why=why, key=key)
    )


def decline(app: Application, shop: Shop, *, return_id: str, actor: Actor, why: str, key: str) -> Return:
    """Decline what waits for a decision, once per key. Raises NotFound, Conflict when nothing waits."""
    return app.database.write(
        shop, lambda unit: _decided(app, unit, return_id=return_id, verdict="reject", actor=actor, why=why, key=key)
    )


def _decided(app: Application, unit: Unit, *, return_id: str, verdict: str, actor: Actor, why: str, key: str) -> Return:
    found = return_store.get(unit, return_id)
    if found is None:
        raise NotFound("There is no such return in this shop.")
    order_store.lock(unit, found.order_id)
    if command_store.get(unit, key) is not None:
        return found
    if found.status != "requested":
        raise Conflict("This return does not wait for a decision any more.")
    decided = returns.decide(found, verdict=verdict, at=app.clock(), actor=actor, why=why)
    saved = return_store.save(unit, decided, expected_version=found.version)
    command_store.keep(unit, key, result={"return_id": found.id}, at=app.clock())
    return settle_when_due(app, unit, saved, moment="approved")
