"""A server that only takes deliveries in, of the small platform for tests.

usage: python -m tests.crash.letterbox_process FOLDER DATABASE_URL PORT
"""

import logging
import socket
import sys

from msgspec.structs import replace

from connector.bootstrap import built, migrate_all
from connector.cli.serve import answer
from connector.services import take_deliveries
from connector.services.install_shop import NewShop, add_shop
from connector.settings import read_settings
from connector.storage import shop_store
from tests.parcel_platform import NAME, SECRET, platform

PLACE = f"/shops/demo/webhooks/{NAME}"


def main(folder: str, url: str, port: int) -> None:
    logging.disable(logging.INFO)
    settings = read_settings({"BACKHAUL_FOLDER": folder, "DATABASE_URL": url})
    migrate_all(settings)
    with built(settings) as plain:
        app = replace(plain, platforms=platform)
        with app.database.read_install() as connection:
            is_new = shop_store.find(connection, "demo") is None
        if is_new:
            shop = add_shop(app, NewShop(slug="demo", name="Demo", channel="store", currency="USD", policy={}))
            take_deliveries.add_secret(app, shop, channel=NAME, secret=SECRET)
        with socket.create_server(("127.0.0.1", port)) as door:
            answer(app, door, with_worker=False)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
