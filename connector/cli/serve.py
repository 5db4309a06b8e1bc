"""`backhaul serve`, `worker` and `migrate`: answer requests, carry out jobs, bring the database up to date."""

import contextlib
import gc
import socket
import threading

import click
import structlog
import uvicorn

from connector.application import Application
from connector.bootstrap import migrate_all, working
from connector.cli.opening import doorstep, listening, opened, stopping
from connector.settings import read_settings
from connector.web.app import build
from connector.web.observability import configure_logs

GRACE_SECONDS = 5
SELDOM = 10_000
"""So many things come to stand before those are looked for that hold each other; it was 700."""

log = structlog.get_logger("backhaul.cli")


@click.command()
@click.option("--web-only", is_flag=True, help="Answer requests only; run `backhaul worker` beside it.")
@click.option("--host", help="The address to listen on (BACKHAUL_HOST).")
@click.option("--port", type=click.IntRange(1, 65535), help="The port to listen on (PORT).")
def serve(*, web_only: bool, host: str | None, port: int | None) -> None:
    """Answer requests and carry out jobs in one process."""
    settings = listening(read_settings(), host=host, port=port)
    configure_logs(level=settings.log_level, form=settings.log_format)
    with doorstep(settings) as door, opened(settings) as application:
        log.info("listening", address=settings.public_url, carries_out_jobs=not web_only)
        answer(application, door, with_worker=not web_only)
        log.info("stopped")


@click.command()
def worker() -> None:
    """Carry out jobs until stopped."""
    settings = read_settings()
    configure_logs(level=settings.log_level, form=settings.log_format)
    stopped = threading.Event()
    with opened(settings) as application, working(application), stopping(stopped.set):
        log.info("carrying out jobs")
        stopped.wait()
    log.info("stopped")


@click.command()
def migrate() -> None:
    """Bring the database up to date."""
    migrate_all(read_settings())
    click.echo("The database is up to date.")


def answer(application: Application, door: socket.socket, *, with_worker: bool) -> None:
    """Serve until stopped by a signal; requests and steps of jobs that are under way are finished first."""
    config = uvicorn.Config(
        build(application),
        loop="uvloop",
        http="httptools",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    # What was loaded by now stays: looking through it again and again cost a request 0.1 s every few seconds.
    gc.freeze()
    gc.set_threshold(SELDOM)
    # uvicorn raises the signal that stopped it once more; `stopping` takes it, so that the worker is stopped as well.
    with working(application) if with_worker else contextlib.nullcontext(), stopping(lambda: None):
        uvicorn.Server(config).run(sockets=[door])
