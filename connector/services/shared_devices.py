"""Shared devices of counters: a manager signs a browser in once for a location, trains on it, takes it off."""

from connector.application import Application
from connector.services.audit import Audited, record
from connector.services.errors import Conflict, InvalidInput, NotFound
from connector.services.locations import known
from connector.services.sealing import hash_of
from connector.services.sign_in import actor_of
from connector.storage import shared_device_store, staff_store
from connector.storage.database import Unit
from connector.storage.shared_device_store import Device
from connector.storage.shop_store import Shop
from connector.storage.staff_store import Staff

LONGEST_NAME = 60


def all_of(app: Application, shop: Shop) -> tuple[Device, ...]:
    """The devices of all counters."""
    with app.database.read(shop) as unit:
        return shared_device_store.list_devices(unit)


def add(app: Application, shop: Shop, *, by: Staff, name: str, location_id: int, held: str = "") -> str:
    """Make the browser that asks a device of a location: its token; a session that it `held` ends.

    Raises NotFound, InvalidInput, Conflict for a location that is closed.
    """
    if not 0 < len(name) <= LONGEST_NAME:
        raise InvalidInput("Say what the device is called, for example “Till 1”.", at="name")
    token = app.token()

    def added(unit: Unit) -> None:
        location = known(unit, location_id)
        if location.closed_at is not None:
            raise Conflict("That location is closed.")
        device = Device(app.token()[:12], name, location_id, training=False, added_by=by.name, added_at=app.clock())
        shared_device_store.add(unit, hash_of(token), device=device)
        _end_held(app, unit, held)
        details = {"location": location.name}
        record(app, unit, Audited.DEVICE_ADDED, actor=actor_of(by), about=name, details=details)

    app.database.write(shop, added)
    return token


def take_off(app: Application, shop: Shop, *, by: Staff, device_id: str) -> None:
    """Take a device off its counter: its token opens nothing any more. Raises NotFound."""

    def ended(unit: Unit) -> None:
        device = _device(unit, device_id)
        shared_device_store.end(unit, device_id, at=app.clock())
        staff_store.end_sessions_at(unit, device_id)
        record(app, unit, Audited.DEVICE_REMOVED, actor=actor_of(by), about=device.name)

    app.database.write(shop, ended)


def train(app: Application, shop: Shop, *, by: Staff, device_id: str) -> None:
    """Let what is done on a device be training: nothing of it counts. Raises NotFound."""
    _switch(app, shop, by=by, device_id=device_id, training=True)


def work_again(app: Application, shop: Shop, *, by: Staff, device_id: str) -> None:
    """Let what is done on a device count again; raises NotFound."""
    _switch(app, shop, by=by, device_id=device_id, training=False)


def _switch(app: Application, shop: Shop, *, by: Staff, device_id: str, training: bool) -> None:
    act = Audited.TRAINING_BEGUN if training else Audited.TRAINING_ENDED

    def switched(unit: Unit) -> None:
        device = _device(unit, device_id)
        shared_device_store.train(unit, device_id, training=training)
        record(app, unit, act, actor=actor_of(by), about=device.name)

    app.database.write(shop, switched)


def _device(unit: Unit, device_id: str) -> Device:
    found = shared_device_store.get(unit, device_id)
    if found is None or found.ended_at is not None:
        raise NotFound("There is no such device at a counter of this shop.")
    return found


def _end_held(app: Application, unit: Unit, held: str) -> None:
    session = staff_store.session(unit, hash_of(held), at=app.clock()) if held else None
    if session is not None:
        staff_store.end_session(unit, session.id)
