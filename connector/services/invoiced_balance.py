"""What a shopper still has to pay for a dearer replacement where the platform asks for it: noted once it is paid.

The platform itself keeps the goods back until then, so nothing is released here.
"""

from connector.application import Application
from connector.services.leg_progress import followed, said_of
from connector.services.quote_return import Document
from connector.storage import return_store, settlement_store
from connector.storage.database import Unit
from domain.events import SYSTEM, Act, Entry
from domain.orders import read_order
from domain.settlement import Leg, LegKind, LegState, is_paid

TENDER = "invoice"


def is_invoiced(leg: Leg) -> bool:
    """Whether the platform asks for this balance, and nobody else may."""
    return "paid" in leg.work


def heed(app: Application, unit: Unit, document: Document) -> None:
    """Note every balance that an order shows as paid."""
    order = read_order(document)
    for found in return_store.of_order(unit, str(document["id"])):
        for leg in settlement_store.legs_of(unit, found.id):
            if leg.kind == LegKind.COLLECT and leg.state == LegState.AWAITED and is_paid(leg, order):
                _note(app, unit, leg)


def _note(app: Application, unit: Unit, leg: Leg) -> None:
    receipt = {"kind": "collected", "reference": TENDER}
    settlement_store.record(unit, leg.key, state=LegState.SETTLED, receipt=receipt, at=app.clock())
    entry = Entry(at=app.clock(), actor=SYSTEM, act=Act.COLLECTED, details={**said_of(leg), "tender": TENDER})
    followed(unit, leg.return_id, entry=entry)
