"""The whole story in one process that may be told to die at its n-th commit; begun again, it repeats itself.

usage: python -m tests.crash.story_process FOLDER [KILL_AT]

KILL_AT counts moments just before (even) and just after (odd) the commits of the application.
"""

import json
import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

from sqlalchemy.engine.default import DefaultDialect

from connector.application import Application
from connector.bootstrap import built, migrate_all, working
from connector.jobs.schedule import Timetable
from connector.services import converse
from connector.services.converse import Heard, Talk
from connector.services.follow_return import view
from connector.services.receive_return import preview, receive
from connector.settings import read_settings
from connector.storage import shop_store
from connector.storage.shop_store import Shop
from connector.storage.writer import Writer
from domain.events import Actor
from domain.returns import Inspection

SAM = Actor(kind="staff", name="Sam")
PATIENCE_SECONDS = 30
HOUSEKEEPERS = frozenset({"keeper", "timetable", "drainer"})
"""Threads that do what an install does by the clock, whatever is told in it."""
MESSAGES = (
    Heard(text="#1001 ann@example.com", id="m1"),
    Heard(choices=("item:l1",), id="m2"),
    Heard(choices=("quantity:1",), id="m3"),
    Heard(choices=("reason:style",), id="m4"),
    Heard(choices=("resolution:refund",), id="m5"),
    Heard(choices=("method:mail",), id="m6"),
    Heard(choices=("confirm:yes",), id="m7"),
)


def main(folder: Path, kill_at: int | None) -> None:
    settings = read_settings({"BACKHAUL_FOLDER": str(folder), "BACKHAUL_LOOKUP_SECONDS": "0"})
    migrate_all(settings)
    moments = count_moments(kill_at)
    with built(settings) as application:
        with application.database.read_install() as connection:
            shop = shop_store.find(connection, "demo")
        assert shop is not None
        with working(application):
            tell(application, shop, folder)
    sys.stdout.write(f"{moments['seen']}\n")


def count_moments(kill_at: int | None) -> dict[str, int]:
    """Die by SIGKILL at the wanted moment, as a power cut would have it.

    A moment is just before and just after a commit of the story: of what is said, done and settled. What an install
    does by the clock (heartbeats, sweeps, what recurs) is none, since a slow machine does more of it; nor is a claim
    that is refused, since how often one is tried while another leg is under way is a matter of time too.
    """
    moments, by_the_clock, committing = {"seen": 0}, set[int](), threading.local()
    submit, commit, do_commit = Writer.submit, Writer._commit, DefaultDialect.do_commit

    def moment() -> None:
        if moments["seen"] == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)
        moments["seen"] += 1

    def submitted(self: Writer, work: Any) -> Any:
        if threading.current_thread().name in HOUSEKEEPERS:
            by_the_clock.add(id(work))
        return submit(self, work)

    def watched(self: Writer, group: Any) -> None:
        works = {id(work) for work, _ in group}
        committing.is_told = not works <= by_the_clock
        by_the_clock.difference_update(works)
        commit(self, group)
        committing.is_told = False

    def done(self: DefaultDialect, connection: Any) -> None:
        is_told = getattr(committing, "is_told", False)
        if is_told:
            moment()
        do_commit(self, connection)
        if is_told:
            moment()

    Timetable.look = lambda self: None  # type: ignore[method-assign]
    Writer.submit = submitted  # type: ignore[method-assign]
    Writer._commit = watched  # type: ignore[method-assign]
    DefaultDialect.do_commit = done  # type: ignore[method-assign]
    return moments


def tell(app: Application, shop: Shop, folder: Path) -> None:
    talk = Talk(conversation(app, shop, folder / "conversation.json"), "x")
    turns = [converse.say(app, shop, talk=talk, heard=message) for message in MESSAGES]
    outcome: Any = turns[-1]["outcome"]
    return_id = outcome["return"]
    found = view(app, shop, return_id=return_id).found
    inspections = [Inspection(group.id, "received", grade="A") for group in found.groups]
    shown = preview(app, shop, return_id=return_id, inspections=inspections) if found.status == "awaiting" else None
    receive(app, shop, return_id=return_id, inspections=inspections, quote_id=shown and shown.id, actor=SAM, key="take")
    ends = time.monotonic() + PATIENCE_SECONDS
    while not is_over(app, shop, return_id):
        assert time.monotonic() < ends, view(app, shop, return_id=return_id)
        time.sleep(0.02)


def is_over(app: Application, shop: Shop, return_id: str) -> bool:
    seen = view(app, shop, return_id=return_id)
    return seen.found.status == "done" and all(leg.state == "settled" for leg in seen.legs)


def conversation(app: Application, shop: Shop, remembered: Path) -> str:
    if remembered.exists():
        return str(json.loads(remembered.read_text()))
    turn = converse.start(app, shop, language=None, address="x")
    remembered.write_text(json.dumps(turn["conversation"]))
    return str(turn["conversation"])


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else None)
