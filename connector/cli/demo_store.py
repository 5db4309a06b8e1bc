"""The demo on a WooCommerce store: a simulated one in a process of its own, connected with its key."""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import click

from connector.application import Application
from connector.cli.shop import staff_link
from connector.demo.goods import SHOP_NAME
from connector.demo.terms import POLICY
from connector.services import connect_store
from connector.services.install_shop import NewShop, add_shop
from connector.storage import shop_store
from connector.storage.shop_store import Shop

SLUG = "demo-store"
ROOT = Path(__file__).parents[2]
SIMULATOR = "tests.simulators.woocommerce"


@dataclass(frozen=True, slots=True)
class DemoStore:
    """A simulated store that is running, its key, and the orders to try."""

    address: str
    key: str
    secret: str = field(repr=False)
    orders: Sequence[Mapping[str, str]]


@contextmanager
def simulated(folder: Path) -> Iterator[DemoStore]:
    """A simulated store that keeps its books in the folder; raises ClickException outside of a checkout."""
    command = [sys.executable, "-m", SIMULATOR, str(folder)]
    with subprocess.Popen(  # noqa: S603  our own module
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        said = process.stdout.readline() if process.stdout else ""
        if not said:
            raise click.ClickException("The simulated store is there in a checkout of the source only.")
        try:
            yield DemoStore(**json.loads(said))
        finally:
            process.communicate()


def store_shop(app: Application, store: DemoStore) -> Shop:
    """The shop of the demo, connected to the store as it runs now."""
    found = _found(app) or add_shop(
        app, NewShop(slug=SLUG, name=f"{SHOP_NAME} online", channel="woocommerce", currency="USD", policy=POLICY)
    )
    connect_store.connect(app, found, address=store.address, key=store.key, secret=store.secret)
    return _found(app) or found


def say(app: Application, shop: Shop, store: DemoStore) -> None:
    """Print where everything is."""
    click.echo()
    click.secho(f"{shop.name} is open, on a simulated WooCommerce store ({store.address})", bold=True)
    click.echo(f"  Assistant   {app.settings.public_url}/shops/{shop.slug}/returns")
    click.echo(f"  Counter     {staff_link(app, shop, page='counter')}")
    click.echo(f"  Dashboard   {staff_link(app, shop)}")
    click.echo()
    click.secho("Orders to try in the assistant", bold=True)
    for one in store.orders:
        click.echo(f"  {one['number']}  {one['email']:<32}  {one['postcode']:<8}  {one['why']}")
    click.echo()
    click.echo("Ctrl-C stops it; the next start finds everything again.")


def _found(app: Application) -> Shop | None:
    with app.database.read_install() as connection:
        return shop_store.find(connection, SLUG)
