"""`backhaul import`: products and orders into a shop, from files."""

import os
from typing import BinaryIO

import click

from connector.bootstrap import built
from connector.services.fill_shop import Report, import_lines, import_woocommerce
from connector.settings import read_settings
from connector.storage import shop_store

SOURCES = {"lines": import_lines, "woocommerce": import_woocommerce}
REFUSED = 1
"""The exit code when anything was refused; what was good went in."""


@click.command(name="import")
@click.option("--shop", "slug", required=True, help="The shop to fill.")
@click.option(
    "--from", "source", type=click.Choice(list(SOURCES)), default="lines", show_default=True,
    help="lines: one product or order of the contract a line; woocommerce: answers of its REST API.",
)  # fmt: skip
@click.argument("files", nargs=-1, required=True, type=click.File("rb"))
@click.pass_context
def import_orders(context: click.Context, *, slug: str, source: str, files: tuple[BinaryIO, ...]) -> None:
    """Fill a shop with products and orders; what is there already is brought up to date."""
    with built(read_settings(os.environ)) as application:
        with application.database.read_install() as connection:
            shop = shop_store.find(connection, slug)
        if shop is None:
            raise click.UsageError(f"There is no shop '{slug}'.")
        report = SOURCES[source](application, shop, files=files)
    _say(report)
    context.exit(REFUSED if report.refused else 0)


def _say(report: Report) -> None:
    for refusal in report.refused:
        click.echo(refusal)
    click.echo(report.summary)
