"""The shared devices of a shop's counters; only hashes of their tokens are kept."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct

from connector.storage.database import Unit
from connector.storage.scope import add_row, change_where, row, row_where, rows, selected
from connector.storage.tables.shift_tables import devices


class Device(Struct, frozen=True):
    """A browser that a manager signed in once for a location; `last_staff_id` began the latest shift on it."""

    id: str
    name: str
    location_id: int
    training: bool
    added_by: str
    added_at: datetime
    ended_at: datetime | None = None
    last_staff_id: int | None = None


def add(unit: Unit, token_hash: str, *, device: Device) -> None:
    """Add a device; raises Duplicate."""
    add_row(
        unit, devices, {"token_hash": token_hash, **{name: getattr(device, name) for name in Device.__struct_fields__}}
    )


def of_token(unit: Unit, token_hash: str) -> Device | None:
    """The device that holds a token, None once it was taken off."""
    found = row(unit, selected(unit, devices, devices.c.token_hash == token_hash, devices.c.ended_at.is_(None)))
    return None if found is None else _device(found)


def get(unit: Unit, device_id: str) -> Device | None:
    """The device of this id, even one that was taken off."""
    found = row_where(unit, devices, id=device_id)
    return None if found is None else _device(found)


def list_devices(unit: Unit) -> tuple[Device, ...]:
    """All devices that were not taken off, oldest first."""
    found = selected(unit, devices, devices.c.ended_at.is_(None)).order_by(devices.c.added_at, devices.c.id)
    return tuple(_device(one) for one in rows(unit, found))


def train(unit: Unit, device_id: str, *, training: bool) -> None:
    """Let what is done on a device be training, or count again."""
    _change(unit, device_id, training=training)


def note_shift(unit: Unit, device_id: str, *, staff_id: int) -> None:
    """Note who works on a device now."""
    _change(unit, device_id, last_staff_id=staff_id)


def end(unit: Unit, device_id: str, *, at: datetime) -> None:
    """Take a device off its counter."""
    _change(unit, device_id, ended_at=at)


def _change(unit: Unit, device_id: str, **values: object) -> None:
    change_where(unit, devices, values, id=device_id)


def _device(found: Mapping[str, Any]) -> Device:
    return Device(**{name: found[name] for name in Device.__struct_fields__})
