"""Two devices at a counter that went on without the network, and the shop that hears of it later."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from connector.services import take_from_device
from connector.services.look_ups import changed
from connector.services.quote_return import preview
from connector.services.request_return import Wish, open_return
from connector.services.take_from_device import Sent
from connector.storage import device_command_store
from connector.storage.device_command_store import KeptCommand
from domain.device_commands import DeviceAct, DeviceCommand, Standing
from domain.returns import Inspection, Return
from tests.shops import ANN, NOW, SAM, TestShop, line, order


@dataclass
class Device:
    """A device with what it was told before, and its queue."""

    name: str
    told: dict[str, dict[str, Standing]] = field(default_factory=dict)
    queue: list[Sent] = field(default_factory=list)

    def listen(self, demo: TestShop, *, after: str = "") -> str:
        """Hear what changed since a cursor; the next one."""
        answer = changed(demo.app, demo.shop, after=after)
        for entry in answer.returns:
            groups: Sequence[dict[str, object]] = entry["groups"]  # type: ignore[assignment]
            self.told[str(entry["id"])] = {
                str(group["id"]): Standing(*(group[part] for part in ("quantity", "reception", "acceptance")))  # type: ignore[arg-type]
                for group in groups
            }
        return answer.after

    def receive(self, return_id: str, *, grade: str = "A", outcome: str = "received") -> Sent:
        seen = self.told.get(return_id, {})
        graded = grade if outcome == "received" else None
        looked = tuple(Inspection(name, outcome, grade=graded, note=self.name) for name in seen)
        return self._queued(DeviceAct.RECEIVE, return_id, seen=seen, inspections=looked)

    def note(self, return_id: str, words: str = "") -> Sent:
        return self._queued(DeviceAct.NOTE, return_id, words=words or f"from {self.name}")

    def photograph(self, return_id: str) -> Sent:
        return self._queued(DeviceAct.PHOTO, return_id, picture=b"jpeg")

    def _queued(self, act: DeviceAct, return_id: str, *, picture: bytes | None = None, **said: object) -> Sent:
        number = len(self.queue)
        command = DeviceCommand(
            id=f"{self.name}-{number}-{return_id}",
            act=act,
            device=self.name,
            return_id=return_id,
            made_at=NOW + timedelta(seconds=number),
            made_by=self.name,
            **said,  # type: ignore[arg-type]
        )
        self.queue.append(Sent(command, picture))
        return self.queue[-1]


def send(demo: TestShop, sent: Sent) -> KeptCommand:
    return take_from_device.take(demo.app, demo.shop, sent=sent, actor=SAM)


def returned(demo: TestShop, name: str, *, quantity: int = 1) -> Return:
    """A return of an order of its own."""
    demo.save_order(order(id=name, number=f"#{name}", lines=[line()]))
    items = [{"line_id": "l1", "quantity": quantity, "reason": "style", "resolution": "refund"}]
    shown = preview(demo.app, demo.shop, order_id=name, items=items)
    wish = Wish(order_id=name, items=items, method="store", quote_id=shown.id)
    return open_return(demo.app, demo.shop, wish=wish, actor=ANN, key=f"open {name}")


def kept(demo: TestShop, sent: Sent) -> KeptCommand:
    with demo.app.database.read(demo.shop) as unit:
        found = device_command_store.get(unit, sent.command.id)
    assert found is not None, f"{sent.command.id} is lost"
    return found
