"""A dearer replacement is handed over when it is paid; otherwise the shopper gets what they chose beforehand."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from connector.jobs.catalogue import CATALOGUE
from connector.services.answer_leg import paid_by_hand
from connector.services.collect_balance import collect, give_up
from connector.services.errors import Conflict, InvalidInput
from connector.services.follow_return import view
from connector.services.quote_return import preview
from connector.services.request_return import Wish, open_return
from connector.storage import order_store
from domain.events import Act
from domain.replay import replayed
from domain.returns import Inspection, Return
from domain.settlement import Leg
from tests.connector.services.test_lifecycle_story import kept
from tests.connector.services.test_story import acts, opened, received, refunded, wish
from tests.shops import ANN, SAM, Document, TestShop, a_shop

DEARER = {"variant_id": "tee-l", "product_id": "tee", "price": "30.00", "tax": "3.00", "available": 2}


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[TestShop]:
    with a_shop(tmp_path, even_exchange="same_price") as shop:
        yield shop


def swapped(demo: TestShop, *, fallback: str = "refund", wanted: Document = DEARER) -> Return:
    """A return of one tee (paid 19.80) for a dearer one, received and waiting for what is due."""
    asked = replace(wish(demo, resolution="exchange", exchange_for=wanted), fallback=fallback)
    found = open_return(demo.app, demo.shop, wish=asked, actor=ANN, key="k1")
    return received(demo, found)


def balance(demo: TestShop, found: Return) -> str:
    return next(leg.key for leg in view(demo.app, demo.shop, return_id=found.id).legs if leg.kind == "collect")


def exchange_order(demo: TestShop, found: Return) -> Document | None:
    with demo.app.database.read(demo.shop) as unit:
        return order_store.get(unit, f"o1-{found.id.removeprefix('RMA-')}")


def taken(demo: TestShop, found: Return, *, key: str = "p1", tender: str = "card") -> Return:
    return collect(demo.app, demo.shop, leg_key=balance(demo, found), tender=tender, actor=SAM, key=key)


def test_the_replacement_waits_for_its_balance(demo: TestShop):
    found = swapped(demo)
    demo.work()
    assert kept(demo, found).status == "to_pay"
    assert exchange_order(demo, found) is None
    seen = view(demo.app, demo.shop, return_id=found.id).balance
    assert seen is not None
    assert (seen.leg.amount, seen.instead, (seen.until - demo.clock()).days) == (1320, "refund", 7)


def test_the_replacement_is_handed_over_once_it_is_paid_and_its_order_says_how(demo: TestShop):
    found = swapped(demo)
    for _ in range(2):
        assert taken(demo, found).status == "settling"
    demo.work()
    made = exchange_order(demo, found)
    assert made is not None
    assert [(payment["kind"], payment["amount"]) for payment in made["payments"]] == [  # type: ignore[attr-defined]
        ("exchange", "19.80"),
        ("card", "13.20"),
    ]
    told = kept(demo, found)
    assert told.status == "done"
    assert acts(demo, found).count(Act.COLLECTED) == 1
    assert replayed(told) == told
    assert refunded(demo) == "0.00"


def test_who_does_not_pay_in_time_gets_what_they_chose_beforehand(demo: TestShop):
    found = swapped(demo, fallback="refund")
    demo.clock.move(days=8)
    CATALOGUE["watch_unpaid"](demo.app, demo.shop, step=lambda _, act: act(), payload={})
    demo.work()
    assert (kept(demo, found).status, refunded(demo)) == ("done", "19.80")
    assert exchange_order(demo, found) is None
    with pytest.raises(Conflict):
        taken(demo, found)
    assert replayed(kept(demo, found)) == kept(demo, found)


def test_a_balance_has_its_whole_time(demo: TestShop):
    found = swapped(demo)
    demo.clock.move(days=6)
    CATALOGUE["watch_unpaid"](demo.app, demo.shop, step=lambda _, act: act(), payload={})
    assert kept(demo, found).status == "to_pay"


def test_staff_may_give_up_a_balance_and_store_credit_is_given_where_it_was_chosen(demo: TestShop):
    found = swapped(demo, fallback="store_credit")
    give_up(demo.app, demo.shop, leg_key=balance(demo, found), actor=SAM, why="too dear", key="g1")
    demo.work()
    assert kept(demo, found).status == "done"
    given = [leg.kind for leg in view(demo.app, demo.shop, return_id=found.id).legs if leg.state == "settled"]
    assert sorted(given) == ["restock", "store_credit"]
    assert demo.available("tee-l") == 2
    assert refunded(demo) == "0.00"


def test_what_was_refunded_by_hand_meanwhile_gives_nothing_more_once_it_lapses(demo: TestShop):
    found = swapped(demo)
    demo.work()
    assert demo.available("tee-l") == 1
    refunded_by_hand(demo, quantity=2, amount="39.60")
    assert lapsed(demo, found).status == "done"
    assert (demo.available("tee-l"), refunded(demo)) == (2, "39.60")
    assert [(group.amount, group.tax) for group in kept(demo, found).groups] == [(0, 0)]


def test_what_was_refunded_by_hand_in_part_is_for_a_person(demo: TestShop):
    asked = wish(demo, resolution="exchange", exchange_for=DEARER, quantity=2)
    found = received(demo, open_return(demo.app, demo.shop, wish=asked, actor=ANN, key="k1"))
    refunded_by_hand(demo, quantity=1, amount="19.80")
    lapsed(demo, found)
    assert (refused(demo, found).state, demo.available("tee-l"), refunded(demo)) == ("by_hand", 2, "19.80")


def test_who_chose_what_the_rules_do_not_give_gets_what_they_do(tmp_path: Path):
    rules = [{"id": "sale", "then": {"resolutions": ["exchange", "store_credit"]}}]
    with a_shop(tmp_path, rules=rules, even_exchange="same_price") as demo:
        found = swapped(demo, fallback="refund")
        assert lapsed(demo, found).status == "done"
        given = [leg.amount for leg in view(demo.app, demo.shop, return_id=found.id).legs if leg.kind == "store_credit"]
        assert (given, refunded(demo), demo.available("tee-l")) == ([1980], "0.00", 2)


@pytest.mark.parametrize("is_early", [False, True], ids=["in time", "given up"])
def test_what_the_rules_do_not_give_instead_is_for_a_person(tmp_path: Path, is_early: bool):
    rules = [{"id": "sale", "then": {"resolutions": ["exchange"]}}]
    with a_shop(tmp_path, rules=rules, even_exchange="same_price") as demo:
        found = swapped(demo, fallback="refund")
        if is_early:
            give_up(demo.app, demo.shop, leg_key=balance(demo, found), actor=SAM, why="too dear", key="g1")
            demo.work()
        else:
            lapsed(demo, found)
        leg = refused(demo, found)
        assert (leg.state, leg.amount, demo.available("tee-l"), refunded(demo)) == ("by_hand", 0, 2, "0.00")
        assert str(leg.work["why"]).startswith("The shop does not offer this here.")
        paid_by_hand(demo.app, demo.shop, leg_key=leg.key, actor=SAM, note="credit after all", key="h1")
        demo.work()
        assert kept(demo, found).status == "done"
        assert replayed(kept(demo, found)) == kept(demo, found)


def refunded_by_hand(demo: TestShop, *, quantity: int, amount: str) -> None:
    """Somebody gives back tees of the order on the platform."""
    order = demo.order()
    (payment, *others) = order["payments"]  # type: ignore[misc]
    line = {"line_id": "l1", "quantity": quantity, "amount": amount, "tax": "0.00"}
    at, nothing = demo.clock().isoformat(), "0.00"
    refund = {"id": "h1", "at": at, "amount": amount, "shipping": nothing, "lines": [line]}
    payments = [{**payment, "refunded": amount}, *others]
    demo.save_order({**order, "payments": payments, "refunds": [refund]})


def lapsed(demo: TestShop, found: Return) -> Return:
    demo.clock.move(days=8)
    CATALOGUE["watch_unpaid"](demo.app, demo.shop, step=lambda _, act: act(), payload={})
    demo.work()
    return kept(demo, found)


def refused(demo: TestShop, found: Return) -> Leg:
    """What a person has to decide, since the rules give nothing."""
    return next(leg for leg in view(demo.app, demo.shop, return_id=found.id).legs if leg.key.endswith("-refused"))


def test_a_tender_that_no_counter_takes_is_refused(demo: TestShop):
    with pytest.raises(InvalidInput):
        taken(demo, swapped(demo), tender="shells")


def test_a_cheaper_replacement_is_worth_what_it_costs_and_the_rest_goes_back(demo: TestShop):
    found = swapped(demo, wanted={**DEARER, "price": "10.00", "tax": "1.00"})
    demo.work()
    made = exchange_order(demo, found)
    assert made is not None
    assert [payment["amount"] for payment in made["payments"]] == ["11.00"]  # type: ignore[attr-defined]
    assert (kept(demo, found).status, refunded(demo)) == ("done", "8.80")


def test_an_even_swap_has_nothing_to_pay(tmp_path: Path):
    with a_shop(tmp_path) as demo:
        found = received(demo, opened(demo, resolution="exchange", exchange_for=DEARER))
        demo.work()
        assert kept(demo, found).status == "done"


class TestGoodsThatCameToNothing:
    """The balance is asked for when the exchange is approved, before its goods are looked at."""

    @pytest.mark.parametrize(("outcome", "status"), [("rejected", "declined"), ("missing", "incomplete")])
    def test_their_balance_is_asked_for_no_more_and_nothing_is_given(self, early: TestShop, outcome: str, status: str):
        found = asked(early)
        assert kept(early, found).status == "to_pay"
        received(early, found, Inspection("1", outcome, note="worn"))
        with pytest.raises(Conflict):
            taken(early, found)
        early.work()
        told = lapsed(early, found)
        assert (told.status, refunded(early), exchange_order(early, found)) == (status, "0.00", None)
        assert replayed(told) == told

    def test_what_was_rejected_is_kept_for_nobody(self, early: TestShop):
        found = asked(early)
        early.work()
        assert early.available("tee-l") == 1
        received(early, found, Inspection("1", "rejected", note="worn"))
        early.work()
        assert early.available("tee-l") == 2

    @pytest.mark.parametrize("outcome", ["missing", "empty_box", "wrong_item"])
    def test_once_they_turn_up_the_balance_is_asked_for_anew(self, early: TestShop, outcome: str):
        found = asked(early)
        early.work()
        received(early, found, Inspection("1", outcome))
        early.work()
        received(early, found, Inspection("1", "received", grade="A"), key="r2")
        assert kept(early, found).status == "to_pay"
        collect(early.app, early.shop, leg_key=f"{found.id}-2-collect", tender="card", actor=SAM, key="p2")
        early.work()
        assert (kept(early, found).status, early.available("tee-l"), refunded(early)) == ("done", 1, "0.00")
        states = {leg.key: leg.state for leg in view(early.app, early.shop, return_id=found.id).legs}
        assert (states[f"{found.id}-1-exchange"], states[f"{found.id}-2-exchange"]) == ("lapsed", "settled")

    def test_the_others_of_its_decision_have_a_balance_of_their_own(self, early: TestShop):
        found = asked(early, quantity=2)
        early.work()
        received(
            early, found, Inspection("1", "received", grade="A", quantity=1), Inspection("1", "rejected", quantity=1)
        )
        early.work()
        seen = view(early.app, early.shop, return_id=found.id)
        assert seen.balance is not None
        assert (seen.balance.leg.group_ids, seen.balance.leg.amount) == (("1",), 1320)
        told = lapsed(early, found)
        assert (told.status, refunded(early), early.available("tee-l")) == ("done", "19.80", 2)

    @pytest.mark.parametrize("outcome", ["missing", "rejected"])
    def test_those_that_are_still_to_come_have_a_balance_of_their_own_at_once(self, early: TestShop, outcome: str):
        one = {"line_id": "l1", "quantity": 1, "reason": "style", "resolution": "exchange", "exchange_for": DEARER}
        shown = preview(early.app, early.shop, order_id="o1", items=[one, one])
        wanted = Wish(order_id="o1", items=[one, one], method="mail", quote_id=shown.id)
        found = open_return(early.app, early.shop, wish=wanted, actor=ANN, key="k1")
        received(early, found, Inspection("1", outcome, note="worn"))
        early.work()
        balances = [leg for leg in view(early.app, early.shop, return_id=found.id).legs if leg.kind == "collect"]
        assert [(leg.group_ids, leg.state, leg.amount) for leg in balances] == [
            (("1", "2"), "lapsed", 2640),
            (("2",), "awaited", 1320),
        ]
        assert [group.settlement for group in kept(early, found).groups] == ["none", "unpaid"]


@pytest.fixture
def early(tmp_path: Path) -> Iterator[TestShop]:
    with a_shop(tmp_path, even_exchange="same_price", settle_on="approved") as shop:
        yield shop


def asked(demo: TestShop, *, quantity: int = 1) -> Return:
    wanted = wish(demo, resolution="exchange", exchange_for=DEARER, quantity=quantity)
    return open_return(demo.app, demo.shop, wish=wanted, actor=ANN, key="k1")
