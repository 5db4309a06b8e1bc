"""`backhaul token`: make a token for a program of a merchant, list them, revoke one."""

import click

from connector.cli.opening import named_shop, opened
from connector.services import api_tokens
from connector.services.api_tokens import SCOPES
from connector.services.errors import ServiceError
from connector.settings import read_settings
from connector.storage.errors import StorageError


@click.group()
def token() -> None:
    """Tokens of programs for the API."""


@token.command()
@click.argument("slug")
@click.option("--name", required=True, help="What the program is called.")
@click.option("--scope", "scopes", required=True, multiple=True, type=click.Choice(tuple(SCOPES)), help="What for.")
def make(*, slug: str, name: str, scopes: tuple[str, ...]) -> None:
    """Make a token and print it, this once."""
    with opened(read_settings()) as application:
        shop = named_shop(application, slug)
        try:
            made = api_tokens.make(application, shop, name=name, scopes=scopes)
        except ServiceError as refusal:
            raise click.ClickException(refusal.message) from None
        click.echo(made.token)


@token.command("list")
@click.argument("slug")
def list_tokens(*, slug: str) -> None:
    """List the tokens of a shop, the newest first."""
    with opened(read_settings()) as application:
        for one in api_tokens.list_tokens(application, named_shop(application, slug)):
            state = "revoked" if one.revoked_at else "valid"
            click.echo(f"{one.n}\t{one.name}\t{state}\t{' '.join(one.scopes)}")


@token.command()
@click.argument("slug")
@click.argument("number", type=int)
def revoke(*, slug: str, number: int) -> None:
    """Let a token open nothing any more."""
    with opened(read_settings()) as application:
        try:
            api_tokens.revoke(application, named_shop(application, slug), n=number)
        except StorageError:
            raise click.ClickException(f"There is no valid token {number} in this shop.") from None
        click.echo("Revoked.")
