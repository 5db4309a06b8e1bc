"""`backhaul plugin`: what a shop's platform installs, made for the shop."""

from pathlib import Path

import click

from connector.cli.opening import named_shop, opened
from connector.services import connect_store, store_plugin
from connector.services.audit import COMMAND_LINE
from connector.services.errors import ServiceError
from connector.settings import read_settings

OWNER_ONLY = 0o600


@click.command()
@click.argument("platform", type=click.Choice((connect_store.CHANNEL,)))
@click.option("--shop", "slug", required=True, help="The shop's short name.")
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The ZIP file.")
@click.option("--new-secret", is_flag=True, help="Believe the plugin that was made before no more.")
def plugin(*, platform: str, slug: str, output: Path, new_secret: bool) -> None:  # noqa: ARG001  click's form
    """Write the plugin that a shop's platform installs."""
    with opened(read_settings()) as application:
        try:
            shop = named_shop(application, slug)
            made = store_plugin.package(application, shop, actor=COMMAND_LINE, renews_secret=new_secret)
        except ServiceError as error:
            raise click.ClickException(error.message) from error
    output.touch(mode=OWNER_ONLY)
    output.chmod(OWNER_ONLY)
    output.write_bytes(made)
    click.echo(f"Wrote {output}. It holds the secret of this shop: upload it to WordPress, Plugins, and delete it.")
