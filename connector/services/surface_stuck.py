"""A leg that nobody carries on with is never silent.

One that was begun and left is for a person to decide; one that was never begun is begun again.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial

from connector.application import Application, Step
from connector.services.settle_return import carry_out_again, leave_to_a_person
from connector.storage import settlement_store
from connector.storage.database import Unit
from connector.storage.shop_store import Shop
from domain.settlement import LegState

JOB = "surface_stuck"
LEFT_AFTER = timedelta(hours=1)
"""Longer than a job tries a step and longer than a dead worker's jobs wait to be taken over."""
BEGUN_AGAIN_AFTER = timedelta(hours=6)
"""Longer than a job comes back to a channel that is slow."""


def surface_stuck(app: Application, shop: Shop, *, step: Step, **_: object) -> None:
    """Look for legs whose job is gone, each dealt with in a transaction of its own."""
    for act, keys in step("look", lambda: _standing(app, shop)).items():
        for key in keys:
            step(f"{act} {key}", partial(_dealt_with, app, shop, key, act=act))


def _standing(app: Application, shop: Shop) -> Mapping[str, list[str]]:
    now = app.clock()
    with app.database.read(shop) as unit:
        left = settlement_store.standing(unit, state=LegState.SENDING, since=now - LEFT_AFTER)
        waiting = settlement_store.standing(unit, state=LegState.DUE, since=now - BEGUN_AGAIN_AFTER)
    return {"surface": list(left), "begin": list(waiting)}


def _dealt_with(app: Application, shop: Shop, key: str, *, act: str) -> None:
    app.database.write(shop, lambda unit: ACTS[act](app, unit, key))


ACTS: Mapping[str, Callable[[Application, Unit, str], None]] = {
    "surface": leave_to_a_person,
    "begin": carry_out_again,
}
"""What is done to a leg that stands still; each looks again before it does it."""
