"""What is not sent in time ends, after its shopper was reminded; its units can be returned again."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial

from connector.application import Application, Step
from connector.services.change_return import Turn, take, taken
from connector.services.leg_progress import return_of
from connector.services.policy_terms import terms_of
from connector.services.quote_return import order_of
from connector.storage import order_store, return_store
from connector.storage.database import Unit
from connector.storage.shop_store import Shop
from domain import deadlines, returns
from domain.events import SYSTEM, Act, Actor, Entry
from domain.lifecycle import Doing
from domain.returns import Return

JOB = "watch_unsent"
MOST_AT_A_TIME = 500
NOT_SENT = "Nothing was sent in time."


def expire(app: Application, shop: Shop, *, return_id: str, actor: Actor, why: str, key: str) -> Return:
    """End what was not sent, as a person says, once per key. Raises NotFound, IllegalStep when all was sent."""
    turn = Turn("expire", Doing(at=app.clock(), actor=actor, why=why), moment="inspected")
    return take(app, shop, return_id=return_id, turn=turn, key=key)


def send_by(unit: Unit, found: Return) -> datetime | None:
    """The time (UTC) by which the goods must be sent: as many days as the order's policy has for its window."""
    return deadlines.send_by(found, days=_days(unit, found))


def watch_unsent(app: Application, shop: Shop, *, step: Step, **_: object) -> None:
    """End what was not sent in time and remind of what soon will be; each return in a transaction of its own."""
    for act, ids in step("look", lambda: _due(app, shop)).items():
        for return_id in ids:
            step(f"{act} {return_id}", partial(_watched, app, shop, return_id, act=act))


def _due(app: Application, shop: Shop) -> Mapping[str, list[str]]:
    """The returns that end now, and those of which to remind, by what is to be done."""
    now = app.clock()
    with app.database.read(shop) as unit:
        unsent = return_store.unsent(unit, limit=MOST_AT_A_TIME)
        late = [one.id for one in unsent if _is_past(send_by(unit, one), now)]
        due = [one.id for one in unsent if _is_past(_remind_at(unit, one), now)]
    return {"expire": late, "remind": [one for one in due if one not in late]}


def _watched(app: Application, shop: Shop, return_id: str, *, act: str) -> None:
    app.database.write(shop, lambda unit: ACTS[act](app, unit, return_id))


def _expire(app: Application, unit: Unit, return_id: str) -> None:
    found = _held(unit, return_id)
    if _is_past(send_by(unit, found), app.clock()):
        doing = Doing(at=app.clock(), actor=SYSTEM, why=NOT_SENT)
        taken(app, unit, found, turn=Turn("expire", doing, moment="inspected"))


def _remind(app: Application, unit: Unit, return_id: str) -> None:
    found = _held(unit, return_id)
    end = send_by(unit, found)
    if end is not None and _is_past(_remind_at(unit, found), app.clock()):
        entry = Entry(at=app.clock(), actor=SYSTEM, act=Act.REMINDED, details={"until": end.isoformat()})
        return_store.save(unit, returns.note(found, entry, before=found), expected_version=found.version)


def _held(unit: Unit, return_id: str) -> Return:
    order_store.lock(unit, return_of(unit, return_id).order_id)
    return return_of(unit, return_id)


def _remind_at(unit: Unit, found: Return) -> datetime | None:
    return deadlines.remind_at(found, days=_days(unit, found))


def _days(unit: Unit, found: Return) -> int:
    order = order_of(unit, found.order_id)
    return terms_of(unit, order).days


def _is_past(at: datetime | None, now: datetime) -> bool:
    return at is not None and at <= now


ACTS: Mapping[str, Callable[[Application, Unit, str], None]] = {"expire": _expire, "remind": _remind}
"""What is done to a return whose time has come; each looks again before it does it."""
