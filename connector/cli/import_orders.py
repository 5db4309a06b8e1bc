"""`backhaul import`: products and orders into a shop, from files."""

from typing import BinaryIO

import click

from connector.cli.opening import named_shop, opened
from connector.services.fill_shop import Report, import_lines, import_woocommerce
from connector.settings import read_settings

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
    """Fill a shop with products and orders.

    What is there already is brought up to date. A line that cannot be read is named, and the rest goes in.
    """
    with opened(read_settings()) as application:
        report = SOURCES[source](application, named_shop(application, slug), files=files)
    _say(report)
    context.exit(REFUSED if report.refused else 0)


def _say(report: Report) -> None:
    for refusal in report.refused:
        click.echo(refusal)
    click.echo(report.summary)
