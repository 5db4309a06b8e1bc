"""What the widget is told before anybody talks: the shop's name and colours, and every sign in a language."""

from msgspec import Struct

from bot.signs import signs
from bot.voice import spoken, voice
from connector.application import Application
from connector.services.audit import Audited, record
from connector.services.brand import read_colour, shades
from connector.services.errors import InvalidInput
from connector.services.quote_return import Document
from connector.storage import detail_store
from connector.storage.database import Unit
from connector.storage.shop_store import Shop
from domain.events import Actor

COLOUR, SIDE = "widget_colour", "widget_side"
SIDES = ("end", "start")
"""Where the button stands: where lines end, or where they begin."""


class Look(Struct, frozen=True):
    """How the widget looks: the brand's colour ("" for our own), and on which side its button stands."""

    colour: str = ""
    side: str = "end"


def look_of(app: Application, shop: Shop) -> Look:
    """How the shop's widget looks."""
    with app.database.read(shop) as unit:
        said = detail_store.details(unit)
    return Look(colour=said.get(COLOUR, ""), side=said.get(SIDE, "end"))


def change_look(app: Application, shop: Shop, *, look: Look, actor: Actor) -> None:
    """Have the widget look otherwise; raises InvalidInput."""
    colour = read_colour(look.colour)
    if look.side not in SIDES:
        raise InvalidInput("The button stands at the end or at the start.", at="side")

    def changed(unit: Unit) -> None:
        for name, words in ((COLOUR, colour), (SIDE, look.side)):
            detail_store.save(unit, name, words=words)
        said = {"colour": colour, "side": look.side}
        record(app, unit, Audited.DETAILS_CHANGED, actor=actor, about=shop.slug, details=said)

    app.database.write(shop, changed)


def dressed(app: Application, shop: Shop, *, language: str | None) -> Document:
    """The look as the widget reads it, in the language that is spoken with who wants this one."""
    look, speaks = look_of(app, shop), spoken(language)
    return {
        "shop": shop.name,
        "language": speaks,
        "side": look.side,
        "colours": shades(look.colour) if look.colour else None,
        "page": f"/shops/{shop.slug}/returns",
        "words": signs(voice(speaks)),
    }
