"""What commands do first and last: open the install on a database that fits this version, and stop on a signal."""

import os
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from types import FrameType

import click

from connector.application import Application
from connector.bootstrap import built, migrate_all
from connector.settings import Settings, plain_url
from connector.storage import shop_store
from connector.storage.migrate import is_current
from connector.storage.shop_store import Shop

SIGNALS = (signal.SIGINT, signal.SIGTERM)


class NoSuchShop(click.ClickException):
    """A shop was named that is not there."""

    exit_code = 2


@contextmanager
def opened(settings: Settings) -> Iterator[Application]:
    """The application; SQLite is migrated first, a shared PostgreSQL must have been: once for all processes.

    Raises ClickException for one that was not.
    """
    if settings.database_url.startswith("sqlite"):
        migrate_all(settings)
    with built(settings) as application:
        if not (is_current(application.database) and application.jobs.is_current()):
            raise click.ClickException("The database must be migrated first: backhaul migrate")
        yield application


def named_shop(application: Application, slug: str) -> Shop:
    """The shop of a short name; raises NoSuchShop."""
    with application.database.read_install() as connection:
        found = shop_store.find(connection, slug)
    if found is None:
        raise NoSuchShop(f"There is no shop '{slug}'.")
    return found


def listening(settings: Settings, *, host: str | None, port: int | None) -> Settings:
    """The settings with another address to listen on; the public address follows where it was only assumed."""
    assumed = settings.public_url == plain_url(settings.host, settings.port)
    host, port = host or settings.host, port or settings.port
    return replace(settings, host=host, port=port, public_url=plain_url(host, port) if assumed else settings.public_url)


def doorstep(settings: Settings) -> socket.socket:
    """The socket to listen on, taken before anything else is done; raises ClickException when it cannot be had."""
    try:
        family, *_, address = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)[0]
        return socket.create_server(address[:2], family=family)
    except OSError as error:
        said = error.strerror if isinstance(error, socket.gaierror) else os.strerror(error.errno or 0)
        raise click.ClickException(f"Cannot listen on {settings.host}:{settings.port}: {said}") from None


@contextmanager
def stopping(stop: Callable[[], None]) -> Iterator[None]:
    """Call `stop` at the first Ctrl-C or SIGTERM; whoever is impatient asks twice."""

    def asked(_number: int, _frame: FrameType | None) -> None:
        for number, before in kept.items():
            signal.signal(number, before)
        stop()

    kept = {number: signal.signal(number, asked) for number in SIGNALS}
    try:
        yield
    finally:
        for number, before in kept.items():
            signal.signal(number, before)
