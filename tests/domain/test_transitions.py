"""Every pair of state and act, on every axis."""

import pytest

from domain.errors import IllegalStep
from domain.transitions import ACCEPTANCE, RECEPTION, SETTLEMENT, Acceptance, Reception, Settlement, advance, reachable

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


def test_what_is_settled_stays_settled_unless_it_turns_out_to_have_been_given_twice():
    assert SETTLEMENT[Settlement.SETTLED] == {"lose": Settlement.UNKNOWN}


def test_all_that_is_to_be_given_may_become_settled():
    assert all(Settlement.SETTLED in reachable(SETTLEMENT, state) for state in Settlement)


def test_what_is_lost_ended_or_refused_can_be_taken_up_again():
    for state in (Reception.EXPIRED, Reception.CANCELLED, Reception.RECEIVED):
        assert Reception.RECEIVED in reachable(RECEPTION, state)
    assert Acceptance.ACCEPTED in reachable(ACCEPTANCE, Acceptance.REJECTED)
