"""A simulator of the tests in a process of its own, for the demo: it is there in a checkout of the source only."""

import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import click

from connector.application import Application
from connector.cli.shop import staff_link
from connector.storage.shop_store import Shop

T = TypeVar("T")

ROOT = Path(__file__).parents[2]


@contextmanager
def running(simulator: str, folder: Path, *, read: Callable[[str], T]) -> Iterator[T]:
    """What a simulator that keeps its books in the folder says first; raises ClickException where there is none."""
    command = [sys.executable, "-m", simulator, str(folder)]
    with subprocess.Popen(  # noqa: S603  our own module
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        said = process.stdout.readline() if process.stdout else ""
        if not said:
            raise click.ClickException("Simulated stores are there in a checkout of the source only.")
        try:
            yield read(said)
        finally:
            process.communicate()


def say(app: Application, shop: Shop, *, where: str, orders: Iterable[Mapping[str, str]]) -> None:
    """Print where everything of a shop on a simulated platform is."""
    click.echo()
    click.secho(f"{shop.name} is open, on {where}", bold=True)
    click.echo(f"  Assistant   {app.settings.public_url}/shops/{shop.slug}/returns")
    click.echo(f"  Counter     {staff_link(app, shop, page='counter')}")
    click.echo(f"  Dashboard   {staff_link(app, shop)}")
    click.echo()
    click.secho("Orders to try in the assistant", bold=True)
    for one in orders:
        click.echo(f"  {one['number']}  {one['email']:<32}  {one['postcode']:<8}  {one['why']}")
    click.echo()
    click.echo("Ctrl-C stops it; the next start finds everything again.")
