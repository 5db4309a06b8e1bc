"""What staff may not do alone: a manager agrees at the same counter, signed in, with a PIN, or by name and password."""

from connector.application import Application
from connector.services import pins, sign_in
from connector.services.errors import NotAllowed
from connector.services.roles import Action, may, require
from connector.services.sign_in import Browser, Credentials
from connector.storage.shop_store import Shop
from connector.storage.staff_store import Staff

NEEDED = "A manager must agree to that."


def approver(app: Application, shop: Shop, *, staff: Staff, credentials: Credentials, browser: Browser) -> Staff | None:
    """Who agrees: whoever may and is signed in, else whose name and password these are; None without any.

    Raises NotFound for wrong ones, NotAllowed for who may not agree, TooManyAttempts.
    """
    if may(staff, Action.OVERRIDE):
        return staff
    if not credentials.login:
        return None
    person = sign_in.vouch(app, shop, credentials=credentials, browser=browser)
    require(person, Action.OVERRIDE)
    return person


def by_pin(app: Application, shop: Shop, *, staff_id: int, pin: str, place: str) -> Staff:
    """Who agrees with a PIN of their own; raises NotFound for a wrong one, TooManyAttempts, NotAllowed."""
    person = pins.check(app, shop, staff_id=staff_id, pin=pin, place=place)
    if person.pin_until is not None:
        raise NotAllowed("A PIN that was lent begins a shift and approves nothing. Choose your own first.")
    require(person, Action.OVERRIDE)
    return person


def approved(person: Staff | None) -> Staff:
    """Who agreed; raises NotAllowed when nobody did who may."""
    if person is None:
        raise NotAllowed(NEEDED)
    require(person, Action.OVERRIDE)
    return person
