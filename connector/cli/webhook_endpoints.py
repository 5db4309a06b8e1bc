"""`backhaul webhook`: tell an address of returns, list addresses, replace a secret, remove one."""

import click

from connector.cli.opening import named_shop, opened
from connector.services import tell_programs
from connector.services.errors import ServiceError
from connector.settings import read_settings
from connector.storage.errors import StorageError


@click.group()
def webhook() -> None:
    """Addresses that are told of returns."""


@webhook.command()
@click.argument("slug")
@click.argument("url")
def add(*, slug: str, url: str) -> None:
    """Tell an address from now on, and print its secret, this once."""
    with opened(read_settings()) as application:
        shop = named_shop(application, slug)
        try:
            made = tell_programs.add(application, shop, url=url)
        except ServiceError as refusal:
            raise click.ClickException(refusal.message) from None
        click.echo(f"{made.endpoint.n}\t{made.secret}")


@webhook.command("list")
@click.argument("slug")
def list_endpoints(*, slug: str) -> None:
    """List the addresses that are told."""
    with opened(read_settings()) as application:
        for one in tell_programs.endpoints(application, named_shop(application, slug)):
            click.echo(f"{one.n}\t{one.url}")


@webhook.command()
@click.argument("slug")
@click.argument("number", type=int)
def rotate(*, slug: str, number: int) -> None:
    """Give an address a new secret; for a day the old one signs too."""
    with opened(read_settings()) as application:
        try:
            made = tell_programs.rotate(application, named_shop(application, slug), n=number)
        except ServiceError as refusal:
            raise click.ClickException(refusal.message) from None
        click.echo(made.secret)


@webhook.command()
@click.argument("slug")
@click.argument("number", type=int)
def remove(*, slug: str, number: int) -> None:
    """Tell an address nothing any more."""
    with opened(read_settings()) as application:
        try:
            tell_programs.remove(application, named_shop(application, slug), n=number)
        except StorageError:
            raise click.ClickException(f"There is no address {number} in this shop that is told anything.") from None
        click.echo("Removed.")
