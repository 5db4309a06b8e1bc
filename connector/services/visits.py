"""Several returns of one person at one time, for one receipt."""

from connector.application import Application
from connector.services.errors import NotFound
from connector.services.leg_progress import return_of
from connector.storage import visit_store
from connector.storage.database import Unit
from connector.storage.shop_store import Shop
from domain.events import Actor


def begin(app: Application, shop: Shop, *, return_id: str, actor: Actor) -> str:
    """The visit that a return belongs to; a new one where it belongs to none. Raises NotFound."""

    def work(unit: Unit) -> str:
        return_of(unit, return_id)
        known = visit_store.visit_of(unit, return_id)
        if known is not None:
            return known
        visit_id = app.token()
        visit_store.begin(unit, visit_id, opened_by=actor.name, at=app.clock())
        join(app, unit, return_id, visit_id=visit_id)
        return visit_id

    return app.database.write(shop, work)


def join(app: Application, unit: Unit, return_id: str, *, visit_id: str) -> None:
    """Let a return belong to a visit, where one is named; raises NotFound."""
    if not visit_id:
        return
    if not visit_store.is_known(unit, visit_id):
        raise NotFound("There is no such visit in this shop.")
    visit_store.join(unit, visit_id, return_id=return_id, at=app.clock())


def returns_of(app: Application, shop: Shop, *, visit_id: str) -> tuple[str, ...]:
    """The numbers of a visit's returns; raises NotFound."""
    with app.database.read(shop) as unit:
        if not visit_store.is_known(unit, visit_id):
            raise NotFound("There is no such visit in this shop.")
        return visit_store.returns_of(unit, visit_id)
