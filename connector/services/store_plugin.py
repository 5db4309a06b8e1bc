"""The plugin in a WooCommerce store: made for its shop, believed by a secret that both know, seen when it is there."""

import secrets
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from importlib.resources import files
from importlib.resources.abc import Traversable
from io import BytesIO
from urllib.parse import urlsplit

from adapters.errors import ChannelSlow
from adapters.woocommerce.client import StoreClient
from adapters.woocommerce.plugin_acts import version_of
from adapters.woocommerce.signed_token import Claims, read_token
from connector.application import Application
from connector.services.connect_store import CHANNEL
from connector.services.errors import InvalidInput, NotFound
from connector.services.sealing import opened, sealed
from connector.services.shop_settings import allow_origin
from connector.storage import connection_store
from connector.storage.connection_store import Connection
from connector.storage.database import Unit
from connector.storage.shop_store import Shop
from domain.events import Actor

NAME = "backhaul-returns"
SECRET = "plugin_secret"  # noqa: S105  the name of a detail, not a secret
SECRET_BYTES = 32
FIXED = (2020, 1, 1, 0, 0, 0)
"""The same shop gets the same bytes, whenever it asks."""


def package(app: Application, shop: Shop, *, actor: Actor, renews_secret: bool = False) -> bytes:
    """The plugin as a ZIP file that WordPress installs, knowing where this install is; raises NotFound.

    With another secret the plugin of before is believed no more. The store's pages may talk to the assistant from now
    on.
    """
    secret = _shared_secret(app, shop, renews=renews_secret)
    _allow_its_pages(app, shop, actor=actor)
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in _contents():
            archive.writestr(zipfile.ZipInfo(f"{NAME}/{name}", FIXED), content)
        known = _connection_file(address=app.settings.public_url, shop=shop.slug, secret=secret)
        archive.writestr(zipfile.ZipInfo(f"{NAME}/connection.php", FIXED), known)
    return made.getvalue()


def claims_of(app: Application, shop: Shop, *, token: str, purpose: str) -> Claims | None:
    """What the shop's plugin signed for a purpose; None for anything else."""
    with app.database.read(shop) as unit:
        found = connection_store.get(unit, CHANNEL)
    kept = found.details.get(SECRET) if found else None
    if not kept:
        return None
    claims = read_token(token, secret=opened(app, str(kept)), shop=shop.slug, now=app.clock())
    return claims if claims is not None and claims.purpose == purpose else None


def look_for(client: StoreClient, *, before: str) -> str:
    """The version of the plugin in the store, empty where it is not; what was known before while the store is slow."""
    try:
        return version_of(client)
    except ChannelSlow:
        return before


def note(unit: Unit, version: str) -> None:
    """Remember which version of the plugin is in the store, empty for none."""
    found = connection_store.get(unit, CHANNEL)
    if found is not None and str(found.details.get("plugin") or "") != version:
        connection_store.save(unit, replace(found, details={**found.details, "plugin": version}))


def _shared_secret(app: Application, shop: Shop, *, renews: bool) -> str:
    """The secret of the connection, made when it is first asked for."""

    def work(unit: Unit) -> Connection:
        found = connection_store.get(unit, CHANNEL)
        if found is None:
            raise NotFound("This shop is not connected to a WooCommerce store. Connect it first.")
        if renews or not found.details.get(SECRET):
            fresh = sealed(app, secrets.token_urlsafe(SECRET_BYTES))
            found = replace(found, details={**found.details, SECRET: fresh})
            connection_store.save(unit, found)
        return found

    return opened(app, str(app.database.write(shop, work).details[SECRET]))


def _allow_its_pages(app: Application, shop: Shop, *, actor: Actor) -> None:
    """Let the assistant stand on the store's pages; one that is not on https is allowed by nobody but the operator."""
    with app.database.read(shop) as unit:
        found = connection_store.get(unit, CHANNEL)
    if found is not None:
        parts = urlsplit(found.address)
        with suppress(InvalidInput):
            allow_origin(app, shop, origin=f"{parts.scheme}://{parts.netloc}", actor=actor)


def _contents() -> Iterator[tuple[str, bytes]]:
    """The plugin's files, with its words in the form that WordPress reads."""
    for name, file in _walk(files("adapters.woocommerce") / "plugin", ""):
        yield name, file.read_bytes()
        if name.endswith(".po"):
            yield f"{name[:-3]}.mo", compiled(file)


def _walk(folder: Traversable, above: str) -> Iterator[tuple[str, Traversable]]:
    for entry in sorted(folder.iterdir(), key=lambda one: one.name):
        name = f"{above}{entry.name}"
        if entry.is_dir():
            yield from _walk(entry, f"{name}/")
        else:
            yield name, entry


def compiled(file: Traversable) -> bytes:
    """A catalogue of words in the form that WordPress reads."""
    # A megabyte, and 30 ms, that a server starts without.
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    made = BytesIO()
    write_mo(made, read_po(BytesIO(file.read_bytes())))
    return made.getvalue()


def _connection_file(*, address: str, shop: str, secret: str) -> str:
    """What the plugin takes over when it is switched on; nobody who asks for the file by its address reads it."""
    known = {"address": address, "shop": shop, "secret": secret}
    lines = "".join(f"\t'{name}' => '{_quoted(value)}',\n" for name, value in known.items())
    return f"<?php\ndefined( 'ABSPATH' ) || exit;\n\nreturn array(\n{lines});\n"


def _quoted(value: str) -> str:
    return value.replace("\\", "\\\\").replace("'", "\\'")
