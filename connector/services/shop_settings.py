"""What a merchant sets for their shop: the origins whose pages may talk to its assistant."""

import re

from connector.application import Application
from connector.services.audit import Audited, record
from connector.services.errors import InvalidInput
from connector.storage import origin_store, shop_store
from connector.storage.database import Unit
from connector.storage.shop_store import Shop
from domain.events import Actor

ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:[0-9]{1,5})?")
LONGEST = 200


def origins(app: Application, shop: Shop) -> tuple[str, ...]:
    """The origins whose pages may talk to the assistant."""
    with app.database.read(shop) as unit:
        return origin_store.origins(unit)


def is_allowed(app: Application, slug: str, *, origin: str) -> bool:
    """Whether the pages of an origin may talk to the assistant of the shop of that name."""
    with app.database.read_install() as connection:
        shop = shop_store.find(connection, slug)
    if shop is None:
        return False
    with app.database.read(shop) as unit:
        return origin_store.is_allowed(unit, origin)


def allow_origin(app: Application, shop: Shop, *, origin: str, actor: Actor) -> str:
    """Let the pages of an origin talk to the assistant; the origin as it is kept. Raises InvalidInput."""
    plain = origin.strip().rstrip("/").casefold()
    if not ORIGIN.fullmatch(plain) or len(plain) > LONGEST:
        raise InvalidInput("An origin looks like https://shop.example, without a path.", at="origin")

    def allowed(unit: Unit) -> None:
        origin_store.allow(unit, plain)
        record(app, unit, Audited.ORIGIN_ALLOWED, actor=actor, about=plain)

    app.database.write(shop, allowed)
    return plain


def forbid_origin(app: Application, shop: Shop, *, origin: str, actor: Actor) -> None:
    """Let them no more."""

    def forbidden(unit: Unit) -> None:
        origin_store.forbid(unit, origin)
        record(app, unit, Audited.ORIGIN_FORBIDDEN, actor=actor, about=origin)

    app.database.write(shop, forbidden)
