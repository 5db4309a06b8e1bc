"""A return of an order that lives in a WooCommerce store, in one process that may be told to die at its n-th moment.

usage: python -m tests.crash.store_story_process FOLDER NUMBER LINE [KILL_AT | frozen]

`frozen` stops the process (SIGSTOP) just before it sends its refund; whoever continues it lets it send.
KILL_AT counts moments just before (even) and just after (odd) the commits of the application and the changes that it
sends to the store: after one of those, the store has done it and nobody here knows.
"""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from adapters.woocommerce.client import StoreClient
from connector.application import Application
from connector.bootstrap import built, migrate_all, working
from connector.services import converse
from connector.services.converse import Heard, Talk
from connector.services.follow_return import view
from connector.services.receive_return import preview, receive
from connector.settings import read_settings
from connector.storage import shop_store
from connector.storage.shop_store import Shop
from domain.returns import Inspection
from tests.crash.story_process import SAM, conversation, count_moments, is_over

MOST_LOOKS = 1200
"""A minute of looking; time in which the process stands still does not count."""
Meanwhile = Callable[[Application, Shop, str], None]
"""What people do while the story goes on."""


def messages(number: str, line: str) -> tuple[Heard, ...]:
    choices = (f"item:{line}", "quantity:1", "reason:style", "resolution:refund", "method:mail", "confirm:yes")
    first = Heard(text=f"#{number} bob.buyer@example.com", id="m0")
    return (first, *(Heard(choices=(choice,), id=f"m{n}") for n, choice in enumerate(choices, start=1)))


def main(folder: Path, number: str, line: str, ends: str) -> None:
    said = {"BACKHAUL_FOLDER": str(folder), "BACKHAUL_LOOKUP_SECONDS": "0", "BACKHAUL_PRIVATE_STORES": "true"}
    settings = read_settings(said)
    migrate_all(settings)
    kill_at = int(ends) if ends.isdecimal() else None
    moments = count_moments(kill_at)
    watch_sending(moments, of=StoreClient, name="send", kill_at=kill_at)
    if ends == "frozen":
        freeze_before_the_refund()
    with built(settings) as application:
        with application.database.read_install() as connection:
            shop = shop_store.find(connection, "demo")
        assert shop is not None
        with working(application):
            tell(application, shop, folder, heard=messages(number, line))
    sys.stdout.write(f"{moments['seen']}\n")


def watch_sending(moments: dict[str, int], *, of: Any, name: str, kill_at: int | None) -> None:
    """Let every change that a client sends to its platform be two moments."""
    send = getattr(of, name)

    def moment() -> None:
        if moments["seen"] == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)
        moments["seen"] += 1

    def watched(self: Any, *words: Any, **more: Any) -> Any:
        moment()
        answer = send(self, *words, **more)
        moment()
        return answer

    setattr(of, name, watched)


def nobody_looks(_app: Application, _shop: Shop, _return_id: str) -> None:
    """Nothing of the story waits for a person."""


def freeze_before_the_refund() -> None:
    """Stand still before the first request that gives money.

    The signal is this thread's own: one to the process reaches another thread first, and this one sends meanwhile.
    """
    send, frozen = StoreClient.send, []

    def watched(self: StoreClient, method: str, path: str, *words: Any, **more: Any) -> Any:
        if "/refunds" in path and not frozen:
            frozen.append(path)
            signal.pthread_kill(threading.get_ident(), signal.SIGSTOP)
        return send(self, method, path, *words, **more)

    StoreClient.send = watched  # type: ignore[method-assign]


def tell(
    app: Application, shop: Shop, folder: Path, *, heard: tuple[Heard, ...], meanwhile: Meanwhile = nobody_looks
) -> None:
    talk = Talk(conversation(app, shop, folder / "conversation.json"), "x")
    turns = [converse.say(app, shop, talk=talk, heard=message) for message in heard]
    outcome: Any = turns[-1]["outcome"]
    return_id = outcome["return"]
    found = view(app, shop, return_id=return_id).found
    inspections = [Inspection(group.id, "received", grade="A") for group in found.groups]
    shown = preview(app, shop, return_id=return_id, inspections=inspections) if found.status == "awaiting" else None
    receive(app, shop, return_id=return_id, inspections=inspections, quote_id=shown and shown.id, actor=SAM, key="take")
    for _ in range(MOST_LOOKS):
        if is_over(app, shop, return_id):
            return
        meanwhile(app, shop, return_id)
        time.sleep(0.05)
    raise AssertionError(view(app, shop, return_id=return_id))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4] if len(sys.argv) > 4 else "")
