"""An invoice of Shopify that nobody pays lapses: the exchange is called off there, and what was chosen is given."""

from datetime import timedelta
from decimal import Decimal

import pytest

from adapters.errors import ChannelError
from connector.jobs.catalogue import CATALOGUE
from connector.services import doctor
from connector.services.answer_leg import paid_by_hand
from connector.services.collect_balance import give_up
from connector.services.errors import Conflict
from connector.services.find_order import look_up
from connector.services.follow_return import ReturnView, view
from connector.services.quote_return import preview
from connector.services.receive_return import receive
from connector.services.request_return import Wish, open_return
from connector.storage import policy_store
from connector.storage.database import Unit
from connector.storage.tables.money_tables import legs
from domain.returns import Inspection, Return
from tests.adapters.shopify.shops import TEE_XXL, placed
from tests.connector.services.at_shopify import demo, now, platform, received
from tests.shops import ANN, SAM, TestShop, policy
from tests.simulators.shopify import SimulatedShop, selling, settling
from tests.simulators.shopify.books import Document

__all__ = ["demo", "platform"]

DEARER = {"variant_id": TEE_XXL, "price": "29.95"}


@pytest.fixture(params=["refund", "store_credit"])
def fallback(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def unpaid(demo: TestShop, platform: SimulatedShop, *, fallback: str = "refund") -> Return:
    """A dearer exchange, processed at Shopify, whose invoice was sent."""
    return another(demo, known(demo, platform), fallback=fallback)


def known(demo: TestShop, platform: SimulatedShop) -> Document:
    """An order of two shirts that was looked up."""
    body = placed(platform)
    assert look_up(demo.app, demo.shop, number=body["name"], proof="10118", address="x") is not None
    return body


def another(demo: TestShop, body: Document, *, fallback: str = "refund") -> Return:
    """One unit of an order's first line, exchanged for something dearer and taken in."""
    found = asked(demo, body, fallback=fallback)
    received(demo, found, key=found.id)
    assert seen(demo, found).found.status == "to_pay"
    return found


def asked(demo: TestShop, body: Document, *, fallback: str = "refund") -> Return:
    """A return of one unit of an order's first line, for something dearer."""
    wanted = {"quantity": 1, "reason": "style", "resolution": "exchange", "exchange_for": DEARER}
    item = {"line_id": body["lines"][0]["id"], **wanted}
    shown = preview(demo.app, demo.shop, order_id=body["id"], items=[item])
    wish = Wish(order_id=body["id"], items=[item], method="mail", quote_id=shown.id, fallback=fallback)
    found = open_return(demo.app, demo.shop, wish=wish, actor=ANN, key=shown.id)
    demo.work()
    return found


def seen(demo: TestShop, found: Return) -> ReturnView:
    return view(demo.app, demo.shop, return_id=found.id)


def done(demo: TestShop, job: str) -> None:
    CATALOGUE[job](demo.app, demo.shop, step=lambda _, act: act(), payload={})
    demo.work()


def days_pass(demo: TestShop, days: int) -> None:
    """The tokens of the shop last an hour by the real clock, so what grows older is the balance."""
    before = demo.clock() - timedelta(days=days)

    def work(unit: Unit) -> None:
        unit.connection.execute(legs.update().where(legs.c.kind == "collect").values(changed_at=before))

    demo.app.database.write(demo.shop, work)


def paid(platform: SimulatedShop, found: Return, *, amount: str | None = None) -> None:
    """The shopper pays the invoice: what is outstanding, or what it named when they began to pay."""
    with platform.books.change() as state:
        order = state["orders"][found.order_id]
        settling.paid_invoice(state, order)
        if amount is not None:
            order["transactions"][-1]["amount"] = amount
        order["updated_at"] = now().isoformat()


def order_there(platform: SimulatedShop, found: Return) -> Document:
    return platform.books.read()["orders"][found.order_id]  # type: ignore[no-any-return]


def removed(platform: SimulatedShop, found: Return) -> list[int]:
    return [line.get("removed", 0) for line in order_there(platform, found)["lines"]]


def late(demo: TestShop, found: Return) -> list[tuple[str, int]]:
    return [(leg.state, leg.amount) for leg in seen(demo, found).legs if leg.key.endswith("-late")]


def given_back(platform: SimulatedShop) -> list[str]:
    books = platform.books.read()
    gone = [one for order in books["orders"].values() for one in order["transactions"] if one["kind"] == "REFUND"]
    return [f"{one['gateway']} {one['amount']}" for one in gone]


def drifts(demo: TestShop) -> set[str]:
    """What the books of the shop and of Shopify do not agree on."""
    found = doctor.examine(demo.app, demo.shop, since=demo.clock() - timedelta(days=30))
    return {one.code for one in found.drifts}


def test_before_its_day_it_waits(demo: TestShop, platform: SimulatedShop):
    found = unpaid(demo, platform)
    days_pass(demo, 6)
    done(demo, "watch_unpaid")
    assert (seen(demo, found).found.status, removed(platform, found)) == ("to_pay", [0, 0])


def test_after_it_the_exchange_is_called_off_and_what_was_chosen_is_given(
    demo: TestShop, platform: SimulatedShop, fallback: str
):
    before = platform.books.read()["variants"][TEE_XXL]["stock"]
    found = unpaid(demo, platform, fallback=fallback)
    days_pass(demo, 8)
    done(demo, "watch_unpaid")
    assert (removed(platform, found), platform.books.read()["variants"][TEE_XXL]["stock"]) == ([0, 1], before)
    after = seen(demo, found)
    assert (after.found.status, after.balance) == ("done", None)
    assert [group.resolution for group in after.found.groups] == [fallback]
    gateway = {"refund": "bogus", "store_credit": "shopify_store_credit"}[fallback]
    assert given_back(platform) == [f"{gateway} 27.17"]
    assert "lapsed" in [entry.act for entry in after.found.history]
    assert not {"ledger_torn", "state_torn"} & drifts(demo)


def test_again_and_again_it_is_given_once(demo: TestShop, platform: SimulatedShop, fallback: str):
    found = unpaid(demo, platform, fallback=fallback)
    days_pass(demo, 8)
    for _ in range(3):
        done(demo, "watch_unpaid")
    assert (len(given_back(platform)), len(platform.asked("OrderEditCommit"))) == (1, 1)
    assert seen(demo, found).found.status == "done"


def test_paid_in_the_last_moment_it_is_paid(demo: TestShop, platform: SimulatedShop):
    found = unpaid(demo, platform)
    days_pass(demo, 8)
    paid(platform, found)
    done(demo, "watch_unpaid")
    after = seen(demo, found)
    assert (after.found.status, after.found.history[-1].act) == ("done", "collected")
    assert (removed(platform, found), given_back(platform)) == ([0, 0], [])


@pytest.mark.parametrize("at", ["OrderEditBegin", "OrderEditQuantity", "OrderEditCommit", "OrderLines"])
@pytest.mark.parametrize("how", ["lost answer", "lost request"])
def test_what_broke_off_is_gone_on_with(demo: TestShop, platform: SimulatedShop, at: str, how: str):
    """Points for more than a plan gives at once: those of what was lost wear off by the real clock."""
    with platform.books.change() as state:
        state["bucket"].update(maximum=10_000.0, available=10_000.0)
    found = unpaid(demo, platform)
    days_pass(demo, 8)
    platform.goes_wrong(how, at=at, times=3)
    done(demo, "watch_unpaid")
    with platform.books.change() as state:
        state["faults"].clear()
    done(demo, "watch_unpaid")
    assert (seen(demo, found).found.status, removed(platform, found)) == ("done", [0, 1])
    assert given_back(platform) == ["bogus 27.17"]


def test_a_payment_while_it_is_called_off_is_for_a_person(demo: TestShop, platform: SimulatedShop):
    """The answer of the edit was lost, a payment that had begun before came in, and only then it was gone on with."""
    found = unpaid(demo, platform)
    days_pass(demo, 8)
    platform.goes_wrong("lost answer", at="OrderEditCommit")
    done(demo, "watch_unpaid")
    paid(platform, found, amount="2.78")
    for job in ("watch_app", "watch_unpaid", "watch_app"):
        done(demo, job)
    assert (late(demo, found), removed(platform, found)) == ([("by_hand", 278)], [0, 1])
    assert sum(Decimal(one.split()[1]) for one in given_back(platform)) == Decimal("27.17")


def test_one_that_was_paid_after_it_lapsed_is_told_to_a_person_once(demo: TestShop, platform: SimulatedShop):
    found = unpaid(demo, platform)
    days_pass(demo, 8)
    done(demo, "watch_unpaid")
    paid(platform, found, amount="2.78")
    for _ in range(2):
        done(demo, "watch_app")
    assert late(demo, found) == [("by_hand", 278)]
    assert drifts(demo) == set()
    told = [entry.why for entry in seen(demo, found).found.history if "after the exchange was given up" in entry.why]
    assert len(told) == 1


def test_of_two_balances_of_an_order_one_payment_pays_one(demo: TestShop, platform: SimulatedShop):
    first = unpaid(demo, platform)
    demo.clock.move(seconds=1)
    second = another(demo, order_there(platform, first))
    paid(platform, first, amount="2.79")
    for expected in (["done", "to_pay"], ["done", "done"]):
        for _ in range(2):
            done(demo, "watch_app")
        assert [seen(demo, one).found.status for one in (first, second)] == expected
        paid(platform, second, amount="2.79")
        demo.clock.move(seconds=1)


def test_what_pays_a_later_balance_is_not_taken_for_one_that_lapsed(demo: TestShop, platform: SimulatedShop):
    first = unpaid(demo, platform)
    days_pass(demo, 8)
    done(demo, "watch_unpaid")
    second = another(demo, order_there(platform, first))
    paid(platform, second)
    done(demo, "watch_app")
    assert [seen(demo, one).found.status for one in (first, second)] == ["done", "done"]
    assert late(demo, first) == []
    paid(platform, first, amount="2.78")
    demo.clock.move(seconds=1)
    done(demo, "watch_app")
    assert late(demo, first) == [("by_hand", 278)]


def test_what_the_rules_refuse_by_then_is_called_off_and_left_to_a_person(demo: TestShop, platform: SimulatedShop):
    rules = [{"id": "sale", "then": {"resolutions": ["exchange"]}}]
    ruled, now_on = policy(rules=rules), demo.clock()
    demo.app.database.write(demo.shop, lambda unit: policy_store.add_version(unit, ruled, in_force_from=now_on))
    found = unpaid(demo, platform)
    days_pass(demo, 8)
    for _ in range(2):
        done(demo, "watch_unpaid")
    after = seen(demo, found)
    assert (removed(platform, found), given_back(platform), after.balance) == ([0, 1], [], None)
    waiting = [leg.key for leg in after.legs if leg.state == "by_hand"]
    assert waiting == [f"{found.id}-2-refused"]
    paid_by_hand(demo.app, demo.shop, leg_key=waiting[0], actor=SAM, note="credit after all", key="hand")
    assert seen(demo, found).found.status == "done"


def test_the_exchange_of_goods_that_are_rejected_is_called_off_and_nothing_is_given(
    demo: TestShop, platform: SimulatedShop
):
    early, now_on = policy(settle_on="approved"), demo.clock()
    demo.app.database.write(demo.shop, lambda unit: policy_store.add_version(unit, early, in_force_from=now_on))
    found = asked(demo, known(demo, platform))
    assert seen(demo, found).found.status == "to_pay"
    rejected = [Inspection(group.id, "rejected", note="worn") for group in found.groups]
    receive(demo.app, demo.shop, return_id=found.id, inspections=rejected, quote_id=None, actor=SAM, key="take")
    done(demo, "watch_unpaid")
    after = seen(demo, found)
    assert (after.found.status, after.balance) == ("declined", None)
    assert (removed(platform, found), given_back(platform)) == ([0, 1], [])


def test_what_was_written_off_there_ends_the_balance_and_the_replacement_is_the_shoppers(
    demo: TestShop, platform: SimulatedShop
):
    found = unpaid(demo, platform)
    days_pass(demo, 8)
    with platform.books.change() as state:
        state["orders"][found.order_id]["written_off"] = "2.78"
    for _ in range(2):
        done(demo, "watch_unpaid")
    after = seen(demo, found)
    assert (after.found.status, after.balance, after.found.history[-1].act) == ("done", None, "noted")
    assert (removed(platform, found), given_back(platform), late(demo, found)) == ([0, 0], [], [])


def test_goods_that_were_sent_already_are_not_given_up_and_a_payment_still_counts(
    demo: TestShop, platform: SimulatedShop
):
    found = unpaid(demo, platform)
    days_pass(demo, 8)
    with platform.books.change() as state:
        selling.shipped(state, state["orders"][found.order_id], [(1, 1)])
    done(demo, "watch_unpaid")
    assert (seen(demo, found).found.status, given_back(platform)) == ("to_pay", [])
    balance = seen(demo, found).balance
    assert balance is not None
    with pytest.raises(ChannelError, match="look at it in Shopify"):
        give_up(demo.app, demo.shop, leg_key=balance.leg.key, actor=SAM, why="", key="give")
    paid(platform, found)
    done(demo, "watch_app")
    assert seen(demo, found).found.status == "done"


class TestByAPerson:
    def test_it_is_given_up_before_its_day(self, demo: TestShop, platform: SimulatedShop):
        found = unpaid(demo, platform)
        balance = seen(demo, found).balance
        assert balance is not None
        for _ in range(2):
            give_up(demo.app, demo.shop, leg_key=balance.leg.key, actor=SAM, why="they called", key="give")
        demo.work()
        assert (seen(demo, found).found.status, given_back(platform)) == ("done", ["bogus 27.17"])

    def test_it_is_not_when_it_was_just_paid(self, demo: TestShop, platform: SimulatedShop):
        found = unpaid(demo, platform)
        balance = seen(demo, found).balance
        assert balance is not None
        paid(platform, found)
        with pytest.raises(Conflict, match="just been paid"):
            give_up(demo.app, demo.shop, leg_key=balance.leg.key, actor=SAM, why="", key="give")
        assert (seen(demo, found).found.status, given_back(platform)) == ("done", [])
