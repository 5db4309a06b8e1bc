"""A manager agrees at somebody else's device: with a PIN, or by name and password; never by what the device holds."""

from connector.services import shift
from connector.services.approval import approver, by_pin
from connector.services.roles import Action, may
from connector.services.sign_in import Credentials
from connector.storage.staff_store import Staff
from connector.web.doors import Visit
from connector.web.shift_page import number_of


def manager(visit: Visit) -> Staff | None:
    """Who agrees to what was posted; None where nobody signed. Raises what `approver` and `by_pin` do."""
    if pin := _typed(visit, "manager-pin"):
        place = visit.post.device_id or f"account of {visit.person.id}"
        return by_pin(visit.app, visit.shop, staff_id=number_of(visit.field("manager")), pin=pin, place=place)
    credentials = Credentials(visit.field("manager-login"), _typed(visit, "manager-password"))
    return approver(visit.app, visit.shop, staff=visit.person, credentials=credentials, browser=visit.browser)


def must_ask(visit: Visit) -> bool:
    """Whether somebody else has to agree to what only managers may."""
    return not may(visit.person, Action.OVERRIDE)


def managers(visit: Visit) -> tuple[Staff, ...]:
    """Who can agree with a PIN."""
    return tuple(one for one in shift.who_may_begin(visit.app, visit.shop) if may(one, Action.OVERRIDE))


def _typed(visit: Visit, name: str) -> str:
    """A secret as it was typed, blanks included."""
    return next(iter(visit.form.get(name, ())), "")
