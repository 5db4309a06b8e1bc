"""A return of an order that lives in a shop at Shopify, in one process that may be told to die at its n-th moment.

usage: python -m tests.crash.shop_story_process FOLDER ADDRESS NUMBER LINE [commit:N | mutation:N]

N counts moments just before (even) and just after (odd) the commits of the application, or the mutations that it sends
to the shop. What is left to a person is answered by one who lets it be tried again, as soon as it waits.
"""

import dataclasses
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from msgspec.structs import replace

from adapters.shopify.channel import ShopifyChannel
from adapters.shopify.client import ShopClient
from connector import store_clients
from connector.application import Application
from connector.bootstrap import built, migrate_all, working
from connector.services.answer_leg import try_again
from connector.services.follow_return import view
from connector.settings import Settings, read_settings
from connector.storage import shop_store
from connector.storage.shop_store import Shop
from domain.settlement import LegState
from tests.crash.store_story_process import messages, tell, watch_sending
from tests.crash.story_process import SAM, count_moments
from tests.simulators.shopify.books import CLIENT_ID, SECRET

SLUG = "simulated-jeans"
UNSEEN_SECONDS = 0.5
"""The simulated shop answers at once, so what was sent shows that soon."""
LEFT_TO_A_PERSON = (LegState.UNKNOWN, LegState.FAILED)


def main(folder: Path, address: str, number: str, line: str, kill_at: str) -> None:
    settings = settings_of(folder, address)
    migrate_all(settings)
    hasten()
    kind, _, n = kill_at.partition(":")
    commits = count_moments(int(n) if kind == "commit" else None)
    mutations = {"seen": 0}
    watch_sending(mutations, of=ShopClient, name="change", kill_at=int(n) if kind == "mutation" else None)
    with an_app(settings) as (application, shop), working(application):
        tell(application, shop, folder, heard=messages(number, line), meanwhile=a_person_looks)
    sys.stdout.write(f"{commits['seen']} {mutations['seen']}\n")


def settings_of(folder: Path, address: str) -> Settings:
    """The install whose app is at the simulated Shopify."""
    said = {
        "BACKHAUL_FOLDER": str(folder),
        "BACKHAUL_LOOKUP_SECONDS": "0",
        "BACKHAUL_SHOPIFY_CLIENT_ID": CLIENT_ID,
        "BACKHAUL_SHOPIFY_SECRET": SECRET,
    }
    return dataclasses.replace(read_settings(said), shopify_at=address)


def hasten() -> None:
    """Wait for what may be on its way only as long as the simulated shop needs."""
    ShopifyChannel.capabilities = replace(ShopifyChannel.capabilities, unseen_seconds=UNSEEN_SECONDS)
    store_clients.ShopifyWays = partial(  # type: ignore[misc, assignment]
        store_clients.ShopifyWays, unseen_seconds=UNSEEN_SECONDS
    )


@contextmanager
def an_app(settings: Settings) -> Iterator[tuple[Application, Shop]]:
    """The application and its shop."""
    with built(settings) as application:
        with application.database.read_install() as connection:
            shop = shop_store.find(connection, SLUG)
        assert shop is not None
        yield application, shop


def a_person_looks(app: Application, shop: Shop, return_id: str) -> None:
    """Whatever waits for a person is tried again; it is looked for before it is sent."""
    for leg in view(app, shop, return_id=return_id).legs:
        if leg.state in LEFT_TO_A_PERSON:
            try_again(app, shop, leg_key=leg.key, why="It shows nowhere.", actor=SAM, key=f"again {app.token()}")


if __name__ == "__main__":
    where, at, named, of_line, *killed = sys.argv[1:]
    main(Path(where), at, named, of_line, killed[0] if killed else "")
