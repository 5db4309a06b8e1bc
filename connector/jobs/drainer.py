"""A thread that turns what arrives, and what is to be told, into jobs."""

import logging
import threading
import time

from connector.application import Application
from connector.services import api_tokens, forget_old, take_deliveries, tell_programs
from connector.storage import shop_store

POLL_SECONDS = 0.25
AFTER_A_FAULT_SECONDS = 5.0
BETWEEN_CLEANINGS_SECONDS = 3600.0

log = logging.getLogger(__name__)


class Drainer:
    """Looks at what arrived from `start` to `stop`; several may run, none looks at what another one does."""

    def __init__(self, app: Application) -> None:
        self._app = app
        self._stopping = threading.Event()
        self._cleaned_at = float("-inf")
        self._thread = threading.Thread(target=self._drain, name="drainer", daemon=True)

    def start(self) -> None:
        """Begin, with what was left from before."""
        self._thread.start()

    def stop(self) -> None:
        """Finish the group that is being looked at."""
        self._stopping.set()
        self._thread.join()

    def _drain(self) -> None:
        pause = 0.0
        while not self._stopping.wait(pause):
            try:
                found = take_deliveries.drain(self._app) + tell_programs.announce(self._app)
                pause = 0.0 if found else POLL_SECONDS
                self._clean()
            except Exception:
                log.exception("what arrived could not be looked at; it is tried again")
                pause = AFTER_A_FAULT_SECONDS

    def _clean(self) -> None:
        if time.monotonic() - self._cleaned_at < BETWEEN_CLEANINGS_SECONDS:
            return
        self._cleaned_at = time.monotonic()
        with self._app.database.read_install() as connection:
            shops = shop_store.list_shops(connection)
        take_deliveries.put_aside_left(self._app, shops)
        take_deliveries.forget_old(self._app, shops)
        for shop in shops:
            api_tokens.forget_answers(self._app, shop)
            forget_old.forget_attempts(self._app, shop)
            tell_programs.forget_messages(self._app, shop)
