"""The locations of a shop: where goods are taken back, and what holds at the counters there."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from msgspec.structs import asdict

from connector.application import Application
from connector.services.audit import Audited, record
from connector.services.errors import InvalidInput, NotFound
from connector.services.roles import Role
from connector.storage import location_store
from connector.storage.database import Unit
from connector.storage.location_store import Location, Terms
from connector.storage.shop_store import Shop
from domain.currencies import DIGITS
from domain.errors import Malformed
from domain.events import Actor
from domain.limits import Limits
from domain.money import format_amount, parse_amount

LONGEST_NAME = 80
LONGEST_ADDRESS = 300
MOST_IDLE_MINUTES = 120
LONGEST_PLATFORM_ID = 20
LARGEST_LIMIT = 10**15
LIMITED: Mapping[str, str] = {Role.STAFF: "staff_limit", Role.MANAGER: "manager_limit"}
"""The roles that have a limit, with where it is kept; owners have none."""


def everywhere(app: Application, shop: Shop) -> tuple[Location, ...]:
    """All locations, closed ones too."""
    with app.database.read(shop) as unit:
        return location_store.list_locations(unit)


def open_ones(app: Application, shop: Shop) -> tuple[Location, ...]:
    """The locations that are open."""
    return tuple(one for one in everywhere(app, shop) if one.closed_at is None)


def add(app: Application, shop: Shop, *, said: Mapping[str, str], actor: Actor) -> Location:
    """Add a location; raises InvalidInput."""
    terms = read_terms(shop, said)

    def added(unit: Unit) -> Location:
        found = location_store.add(unit, terms, at=app.clock())
        record(app, unit, Audited.LOCATION_ADDED, actor=actor, about=terms.name, details=asdict(terms))
        return found

    return app.database.write(shop, added)


def change(app: Application, shop: Shop, *, location_id: int, said: Mapping[str, str], actor: Actor) -> None:
    """Let other terms hold at a location; raises NotFound, InvalidInput."""
    terms = read_terms(shop, said)

    def changed(unit: Unit) -> None:
        found = known(unit, location_id)
        location_store.change(unit, location_id, terms=terms)
        before = asdict(found.terms)
        news = {name: [before[name], value] for name, value in asdict(terms).items() if before[name] != value}
        record(app, unit, Audited.LOCATION_CHANGED, actor=actor, about=found.name, details=news)

    app.database.write(shop, changed)


def close(app: Application, shop: Shop, *, location_id: int, actor: Actor) -> None:
    """Close a location: nobody begins to work there any more. Raises NotFound."""

    def closed(unit: Unit) -> None:
        found = known(unit, location_id)
        location_store.close(unit, location_id, at=app.clock())
        record(app, unit, Audited.LOCATION_CLOSED, actor=actor, about=found.name)

    app.database.write(shop, closed)


def open_again(app: Application, shop: Shop, *, location_id: int, actor: Actor) -> None:
    """Open a location again; raises NotFound."""

    def opened(unit: Unit) -> None:
        found = known(unit, location_id)
        location_store.close(unit, location_id, at=None)
        record(app, unit, Audited.LOCATION_OPENED, actor=actor, about=found.name)

    app.database.write(shop, opened)


def known(unit: Unit, location_id: int) -> Location:
    """The location of this number; raises NotFound."""
    found = location_store.get(unit, location_id)
    if found is None:
        raise NotFound("There is no such location in this shop.")
    return found


def shelf_at(unit: Unit, location_id: int | None) -> str:
    """The platform's own id of a location, empty where it has none."""
    found = location_store.get(unit, location_id) if location_id is not None else None
    return found.terms.platform_id if found else ""


def limits_at(shop: Shop, location: Location | None) -> Limits:
    """The limits that hold at a location; without one there are none."""
    kept = {role: getattr(location.terms, name) if location else None for role, name in LIMITED.items()}
    return Limits(by_role={**kept, Role.OWNER: None}, currency=shop.currency, digits=DIGITS[shop.currency])


def shown(shop: Shop, terms: Terms) -> Mapping[str, str]:
    """Terms as a form shows them."""
    digits = DIGITS[shop.currency]
    limits = {name: getattr(terms, name) for name in LIMITED.values()}
    return {
        "name": terms.name,
        "address": terms.address,
        "time_zone": terms.time_zone,
        "idle_minutes": str(terms.idle_minutes),
        "cash": "yes" if terms.cash_allowed else "",
        "platform_id": terms.platform_id,
        **{name: "" if most is None else format_amount(most, digits) for name, most in limits.items()},
    }


def read_terms(shop: Shop, said: Mapping[str, str]) -> Terms:
    """Terms as somebody typed them; raises InvalidInput."""
    name, address = said.get("name", ""), " ".join(said.get("address", "").split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise InvalidInput("Say what the location is called.", at="name")
    if len(address) > LONGEST_ADDRESS:
        raise InvalidInput(f"Write {LONGEST_ADDRESS} signs at most.", at="address")
    return Terms(
        name=name,
        address=address,
        time_zone=_zone(said.get("time_zone", "")),
        idle_minutes=_minutes(said.get("idle_minutes", "")),
        cash_allowed=said.get("cash", "") == "yes",
        staff_limit=_limit(shop, said, "staff_limit"),
        manager_limit=_limit(shop, said, "manager_limit"),
        platform_id=_platform_id(said.get("platform_id", "")),
    )


def _platform_id(text: str) -> str:
    if text and not (text.isascii() and text.isdecimal() and len(text) <= LONGEST_PLATFORM_ID):
        raise InvalidInput("Write the number of the location only, like 655441491.", at="platform_id")
    return text


def _zone(name: str) -> str:
    try:
        return ZoneInfo(name or "UTC").key
    except (ValueError, OSError, KeyError):
        raise InvalidInput("Write a time zone like Europe/Berlin or America/New_York.", at="time_zone") from None


def _minutes(text: str) -> int:
    minutes = int(text) if text.isdecimal() and len(text) < 4 else 0
    if not 0 < minutes <= MOST_IDLE_MINUTES:
        raise InvalidInput(f"A counter locks after 1 to {MOST_IDLE_MINUTES} minutes.", at="idle_minutes")
    return minutes


def _limit(shop: Shop, said: Mapping[str, str], name: str) -> int | None:
    text = said.get(name, "")
    refusal = InvalidInput("Write an amount like 150.00, or leave it empty for no limit.", at=name)
    if not text:
        return None
    try:
        most = parse_amount(text, DIGITS[shop.currency])
    except Malformed:
        raise refusal from None
    if most > LARGEST_LIMIT:
        raise refusal
    return most
