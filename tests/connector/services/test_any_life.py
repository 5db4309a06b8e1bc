"""Whatever people, platforms and faults do to the returns of an order, in any order: the rules of money hold.

Random commands, reports and deaths; after each of them the invariants of the quote's contract, and the history alone
tells the state. BACKHAUL_TEST_LIVES asks for more of them.
"""

import os
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from connector.services.answer_leg import paid_by_hand, try_again
from connector.services.cancel_return import cancel
from connector.services.decide_return import approve, decline
from connector.services.errors import ServiceError
from connector.services.expire_return import expire, watch_unsent
from connector.services.reopen_return import reopen
from connector.services.ship_return import ship
from connector.services.surface_stuck import surface_stuck
from domain.errors import DomainError, IllegalStep
from domain.money import parse_amount
from domain.replay import replayed
from domain.returns import OUTCOMES, Inspection, Return, UnitGroup
from domain.settlement import LegKind, LegState
from tests.connector.services import quote_rules
from tests.connector.services.living import PAID, Seen, Stage, a_stage
from tests.shops import SAM
from tests.simulators.payments import REPORTS, Trouble

LIVES = int(os.environ.get("BACKHAUL_TEST_LIVES", "6"))
STEPS = 20
GIVING = (LegKind.REFUND, LegKind.STORE_CREDIT)
REFUSALS = (ServiceError, DomainError)
LATE_SECONDS = 3600.0
"""Until the next worker looks: `Stage.work` lets time pass on the platform."""
TROUBLES = (
    Trouble("429", times=2),
    Trouble("503", times=9),
    Trouble("lost request"),
    Trouble("lost answer"),
    Trouble(fate="late", seconds=LATE_SECONDS),
    Trouble(fate="declined late", seconds=LATE_SECONDS),
    Trouble("lost answer", fate="declined late", seconds=LATE_SECONDS),
)
SAME = {"variant_id": "tee-l", "product_id": "tee", "price": "20.00", "tax": "0.00", "available": 9}
DEARER = {**SAME, "price": "35.00"}
WISHES = (
    {"resolution": "refund"},
    {"resolution": "store_credit"},
    {"resolution": "exchange", "exchange_for": SAME},
    {"resolution": "exchange", "exchange_for": DEARER},
)
ACTS = {
    "approve": approve,
    "decline": decline,
    "cancel": cancel,
    "expire": expire,
    "reopen": reopen,
}
CHARGING = {
    "approval": "review",
    "settle_on": "in_transit",
    "restocking_percent": "15",
    "return_fee": "2.50",
    "store_credit_bonus_percent": "10",
    "promotions": "clawback",
}
"""A policy that keeps something back wherever it may, and pays before goods are seen."""
HELD_BY_A_PERSON = {LegState.UNKNOWN, LegState.FAILED, LegState.BY_HAND, LegState.AWAITED, LegState.HELD}
OVER = {LegState.SETTLED, LegState.LAPSED, *HELD_BY_A_PERSON}


class AnyLife(RuleBasedStateMachine):
    """One order, up to four returns of it, and everything that may happen to them."""

    def __init__(self, stage: Stage) -> None:
        super().__init__()
        self.stage = stage
        self.commands = 0

    @initialize(wish=st.sampled_from(WISHES), quantity=st.integers(1, 3), has_come=st.sampled_from([True, True, False]))
    def an_order_and_its_first_return(self, wish: dict[str, object], quantity: int, has_come: bool) -> None:
        self.order_id = self.stage.new_order()
        self.somebody_opens_a_return_and_sends_the_form_twice("l1", quantity, wish)
        if has_come:
            self.goods_come_in_order(0)

    @property
    def returns(self) -> tuple[Return, ...]:
        return self.stage.returns(self.order_id)

    def tried_with(self, n: int, act: Callable[[Return], object]) -> None:
        """An act on one of the returns, where there is any."""
        if self.returns:
            chosen = self.returns[n % len(self.returns)]
            self.tried(lambda: act(chosen))

    def key(self) -> str:
        self.commands += 1
        return f"{self.order_id}-{self.commands}"

    def tried(self, act: Callable[[], object]) -> None:
        """What is refused changes nothing, and a wrong step says what would be right."""
        before = self.returns
        try:
            act()
        except IllegalStep as error:
            assert isinstance(error.allowed, tuple)
            assert self.returns == before
        except REFUSALS:
            assert self.returns == before

    @rule(line_id=st.sampled_from(["l1", "l2"]), quantity=st.integers(1, 3), wish=st.sampled_from(WISHES))
    def somebody_opens_a_return_and_sends_the_form_twice(self, line_id: str, quantity: int, wish: dict[str, object]):
        item = {"line_id": line_id, "quantity": quantity, "reason": "style", **wish}
        key = self.key()
        before = len(self.returns)
        for _ in range(2):
            self.tried(lambda: self.stage.opened(self.order_id, item, key=key))
        assert len(self.returns) <= before + 1

    @rule(n=st.integers(0, 9), act=st.sampled_from(sorted(ACTS)))
    def somebody_acts_on_a_return(self, n: int, act: str):
        app, shop, key = self.stage.demo.app, self.stage.demo.shop, self.key()
        self.tried_with(n, lambda one: ACTS[act](app, shop, return_id=one.id, actor=SAM, why="so it is", key=key))

    @rule(n=st.integers(0, 9))
    def a_parcel_is_sent(self, n: int):
        app, shop, key = self.stage.demo.app, self.stage.demo.shop, self.key()
        self.tried_with(n, lambda one: ship(app, shop, return_id=one.id, tracking="1Z9", actor=SAM, key=key))

    @rule(n=st.integers(0, 9), outcomes=st.lists(st.sampled_from(sorted(OUTCOMES)), min_size=1, max_size=3))
    def goods_are_looked_at(self, n: int, outcomes: list[str]):
        key = self.key()
        self.tried_with(n, lambda one: self.stage.taken_in(one, _looks(one, outcomes), key=key))

    @rule(n=st.integers(0, 9))
    def goods_come_in_order(self, n: int):
        self.somebody_acts_on_a_return(n, "approve")
        self.goods_are_looked_at(n, ["received"])

    @rule(
        line_id=st.sampled_from(["l1", "l2"]),
        wish=st.sampled_from(WISHES),
        trouble=st.sampled_from(TROUBLES),
        reports=st.sampled_from(sorted(REPORTS)),
    )
    def a_return_meets_a_trouble(self, line_id: str, wish: dict[str, object], trouble: Trouble, reports: str):
        self.somebody_opens_a_return_and_sends_the_form_twice(line_id, 1, wish)
        self.goods_come_in_order(len(self.returns) - 1 if self.returns else 0)
        self.workers_work(trouble, None, reports)

    @rule(
        trouble=st.none() | st.sampled_from(TROUBLES),
        dies_after=st.none() | st.integers(0, 6),
        reports=st.sampled_from(sorted(REPORTS)),
    )
    def workers_work(self, trouble: Trouble | None, dies_after: int | None, reports: str):
        self.stage.platform.reports = reports
        self.stage.platform.books.troubles[:] = [trouble] if trouble else []
        self.stage.work(dies_after=dies_after)

    @rule(amount=st.integers(1, 3000))
    def somebody_gives_money_back_on_the_platform(self, amount: int):
        if amount <= self.stage.platform.books.left(self.order_id):
            self.stage.platform.books.give_by_hand(self.order_id, amount)

    @rule(times=st.integers(1, 2))
    def the_platform_reports(self, times: int):
        for _ in range(times):
            self.stage.report(self.order_id, key=self.key())

    @rule(days=st.sampled_from([1, 1, 3, 3, 12, 40]))
    def time_passes(self, days: int):
        self.stage.demo.clock.move(days=days)
        for job in (watch_unsent, surface_stuck):
            job(self.stage.demo.app, self.stage.demo.shop, step=lambda _, act: act())

    @rule(n=st.integers(0, 9), is_given=st.booleans())
    def a_person_answers_what_is_not_certain(self, n: int, is_given: bool):
        legs = [leg for leg in self.stage.seen(self.order_id).all_legs if leg.state in HELD_BY_A_PERSON]
        if not legs:
            return
        leg, key = legs[n % len(legs)], self.key()
        app, shop = self.stage.demo.app, self.stage.demo.shop
        if is_given or leg.state == LegState.UNKNOWN:
            self.tried(lambda: paid_by_hand(app, shop, leg_key=leg.key, actor=SAM, note="seen", key=key))
        else:
            self.tried(lambda: try_again(app, shop, leg_key=leg.key, actor=SAM, why="not there", key=key))

    @invariant()
    def the_rules_hold(self) -> None:
        seen = self.stage.seen(self.order_id)
        for check in RULES:
            check(self.stage, seen)

    def teardown(self) -> None:
        """In the end nothing waits for a machine, and what we keep of the order is what the platform says."""
        if not hasattr(self, "order_id"):
            return
        self.stage.settle_down()
        self.the_platform_reports(1)
        self.stage.settle_down()
        self.the_rules_hold()
        for leg in self.stage.seen(self.order_id).all_legs:
            assert leg.state in OVER, leg
            is_by_machine = leg.state == LegState.SETTLED and (leg.receipt or {}).get("kind") != "by_hand"
            assert not is_by_machine or len(self.stage.platform.books.under(leg.key)) == 1, leg
        kept = sum(payment.refunded for payment in self.stage.ours(self.order_id).payments)
        assert kept == self.stage.refunded(self.order_id)
        assert not self.stage.faults
        self.stage.demo.jobs.waiting.clear()
        self.stage.demo.jobs.done.clear()


def tells_its_state(_: Stage, seen: Seen) -> None:
    """The history alone tells the state."""
    for found in seen.returns:
        assert replayed(found) == found


def gives_once(stage: Stage, seen: Seen) -> None:
    for leg in seen.all_legs:
        given = stage.platform.books.under(leg.key)
        assert len(given) <= 1, (leg, given)
        assert all(one.amount == leg.amount for one in given)


def gives_no_more_than_was_paid(stage: Stage, seen: Seen) -> None:
    """Money and credit of all returns together, and what the platform gave back."""
    paid = parse_amount(PAID, 2)
    ours = [leg.amount for leg in seen.all_legs if leg.kind in GIVING and leg.state != LegState.LAPSED]
    assert sum(ours) <= paid
    for found in seen.returns:
        assert stage.refunded(found.order_id) <= paid


def holds_each_unit_once(_: Stage, seen: Seen) -> None:
    held = Counter[str]()
    for group in (group for found in seen.returns for group in found.groups if group.counts):
        held[group.line_id] += group.quantity
    assert held <= Counter(l1=3, l2=1)


def is_in_the_ledger(_: Stage, seen: Seen) -> None:
    """What is settled is written down, and nothing else is."""
    for return_id, legs in seen.legs.items():
        settled = sorted((leg.key, leg.amount) for leg in legs if leg.state == LegState.SETTLED)
        assert sorted((one.key, one.amount) for one in seen.ledger[return_id]) == settled


def is_quoted_by_the_contract(_: Stage, seen: Seen) -> None:
    """Whatever was decided of the order's returns."""
    for one in seen.decided:
        quote_rules.check(one.case, one.document)


RULES: Sequence[Callable[[Stage, Seen], None]] = (
    tells_its_state,
    gives_once,
    gives_no_more_than_was_paid,
    holds_each_unit_once,
    is_in_the_ledger,
    is_quoted_by_the_contract,
)


def _looks(found: Return, outcomes: list[str]) -> list[Inspection]:
    """The units of each group shared out over what was found of them."""
    return [look for group in found.groups for look in _looks_at(group, outcomes[: group.quantity])]


def _looks_at(group: UnitGroup, outcomes: list[str]) -> list[Inspection]:
    shares = [group.quantity - len(outcomes) + 1, *[1] * (len(outcomes) - 1)]
    return [
        Inspection(group.id, outcome, grade="A" if outcome == "received" else None, note="worn", quantity=share)
        for outcome, share in zip(outcomes, shares, strict=True)
    ]


@pytest.mark.parametrize("has_keys", [True, False], ids=["keys", "no-keys"])
@pytest.mark.parametrize("terms", [{}, CHARGING], ids=["auto", "review"])
def test_any_life_of_an_order_ends_well(tmp_path: Path, has_keys: bool, terms: dict[str, object]):
    with a_stage(tmp_path, has_keys=has_keys, **terms) as stage:
        checked = settings(
            max_examples=LIVES, stateful_step_count=STEPS, deadline=None, suppress_health_check=list(HealthCheck)
        )
        run_state_machine_as_test(lambda: AnyLife(stage), settings=checked)
