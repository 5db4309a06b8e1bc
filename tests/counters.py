"""A counter for tests: a location, a shared device on it, people with PINs."""

from dataclasses import dataclass

from connector.services import locations, people, pins, shared_devices, shift, sign_in
from connector.services.quote_return import preview
from connector.services.request_return import Wish, open_return
from connector.services.sign_in import Browser
from connector.storage.location_store import Location
from connector.storage.shared_device_store import Device
from connector.storage.staff_store import Staff
from domain.events import Actor
from domain.returns import Return
from tests.shops import ANN, TestShop

PIN = "2580"
OWNERS_PIN = "9137"
TERMS = {"name": "Main street", "time_zone": "America/New_York", "idle_minutes": "5", "cash": "yes"}
BOSS = Actor(kind="staff", name="Owner")


@dataclass(frozen=True, slots=True)
class Counter:
    """A location with a device on it and who works there; `token` is the device's."""

    location: Location
    device: Device
    token: str
    lee: Staff
    kim: Staff


def person(demo: TestShop, name: str, role: str = "staff", *, pin: str | None = PIN) -> Staff:
    """Somebody who was added, with a PIN of their own."""
    people.add_person(demo.app, demo.shop, by=sign_in.owner_of(demo.app, demo.shop), name=name, role=role)
    found = people.everybody(demo.app, demo.shop)[-1]
    if pin is not None:
        pins.change(demo.app, demo.shop, staff=found, old="", new=pin)
    return known(demo, found.id)


def known(demo: TestShop, staff_id: int) -> Staff:
    """The person as they are now."""
    return next(one for one in people.everybody(demo.app, demo.shop) if one.id == staff_id)


def location(demo: TestShop, **terms: str) -> Location:
    """A location where these terms hold."""
    return locations.add(demo.app, demo.shop, said={**TERMS, **terms}, actor=BOSS)


def device(demo: TestShop, at: Location, name: str = "Till 1") -> tuple[Device, str]:
    """A shared device at a location with its token."""
    by = sign_in.owner_of(demo.app, demo.shop)
    token = shared_devices.add(demo.app, demo.shop, by=by, name=name, location_id=at.id)
    found = shift.device_of(demo.app, demo.shop, device=token)
    assert found is not None
    return found, token


def counter(demo: TestShop, **terms: str) -> Counter:
    """A counter with Lee, who is staff, and Kim, a manager."""
    here = location(demo, **terms)
    found, token = device(demo, here)
    return Counter(here, found, token, lee=person(demo, "Lee"), kim=person(demo, "Kim", "manager", pin=OWNERS_PIN))


def begun(demo: TestShop, at: Counter, who: Staff, pin: str = PIN) -> str:
    """The token of a shift that somebody began."""
    return shift.begin(demo.app, demo.shop, device=at.device, staff_id=who.id, pin=pin, new="", browser=Browser("x"))


def acting(demo: TestShop, at: Counter, who: Staff, pin: str = PIN) -> Actor:
    """Somebody who works at the counter, as use cases know them."""
    here = shift.present(demo.app, demo.shop, session=begun(demo, at, who, pin), device=at.token, is_active=True)
    assert here is not None
    return Actor(kind="staff", name=who.name, post=here.post)


def opened_of(demo: TestShop, order_id: str) -> Return:
    """A return of one unit of an order."""
    items = [{"line_id": "l1", "quantity": 1, "reason": "style", "resolution": "refund"}]
    shown = preview(demo.app, demo.shop, order_id=order_id, items=items)
    wish = Wish(order_id=order_id, items=items, method="mail", quote_id=shown.id)
    return open_return(demo.app, demo.shop, wish=wish, actor=ANN, key=f"open {order_id}")
