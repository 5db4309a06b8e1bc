"""Two devices at a counter that went on without the network, and the shop that hears of it later."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from connector.services import take_from_device
from connector.services.look_ups import changed
from connector.services.quote_return import preview
from connector.services.request_return import Wish, open_return
from connector.services.settle_conflict import Settlement, settle
from connector.services.take_from_device import Sent
from connector.storage import device_command_store, policy_store
from connector.storage.device_command_store import KeptCommand
from domain.device_commands import DeviceAct, DeviceCommand, Standing
from domain.events import Actor
from domain.returns import Inspection, Return
from tests.shops import ANN, NOW, SAM, TestShop, line, order, policy


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

    def receive(
        self, return_id: str, *, grade: str = "A", outcome: str = "received", look: dict[str, object] | None = None
    ) -> Sent:
        seen = self.told.get(return_id, {})
        graded = grade if outcome == "received" else None
        looked = tuple(Inspection(name, outcome, grade=graded, note=self.name, seen=look or {}) for name in seen)
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


PLACED_AT = datetime(2026, 11, 4, 10, tzinfo=UTC)
PHONES = {"product_types": ["Phones"], "serial": True, "photo": True, "questions": [
    {"id": "on", "ask": "Does it switch on?", "otherwise": "D"},
    {"id": "clean", "ask": "Is the glass clean?", "otherwise": "B"},
]}  # fmt: skip
"""How a shop has phones looked at."""
PHONE = {"product_type": "Phones", "serials": ["SN 77"], "barcode": "4006381333931"}
LOOK = {"answers": {"on": "yes", "clean": "yes"}, "serial": "sn77"}
"""A look at a phone with nothing wrong about it."""


def asks_of_phones(demo: TestShop) -> None:
    """From the shop's beginning on phones are looked at with care."""
    terms = policy(inspections=[PHONES])
    demo.app.database.write(
        demo.shop, lambda unit: policy_store.add_version(unit, terms, in_force_from=datetime.min.replace(tzinfo=UTC))
    )


def returned(demo: TestShop, name: str, *, quantity: int = 1, **goods: object) -> Return:
    """A return of an order of its own, which was placed later the later it is."""
    placed_at = (PLACED_AT + (demo.clock() - NOW)).isoformat()
    demo.save_order(order(id=name, number=f"#{name}", placed_at=placed_at, lines=[line(**goods)]))
    items = [{"line_id": "l1", "quantity": quantity, "reason": "style", "resolution": "refund"}]
    shown = preview(demo.app, demo.shop, order_id=name, items=items)
    wish = Wish(order_id=name, items=items, method="store", quote_id=shown.id)
    return open_return(demo.app, demo.shop, wish=wish, actor=ANN, key=f"open {name}")


def kept(demo: TestShop, sent: Sent) -> KeptCommand:
    return all_kept(demo, [sent])[0]


def all_kept(demo: TestShop, several: Sequence[Sent]) -> list[KeptCommand]:
    """What became of each command; none is lost."""
    with demo.app.database.read(demo.shop) as unit:
        found = [device_command_store.get(unit, sent.command.id) for sent in several]
    lost = [sent.command.id for sent, one in zip(several, found, strict=True) if one is None]
    assert lost == []
    return [one for one in found if one is not None]


def put_aside(demo: TestShop, command_id: str, *, by: Actor = SAM, **changes: object) -> None:
    """Somebody settles what waits; by itself it comes to nothing."""
    settlement = replace(Settlement("aside", "", "seen", None), **changes)  # type: ignore[arg-type]
    settle(demo.app, demo.shop, command_id=command_id, settlement=settlement, actor=by)
