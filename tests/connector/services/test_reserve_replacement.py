"""An exchange keeps its replacement from the moment it is asked for."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import cast

import pytest
from msgspec.structs import replace

from adapters.store.receipts import listed
from connector.jobs.catalogue import CATALOGUE
from connector.services.answer_leg import paid_by_hand, try_again
from connector.services.cancel_return import cancel
from connector.services.collect_balance import collect, give_up
from connector.services.errors import QuoteMoved, Refused
from connector.services.follow_return import view
from connector.services.quote_return import preview
from connector.services.receive_return import preview as preview_arrival
from connector.services.receive_return import receive
from connector.services.request_return import Wish, open_return
from connector.storage import product_store, settlement_store
from connector.storage.database import Unit
from domain.events import Act
from domain.replay import replayed
from domain.returns import Inspection, Return
from domain.wishes import NewWish
from tests.connector.services.rounds import asked, item
from tests.connector.services.test_lifecycle_story import kept, reopened
from tests.connector.services.test_story import SWAP, acts, received, refunded, wish
from tests.databases import BOTH
from tests.shops import ANN, SAM, Document, TestShop, a_shop, line, order

ALL = {**SWAP, "available": 2}
MEDIUM = {**ALL, "variant_id": "tee-m", "available": 5}


def swap(demo: TestShop, *, key: str = "k1", quantity: int = 2, fallback: str = "refund", works: bool = True) -> Return:
    asked = replace(wish(demo, resolution="exchange", exchange_for=ALL, quantity=quantity), fallback=fallback)
    found = open_return(demo.app, demo.shop, wish=asked, actor=ANN, key=key)
    if works:
        demo.work()
    return kept(demo, found)


def test_the_replacement_is_kept_from_the_moment_it_is_asked_for(demo: TestShop):
    found = swap(demo)
    assert demo.available("tee-l") == 0
    received(demo, found)
    demo.work()
    assert (kept(demo, found).status, demo.available("tee-l")) == ("done", 0)


def test_a_cancelled_exchange_gives_its_replacement_back_once(demo: TestShop):
    found = swap(demo)
    for _ in range(2):
        cancel(demo.app, demo.shop, return_id=found.id, actor=ANN, why="", key="c1")
        demo.work()
    assert demo.available("tee-l") == 2
    reopened(demo, found)
    demo.work()
    assert demo.available("tee-l") == 0


def test_what_is_taken_up_again_before_its_replacement_was_given_back_keeps_it_on(demo: TestShop):
    found = swap(demo)
    cancel(demo.app, demo.shop, return_id=found.id, actor=ANN, why="", key="c1")
    reopened(demo, found)
    for key in reversed(demo.jobs.left()):
        demo.jobs.waiting[key] = demo.jobs.waiting.pop(key)
    demo.work()
    assert [group.resolution for group in kept(demo, found).groups] == ["exchange"]
    assert demo.available("tee-l") == 0
    cancel(demo.app, demo.shop, return_id=found.id, actor=ANN, why="", key="c2")
    demo.work()
    assert demo.available("tee-l") == 2


def test_what_was_cancelled_before_its_replacement_was_kept_keeps_nothing(demo: TestShop):
    found = swap(demo, works=False)
    cancel(demo.app, demo.shop, return_id=found.id, actor=ANN, why="", key="c1")
    demo.work()
    assert demo.available("tee-l") == 2
    assert [leg.state for leg in view(demo.app, demo.shop, return_id=found.id).legs] == ["lapsed"]


def test_what_is_given_up_while_nobody_knows_whether_it_is_kept_is_not_kept_later(demo: TestShop):
    found = swap(demo, works=False)
    (leg,) = view(demo.app, demo.shop, return_id=found.id).legs
    unheard = lambda unit: settlement_store.record(unit, leg.key, state="unknown", receipt=None, at=demo.clock())  # noqa: E731
    demo.app.database.write(demo.shop, unheard)
    cancel(demo.app, demo.shop, return_id=found.id, actor=ANN, why="", key="c1")
    demo.work()
    try_again(demo.app, demo.shop, leg_key=leg.key, actor=SAM, key="t1", why="it is not there")
    demo.work()
    assert demo.available("tee-l") == 2


def test_a_reservation_that_comes_after_its_exchange_takes_nothing_more(demo: TestShop):
    found = swap(demo, quantity=1, works=False)
    received(demo, found, Inspection("1", "received", grade="C"))
    for key in reversed(demo.jobs.left()):
        demo.jobs.waiting[key] = demo.jobs.waiting.pop(key)
    demo.work()
    assert (kept(demo, found).status, demo.available("tee-l")) == ("done", 1)


def test_rejected_goods_give_their_replacement_back(demo: TestShop):
    found = swap(demo)
    received(demo, found, Inspection("1", "rejected", note="worn"))
    demo.work()
    assert demo.available("tee-l") == 2


def test_a_part_that_comes_takes_a_part_and_the_rest_stays_kept(demo: TestShop):
    found = swap(demo)
    received(demo, found, Inspection("1", "received", grade="C", quantity=1), Inspection("1", "missing", quantity=1))
    demo.work()
    assert demo.available("tee-l") == 0
    received(demo, found, Inspection("1.1", "received", grade="C"), key="r2")
    demo.work()
    assert (kept(demo, found).status, demo.available("tee-l")) == ("done", 0)


def test_what_part_of_a_group_is_refused_for_goes_back_on_sale_and_the_rest_stays_kept(demo: TestShop):
    found = swap(demo)
    _part_refused_part_missing(demo, found)
    demo.work()
    assert demo.available("tee-l") == 1
    received(demo, found, Inspection("1.1", "received", grade="C"), key="r2")
    demo.work()
    assert demo.available("tee-l") == 1


def test_what_part_of_a_group_was_refused_and_is_taken_up_again_is_kept_again(demo: TestShop):
    found = swap(demo)
    _part_refused_part_missing(demo, found)
    reopened(demo, found)
    demo.work()
    assert demo.available("tee-l") == 0
    assert [group.resolution for group in kept(demo, found).groups] == ["exchange", "exchange"]


def test_what_is_refused_before_its_replacement_was_kept_is_not_kept(demo: TestShop):
    found = swap(demo, works=False)
    _part_refused_part_missing(demo, found)
    demo.work()
    assert demo.available("tee-l") == 1


def _part_refused_part_missing(demo: TestShop, found: Return) -> None:
    received(demo, found, Inspection("1", "rejected", note="worn", quantity=1), Inspection("1", "missing", quantity=1))


def test_what_is_kept_for_an_exchange_that_was_done_by_hand_goes_back_on_sale(demo: TestShop):
    found = swap(demo, quantity=1)
    received(demo, found)
    (leg,) = [leg for leg in view(demo.app, demo.shop, return_id=found.id).legs if leg.kind == "exchange"]
    unheard = lambda unit: settlement_store.record(unit, leg.key, state="unknown", receipt=None, at=demo.clock())  # noqa: E731
    demo.app.database.write(demo.shop, unheard)
    assert demo.available("tee-l") == 1
    paid_by_hand(demo.app, demo.shop, leg_key=leg.key, actor=SAM, note="another order", key="h")
    demo.work()
    assert (kept(demo, found).status, demo.available("tee-l")) == ("done", 2)


class TestAWishThatIsChangedWhileOtherGoodsAreOnTheirWay:
    def test_its_replacement_is_kept(self, demo: TestShop):
        found = asked(demo, item("l1"), item("l1"))
        _wants_instead(demo, found, ALL)
        demo.work()
        assert demo.available("tee-l") == 1

    def test_another_replacement_is_kept_instead_of_the_first(self, demo: TestShop):
        found = swap_each(demo, "l", "l")
        demo.work()
        _wants_instead(demo, found, MEDIUM)
        demo.work()
        assert (demo.available("tee-l"), demo.available("tee-m")) == (1, 4)

    def test_the_first_replacement_that_is_sold_out_takes_nothing_from_it(self, demo: TestShop):
        found = swap_each(demo, "l", "l")
        _wants_instead(demo, found, MEDIUM)
        demo.app.database.write(demo.shop, lambda unit: [_take_one(unit, demo) for _ in range(2)])
        demo.work()
        assert [group.resolution for group in kept(demo, found).groups] == ["exchange", "refund"]
        assert demo.available("tee-m") == 4

    def test_who_wants_the_first_one_again_has_that_kept(self, demo: TestShop):
        found = swap_each(demo, "l", "l")
        demo.work()
        for n, wanted in enumerate((MEDIUM, ALL)):
            _wants_instead(demo, found, wanted, outcome="missing", key=f"w{n}")
            demo.work()
        assert (demo.available("tee-l"), demo.available("tee-m")) == (0, 5)

    def test_a_reservation_that_was_given_up_and_fails_takes_nothing_from_a_later_one(self, demo: TestShop):
        found = swap_each(demo, "l", "l")
        first = demo.jobs.left()[0]
        with pytest.raises(ZeroDivisionError):
            demo.work(failing_at="look and send")
        for n, wanted in enumerate((MEDIUM, ALL)):
            _wants_instead(demo, found, wanted, outcome="missing", key=f"w{n}")
        demo.app.database.write(demo.shop, lambda unit: [_take_one(unit, demo) for _ in range(2)])
        CATALOGUE["settle"](demo.app, demo.shop, step=lambda _, act: act(), payload=demo.jobs.waiting[first][2])
        assert [group.resolution for group in kept(demo, found).groups] == ["exchange", "refund"]

    def test_money_instead_gives_the_replacement_back(self, demo: TestShop):
        found = swap_each(demo, "l", "l")
        demo.work()
        _wants_instead(demo, found, None)
        demo.work()
        assert demo.available("tee-l") == 1


def _wants_instead(
    demo: TestShop, found: Return, wanted: Document | None, *, outcome: str = "received", key: str = "w"
) -> None:
    """At the counter, for the first of two groups; nothing is given before the second is there."""
    looked = (Inspection("1", outcome, grade="D" if outcome == "received" else None),)
    wishes = {"1": NewWish("exchange" if wanted else "refund", wanted)}
    shown = preview_arrival(demo.app, demo.shop, return_id=found.id, inspections=looked, wishes=wishes)
    receive(
        demo.app, demo.shop, return_id=found.id, inspections=looked, quote_id=shown and shown.id, actor=SAM, key=key,
        wishes=wishes,
    )  # fmt: skip


@pytest.mark.parametrize(("fallback", "money"), [("refund", "39.60"), ("store_credit", "0.00")])
def test_what_is_sold_out_is_given_as_the_shopper_chose_beforehand(demo: TestShop, fallback: str, money: str):
    demo.save_order(order(id="o2", number="#1002"))
    swap(demo)
    item = {"line_id": "l1", "quantity": 2, "reason": "style", "resolution": "exchange", "exchange_for": ALL}
    shown = preview(demo.app, demo.shop, order_id="o2", items=[item])
    asked = Wish(order_id="o2", items=[item], method="mail", quote_id=shown.id, fallback=fallback)
    found = open_return(demo.app, demo.shop, wish=asked, actor=ANN, key="k2")
    demo.work()
    found = kept(demo, found)
    assert (found.groups[0].resolution, found.history[-1].act) == (fallback, Act.SOLD_OUT)
    assert replayed(found) == found
    received(demo, found, key="r2")
    demo.work()
    assert kept(demo, found).status == "done"
    assert demo.order("o2")["payments"][0]["refunded"] == money  # type: ignore[index]


CREDIT_ONLY = [{"id": "sale", "then": {"resolutions": ["exchange", "store_credit"]}}]
SWAP_ONLY = [{"id": "sale", "then": {"resolutions": ["exchange"]}}]


def _sold_out_meanwhile(demo: TestShop) -> Return:
    found = swap(demo, quantity=1, works=False)
    demo.app.database.write(demo.shop, lambda unit: [_take_one(unit, demo) for _ in range(2)])
    demo.work()
    return kept(demo, found)


def test_what_is_sold_out_is_given_as_the_rules_of_its_item_allow(tmp_path: Path):
    with a_shop(tmp_path, rules=CREDIT_ONLY) as demo:
        found = _sold_out_meanwhile(demo)
        assert (found.groups[0].resolution, found.history[-1].act) == ("store_credit", Act.SOLD_OUT)
        received(demo, found)
        demo.work()
        given = [leg.amount for leg in view(demo.app, demo.shop, return_id=found.id).legs if leg.kind == "store_credit"]
        assert (kept(demo, found).status, given) == ("done", [1980])


def test_what_is_sold_out_and_given_for_nothing_else_is_for_a_person(tmp_path: Path):
    with a_shop(tmp_path, rules=SWAP_ONLY) as demo:
        found = _sold_out_meanwhile(demo)
        assert (found.groups[0].resolution, found.history[-1].act) == ("exchange", Act.SOLD_OUT)
        received(demo, found)
        demo.work()
        failed = view(demo.app, demo.shop, return_id=found.id)
        (leg,) = [leg for leg in failed.legs if leg.kind == "exchange"]
        assert (failed.found.status, leg.state) == ("needs_a_person", "failed")
        paid_by_hand(demo.app, demo.shop, leg_key=leg.key, actor=SAM, note="another colour", key="h")
        assert kept(demo, found).status == "done"


def test_a_replacement_that_comes_back_is_worth_what_was_paid_for_it(demo: TestShop):
    found = swap(demo, quantity=1)
    received(demo, found)
    demo.work()
    made = f"o1-{found.id.removeprefix('RMA-')}"
    item = {"line_id": "x1", "quantity": 1, "reason": "style", "resolution": "refund"}
    shown = cast("Document", preview(demo.app, demo.shop, order_id=made, items=[item]).document)
    assert shown["total"] == "19.80"
    assert refunded(demo) == "0.00"


@pytest.mark.parametrize("database", BOTH)
def test_the_last_unit_is_promised_to_one_of_two_who_ask_at_once(
    database: str, tmp_path: Path, request: pytest.FixtureRequest
):
    url = request.getfixturevalue(f"{database}_url")
    with a_shop(tmp_path, url=url) as demo:
        demo.save_order(order(lines=[line(quantity=1, fulfilled=[{"quantity": 1, "at": "2026-11-08T10:00:00+00:00"}])]))
        asked = wish(demo)

        def ask(key: int) -> Return | Exception:
            try:
                return open_return(demo.app, demo.shop, wish=asked, actor=ANN, key=f"k{key}")
            except (Refused, QuoteMoved) as refusal:
                return refusal

        with ThreadPoolExecutor(8) as threads:
            answers = list(threads.map(ask, range(8)))
        assert sum(isinstance(answer, Return) for answer in answers) == 1
        assert sum(isinstance(answer, Refused) for answer in answers) == 7


@pytest.mark.parametrize("database", BOTH)
def test_the_last_replacement_is_kept_for_one_of_two_who_ask_at_once(
    database: str, tmp_path: Path, request: pytest.FixtureRequest
):
    url = request.getfixturevalue(f"{database}_url")
    with a_shop(tmp_path, url=url) as demo:
        asked = wish(demo, resolution="exchange", exchange_for=ALL)
        with ThreadPoolExecutor(2) as threads:
            found = list(
                threads.map(lambda key: open_return(demo.app, demo.shop, wish=asked, actor=ANN, key=key), ("k1", "k2"))
            )
        demo.app.database.write(demo.shop, lambda unit: _take_one(unit, demo))
        demo.work()
        kinds = sorted(kept(demo, one).groups[0].resolution for one in found)
        assert kinds == ["exchange", "refund"]
        assert demo.available("tee-l") == 0
        assert {Act.SOLD_OUT} <= {act for one in found for act in acts(demo, one)}
        assert all(view(demo.app, demo.shop, return_id=one.id).found.status == "awaiting" for one in found)


def _take_one(unit: Unit, demo: TestShop) -> None:
    product_store.move_stock(unit, "tee-l", delta=-1, why="sold", at=demo.clock())


def swap_each(demo: TestShop, *sizes: str) -> Return:
    """Several of one line, each for a size of its own."""
    items = [
        {"line_id": "l1", "quantity": 1, "reason": "style", "resolution": "exchange",
         "exchange_for": {**ALL, "variant_id": f"tee-{size}"}}
        for size in sizes
    ]  # fmt: skip
    shown = preview(demo.app, demo.shop, order_id="o1", items=items)
    asked = Wish(order_id="o1", items=items, method="mail", quote_id=shown.id)
    return open_return(demo.app, demo.shop, wish=asked, actor=ANN, key="k1")


def test_what_is_sold_out_leaves_the_other_exchanges_of_the_return_as_they_are(demo: TestShop):
    found = swap_each(demo, "l", "m")
    demo.app.database.write(demo.shop, lambda unit: [_take_one(unit, demo) for _ in range(2)])
    demo.work()
    assert [group.resolution for group in kept(demo, found).groups] == ["refund", "exchange"]
    assert (demo.available("tee-l"), demo.available("tee-m")) == (0, 4)


def test_the_first_exchange_of_a_return_leaves_what_is_kept_for_the_others(demo: TestShop):
    found = swap_each(demo, "l", "m")
    demo.work()
    received(demo, found, Inspection("1", "received", grade="D"), Inspection("2", "missing"))
    demo.work()
    assert (demo.available("tee-l"), demo.available("tee-m")) == (1, 4)


def two_balances(demo: TestShop) -> Return:
    """Two units that are kept together for something dearer, and arrive one after the other."""
    dearer = {**ALL, "price": "30.00", "tax": "3.00"}
    asked = wish(demo, resolution="exchange", exchange_for=dearer, quantity=2)
    found = open_return(demo.app, demo.shop, wish=asked, actor=ANN, key="k1")
    demo.work()
    received(demo, found, Inspection("1", "received", grade="D", quantity=1), Inspection("1", "missing", quantity=1))
    received(demo, found, Inspection("1.1", "received", grade="D"), key="r2")
    return found


@pytest.mark.parametrize("at_once", [False, True], ids=["one after the other", "both at once"])
def test_the_first_paid_exchange_leaves_what_is_kept_for_one_that_waits_for_its_balance(tmp_path: Path, at_once: bool):
    with a_shop(tmp_path, even_exchange="same_price") as demo:
        found = two_balances(demo)
        for n in ("1", "2"):
            collect(demo.app, demo.shop, leg_key=f"{found.id}-{n}-collect", tender="card", actor=SAM, key=f"p{n}")
            if not at_once:
                demo.work()
                assert demo.available("tee-l") == 0
        demo.work()
        assert (kept(demo, found).status, demo.available("tee-l")) == ("done", 0)


def test_who_does_not_pay_for_the_second_gives_back_what_was_kept_anew_for_it(tmp_path: Path):
    with a_shop(tmp_path, even_exchange="same_price") as demo:
        found = two_balances(demo)
        collect(demo.app, demo.shop, leg_key=f"{found.id}-1-collect", tender="card", actor=SAM, key="p1")
        demo.work()
        give_up(demo.app, demo.shop, leg_key=f"{found.id}-2-collect", actor=SAM, why="too dear", key="g2")
        demo.work()
        assert (kept(demo, found).status, demo.available("tee-l"), refunded(demo)) == ("done", 1, "19.80")


def test_what_was_kept_together_by_an_older_version_is_kept_anew_after_the_first_exchange(demo: TestShop):
    found = swap_each(demo, "l", "m")
    older, other = view(demo.app, demo.shop, return_id=found.id).legs
    both = {"lines": [*cast("list[Document]", older.work["lines"]), *cast("list[Document]", other.work["lines"])]}

    def as_before(unit: Unit) -> None:
        settlement_store.rework(unit, older.key, work=both)
        settlement_store.lapse(unit, other.key, at=demo.clock())

    demo.app.database.write(demo.shop, as_before)
    demo.work()
    received(demo, found, Inspection("1", "received", grade="D"), Inspection("2", "missing"))
    demo.work()
    assert (demo.available("tee-l"), demo.available("tee-m")) == (1, 4)


def test_what_is_taken_up_again_leaves_what_is_still_kept_as_it_is(demo: TestShop):
    found = swap_each(demo, "l", "l")
    demo.work()
    received(demo, found, Inspection("1", "rejected", note="worn"), Inspection("2", "missing"))
    demo.work()
    assert demo.available("tee-l") == 1
    reopened(demo, found)
    demo.work()
    assert [group.resolution for group in kept(demo, found).groups] == ["exchange", "exchange"]
    assert demo.available("tee-l") == 0


def test_what_is_exchanged_later_is_an_order_of_its_own(demo: TestShop):
    found = swap(demo)
    received(demo, found, Inspection("1", "received", grade="C", quantity=1), Inspection("1", "missing", quantity=1))
    demo.work()
    first = f"o1-{found.id.removeprefix('RMA-')}"
    before = demo.order(first)
    received(demo, found, Inspection("1.1", "received", grade="C"), key="r2")
    demo.work()
    second = demo.order(f"{first}-2")
    assert demo.order(first) == before
    assert (second["number"], len(listed(second, "lines"))) == (f"{before['number']}-2", 1)
