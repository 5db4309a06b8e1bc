"""Staff come in by a link and stay by a session; only hashes of both are kept.

A link stays good until it expires: programs that open links before people do (mail filters, previews) must not use
it up.
"""

import hashlib
from datetime import timedelta

from connector.application import Application
from connector.services.errors import NotFound, TooManyAttempts
from connector.storage import attempt_store, staff_store
from connector.storage.shop_store import Shop
from connector.storage.staff_store import Staff

LINK_LASTS = timedelta(hours=24)
SESSION_LASTS = timedelta(days=14)
TRIES = 20
WINDOW_SECONDS = 900


def new_link(app: Application, shop: Shop, *, staff_id: int) -> str:
    """The token of a new sign-in link: good for a day."""
    token = app.token()
    expires = app.clock() + LINK_LASTS
    app.database.write(
        shop, lambda unit: staff_store.add_link(unit, _hash(token), staff_id=staff_id, expires_at=expires)
    )
    return token


def owner_of(app: Application, shop: Shop) -> Staff:
    """The shop's first person; raises NotFound."""
    with app.database.read(shop) as unit:
        owner = next((one for one in staff_store.list_staff(unit) if one.role == "owner"), None)
    if owner is None:
        raise NotFound("This shop has no owner.")
    return owner


def sign_in(app: Application, shop: Shop, *, link: str, address: str) -> str:
    """The token of a new session for a link; raises NotFound when it is unknown or too old, TooManyAttempts."""
    now, token = app.clock(), app.token()
    key = f"sign-in:{_hash(address)}"
    tries = app.database.write(shop, lambda unit: attempt_store.hit(unit, key, at=now, window_seconds=WINDOW_SECONDS))
    if tries > TRIES:
        raise TooManyAttempts("That was tried too often. Please wait a little.", retry_after=WINDOW_SECONDS)
    staff = app.database.write(shop, lambda unit: staff_store.use_link(unit, _hash(link), at=now))
    if staff is None:
        raise NotFound("This link is too old, or not whole. Ask for a new one.")
    app.database.write(
        shop,
        lambda unit: staff_store.add_session(
            unit, _hash(token), staff_id=staff.id, at=now, expires_at=now + SESSION_LASTS
        ),
    )
    return token


def who(app: Application, shop: Shop, *, session: str) -> Staff | None:
    """Who holds a session of this shop."""
    if not session:
        return None
    with app.database.read(shop) as unit:
        return staff_store.session(unit, _hash(session), at=app.clock())


def sign_out(app: Application, shop: Shop, *, session: str) -> None:
    """End a session."""
    app.database.write(shop, lambda unit: staff_store.end_session(unit, _hash(session)))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
