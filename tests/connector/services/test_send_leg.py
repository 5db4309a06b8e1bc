"""A worker that was taken over while it slept sends what it was about to send: nobody is left to believe it was once.

Where a platform does twice what is sent twice, the leg is left to a person, whether the answer was heard or not.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import TypeVar, cast

import pytest

from adapters.channel import Payback, Receipt
from adapters.errors import ChannelSlow
from connector.jobs.catalogue import CATALOGUE
from connector.services.answer_leg import paid_by_hand, try_again
from connector.services.follow_return import view
from connector.storage import credit_store, settlement_store
from connector.storage.credit_store import StoreCredit
from domain.events import Act
from domain.returns import Inspection
from domain.settlement import Leg, LegKind
from tests.connector.services.living import PAID, Died, Stage, a_stage
from tests.connector.services.test_story import opened, received
from tests.connector.services.test_surface_stuck import surfaced
from tests.shops import SAM, TestShop
from tests.simulators.payments.books import Trouble
from tests.simulators.payments.channel import PaymentsChannel

T = TypeVar("T")


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with a_stage(tmp_path, has_keys=False) as stage:
        yield stage


@pytest.mark.parametrize("trouble", ["", "lost answer"])
def test_who_slept_over_a_refund_that_another_sent_leaves_it_to_a_person(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, trouble: str
):
    order_id, leg = _due(stage)
    troubles = stage.platform.books.troubles
    _sleeps_over(stage, monkeypatch, then=lambda: troubles.append(Trouble(answer=trouble)))
    _sent_and_not_recorded(stage, leg)
    assert len(stage.platform.books.under(leg.key)) == 2
    assert _refund(stage, order_id).state == "unknown"
    assert Act.UNCERTAIN in [entry.act for entry in stage.returns(order_id)[0].history]


def test_who_sends_while_a_sleeper_sends_too_leaves_it_to_a_person(stage: Stage, monkeypatch: pytest.MonkeyPatch):
    """The sleeper was heard of first: it may not be settled over."""
    order_id, leg = _due(stage)
    demo, send = stage.demo, PaymentsChannel.refund

    def beside_a_sleeper(self: PaymentsChannel, payback: Payback) -> Receipt:
        monkeypatch.setattr(PaymentsChannel, "refund", send)
        send(self, payback)
        demo.app.database.write(demo.shop, lambda unit: settlement_store.doubt(unit, leg.key, at=demo.clock()))
        return send(self, payback)

    monkeypatch.setattr(PaymentsChannel, "refund", beside_a_sleeper)
    stage.settle_down()
    assert len(stage.platform.books.under(leg.key)) == 2
    assert _refund(stage, order_id).state == "unknown"


def test_who_tries_again_and_sends_just_after_a_sleeper_did_leaves_it_to_a_person(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
):
    """The sleeper saw one entry, and settled it in silence; who had looked before that sends another."""
    order_id, leg = _due(stage)
    send = PaymentsChannel.refund
    _begun_by_a_sleeper(stage, leg)

    def after_the_sleeper(self: PaymentsChannel, payback: Payback) -> Receipt:
        send(self, payback)
        return send(self, payback)

    monkeypatch.setattr(PaymentsChannel, "refund", after_the_sleeper)
    _sent_and_not_recorded(stage, leg)
    assert len(stage.platform.books.under(leg.key)) == 2
    assert _refund(stage, order_id).state == "unknown"


def test_who_tries_again_and_finds_what_it_sent_alone_settles_it(stage: Stage):
    order_id, leg = _due(stage)
    _begun_by_a_sleeper(stage, leg)
    stage.settle_down()
    assert (len(stage.platform.books.under(leg.key)), _refund(stage, order_id).state) == (1, "settled")


def test_who_slept_over_a_refund_and_is_refused_changes_nothing(stage: Stage, monkeypatch: pytest.MonkeyPatch):
    order_id, leg = _due(stage)
    books = stage.platform.books
    _sleeps_over(stage, monkeypatch, then=lambda: books.give_by_hand(order_id, books.left(order_id)))
    _sent_and_not_recorded(stage, leg)
    assert len(stage.platform.books.under(leg.key)) == 1
    assert _refund(stage, order_id).state == "settled"


def test_who_sends_alone_and_hears_nothing_looks_again_by_itself(stage: Stage):
    order_id, leg = _due(stage)
    stage.platform.books.troubles.append(Trouble(answer="lost answer"))
    _sent_and_not_recorded(stage, leg)
    stage.demo.clock.move(seconds=5)
    stage.settle_down()
    assert len(stage.platform.books.under(leg.key)) == 1
    assert _refund(stage, order_id).state == "settled"


def test_who_slept_until_a_person_had_given_it_by_hand_sends_nothing(demo: TestShop):
    leg, known = _credit_whose_job_sleeps(demo)
    paid_by_hand(demo.app, demo.shop, leg_key=leg.key, actor=SAM, note="cash instead", key="h")
    _wakes(demo, leg, known)
    assert _credit(demo, leg) is None


def test_who_slept_until_a_person_has_it_sent_again_leaves_that_to_the_new_job(demo: TestShop):
    leg, known = _credit_whose_job_sleeps(demo)
    try_again(demo.app, demo.shop, leg_key=leg.key, actor=SAM, key="t", why="it is not there")
    _wakes(demo, leg, known)
    assert _credit(demo, leg) is None
    demo.work()
    given = _credit(demo, leg)
    assert given is not None and given.amount == 1980


def _credit_whose_job_sleeps(demo: TestShop) -> tuple[Leg, dict[str, object]]:
    """Store credit that was claimed two hours ago, and what its job knows; it is for a person to decide by now."""
    found = opened(demo, resolution="store_credit")
    received(demo, found)
    leg = next(one for one in view(demo.app, demo.shop, return_id=found.id).legs if one.kind == LegKind.STORE_CREDIT)
    known: dict[str, object] = {}

    def step(name: str, act: Callable[[], T]) -> T:
        if name.startswith("look and send"):
            raise Died
        known[name] = result = act()
        return result

    with pytest.raises(Died):
        CATALOGUE["settle"](demo.app, demo.shop, step=step, payload={"legs": [leg.key]})
    demo.jobs.waiting.clear()
    surfaced(demo, hours=2)
    return leg, known


def _wakes(demo: TestShop, leg: Leg, known: Mapping[str, object]) -> None:
    def step(name: str, act: Callable[[], T]) -> T:
        return cast("T", known[name]) if name in known else act()

    CATALOGUE["settle"](demo.app, demo.shop, step=step, payload={"legs": [leg.key]})


def _credit(demo: TestShop, leg: Leg) -> StoreCredit | None:
    with demo.app.database.read(demo.shop) as unit:
        return credit_store.get(unit, leg.key)


def _sleeps_over(stage: Stage, monkeypatch: pytest.MonkeyPatch, *, then: Callable[[], object]) -> None:
    """Let another worker do everything between what the first one writes down and what it sends."""
    send = PaymentsChannel.refund

    def overtaken(self: PaymentsChannel, payback: Payback) -> Receipt:
        monkeypatch.setattr(PaymentsChannel, "refund", send)
        stage.demo.clock.move(seconds=5)
        stage.settle_down()
        then()
        return send(self, payback)

    monkeypatch.setattr(PaymentsChannel, "refund", overtaken)


def _sent_and_not_recorded(stage: Stage, leg: Leg) -> None:
    """One try of a worker that lost the job meanwhile: it may not go on afterwards."""

    def step(name: str, act: Callable[[], T]) -> T:
        if name.startswith("record"):
            raise Died
        try:
            return act()
        except ChannelSlow as slow:
            raise Died from slow

    with pytest.raises(Died):
        CATALOGUE["settle"](stage.demo.app, stage.demo.shop, step=step, payload={"legs": [leg.key]})


def _begun_by_a_sleeper(stage: Stage, leg: Leg) -> None:
    """Somebody claimed the leg and began a try, and was not heard of for a while."""

    def step(name: str, act: Callable[[], T]) -> T:
        if name.startswith("look and send"):
            raise Died
        return act()

    with pytest.raises(Died):
        CATALOGUE["settle"](stage.demo.app, stage.demo.shop, step=step, payload={"legs": [leg.key]})
    begun = partial(settlement_store.begin_try, key=leg.key, after=0, at=stage.demo.clock())
    stage.demo.app.database.write(stage.demo.shop, begun)
    stage.demo.clock.move(minutes=50)


def _due(stage: Stage) -> tuple[str, Leg]:
    """An order whose return came in: its money is due and nothing was sent."""
    order_id = stage.new_order(cards={"p1": PAID})
    found = stage.opened(order_id, {"line_id": "l1", "quantity": 1, "reason": "style", "resolution": "refund"}, key="o")
    stage.taken_in(found, [Inspection(group.id, "received") for group in found.groups], key="t")
    return order_id, _refund(stage, order_id)


def _refund(stage: Stage, order_id: str) -> Leg:
    (leg,) = [leg for leg in stage.seen(order_id).all_legs if leg.kind == LegKind.REFUND]
    return leg
