"""The app is installed by a code grant, where Shopify does not do it by itself: the merchant agrees, a code comes back.

What was asked for goes along sealed in the merchant's own browser, so that nothing is kept here of who never returns,
and nobody can end what another one began. The code counts once, at Shopify.
"""

import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from adapters.shopify import auth, tokens
from connector.application import Application
from connector.services import install_app
from connector.services.errors import NotFound
from connector.services.sealing import opened, sealed
from connector.storage.shop_store import Shop

BACK = "/shopify/granted"
GRANT_LASTS = timedelta(hours=1)
AGAIN = "That approval is used up or too old. Please begin again."


@dataclass(frozen=True, slots=True)
class Leaving:
    """A merchant on their way to agree: the page of Shopify, and what their browser brings back."""

    page: str
    held: str = field(repr=False)


def begin(app: Application, params: Mapping[str, str]) -> Leaving:
    """Where the merchant of a signed request agrees; raises NotShopify, NotConnected where there is no app."""
    keys = install_app.keys_of(app)
    domain = auth.granted(params, keys, now=app.clock().timestamp())
    state, until = app.token(), app.clock() + GRANT_LASTS
    page = auth.grant_address(domain, keys, back_to=app.settings.public_url + BACK, state=state)
    return Leaving(page, sealed(app, json.dumps({"state": state, "domain": domain, "until": until.isoformat()})))


def end(app: Application, params: Mapping[str, str], *, held: str) -> Shop:
    """The shop of a merchant who is back: signature, time, state and shop are checked, then the code counts.

    Raises NotShopify, NotFound for a state that this browser did not bring, faults.TokenRefused for a used-up code.
    """
    keys = install_app.keys_of(app)
    domain = auth.granted(params, keys, now=app.clock().timestamp())
    asked = _asked(app, held)
    fits = hmac.compare_digest(asked.get("state", "").encode(), params.get("state", "").encode())
    if not fits or asked.get("domain") != domain or datetime.fromisoformat(asked["until"]) < app.clock():
        raise NotFound(AGAIN)
    return install_app.exchanged(app, domain=domain, said=tokens.by_code(keys, params.get("code", "")))


def admin_page(app: Application, params: Mapping[str, str]) -> str:
    """Where the app is in the admin of a shop."""
    return f"https://{auth.shop_domain(params.get('shop', ''))}/admin/apps/{install_app.keys_of(app).client_id}"


def _asked(app: Application, held: str) -> dict[str, str]:
    from cryptography.fernet import InvalidToken  # loaded late as in `sealing`

    try:
        asked: dict[str, str] = json.loads(opened(app, held))
    except (InvalidToken, UnicodeEncodeError):
        raise NotFound(AGAIN) from None
    return asked
