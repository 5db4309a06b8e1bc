"""A worker that carries out the legs of a return at Shopify and falls asleep just before it sends a mutation.

usage: python -m tests.crash.shop_sleeper_process FOLDER ADDRESS MUTATION LEG...

It says "asleep" and stops itself; woken by SIGCONT it sends what it was about to send, and ends.
"""

import os
import signal
import sys
from pathlib import Path
from typing import Any

from adapters.shopify.client import ShopClient
from connector.bootstrap import migrate_all
from connector.jobs.catalogue import CATALOGUE
from tests.crash.shop_story_process import an_app, settings_of


def main(folder: Path, address: str, mutation: str, legs: list[str]) -> None:
    settings = settings_of(folder, address)
    migrate_all(settings)
    sleep_before(mutation)
    with an_app(settings) as (application, shop):
        CATALOGUE["settle"](application, shop, step=lambda _, act: act(), payload={"legs": legs})


def sleep_before(mutation: str) -> None:
    """Stop this process once, with everything written down and nothing sent."""
    send, slept = ShopClient.change, []

    def watched(self: ShopClient, name: str, variables: Any) -> Any:
        if name == mutation and not slept:
            slept.append(name)
            sys.stdout.write("asleep\n")
            sys.stdout.flush()
            os.kill(os.getpid(), signal.SIGSTOP)
        return send(self, name, variables)

    ShopClient.change = watched  # type: ignore[method-assign]


if __name__ == "__main__":
    where, at, named, *keys = sys.argv[1:]
    main(Path(where), at, named, keys)
