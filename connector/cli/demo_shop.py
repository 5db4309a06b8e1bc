"""`backhaul demo`: a shop to try everything with, filled at the first start and found again at every other."""

import io
import json
from collections.abc import Callable, Mapping
from dataclasses import replace

import click

from connector.application import Application
from connector.cli import demo_past, demo_places, demo_platform, demo_store
from connector.cli.opening import doorstep, listening, opened
from connector.cli.serve import answer
from connector.cli.shop import staff_link
from connector.demo import DEMO_SLUG
from connector.demo.goods import SHOP_NAME, products
from connector.demo.order_book import HOW_MANY, orders, showcase_orders
from connector.demo.terms import POLICY
from connector.services.fill_shop import import_lines
from connector.services.install_shop import NewShop, add_shop
from connector.settings import Settings, read_settings
from connector.storage import order_store, shop_store
from connector.storage.shop_store import Shop
from connector.web.observability import configure_logs


@click.command()
@click.option("--host", help="The address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), help="The port to listen on.")
@click.option("--channel", type=click.Choice(["store", "woocommerce", "shopify"]), default="store", show_default=True)
def demo(*, host: str | None, port: int | None, channel: str) -> None:
    """Make the demo shop if it is not there and serve it.

    Its orders live at its own tills, in a simulated WooCommerce store, or in a simulated shop at Shopify.
    """
    settings = listening(read_settings(), host=host, port=port)
    configure_logs(level="warning", form=settings.log_format)
    DEMOS[channel](settings)


def _on_tills(settings: Settings) -> None:
    with doorstep(settings) as door, opened(settings) as application:
        shop = _shop(application)
        demo_places.open_stores(application, shop)
        _fill_once(application, shop)
        _say(application, shop)
        answer(application, door, with_worker=True)


def _on_a_store(settings: Settings) -> None:
    nearby = replace(settings, private_stores=True)
    with (
        doorstep(nearby) as door,
        demo_store.simulated(settings.folder / "demo-store") as store,
        opened(nearby) as application,
    ):
        shop = demo_store.store_shop(application, store)
        demo_store.say(application, shop, store)
        answer(application, door, with_worker=True)


def _on_a_platform(settings: Settings) -> None:
    with (
        doorstep(settings) as door,
        demo_platform.simulated(settings.folder / "demo-shopify") as platform,
        opened(demo_platform.nearby(settings, platform)) as application,
    ):
        shop = demo_platform.platform_shop(application, platform)
        demo_platform.say(application, shop, platform)
        answer(application, door, with_worker=True)


DEMOS: Mapping[str, Callable[[Settings], None]] = {
    "store": _on_tills,
    "woocommerce": _on_a_store,
    "shopify": _on_a_platform,
}


def _shop(application: Application) -> Shop:
    with application.database.read_install() as connection:
        found = shop_store.find(connection, DEMO_SLUG)
    if found is not None:
        return found
    click.echo("Making the demo shop")
    new = NewShop(slug=DEMO_SLUG, name=SHOP_NAME, channel="store", currency="USD", policy=POLICY)
    return add_shop(application, new)


def _fill_once(application: Application, shop: Shop) -> None:
    """A shop that was only half filled when its first start was cut short is filled again: imports only upsert."""
    with application.database.read(shop) as unit:
        there = order_store.count(unit)
    if there >= HOW_MANY:
        return
    made = orders(application.clock())
    lines = [{"kind": "product", **one} for one in products()] + [{"kind": "order", **one} for one in made]
    file = io.BytesIO("".join(json.dumps(line) + "\n" for line in lines).encode())
    file.name = "the demo's own catalogue"
    click.echo(import_lines(application, shop, files=(file,)).summary)
    demo_past.tell(application, shop, made)


def _say(application: Application, shop: Shop) -> None:
    home = f"{application.settings.public_url}/shops/{shop.slug}"
    click.echo()
    click.secho(f"{shop.name} is open", bold=True)
    click.echo(f"  Storefront  {home}")
    click.echo(f"  Counter     {staff_link(application, shop, page='counter')}")
    click.echo(f"  Dashboard   {staff_link(application, shop)}")
    demo_places.say(home)
    click.echo()
    click.secho("Orders to try in the assistant", bold=True)
    for one in showcase_orders(application.clock()):
        click.echo(f"  {one['number']}  {one['email']:<32}  {one['postcode']:<8}  {one['why']}")
    click.echo()
    click.echo("Ctrl-C stops it; the next start finds everything again.")
