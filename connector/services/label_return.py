"""A label for the parcel that comes back: the shopper finds it on the return's page, the platform is told of it."""

from connector.application import Application
from connector.services.change_return import changed_once
from connector.services.errors import Conflict, InvalidInput
from connector.services.mirror_return import mirror
from connector.storage import return_store
from connector.storage.database import Unit
from connector.storage.shop_store import Shop
from domain import returns
from domain.events import Act, Actor, Entry
from domain.labels import Label, is_address, is_to_send
from domain.returns import Return

NO_ADDRESS = "Give the address of the label, beginning with https://."
NOTHING_TO_SEND = "Nothing of this return is to be sent any more, so it needs no label."


def give_label(app: Application, shop: Shop, *, return_id: str, address: str, actor: Actor, key: str) -> Return:
    """Give a return a label, or another one, once per key.

    Raises InvalidInput for what is no https address, NotFound, Conflict when nothing is to be sent any more.
    """
    if not is_address(address):
        raise InvalidInput(NO_ADDRESS, at="label")

    def change(unit: Unit, found: Return) -> Return:
        if not is_to_send(found):
            raise Conflict(NOTHING_TO_SEND)
        label = Label(address, app.clock())
        entry = Entry(at=label.at, actor=actor, act=Act.LABELLED, details=label.details)
        told = returns.note(found, entry, before=found)
        saved = return_store.save(unit, told, expected_version=found.version)
        mirror(app, unit, saved)
        return saved

    return app.database.write(
        shop, lambda unit: changed_once(app, unit, return_id, key=key, change=lambda found: change(unit, found))
    )
