"""`backhaul serve`, `worker` and `migrate`: answer requests, carry out jobs, bring the database up to date."""

import contextlib
import signal
import threading
from dataclasses import replace

import click
import uvicorn

from connector.application import Application
from connector.bootstrap import built, migrate_all, working
from connector.settings import Settings, read_settings
from connector.storage.migrate import is_current
from connector.web.app import build
from connector.web.observability import configure_logs

GRACE_SECONDS = 5


@click.command()
@click.option("--web-only", is_flag=True, help="Answer requests only; run `backhaul worker` beside it.")
@click.option("--host", help="The address to listen on (BACKHAUL_HOST).")
@click.option("--port", type=click.IntRange(1, 65535), help="The port to listen on (PORT).")
def serve(*, web_only: bool, host: str | None, port: int | None) -> None:
    """Answer requests and, unless told otherwise, carry out jobs, in one process."""
    settings = listening(read_settings(), host=host, port=port)
    configure_logs(level=settings.log_level, form=settings.log_format)
    prepare(settings)
    with built(settings) as application:
        answer(application, with_worker=not web_only)


@click.command()
def worker() -> None:
    """Carry out jobs until stopped."""
    settings = read_settings()
    configure_logs(level=settings.log_level, form=settings.log_format)
    prepare(settings)
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.set())
    with built(settings) as application, working(application):
        stopping.wait()


@click.command()
def migrate() -> None:
    """Bring the database up to date."""
    migrate_all(read_settings())
    click.echo("The database is up to date.")


def answer(application: Application, *, with_worker: bool) -> None:
    """Serve until stopped; requests under way are finished first."""
    settings = application.settings
    config = uvicorn.Config(
        build(application),
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http="httptools",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    with working(application) if with_worker else contextlib.nullcontext(), contextlib.suppress(KeyboardInterrupt):
        uvicorn.Server(config).run()


def prepare(settings: Settings) -> None:
    """SQLite is migrated at the start; a shared PostgreSQL only by `backhaul migrate`, once for all processes."""
    if settings.database_url.startswith("sqlite"):
        migrate_all(settings)
        return
    with built(settings) as application:
        if not is_current(application.database):
            raise click.ClickException("The database must be migrated first: backhaul migrate")


def listening(settings: Settings, *, host: str | None, port: int | None) -> Settings:
    """The settings with another address to listen on; the public address follows where it was only assumed."""
    assumed = settings.public_url == f"http://{settings.host}:{settings.port}"
    host, port = host or settings.host, port or settings.port
    public_url = f"http://{host}:{port}" if assumed else settings.public_url
    return replace(settings, host=host, port=port, public_url=public_url)
