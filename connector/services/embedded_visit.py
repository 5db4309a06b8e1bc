"""Somebody uses Backhaul inside the admin of their shop: at every request a session token of Shopify says who."""

from adapters.shopify import auth
from adapters.shopify.auth import NotShopify, Session
from connector.application import Application
from connector.services import install_app
from connector.services.app_tokens import CHANNEL
from connector.services.errors import NotFound
from connector.storage import connection_store, staff_store
from connector.storage.shop_store import Shop
from connector.storage.staff_store import Staff

NOBODY = "This person may not use Backhaul in this shop any more."


def domain_of(app: Application, shop: Shop) -> str | None:
    """The shop's own domain at Shopify, None where it is not there or this install has no app."""
    if app.settings.shopify is None:
        return None
    with app.database.read(shop) as unit:
        found = connection_store.get(unit, CHANNEL)
    return None if found is None else found.address.removeprefix("https://")


def recognise(app: Application, shop: Shop, *, token: str, is_signed: bool = False) -> Staff:
    """Whom a session token speaks for in this shop; raises NotShopify, also for another shop's, and NotFound.

    Somebody new is let in, as an owner where Shopify signed that it opened the app for them, else as staff; what the
    installation lacks is made good.
    """
    header = f"Bearer {token}"
    session = auth.session_of(header, install_app.keys_of(app), now=app.clock().timestamp())
    if session.shop != domain_of(app, shop):
        raise NotShopify("The token is for another shop.")
    person = _known(app, shop, session) or _new(app, header, is_signed=is_signed)
    if person.disabled_at is not None:
        raise NotFound(NOBODY)
    return person


def _new(app: Application, header: str, *, is_signed: bool) -> Staff:
    came = (
        install_app.visit(app, header=header, is_signed=True) if is_signed else install_app.pass_by(app, header=header)
    )
    return came.person


def _known(app: Application, shop: Shop, session: Session) -> Staff | None:
    """The person, where nothing is lacking."""
    with app.database.read(shop) as unit:
        found = connection_store.get(unit, CHANNEL)
        person = staff_store.find_by_login(unit, install_app.login_of(session))
    return person if found is not None and found.sealed else None
