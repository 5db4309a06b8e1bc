"""`backhaul doctor`: compare our ledger, the platform's refunds and our returns; it changes nothing."""

import json
import sys
from datetime import timedelta

import click
from msgspec.structs import asdict

from connector.cli.opening import named_shop, opened
from connector.services.doctor import Findings, examine
from connector.settings import read_settings

DRIFTED = 1


@click.command()
@click.option("--shop", "slug", required=True, help="The shop's short name.")
@click.option("--days", default=30, show_default=True, type=click.IntRange(1, 3650), help="How far back to look.")
@click.option("--json", "as_json", is_flag=True, help="Write what was found as JSON.")
def doctor(*, slug: str, days: int, as_json: bool) -> None:
    """Compare a shop's books with what its platform shows.

    The ledger, the platform's refunds and the returns are laid side by side; what differs is told with what to do.

    Nothing is changed. The exit code is 0 when all agrees and 1 when something does not.
    """
    with opened(read_settings()) as application:
        shop = named_shop(application, slug)
        found = examine(application, shop, since=application.clock() - timedelta(days=days))
    click.echo(_as_json(found) if as_json else _as_text(found))
    sys.exit(DRIFTED if found.drifts else 0)


def _as_json(found: Findings) -> str:
    return json.dumps({"orders": found.orders, "drifts": [asdict(one) for one in found.drifts]}, ensure_ascii=False)


def _as_text(found: Findings) -> str:
    looked = f"{found.orders} {'order' if found.orders == 1 else 'orders'} looked at."
    if not found.drifts:
        return f"{looked} Everything agrees."
    told = [f"{one.about}: {one.said}\n    {one.do}" for one in found.drifts]
    return "\n".join((*told, f"{looked} {len(told)} found."))
