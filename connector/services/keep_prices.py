"""What products cost is kept whenever their platform says that one changed: goods without a receipt are valued by it.

Deliveries come late and in any order, so they only say which product to read; what it costs now its channel says. A
platform tells of each movement of stock, too, so a product is read at most once in a while.
"""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from adapters.channel import Variant
from connector.application import Application, Step
from connector.storage import price_store, product_store
from connector.storage.database import Unit
from connector.storage.shop_store import Shop
from domain.currencies import DIGITS

JOB = "keep_prices"
WHILE_SECONDS = 900


def look_at_price(app: Application, unit: Unit, product_id: str, *, channel: str) -> None:
    """Have a product of the catalogue read once this while is over."""
    if product_store.get(unit, product_id) is None:
        return
    turn, gone = divmod(int(app.clock().timestamp()), WHILE_SECONDS)
    payload = {"product_id": product_id, "channel": channel}
    app.jobs.enqueue(unit, JOB, key=f"{product_id}:{turn}", payload=payload, delay_seconds=WHILE_SECONDS - gone)


def keep_prices(app: Application, shop: Shop, *, step: Step, payload: Mapping[str, object]) -> None:
    """The job: keep what the variants of a product cost now, where that is news; doing it again changes nothing."""
    step("read", lambda: _keep(app, shop, product_id=str(payload["product_id"]), channel=str(payload["channel"])))


def _keep(app: Application, shop: Shop, *, product_id: str, channel: str) -> None:
    found = app.channels.for_shop(shop, channel).variants(product_id)
    costs = {one.id: cost for one in found if (cost := _cost(one, shop)) is not None}

    def work(unit: Unit) -> None:
        for variant_id, cost in costs.items():
            price_store.keep(unit, variant_id, amount=cost, at=app.clock())

    app.database.write(shop, work)


def _cost(variant: Variant, shop: Shop) -> int | None:
    """The price in minor units; None for a variant that has none."""
    try:
        return round(Decimal(variant.price).scaleb(DIGITS[shop.currency]))
    except InvalidOperation:
        return None
