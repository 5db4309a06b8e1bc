"""What a merchant sets for their shop: where its assistant may stand, and what it says of the shop."""

import re

from msgspec import Struct

from connector.application import Application
from connector.services.audit import Audited, record
from connector.services.errors import InvalidInput
from connector.storage import detail_store, origin_store, shop_store
from connector.storage.database import Unit
from connector.storage.shop_store import Shop
from domain.events import Actor

ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:[0-9]{1,5})?")
LONGEST = 200
MOST_WORDS = 500


class Details(Struct, frozen=True):
    """What the assistant says of the shop, "" where it says nothing: how it is reached, where parcels go."""

    contact: str = ""
    return_address: str = ""


def details(app: Application, shop: Shop) -> Details:
    """What the assistant says of the shop."""
    with app.database.read(shop) as unit:
        return details_in(unit)


def details_in(unit: Unit) -> Details:
    """What the assistant says of the shop, within the caller's transaction."""
    said = detail_store.details(unit)
    return Details(contact=said.get("contact", ""), return_address=said.get("return_address", ""))


def say(app: Application, shop: Shop, *, said: Details, actor: Actor) -> None:
    """Have the assistant say this of the shop; lines become one. Raises InvalidInput for too much."""
    words = {"contact": " ".join(said.contact.split()), "return_address": " ".join(said.return_address.split())}
    for name, text in words.items():
        if len(text) > MOST_WORDS:
            raise InvalidInput(f"Write {MOST_WORDS} signs at most.", at=name)

    def saved(unit: Unit) -> None:
        for name, text in words.items():
            detail_store.save(unit, name, words=text)
        record(app, unit, Audited.DETAILS_CHANGED, actor=actor, about=shop.slug, details=words)

    app.database.write(shop, saved)


def origins(app: Application, shop: Shop) -> tuple[str, ...]:
    """The origins whose pages may talk to the assistant."""
    with app.database.read(shop) as unit:
        return origin_store.origins(unit)


def is_allowed(app: Application, slug: str, *, origin: str) -> bool:
    """Whether the pages of an origin may talk to the assistant of the shop of that name."""
    with app.database.ask_install() as connection:
        shop = shop_store.find(connection, slug)
        return shop is not None and origin_store.is_allowed(Unit(connection, shop), origin)


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
