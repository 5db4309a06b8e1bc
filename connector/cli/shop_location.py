"""`backhaul shop location`: where goods of a shop at Shopify go back on the shelf."""

import click

from adapters.errors import ChannelError
from connector.cli.opening import named_shop, opened
from connector.services import shelf_location
from connector.services.errors import ServiceError
from connector.settings import read_settings


@click.command()
@click.argument("location", required=False)
@click.option("--shop", "slug", required=True, help="The shop's short name.")
def location(*, location: str | None, slug: str) -> None:
    """Choose the location to which goods go back, by its number; without one, list them."""
    with opened(read_settings()) as application:
        shop = named_shop(application, slug)
        try:
            if location:
                shelf_location.choose(application, shop, location_id=location)
            for one in shelf_location.locations(application, shop):
                click.echo(f"{'*' if one.is_chosen else ' '} {one.id}  {one.name}")
        except (ChannelError, ServiceError) as error:
            raise click.ClickException(error.message) from error
