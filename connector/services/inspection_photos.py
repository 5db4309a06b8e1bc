"""Photos that staff take of goods at a counter: kept while the form is filled, the return's once they are taken in."""

from collections.abc import Sequence
from datetime import timedelta

from connector.application import Application
from connector.services.errors import NotFound
from connector.services.keep_photos import redrawn
from connector.storage import photo_store
from connector.storage.database import Unit
from connector.storage.photo_store import Photo
from connector.storage.shop_store import Shop
from domain.events import Actor
from domain.returns import Inspection, Return

LOOSE_KEPT = timedelta(days=1)
"""How long photos are kept of goods that were not taken in after all."""


def hold(app: Application, shop: Shop, *, given: Sequence[bytes], actor: Actor) -> tuple[str, ...]:
    """The ids of photos that were just taken, in their order. Raises InvalidInput for what is no photo."""
    pictures = redrawn(given)
    ids = tuple(f"p_{app.token()}" for _ in pictures)

    def work(unit: Unit) -> None:
        for id_, one in zip(ids, pictures, strict=True):
            photo = Photo(id_, "", width=one.width, height=one.height, at=app.clock(), taken_by=actor.name)
            photo_store.add(unit, None, photo=photo, body=one.body)

    app.database.write(shop, work)
    return ids


def held(app: Application, shop: Shop, *, photo_id: str) -> bytes:
    """A photo of goods that were not taken in yet, a JPEG; raises NotFound."""
    with app.database.read(shop) as unit:
        found = photo_store.body(unit, None, photo_id=photo_id)
    if found is None:
        raise NotFound("There is no such photo.")
    return found


def claim(unit: Unit, found: Return, inspections: Sequence[Inspection]) -> None:
    """What was taken of goods is the return's from here on, each photo with the line that it shows."""
    lines = {group.id: group.line_id for group in found.groups}
    for one in inspections:
        photo_ids = one.seen.get("photos")
        if isinstance(photo_ids, list):
            photo_store.claim(unit, photo_ids, line_id=lines[one.group_id], return_id=found.id)
