"""Labels that a platform keeps itself, as its people bought or uploaded them there, are shown to the shopper too."""

from collections.abc import Sequence
from typing import cast

from adapters.channel import Channel, Mirroring, ParcelLabel
from connector.application import Application
from connector.storage import return_store
from connector.storage.database import Unit
from connector.storage.shop_store import Shop
from domain import returns
from domain.events import SYSTEM, Act, Entry
from domain.labels import Label, is_news, is_to_send

NONE: Sequence[ParcelLabel] = ()


def labels_on(app: Application, shop: Shop, channel: Channel, *, order_id: str) -> Sequence[ParcelLabel]:
    """What the platform keeps for an order of which something is still to be sent back; raises what channels raise."""
    if not channel.capabilities.mirrors:
        return NONE
    with app.database.read(shop) as unit:
        is_waited_for = any(is_to_send(found) for found in return_store.of_order(unit, order_id))
    return cast("Mirroring", channel).labels(order_id) if is_waited_for else NONE


def heed(app: Application, unit: Unit, labels: Sequence[ParcelLabel], *, channel: str) -> None:
    """Write down each label that is news; the same again changes nothing."""
    for one in labels:
        found = return_store.get(unit, one.return_id)
        label = Label(one.address, one.at, channel)
        if found is not None and is_news(label, found):
            entry = Entry(at=app.clock(), actor=SYSTEM, act=Act.LABELLED, details=label.details)
            return_store.save(unit, returns.note(found, entry, before=found), expected_version=found.version)
