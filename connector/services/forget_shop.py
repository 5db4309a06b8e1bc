"""A shop is gone for good: the money that moved stays known, and nothing of the shop and nobody of its people."""

from collections.abc import Mapping
from functools import partial

from connector.application import Application, Step
from connector.services import app_deliveries, check_app
from connector.storage import erasure_store
from connector.storage.database import Unit
from connector.storage.shop_store import Shop
from webhooks.delivery import ShopErased

JOB = app_deliveries.FORGET_SHOP
STILL_THERE = "The app is installed in this shop again, so nothing was erased. Take it off there, then read this anew."


def forget_shop(app: Application, shop: Shop, *, step: Step, payload: Mapping[str, object]) -> None:
    """The job: erase the shop, unless its merchant installed the app again since."""
    if app_deliveries.event_of(app, shop, payload, kind=ShopErased) is None:
        return
    is_there = step("look", lambda: check_app.is_installed(app, shop))
    act = partial(_left_alone, payload=payload) if is_there else partial(erasure_store.erase, at=app.clock())
    step("forget", lambda: app.database.write(shop, act))


def _left_alone(unit: Unit, *, payload: Mapping[str, object]) -> None:
    app_deliveries.needs_a_person(unit, payload, why=STILL_THERE)
