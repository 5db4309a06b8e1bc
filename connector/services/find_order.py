"""A shopper finds an order and proves that it is theirs."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta

from adapters.errors import ChannelError
from connector.application import Application
from connector.services.errors import TooManyAttempts
from connector.services.keep_order import kept
from connector.services.quote_return import Document
from connector.services.sealing import hash_of
from connector.storage import attempt_store
from connector.storage.database import Unit
from connector.storage.shop_store import Shop
from domain.proof import is_of, number_key, proves

TRIES_OF_AN_ADDRESS = 20
TRIES_ON_A_NUMBER = 10
TRIES_ON_A_NUMBER_BY_ALL = 100
WINDOW = timedelta(minutes=15)


def look_up(
    app: Application, shop: Shop, *, number: str, proof: str, address: str, customer: str | None = None
) -> Document | None:
    """The order that number and proof (e-mail or postcode) name, else None; unknown and wrong take the same path.

    An order of the `customer` who is signed in to the shop, by the platform's own word, needs no other proof.

    Only look-ups that found nothing count, and those that are under way. Raises TooManyAttempts after ten of them on
    one number from one address, twenty from one address, or a hundred on one number from anywhere, within a quarter
    of an hour.
    """
    limits = {
        f"look-up:{address}:{number_key(number)}": TRIES_ON_A_NUMBER,
        f"look-up:{address}": TRIES_OF_AN_ADDRESS,
        f"look-up of:{number_key(number)}": TRIES_ON_A_NUMBER_BY_ALL,
    }
    with _evenly(app.settings.lookup_seconds):
        _count(app, shop, limits)
        try:
            found = _theirs(app, shop, number=number, proof=proof, customer=customer)
        except ChannelError:
            _give_back(app, shop, limits)
            raise
        if found is not None:
            _give_back(app, shop, limits)
        return found


def _theirs(app: Application, shop: Shop, *, number: str, proof: str, customer: str | None) -> Document | None:
    found = app.channels.for_shop(shop, shop.channel).find_order(number)
    if found is None or not _is_theirs(found, number=number, proof=proof, customer=customer):
        return None
    return kept(app, shop, found)


def _is_theirs(found: Document, *, number: str, proof: str, customer: str | None) -> bool:
    """Both ways are looked at whatever the other says, so that the time taken tells nothing."""
    return proves(found, number=number, proof=proof) | is_of(found, number=number, customer=customer or "")


def _count(app: Application, shop: Shop, limits: Mapping[str, int]) -> None:
    """Count a try before it is judged, so that many at once do not get past a limit; one that is refused is undone."""
    seconds = int(WINDOW.total_seconds())

    def counted(unit: Unit) -> None:
        for key, limit in limits.items():
            if attempt_store.hit(unit, hash_of(key), at=app.clock(), window_seconds=seconds) > limit:
                said = "That was tried too often. Please wait a little and try again."
                raise TooManyAttempts(said, retry_after=seconds)

    app.database.write(shop, counted)


def _give_back(app: Application, shop: Shop, limits: Mapping[str, int]) -> None:
    def given_back(unit: Unit) -> None:
        for key in limits:
            attempt_store.give_back(unit, hash_of(key), at=app.clock())

    app.database.write(shop, given_back)


@contextmanager
def _evenly(seconds: float) -> Iterator[None]:
    """Take the same time whatever is found, so that the time tells nothing."""
    ends = time.monotonic() + seconds
    try:
        yield
    finally:
        time.sleep(max(0.0, ends - time.monotonic()))
