"""A shop's counter on a real socket, in this process, so that a test can put goods in and look into the books."""

import dataclasses
import io
import secrets
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import uvicorn
from msgspec.structs import replace
from PIL import Image

from connector.cli.shop import staff_link
from connector.services.follow_return import view
from connector.storage import settlement_store
from connector.web.app import build
from domain.events import Act
from domain.returns import Return
from tests.connector.services import devices
from tests.shops import TestShop, a_shop

PATIENCE_SECONDS = 30


def _picture() -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", (300, 200), "green").save(drawn, format="PNG")
    return drawn.getvalue()


@dataclass
class Counter:
    """The shop, where it is served, and the returns that were made for it."""

    demo: TestShop
    origin: str
    known: dict[str, Return] = field(default_factory=dict)
    troubles: list[str] = field(default_factory=list)
    picture: bytes = field(default_factory=_picture)

    @property
    def home(self) -> str:
        return f"{self.origin}/shops/demo"

    def link(self) -> str:
        """A link that lets in the owner, at the counter."""
        return staff_link(self.demo.app, self.demo.shop, page="counter")

    def returned(self, name: str, **goods: object) -> Return:
        self.known[name] = devices.returned(self.demo, f"{name} {secrets.token_hex(3)}", **goods)
        return self.known[name]

    def work(self) -> None:
        self.demo.work()

    def receipts(self, found: Return) -> int:
        history = view(self.demo.app, self.demo.shop, return_id=found.id).found.history
        return [entry.act for entry in history].count(Act.RECEIVED)

    def refunds(self, found: Return) -> int:
        with self.demo.app.database.read(self.demo.shop) as unit:
            legs = settlement_store.legs_of(unit, found.id)
        return sum(leg.kind == "refund" and leg.state == "settled" for leg in legs)


@contextmanager
def counter_served(folder: Path) -> Iterator[Counter]:
    """The counter on a port that the system chose."""
    with socket.socket() as listening, a_shop(folder) as demo:
        listening.bind(("127.0.0.1", 0))
        origin = f"http://127.0.0.1:{listening.getsockname()[1]}"
        demo.app = replace(demo.app, settings=dataclasses.replace(demo.app.settings, public_url=origin))
        server = uvicorn.Server(uvicorn.Config(build(demo.app), log_config=None, access_log=False))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        ends = time.monotonic() + PATIENCE_SECONDS
        while not server.started:
            assert time.monotonic() < ends, "the counter does not answer"
            time.sleep(0.02)
        yield Counter(demo, origin)
        server.should_exit = True
        thread.join(PATIENCE_SECONDS)
