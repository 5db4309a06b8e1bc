"""Where a manager agrees at somebody else's device: by name and password, never by what the device holds."""

from connector.services.approval import approver
from connector.services.roles import Action, may
from connector.services.sign_in import Credentials
from connector.storage.staff_store import Staff
from connector.web.doors import Visit


def manager(visit: Visit) -> Staff | None:
    """Who agrees to what was posted; None where nobody signed. Raises what `approver` does."""
    password = next(iter(visit.form.get("manager-password", ())), "")
    credentials = Credentials(visit.field("manager-login"), password)
    return approver(visit.app, visit.shop, staff=visit.person, credentials=credentials, browser=visit.browser)


def must_ask(visit: Visit) -> bool:
    """Whether somebody else has to agree to what only managers may."""
    return not may(visit.person, Action.OVERRIDE)
