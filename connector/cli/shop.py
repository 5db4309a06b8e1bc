"""`backhaul shop`: add a shop, list them, make a new sign-in link."""

import json
from typing import TextIO

import click

from adapters import CHANNELS
from connector.application import Application
from connector.cli import connect_shop, shop_location
from connector.cli.opening import named_shop, opened
from connector.services import shop_settings, sign_in
from connector.services.audit import COMMAND_LINE
from connector.services.install_shop import NewShop, add_shop
from connector.services.sign_in import Purpose
from connector.settings import read_settings
from connector.storage import shop_store
from connector.storage.shop_store import Shop


@click.group()
def shop() -> None:
    """Shops of this install."""


@shop.command()
@click.argument("slug")
@click.option("--name", required=True, help="What people call the shop.")
@click.option("--channel", required=True, type=click.Choice(sorted(CHANNELS)), help="Where its orders live.")
@click.option("--currency", default="USD", show_default=True, help="Its base currency (ISO 4217).")
@click.option("--policy", type=click.File(encoding="utf-8"), help="Its returns policy, JSON of the quote contract.")
def add(*, slug: str, name: str, channel: str, currency: str, policy: TextIO | None) -> None:
    """Add a shop and print the link by which its owner sets a password."""
    document = _policy(policy)
    with opened(read_settings()) as application:
        new = NewShop(slug=slug, name=name, channel=channel, currency=currency, policy=document)
        made = add_shop(application, new)
        click.echo(f"Added {made.name}.")
        click.echo(f"Set your password within three days: {password_link(application, made)}")


shop.add_command(connect_shop.connect)
shop.add_command(connect_shop.disconnect)
shop.add_command(shop_location.location)


@shop.command("list")
def list_shops() -> None:
    """List all shops."""
    with opened(read_settings()) as application, application.database.read_install() as connection:
        for one in shop_store.list_shops(connection):
            click.echo(f"{one.slug}\t{one.name}\t{one.channel}\t{one.currency}")


@shop.command()
@click.argument("slug")
def link(*, slug: str) -> None:
    """Print a new link by which a shop's owner sets a password."""
    with opened(read_settings()) as application:
        click.echo(password_link(application, named_shop(application, slug)))


@shop.command("allow-origin")
@click.argument("slug")
@click.argument("origin")
def allow_origin(*, slug: str, origin: str) -> None:
    """Let the pages of a storefront (https://shop.example) talk to a shop's assistant."""
    with opened(read_settings()) as application:
        named = named_shop(application, slug)
        kept = shop_settings.allow_origin(application, named, origin=origin, actor=COMMAND_LINE)
        click.echo(f"Pages of {kept} may talk to the assistant of {named.name}.")


def staff_link(application: Application, shop: Shop, *, page: str = "dashboard") -> str:
    """A new link that lets the shop's owner in at once, to a page; the demo prints them."""
    return f"{_link(application, shop, purpose=Purpose.ENTRY)}&next=/shops/{shop.slug}/{page}"


def password_link(application: Application, shop: Shop) -> str:
    """A new link by which the shop's owner sets a password."""
    return _link(application, shop, purpose=Purpose.PASSWORD)


def _link(application: Application, shop: Shop, *, purpose: Purpose) -> str:
    owner = sign_in.owner_of(application, shop)
    token = sign_in.new_link(application, shop, staff_id=owner.id, purpose=purpose)
    return f"{application.settings.public_url}/shops/{shop.slug}/sign-in?link={token}"


def _policy(file: TextIO | None) -> dict[str, object]:
    if file is None:
        return {}
    try:
        document = json.load(file)
    except ValueError as error:
        raise click.UsageError(f"{file.name} is not JSON: {error}") from error
    if not isinstance(document, dict):
        raise click.UsageError(f"{file.name} is not a policy: it must be a JSON object.")
    return document
