"""`backhaul jobs`: how a shop's machinery stands, and what can be done about it."""

from collections.abc import Callable

import click

from connector.application import Application
from connector.cli.opening import named_shop, opened
from connector.services import operate, take_deliveries, tell_programs
from connector.services.errors import ServiceError
from connector.settings import read_settings
from connector.storage.errors import StorageError
from connector.storage.shop_store import Shop


@click.group()
def jobs() -> None:
    """Jobs of a shop, and what waits for a person."""


@jobs.command("list")
@click.argument("slug")
def list_jobs(*, slug: str) -> None:
    """List jobs, uncertain payments, unread deliveries and untaken messages, one a line."""
    with opened(read_settings()) as application:
        seen = operate.machinery(application, named_shop(application, slug))
        lines = [(state, job.id, job.error) for state, several in seen.jobs.items() for job in several]
        lines += [("unknown payment", leg.key, leg.return_id) for leg in seen.unknown]
        lines += [("delivery", one.id, one.error) for one in seen.deliveries]
        lines += [("message", f"{one.endpoint_n}/{one.id}", one.error) for one in seen.messages]
        for line in lines:
            click.echo("\t".join(" ".join(part.split()) for part in line))


@jobs.command()
@click.argument("slug")
@click.argument("job")
def retry(*, slug: str, job: str) -> None:
    """Begin a failed job anew."""
    with opened(read_settings()) as application:
        shop = named_shop(application, slug)
        _do(lambda key: operate.retry(application, shop, job_id=job, key=key), application)


@jobs.command()
@click.argument("slug")
@click.argument("job")
def cancel(*, slug: str, job: str) -> None:
    """Let a job that waits never begin."""
    with opened(read_settings()) as application:
        shop = named_shop(application, slug)
        _do(lambda key: operate.cancel(application, shop, job_id=job, key=key), application)


@jobs.command()
@click.argument("slug")
@click.argument("what")
def replay(*, slug: str, what: str) -> None:
    """Read a delivery anew, or send a message anew (ADDRESS/MESSAGE)."""
    with opened(read_settings()) as application:
        shop = named_shop(application, slug)
        _do(lambda key: _replayed(application, shop, what=what, key=key), application)


def _replayed(application: Application, shop: Shop, *, what: str, key: str) -> None:
    number, _, message = what.partition("/")
    if message and number.isascii() and number.isdecimal():
        tell_programs.replay(application, shop, endpoint_n=int(number[:9]), message_id=message, key=key)
    else:
        take_deliveries.replay(application, shop, delivery_id=what, key=key)


def _do(act: Callable[[str], None], application: Application) -> None:
    try:
        act(f"command:{application.token()}")
    except (ServiceError, StorageError) as refusal:
        raise click.ClickException(str(refusal)) from None
    click.echo("Done.")
