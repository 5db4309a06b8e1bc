"""What devices did on their own: each command once under the id that its device gave it, with what became of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct

from connector.storage.database import Unit
from connector.storage.errors import Conflict
from connector.storage.scope import add_row, changed, row_where, rows, selected
from connector.storage.tables.device_tables import device_commands, device_photos

Document = Mapping[str, Any]


class KeptCommand(Struct, frozen=True):
    """A command as it arrived, with what became of it: `state` is taken, waiting or settled.

    `said` is what the device said in full, `digest` what tells it from another; `sent_by` held the session that sent
    it, `made_by` and `made_at` are what the device says. `why` is the reason of the verdict or of its settlement.
    """

    id: str
    device: str
    act: str
    return_id: str
    said: Document
    digest: str
    made_by: str
    made_at: datetime
    sent_by: str
    arrived_at: datetime
    state: str
    verdict: str
    why: str = ""
    settled_by: str | None = None
    settled_at: datetime | None = None


FIELDS = tuple(KeptCommand.__struct_fields__)


def add(unit: Unit, command: KeptCommand) -> None:
    """Keep a command; raises Duplicate when there is one of its id."""
    add_row(unit, device_commands, {name: getattr(command, name) for name in FIELDS})


def get(unit: Unit, command_id: str) -> KeptCommand | None:
    """The command of this id."""
    found = row_where(unit, device_commands, id=command_id)
    return None if found is None else _command(found)


def waiting(unit: Unit, *, limit: int) -> tuple[KeptCommand, ...]:
    """Commands that a person has to settle, the oldest first."""
    found = selected(unit, device_commands, device_commands.c.state == "waiting")
    oldest = found.order_by(device_commands.c.arrived_at, device_commands.c.id).limit(limit)
    return tuple(_command(one) for one in rows(unit, oldest))


def latest(unit: Unit, *, limit: int) -> tuple[KeptCommand, ...]:
    """The newest commands of which something became, newest first."""
    found = selected(unit, device_commands, device_commands.c.state != "waiting")
    newest = found.order_by(device_commands.c.arrived_at.desc(), device_commands.c.id).limit(limit)
    return tuple(_command(one) for one in rows(unit, newest))


def settle(unit: Unit, command_id: str, *, why: str, by: str, at: datetime) -> None:
    """Note how a person settled a command that waited; raises Conflict when it does not wait."""
    waits = (device_commands.c.id == command_id) & (device_commands.c.state == "waiting")
    values = {"state": "settled", "why": why, "settled_by": by, "settled_at": at}
    if not unit.connection.execute(changed(unit, device_commands, waits).values(values)).rowcount:
        raise Conflict(f"command '{command_id}' does not wait for anybody")


def add_photo(unit: Unit, command_id: str, *, picture: bytes) -> None:
    """Keep the picture of a command; raises Duplicate."""
    add_row(unit, device_photos, {"command_id": command_id, "picture": picture})


def photo(unit: Unit, command_id: str) -> bytes | None:
    """The picture of a command."""
    found = row_where(unit, device_photos, command_id=command_id)
    return None if found is None else bytes(found["picture"])


def _command(found: Mapping[str, Any]) -> KeptCommand:
    return KeptCommand(**{name: found[name] for name in FIELDS})
