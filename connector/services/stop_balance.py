"""Goods that were rejected or did not come are paid for by nobody: a balance that waits for them is asked for no more.

What was decided with it is decided anew: at once where its goods are as they should be, else when they turn up.
"""

from collections.abc import Iterable

from connector.application import Application
from connector.services.ask_payment import withdraw_soon
from connector.services.invoiced_balance import is_invoiced
from connector.services.leg_progress import said_of, saved
from connector.storage import settlement_store
from connector.storage.database import Unit
from domain import returns
from domain.events import SYSTEM, Act, Entry
from domain.returns import Return
from domain.settlement import Leg, LegState
from domain.unpaid import for_nothing, held_for, undecided

FOR_NOTHING = "Not all of the goods came back as they should, so nothing is to be paid for what was to replace them."


def stop(app: Application, unit: Unit, found: Return) -> Return:
    """The return, saved, without the balances that are for nothing by now.

    One that its platform asks for is called off there first, so that this is not done at once (watch_unpaid).
    """
    legs = settlement_store.legs_of(unit, found.id)
    stopped = _to_stop(found, legs)
    for leg in (*stopped, *held_for(stopped, legs)):
        settlement_store.record(unit, leg.key, state=LegState.LAPSED, receipt=None, at=app.clock())
    for leg in stopped:
        withdraw_soon(app, unit, leg)
        entry = Entry(at=app.clock(), actor=SYSTEM, act=Act.LAPSED, why=FOR_NOTHING, details=said_of(leg))
        found = saved(unit, returns.note(undecided(found, leg.group_ids), entry, before=found), expected=found)
    return found


def as_stopped(found: Return, legs: Iterable[Leg]) -> Return:
    """The return as `stop` would leave it."""
    for leg in _to_stop(found, legs):
        found = undecided(found, leg.group_ids)
    return found


def _to_stop(found: Return, legs: Iterable[Leg]) -> tuple[Leg, ...]:
    return tuple(leg for leg in for_nothing(found, legs) if not is_invoiced(leg))
