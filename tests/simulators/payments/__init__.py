"""A platform of no vendor, on a real socket: it gives money and goods, and all that can go wrong while it does."""

from tests.simulators.payments.books import Books, Given, Trouble
from tests.simulators.payments.channel import PaymentsChannel, PaymentsChannels
from tests.simulators.payments.server import REPORTS, SimulatedPayments, simulated_payments

__all__ = [
    "REPORTS",
    "Books",
    "Given",
    "PaymentsChannel",
    "PaymentsChannels",
    "SimulatedPayments",
    "Trouble",
    "simulated_payments",
]
