"""What was paid for a balance that was given up, or paid otherwise, by then: a person gives it back."""

from connector.application import Application
from connector.services.leg_progress import return_of, said_of
from connector.storage import order_store, return_store, settlement_store
from connector.storage.database import Unit
from domain import returns
from domain.events import SYSTEM, Act, Entry
from domain.settlement import Leg, late_payment_of


def tell_a_person(app: Application, unit: Unit, balance: Leg, *, why: str) -> None:
    """Leave what was paid too late for a balance to a person, once; `why` stands in the history."""
    order_store.lock(unit, balance.order_id)
    late = late_payment_of(balance)
    if settlement_store.get(unit, late.key) is not None:
        return
    settlement_store.add_legs(unit, (late,), at=app.clock())
    found = return_of(unit, balance.return_id)
    entry = Entry(at=app.clock(), actor=SYSTEM, act=Act.NOTED, why=why, details=said_of(late))
    return_store.save(unit, returns.note(found, entry, before=found), expected_version=found.version)
