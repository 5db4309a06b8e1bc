"""Who works where: staff change shifts on a shared device with a PIN, and a device that nobody uses locks itself.

A session that was begun with a PIN is good on its device alone, and ends when the device was idle for as long as its
location says: the next request finds no session, whatever a page still shows.
"""

from datetime import timedelta

from msgspec import Struct

from connector.application import Application
from connector.services import pins, sign_in
from connector.services.audit import Audited, record
from connector.services.errors import InvalidInput, NotFound
from connector.services.sealing import hash_of
from connector.services.sign_in import LONGEST_AGENT, Browser, actor_of
from connector.storage import location_store, shared_device_store, staff_store
from connector.storage.database import Unit
from connector.storage.location_store import Location
from connector.storage.shared_device_store import Device
from connector.storage.shop_store import Shop
from connector.storage.staff_store import Session, Staff
from domain.events import SYSTEM, Post

SHIFT_LASTS = timedelta(hours=14)
SEEN_EVERY = timedelta(seconds=15)
CHOOSE_OWN = "Now choose a PIN of your own."


class Present(Struct, frozen=True):
    """Somebody of the shop who is here: at which location, and on which shared device if it is one."""

    staff: Staff
    location: Location | None = None
    device: Device | None = None

    @property
    def post(self) -> Post:
        """Where they act, for limits and figures."""
        return Post(
            staff_id=self.staff.id,
            location_id=self.location.id if self.location else None,
            device_id=self.device.id if self.device else None,
            training=self.device.training if self.device else False,
        )


def present(app: Application, shop: Shop, *, session: str, device: str, is_active: bool) -> Present | None:
    """Who holds a session of this shop, and where; that they do something keeps a device from locking.

    On a shared device only what was begun with a PIN counts.
    """
    if device_of(app, shop, device=device) is not None:
        return _at_device(app, shop, session=session, device=device, is_active=is_active)
    person = sign_in.who(app, shop, session=session)
    return None if person is None else of_person(app, shop, person)


def of_person(app: Application, shop: Shop, person: Staff) -> Present:
    """Who signed in by themselves works at the shop's first location."""
    with app.database.read(shop) as unit:
        return Present(person, location=location_store.first_open(unit))


def device_of(app: Application, shop: Shop, *, device: str) -> Device | None:
    """The shared device that holds a token."""
    if not device:
        return None
    with app.database.read(shop) as unit:
        return shared_device_store.of_token(unit, hash_of(device))


def who_may_begin(app: Application, shop: Shop) -> tuple[Staff, ...]:
    """The people who have a PIN, by name."""
    with app.database.read(shop) as unit:
        everybody = staff_store.list_staff(unit)
    able = (one for one in everybody if one.pin_hash is not None and one.disabled_at is None)
    return tuple(sorted(able, key=lambda one: one.name.casefold()))


def begin(app: Application, shop: Shop, *, device: Device, staff_id: int, pin: str, new: str, browser: Browser) -> str:
    """The token of a new session on a device; every other session there ends.

    Raises NotFound for a wrong PIN, TooManyAttempts, InvalidInput (at `new`) when a lent PIN must be replaced.
    """
    person = pins.check(app, shop, staff_id=staff_id, pin=pin, place=device.id)
    chosen = _replaced(app, person, pin=pin, new=new)
    return app.database.write(
        shop, lambda unit: _begun(app, unit, person, device=device, chosen=chosen, browser=browser)
    )


def still_here(app: Application, shop: Shop, *, session: str) -> None:
    """Somebody types or looks without asking for a page: their device stays open."""
    now = app.clock()

    def seen(unit: Unit) -> None:
        held = staff_store.session(unit, hash_of(session), at=now)
        if held is not None and held.device_id is not None:
            staff_store.see_session(unit, held.id, at=now, expires_at=held.started_at + SHIFT_LASTS)

    app.database.write(shop, seen)


def lock(app: Application, shop: Shop, *, device: Device) -> None:
    """Lock a device: whoever worked on it types their PIN again."""
    app.database.write(shop, lambda unit: _locked(app, unit, device, why="by hand"))


def _at_device(app: Application, shop: Shop, *, session: str, device: str, is_active: bool) -> Present | None:
    now = app.clock()
    with app.database.read(shop) as unit:
        known = shared_device_store.of_token(unit, hash_of(device))
        held = staff_store.session(unit, hash_of(session), at=now)
        if known is None or held is None or held.device_id != known.id:
            return None
        person = staff_store.get(unit, held.staff_id)
        location = location_store.get(unit, known.location_id)
    if person is None or person.disabled_at is not None or location is None or location.closed_at is not None:
        return None
    if now - held.seen_at >= timedelta(minutes=location.terms.idle_minutes):
        app.database.write(shop, lambda unit: _locked(app, unit, known, why="idle"))
        return None
    if is_active and now - held.seen_at >= SEEN_EVERY:
        ends = held.started_at + SHIFT_LASTS
        app.database.write(shop, lambda unit: staff_store.see_session(unit, held.id, at=now, expires_at=ends))
    return Present(person, location=location, device=known)


def _replaced(app: Application, person: Staff, *, pin: str, new: str) -> str | None:
    """The hash of the PIN that replaces a lent one, None for who has their own; raises InvalidInput."""
    if person.pin_until is None:
        return None
    if not new:
        raise InvalidInput(CHOOSE_OWN, at="new")
    if new == pin:
        raise InvalidInput("Choose another than the one you were given.", at="new")
    return pins.hashed(app, new)


def _begun(app: Application, unit: Unit, person: Staff, *, device: Device, chosen: str | None, browser: Browser) -> str:
    now, token = app.clock(), app.token()
    known = shared_device_store.get(unit, device.id)
    if known is None or known.ended_at is not None:
        raise NotFound("This device was taken off its counter.")
    if chosen is not None:
        pins.keep_own(app, unit, person, kept=chosen)
    staff_store.end_sessions_at(unit, device.id)
    session = Session(
        id=app.token()[:12],
        staff_id=person.id,
        agent=browser.agent[:LONGEST_AGENT],
        started_at=now,
        seen_at=now,
        expires_at=now + SHIFT_LASTS,
        device_id=device.id,
    )
    staff_store.add_session(unit, hash_of(token), session=session)
    shared_device_store.note_shift(unit, device.id, staff_id=person.id)
    record(app, unit, Audited.SHIFT_BEGUN, actor=actor_of(person), about=device.name)
    return token


def _locked(app: Application, unit: Unit, device: Device, *, why: str) -> None:
    whose = staff_store.end_sessions_at(unit, device.id)
    people = [staff_store.get(unit, staff_id) for staff_id in whose]
    names = [person.name for person in people if person is not None]
    if names:
        details = {"why": why, "who": ", ".join(names)}
        record(app, unit, Audited.SHIFT_LOCKED, actor=SYSTEM, about=device.name, details=details)
