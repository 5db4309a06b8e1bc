"""Every pair of state and act, on every axis."""

import pytest

from domain.errors import IllegalStep
from domain.transitions import ACCEPTANCE, RECEPTION, SETTLEMENT, Acceptance, Reception, Settlement, advance

TABLES = {"reception": RECEPTION, "acceptance": ACCEPTANCE, "settlement": SETTLEMENT}
STATES = {"reception": Reception, "acceptance": Acceptance, "settlement": Settlement}
PAIRS = [
    (name, state, act)
    for name, table in TABLES.items()
    for state in table
    for act in sorted({act for steps in table.values() for act in steps})
]


@pytest.mark.parametrize(("name", "state", "act"), PAIRS)
def test_an_act_leads_on_or_says_what_would_be_allowed(name: str, state: str, act: str):
    table = TABLES[name]
    if act in table[state]:
        assert advance(table, state, act) in set(STATES[name])
        return
    with pytest.raises(IllegalStep) as refused:
        advance(table, state, act)
    assert refused.value.allowed == tuple(table[state])
    assert refused.value.code == "illegal_step"


@pytest.mark.parametrize("name", TABLES)
def test_every_state_of_an_axis_stands_in_its_table(name: str):
    assert set(TABLES[name]) == set(STATES[name])


def test_what_is_settled_stays_settled():
    assert SETTLEMENT[Settlement.SETTLED] == {}
