"""What is done again and again for every shop: enqueued once a period, however many processes there are."""

import logging
import threading
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from connector.application import Application
from connector.storage import shop_store

log = logging.getLogger(__name__)

LOOKED_EVERY_SECONDS = 30.0
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)

SCHEDULE: Mapping[str, timedelta] = {
    "watch_unsent": timedelta(hours=1),
    "watch_unpaid": timedelta(hours=1),
    "watch_store": timedelta(hours=1),
    "watch_app": timedelta(hours=1),
    "surface_stuck": timedelta(minutes=15),
    "forget_old": timedelta(days=1),
    "doctor": timedelta(days=1),
}
"""Every recurring job of the catalogue with its period."""


class Timetable:
    """Enqueues every recurring job once in each of its periods; the period is part of the job's key."""

    def __init__(self, app: Application, *, schedule: Mapping[str, timedelta] = SCHEDULE) -> None:
        self._app = app
        self._schedule = schedule
        self._begun: dict[str, int] = {}
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="timetable", daemon=True)

    def start(self) -> None:
        """Look at the clock now and then, in the background."""
        self._thread.start()

    def stop(self) -> None:
        """Stop looking."""
        self._stopping.set()
        self._thread.join()

    def look(self) -> None:
        """Enqueue what is due by the application's clock, for every shop; a period that was missed is left out."""
        for name, every in self._schedule.items():
            period = (self._app.clock() - BEGINNING) // every
            if self._begun.get(name) != period:
                self._enqueue(name, period)
                self._begun[name] = period

    def _enqueue(self, name: str, period: int) -> None:
        with self._app.database.read_install() as connection:
            shops = shop_store.list_shops(connection)
        for shop in shops:
            self._app.database.write(shop, lambda unit: self._app.jobs.enqueue(unit, name, key=str(period), payload={}))

    def _keep(self) -> None:
        while True:
            try:
                self.look()
            except Exception:
                log.exception("the timetable could not be followed; it is tried again")
            if self._stopping.wait(LOOKED_EVERY_SECONDS):
                return
