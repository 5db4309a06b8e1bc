"""`backhaul shop connect` and `disconnect`: a shop and the platform that its orders live on."""

import click

from adapters.errors import ChannelError
from connector.application import Application
from connector.cli.opening import named_shop, opened
from connector.services import connect_store
from connector.services.errors import ServiceError
from connector.settings import read_settings
from connector.storage.connection_store import Connection
from connector.storage.shop_store import Shop

PLATFORMS = (connect_store.CHANNEL,)
KEY_FROM = "WooCommerce, Settings, Advanced, REST API, permission Read/Write"


@click.command()
@click.argument("platform", type=click.Choice(PLATFORMS))
@click.argument("address")
@click.option("--shop", "slug", required=True, help="The shop's short name.")
@click.option("--paste-key", is_flag=True, help="Ask for a key that was made in the store, instead of an approval.")
def connect(*, platform: str, address: str, slug: str, paste_key: bool) -> None:  # noqa: ARG001  click's form
    """Connect a shop to its store: print the page on which its owner approves, or take a key."""
    with opened(read_settings()) as application:
        shop = named_shop(application, slug)
        ways = {True: _with_key, False: _by_approval}
        try:
            ways[paste_key](application, shop, address)
        except (ChannelError, ServiceError) as error:
            raise click.ClickException(error.message) from error


@click.command()
@click.argument("platform", type=click.Choice(PLATFORMS))
@click.option("--shop", "slug", required=True, help="The shop's short name.")
def disconnect(*, platform: str, slug: str) -> None:
    """Remove a shop's connection, its key, and our webhooks in the store."""
    with opened(read_settings()) as application:
        try:
            connect_store.disconnect(application, named_shop(application, slug))
        except ServiceError as error:
            raise click.ClickException(error.message) from error
    click.echo(f"Disconnected from {platform}; the key is gone from here. Revoke it in the store as well.")


def _by_approval(app: Application, shop: Shop, address: str) -> None:
    page = connect_store.begin(app, shop, address=address)
    click.echo("Open this page within an hour, signed in to the store as its owner, and approve:")
    click.echo(page)


def _with_key(app: Application, shop: Shop, address: str) -> None:
    click.echo(f"Make a key: {KEY_FROM}.")
    key = click.prompt("Consumer key")
    secret = click.prompt("Consumer secret", hide_input=True)
    click.echo(told(connect_store.connect(app, shop, address=address, key=key, secret=secret)))


def told(made: Connection) -> str:
    """A new connection in a line."""
    heard = "the store tells us what changes" if made.details.get("hooks") == "on" else "no webhooks: no https address"
    return f"Connected to {made.address} ({made.details.get('currency')}); {heard}."
