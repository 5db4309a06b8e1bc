"""How a quote was worked out: each figure with its inputs, the arithmetic that made it, and the rule it follows from.

A person can redo every step by hand from the case alone; `tests/domain/test_proof_of_quote.py` does so for random
cases.
"""

from domain.working.of_extras import extra_steps
from domain.working.of_fees import fee_steps
from domain.working.of_goods import goods_steps
from domain.working.of_limits import limit_steps
from domain.working.of_lines import line_steps
from domain.working.of_order import order_steps
from domain.working.of_payout import payout_steps
from domain.working.step import Input, Step
from domain.workings import Workings

__all__ = ["Input", "Step", "prove"]

SECTIONS = (line_steps, order_steps, goods_steps, extra_steps, fee_steps, limit_steps, payout_steps)
"""In the order in which a person would take them."""


def prove(workings: Workings) -> tuple[Step, ...]:
    """Every step of a quote; each figure after those that it is made of."""
    return tuple(step for section in SECTIONS for step in section(workings))
