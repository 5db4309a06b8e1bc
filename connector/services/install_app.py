"""The install's app in a shop at Shopify: installed by the merchant's first visit, or by a code grant; taken off again.

Shopify itself asks the merchant for the scopes (managed install). What a visit brings is a session token, and the first
one makes the shop here, with its tokens, its people and a policy to begin with.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from msgspec import Struct, structs

from adapters.errors import ChannelError, ChannelSlow, NotConnected
from adapters.shopify import auth, tokens
from adapters.shopify.auth import AppKeys, Session
from adapters.shopify.client import ShopClient, TokenClient
from adapters.shopify.fields import Body, part, parts, required, text
from adapters.shopify.tokens import TokenPair
from connector.application import Application
from connector.services.app_tokens import (
    CHANNEL,
    NEEDS_VISIT,
    NO_APP,
    new_shop_client,
    platform_address,
    with_pair,
)
from connector.services.audit import Audited, record
from connector.services.errors import NotFound
from connector.services.first_policy import FIRST_POLICY
from connector.services.first_steps import TAKEN
from connector.services.install_shop import NewShop, add_shop
from connector.services.roles import Role
from connector.storage import address_store, connection_store, shop_store, staff_store
from connector.storage.connection_store import Connection
from connector.storage.database import Unit
from connector.storage.shop_store import Shop
from connector.storage.staff_store import Staff
from domain.events import SYSTEM

SLUG = re.compile(r"[^a-z0-9]+")
LONGEST_SLUG = 40
LOGIN = "shopify-"


class Visitor(Struct, frozen=True):
    """Who opened the app in a shop's admin."""

    shop: Shop
    person: Staff
    domain: str


def keys_of(app: Application) -> AppKeys:
    """The install's app; raises NotConnected where there is none."""
    if app.settings.shopify is None:
        raise NotConnected(NO_APP)
    return app.settings.shopify


def visit(app: Application, *, header: str, is_signed: bool = False) -> Visitor:
    """Whom a session token lets in where the app is opened; what the installation lacks is made good.

    Somebody new is an owner where Shopify signed the opening, or where the shop has no owner there yet; else they are
    staff. Raises NotShopify.
    """
    return _let_in(app, header=header, is_owner=lambda unit: is_signed or not _has_owner(unit))


def pass_by(app: Application, *, header: str) -> Visitor:
    """The same at any other door, a till's among them: somebody new is staff."""
    return _let_in(app, header=header, is_owner=lambda _: False)


def exchanged(app: Application, *, domain: str, said: Mapping[str, object]) -> Shop:
    """The shop of a domain, with the tokens that a request for them gives; raises faults.TokenRefused, ChannelSlow."""
    return install(app, domain=domain, pair=_pair(app, domain, said))


def install(app: Application, *, domain: str, pair: TokenPair) -> Shop:
    """The shop of a domain with these tokens: a new one, or the one that it was before."""
    now = app.clock()
    fresh = Connection(CHANNEL, f"https://{domain}", "", {}, connected_at=now, heard_until=now)
    told = _told(app, with_pair(fresh, pair, secrets_of=app.settings.secrets), pair)
    shop = known_shop(app, domain) or add_shop(app, _new_shop(_free_slug(app, domain), told))
    details = {
        "name": text(part(told, "shop"), "name"),
        "currency": text(part(told, "shop"), "currencyCode"),
        "store_credit": part(told, "storeCreditConfiguration").get("storeCreditEnabled") is True,
        "missing": list(auth.missing_scopes(pair.scopes)),
        "sees_all_orders": "read_all_orders" in pair.scopes,
    }
    made = with_pair(replace(fresh, details=details), pair, secrets_of=app.settings.secrets)

    def work(unit: Unit) -> None:
        connection_store.save(unit, _going_on(made, known=connection_store.get(unit, CHANNEL)))
        record(app, unit, Audited.APP_INSTALLED, actor=SYSTEM, about=domain)

    app.database.write(shop, work)
    app.database.write_install(lambda connection: shop_store.set_channel(connection, shop.id, channel=CHANNEL))
    return structs.replace(shop, channel=CHANNEL)


def _going_on(made: Connection, *, known: Connection | None) -> Connection:
    """A connection with what is kept of the one before: its location, and all that it knew unless it was taken off."""
    if known is None:
        return made
    stands = known.sealed != ""
    kept = {name: known.details[name] for name in ("location", *((TAKEN,) if stands else ())) if name in known.details}
    going_on = replace(made, details={**kept, **made.details})
    if not stands:
        return going_on
    return replace(going_on, connected_at=known.connected_at, heard_until=known.heard_until)


def uninstalled(app: Application, unit: Unit, *, void: str) -> None:
    """The merchant took the app off: its tokens are void and forgotten; what there is to be kept is kept.

    `void` is what was kept (sealed) when Shopify was asked: whoever installed it again since has other tokens.
    """
    found = connection_store.get(unit, CHANNEL)
    if found is not None and found.sealed and found.sealed == void:
        gone = {**found.details, "uninstalled_at": app.clock().isoformat()}
        connection_store.save(unit, replace(found, sealed="", details=gone))
        record(app, unit, Audited.APP_REMOVED, actor=SYSTEM, about=found.address.removeprefix("https://"))


def scopes_changed(unit: Unit, scopes: tuple[str, ...]) -> None:
    """The merchant agreed to more, or to less."""
    found = connection_store.get(unit, CHANNEL)
    if found is not None:
        told = {"scopes": list(scopes), "missing": list(auth.missing_scopes(scopes))}
        told["sees_all_orders"] = "read_all_orders" in scopes  # type: ignore[assignment]
        connection_store.save(unit, replace(found, details={**found.details, **told}))


def scopes_told(app: Application, shop: Shop, found: Connection) -> tuple[str, ...]:
    """What a connected shop lets the app do, as Shopify says now; raises NotConnected where it is not let in."""
    with new_shop_client(app.settings, app.database, shop, found, clock=app.clock) as client:
        listed = parts(part(client.ask("app_scopes"), "currentAppInstallation"), "accessScopes")
    return tuple(required(scope, "handle") for scope in listed)


def known_shop(app: Application, domain: str) -> Shop | None:
    """The shop of a domain, also one whose app was taken off."""
    with app.database.read_install() as connection:
        return address_store.shop_at(connection, CHANNEL, f"https://{domain}")


def login_of(session: Session) -> str:
    """What a person of a shop's staff is known by here."""
    return f"{LOGIN}{session.user_id}"


def _let_in(app: Application, *, header: str, is_owner: Callable[[Unit], bool]) -> Visitor:
    session = auth.session_of(header, keys_of(app), now=app.clock().timestamp())
    shop = known_shop(app, session.shop)
    if shop is None or _is_lacking(app, shop):
        asked = tokens.by_session(keys_of(app), header.removeprefix("Bearer "))
        shop = exchanged(app, domain=session.shop, said=asked)
    person = app.database.write(shop, lambda unit: _person(app, unit, session, is_owner=is_owner))
    if person.disabled_at is not None:
        raise NotFound("This person may not use Backhaul in this shop any more.")
    return Visitor(shop=shop, person=person, domain=session.shop)


def _pair(app: Application, domain: str, asked: Mapping[str, object]) -> TokenPair:
    address = app.settings.shopify_at.format(shop=domain)
    return tokens.read_pair(TokenClient(address).post(asked), now=app.clock())


def _is_lacking(app: Application, shop: Shop) -> bool:
    """Whether a visit must make new tokens: there are none, they open the shop no more, or scopes are missing.

    What is kept may be void: the app was taken off and installed again, and nothing told of it yet. So Shopify is
    asked, once for each time that the app is opened; one that is slow is not waited for.
    """
    with app.database.read(shop) as unit:
        found = connection_store.get(unit, CHANNEL)
    if found is None or not found.sealed or found.details.get(NEEDS_VISIT) or found.details.get("missing"):
        return True
    try:
        scopes_told(app, shop, found)
    except ChannelSlow:
        return False
    except ChannelError:
        return True
    return False


def _told(app: Application, found: Connection, pair: TokenPair) -> Body:
    """What the shop says of itself to a fresh token, asked before anything is written down."""
    with ShopClient(platform_address(app.settings, found), _Fixed(pair.access), _Unmeasured()) as client:
        return client.ask("installation")


class _Fixed:
    """A token that was given just now."""

    def __init__(self, token: str) -> None:
        self._token = token

    def current(self) -> str:
        return self._token

    def renewed(self, refused: str) -> str:
        return refused


class _Unmeasured:
    """A bucket for one question of a shop that may not be known here yet."""

    def take(self, points: float) -> float:  # noqa: ARG002  the form of Bucket
        return 0.0

    def tell(self, cost: object, *, taken: float) -> None:
        """Nothing is measured."""


def _new_shop(slug: str, told: Body) -> NewShop:
    shop = part(told, "shop")
    return NewShop(
        slug=slug,
        name=text(shop, "name") or slug,
        channel=CHANNEL,
        currency=text(shop, "currencyCode") or "USD",
        policy=FIRST_POLICY,
    )


def _free_slug(app: Application, domain: str) -> str:
    """The domain's own word as a short name, with a number where another shop has it."""
    word = SLUG.sub("-", domain.removesuffix(".myshopify.com")).strip("-")[:LONGEST_SLUG].strip("-")
    with app.database.read_install() as connection:
        return next(slug for slug in _slugs(word) if shop_store.find(connection, slug) is None)


def _slugs(word: str) -> Iterator[str]:
    yield word
    yield from (f"{word[: LONGEST_SLUG - 4].rstrip('-')}-{n}" for n in range(2, 1000))


def _person(app: Application, unit: Unit, session: Session, *, is_owner: Callable[[Unit], bool]) -> Staff:
    """The person of the shop's staff, known by the id that Shopify knows; a role that stands here is kept."""
    login = login_of(session)
    known = staff_store.find_by_login(unit, login)
    if known is not None:
        return known
    role = Role.OWNER if is_owner(unit) else Role.STAFF
    made = staff_store.add_staff(unit, f"Shopify user {session.user_id}", role=role, at=app.clock())
    staff_store.set_password(unit, made.id, login=login, password_hash=app.passwords.hash(app.token()))
    return made


def _has_owner(unit: Unit) -> bool:
    """Whether an owner comes by Shopify."""
    everybody = staff_store.list_staff(unit)
    return any(one.role == Role.OWNER and (one.login or "").startswith(LOGIN) for one in everybody)
