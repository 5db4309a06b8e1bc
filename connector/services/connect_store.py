"""A shop is connected to its WooCommerce store: by its owner's approval there, or with a key that is pasted.

Whatever came in, a key counts only after a read with it.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

from msgspec import Struct

from adapters.errors import ChannelError, ChannelRefused, Unreadable
from adapters.woocommerce.auth import Credentials, Manner, approval_address, given_key, store_address
from adapters.woocommerce.client import Reach, StoreClient
from adapters.woocommerce.hooks import make_hooks, remove_hooks
from adapters.woocommerce.plugin_acts import version_of
from adapters.woocommerce.probe import Opened, try_key
from connector.application import Application
from connector.services import sealing, take_deliveries
from connector.services.errors import InvalidInput, NotFound
from connector.storage import connection_store, shop_store
from connector.storage.connection_store import Approval, Connection
from connector.storage.database import Unit
from connector.storage.shop_store import Shop

CHANNEL = "woocommerce"
APPROVAL_LASTS = timedelta(hours=1)
NO_HOOKS = "off"

T = TypeVar("T")


class Seen(Struct, frozen=True):
    """What people are told of a connection; never its key."""

    connection: Connection | None
    callback: str
    can_be_approved: bool


def seen(app: Application, shop: Shop) -> Seen:
    """The shop's connection as it stands."""
    with app.database.read(shop) as unit:
        found = connection_store.get(unit, CHANNEL)
    home = _home(app, shop)
    return Seen(connection=found, callback=f"{home}/webhooks/{CHANNEL}", can_be_approved=app.settings.is_https)


def begin(app: Application, shop: Shop, *, address: str) -> str:
    """Where the owner approves; the state in it counts once, for an hour, for this shop. Raises InvalidInput."""
    store = _checked(lambda: store_address(address), at="address")
    state = app.token()
    home = f"{_home(app, shop)}/connect/{CHANNEL}"
    page = _checked(
        lambda: approval_address(store, callback=f"{home}/{state}", back_to=f"{home}/approved", state=state),
        at="address",
    )
    now = app.clock()
    approval = Approval(_hashed(state), CHANNEL, store, sealed="", expires_at=now + APPROVAL_LASTS)
    app.database.write(shop, lambda unit: connection_store.begin_approval(unit, approval, at=now))
    return page


def take_key(app: Application, shop: Shop, *, state: str, body: Mapping[str, object]) -> None:
    """Keep the key that a store hands over for a state; raises NotFound, InvalidInput. It is not used yet."""
    key = _checked(lambda: given_key(body), at="consumer_key")
    sealed = sealing.sealed(app, json.dumps({"key": key.key, "secret": key.secret}))

    def work(unit: Unit) -> None:
        known = connection_store.approval_of(unit, _hashed(state), at=app.clock())
        if known is None or not connection_store.hand_over(unit, known.state_hash, sealed=sealed):
            raise NotFound("Nobody here is waiting for that key.")

    app.database.write(shop, work)


def finish(app: Application, shop: Shop, *, state: str) -> Connection:
    """The owner is back: try the key and connect; a state counts once. Raises NotFound, adapters.errors."""

    def work(unit: Unit) -> Approval:
        known = connection_store.approval_of(unit, _hashed(state), at=app.clock())
        if known is None or not connection_store.end_approval(unit, known.state_hash):
            raise NotFound("That approval is used up or too old. Please connect again.")
        return known

    approval = app.database.write(shop, work)
    if not approval.sealed:
        raise ChannelRefused("The store has sent no key: it was not approved, or the store cannot reach this address.")
    key = json.loads(sealing.opened(app, approval.sealed))
    return connect(app, shop, address=approval.address, key=key["key"], secret=key["secret"])


def connect(app: Application, shop: Shop, *, address: str, key: str, secret: str) -> Connection:
    """Connect with a key after a read with it; raises InvalidInput, and adapters.errors with words for the owner."""
    store = _checked(lambda: store_address(address), at="address")
    credentials = Credentials(address=store, key=key.strip(), secret=secret.strip())
    if not credentials.key.startswith("ck_") or not credentials.secret.startswith("cs_"):
        raise InvalidInput("The consumer key begins with ck_, the consumer secret with cs_.", at="key")
    opened = try_key(credentials, reach=reach_of(app))
    details = {"currency": opened.currency, "decimals": opened.decimals, "manner": opened.credentials.manner}
    hooks = _make_hooks(app, shop, opened)
    fresh = _connection(app, opened, details={**details, "hooks": hooks, "plugin": _plugin(app, opened)})
    made = app.database.write(shop, lambda unit: _kept(unit, fresh))
    app.database.write_install(lambda connection: shop_store.set_channel(connection, shop.id, channel=CHANNEL))
    return made


def _kept(unit: Unit, fresh: Connection) -> Connection:
    """The connection, kept; to the same store as before with what the merchant and the plugin had settled there."""
    before = connection_store.get(unit, CHANNEL)
    known = before.details if before is not None and before.address == fresh.address else {}
    made = replace(fresh, details={**known, **fresh.details})
    connection_store.save(unit, made)
    return made


def _plugin(app: Application, opened: Opened) -> str:
    """The version of our plugin there; whether it is there does not decide whether a store can be connected."""
    with suppress(ChannelError), StoreClient(opened.credentials, reach=reach_of(app)) as client:
        return version_of(client)
    return ""


def disconnect(app: Application, shop: Shop) -> None:
    """Remove the connection and its key; our webhooks in the store too, as far as it lets us. Raises NotFound."""
    with app.database.read(shop) as unit:
        found = connection_store.get(unit, CHANNEL)
    if found is None:
        raise NotFound("This shop is not connected to a store.")
    with suppress(ChannelError), StoreClient(credentials_of(app, found), reach=reach_of(app)) as client:
        remove_hooks(client, delivery_url=seen(app, shop).callback)

    def work(unit: Unit) -> None:
        connection_store.remove(unit, CHANNEL)
        take_deliveries.forget_secrets(unit, CHANNEL)

    app.database.write(shop, work)


def credentials_of(app: Application, connection: Connection) -> Credentials:
    """The key of a connection."""
    return read_credentials(connection, sealing.opened(app, connection.sealed))


def read_credentials(connection: Connection, opened: str) -> Credentials:
    """The key of a connection whose seal is opened."""
    key = json.loads(opened)
    manner = Manner(str(connection.details.get("manner") or Manner.BASIC))
    return Credentials(address=connection.address, key=key["key"], secret=key["secret"], manner=manner)


def reach_of(app: Application) -> Reach:
    """How far requests to stores may go in this install."""
    return Reach(allows_private=app.settings.private_stores)


def _connection(app: Application, opened: Opened, *, details: Mapping[str, object]) -> Connection:
    now = app.clock()
    key = json.dumps({"key": opened.credentials.key, "secret": opened.credentials.secret})
    return Connection(
        channel=CHANNEL,
        address=opened.credentials.address,
        sealed=sealing.sealed(app, key),
        details=details,
        connected_at=now,
        heard_until=now,
    )


def _make_hooks(app: Application, shop: Shop, opened: Opened) -> str:
    """Let the store tell us, where it can reach us; the secret is trusted before the store greets with it."""
    if not (app.settings.is_https or app.settings.private_stores):
        return NO_HOOKS
    secret = hashlib.sha256(app.token().encode()).hexdigest()
    take_deliveries.replace_secrets(app, shop, channel=CHANNEL, secret=secret)
    with StoreClient(opened.credentials, reach=reach_of(app)) as client:
        make_hooks(client, delivery_url=seen(app, shop).callback, secret=secret)
    return "on"


def _home(app: Application, shop: Shop) -> str:
    return f"{app.settings.public_url}/shops/{shop.slug}"


def _hashed(state: str) -> str:
    return hashlib.sha256(state.encode()).hexdigest()


def _checked(read: Callable[[], T], *, at: str) -> T:
    """What was typed or sent, read; raises InvalidInput."""
    try:
        return read()
    except (ChannelRefused, Unreadable) as error:
        raise InvalidInput(error.message, at=at) from error
