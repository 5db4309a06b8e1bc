"""What a merchant does once after the app was installed at Shopify, and what the installation lacks."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from msgspec import Struct

from connector.application import Application
from connector.services import shop_settings
from connector.services.app_tokens import CHANNEL, NEEDS_VISIT
from connector.services.errors import NotFound
from connector.services.policy_terms import terms_now
from connector.storage import connection_store
from connector.storage.connection_store import Connection
from connector.storage.database import Unit
from connector.storage.shop_store import Shop
from domain.policy import Policy

BLOCK = "assistant"
"""The app embed of the theme extension, by the name of its file in `blocks/`."""
TAKEN = "first_steps_taken"
CENTS = 2


class FirstSteps(Struct, frozen=True):
    """What is to be done: `theme` leads to where the assistant is turned on, `blocks` to where it is put on a page.

    `missing` are scopes that the merchant has not agreed to; `needs_visit` says that the shop's tokens are lost.
    """

    domain: str
    installed_at: datetime
    is_installed: bool
    needs_visit: bool
    missing: Sequence[str]
    sees_all_orders: bool
    theme: str
    blocks: str
    policy: Policy
    details: shop_settings.Details
    are_taken: bool


def first_steps(app: Application, shop: Shop) -> FirstSteps:
    """The first steps of a shop; raises NotFound for one that is not at Shopify."""
    with app.database.read(shop) as unit:
        found = _connection(unit)
        policy = terms_now(unit, digits=CENTS)
        details = shop_settings.details_in(unit)
    said, domain = found.details, found.address.removeprefix("https://")
    missing = said.get("missing")
    return FirstSteps(
        domain=domain,
        installed_at=found.connected_at,
        is_installed=bool(found.sealed),
        needs_visit=bool(said.get(NEEDS_VISIT)),
        missing=tuple(map(str, missing)) if isinstance(missing, list) else (),
        sees_all_orders=bool(said.get("sees_all_orders")),
        theme=f"{_editor(domain)}?context=apps&activateAppId={_client_id(app)}/{BLOCK}",
        blocks=f"{_editor(domain)}?template=page&addAppBlockId={_client_id(app)}/{BLOCK}-inline&target=newAppsSection",
        policy=policy,
        details=details,
        are_taken=bool(said.get(TAKEN)),
    )


def take(app: Application, shop: Shop) -> None:
    """The merchant is through with them: the dashboard is the first page from now on."""

    def taken(unit: Unit) -> None:
        found = _connection(unit)
        connection_store.save(unit, replace(found, details={**found.details, TAKEN: True}))

    app.database.write(shop, taken)


def are_to_be_taken(app: Application, shop: Shop) -> bool:
    """Whether the first page is still that of the first steps."""
    with app.database.read(shop) as unit:
        return not _connection(unit).details.get(TAKEN)


def _connection(unit: Unit) -> Connection:
    found = connection_store.get(unit, CHANNEL)
    if found is None:
        raise NotFound("This shop is not at Shopify.")
    return found


def _editor(domain: str) -> str:
    """[D] The theme editor of a shop, where an app's parts are turned on by link (5.1.3)."""
    return f"https://{domain}/admin/themes/current/editor"


def _client_id(app: Application) -> str:
    return app.settings.shopify.client_id if app.settings.shopify else ""
