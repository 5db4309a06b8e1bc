"""A shopper finds an order and proves that it is theirs."""

import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from connector.application import Application
from connector.services.errors import TooManyAttempts
from connector.services.quote_return import Document
from connector.storage import attempt_store
from connector.storage.shop_store import Shop
from domain.proof import proves

TRIES = 10
WINDOW = timedelta(minutes=15)


def look_up(app: Application, shop: Shop, *, number: str, proof: str, address: str) -> Document | None:
    """The order that number and proof (e-mail or postcode) name, else None; unknown and wrong take the same path.

    Raises TooManyAttempts after ten tries from one address or on one number within a quarter of an hour.
    """
    with _evenly(app.settings.lookup_seconds):
        _count_attempt(app, shop, f"address:{address}")
        _count_attempt(app, shop, f"number:{number}")
        found = app.channels.for_shop(shop, shop.channel).find_order(number)
        return found if proves(found or {}, number=number, proof=proof) else None


def _count_attempt(app: Application, shop: Shop, key: str) -> None:
    hashed = hashlib.sha256(key.encode()).hexdigest()
    seconds = int(WINDOW.total_seconds())
    tries = app.database.write(
        shop, lambda unit: attempt_store.hit(unit, hashed, at=app.clock(), window_seconds=seconds)
    )
    if tries > TRIES:
        raise TooManyAttempts("That was tried too often. Please wait a little and try again.", retry_after=seconds)


@contextmanager
def _evenly(seconds: float) -> Iterator[None]:
    """Take the same time whatever is found, so that the time tells nothing."""
    ends = time.monotonic() + seconds
    try:
        yield
    finally:
        time.sleep(max(0.0, ends - time.monotonic()))
