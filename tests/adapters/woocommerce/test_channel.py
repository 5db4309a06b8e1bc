"""The channel of a store against the simulated one: the contract of all channels, and what only WooCommerce does."""

import threading
from contextlib import suppress
from pathlib import Path

import pytest

from adapters.channel import Payback, RefundedLine
from adapters.errors import ChannelRefused, ChannelSlow, NotConnected
from adapters.woocommerce.looking import DoneTwice
from adapters.woocommerce.plugin_acts import GatewayUnheard
from domain.orders import read_order
from tests.adapters.woocommerce.stores import Document, RememberedSendings, channel_of, client_of, placed
from tests.contracts.channel_contract import ChannelContract, World
from tests.simulators.woocommerce import SimulatedStore, catalogue, simulated_store
from tests.waiting import wait_until

PLAIN = pytest.mark.parametrize("store", [False], indirect=True, ids=["plain"])
PLUGIN = pytest.mark.parametrize("store", [True], indirect=True, ids=["plugin"])
TEE, BLACK_M, BLACK_L, BLUE_L = "14", "17", "19", "20"
MUG = "11"


@pytest.fixture(params=[False, True], ids=["plain", "plugin"])
def store(request: pytest.FixtureRequest, tmp_path: Path):
    """A store without our plugin and one with it: what moves money or stock is tried with both."""
    with simulated_store(tmp_path, has_plugin=request.param) as store:
        with store.books.change() as state:
            state["variations"][TEE][BLUE_L]["stock_quantity"] = 0
        yield store


def stock(store: SimulatedStore, variant_id: str) -> int | None:
    state = store.books.read()
    found = state["variations"][TEE].get(variant_id) or state["products"][variant_id]
    return found["stock_quantity"]


def refunds(store: SimulatedStore, order: Document) -> list[Document]:
    return store.books.read()["refunds"].get(str(order["id"]), [])


def hold_gateway(store: SimulatedStore, **changes: object) -> None:
    """From now on the gateway answers nobody."""
    with store.books.change() as state:
        state.update(gateway_waits=True, **changes)


def let_gateway_go(store: SimulatedStore) -> None:
    """The gateway answers, and the store has finished what waited for it."""
    with store.books.change() as state:
        state["gateway_waits"] = False
    wait_until(lambda: not is_under_way(store))


def is_under_way(store: SimulatedStore) -> bool:
    """Whether a refund is begun and not finished: it has its meta data last (fact 3), and the plugin's act its end."""
    state = store.books.read()
    begun = [refund for found in state["refunds"].values() for refund in found]
    acts: list[Document] = list(state["acts"].values())
    return not all(refund["meta_data"] for refund in begun) or any(act["state"] == "under_way" for act in acts)


def payback(order: Document, key: str = "RMA-1-1-refund-1", *, amount: int = 2716, **changes: object) -> Payback:
    """One shirt with its tax."""
    lines = (RefundedLine(line_id=str(order["line_items"][0]["id"]), quantity=1, amount=2495, tax=221),)
    asked = {
        "key": key, "order_id": str(order["id"]), "return_id": "RMA-1", "payment_id": f"paid-{order['id']}",
        "amount": amount, "currency": "USD", "digits": 2, "lines": lines, **changes,
    }  # fmt: skip
    return Payback(**asked)  # type: ignore[arg-type]


def world_of(store: SimulatedStore) -> World:
    order = placed(store)
    return World(
        channel=channel_of(store),
        order_id=str(order["id"]),
        number=order["number"],
        line_id=str(order["line_items"][0]["id"]),
        payment_id=f"paid-{order['id']}",
        paid=round(float(order["total"]) * 100),
        product_id=TEE,
        variant_id=BLACK_M,
        other_variant_id=BLACK_L,
        gone_variant_id=BLUE_L,
        stock=lambda variant_id: stock(store, variant_id),
    )


@pytest.fixture
def world(store: SimulatedStore) -> World:
    return world_of(store)


class TestTheContract(ChannelContract):
    @pytest.fixture
    def world(self, store: SimulatedStore) -> World:
        return world_of(store)


@PLAIN
class TestFinding:
    def test_fact_13_a_number_that_is_a_part_of_others_finds_none_of_them(self, store: SimulatedStore):
        """Fact 13: the search is a contains match, so the number is compared exactly."""
        placed(store, billing={"first_name": "4711", "email": "a@example.com"})
        assert channel_of(store).find_order("4711") is None

    def test_fact_13_numbers_of_a_plugin_are_searched_and_compared(self, store: SimulatedStore):
        order = placed(store)
        with store.books.change() as state:
            state["orders"][str(order["id"])]["number"] = "2026/0042"
        found = channel_of(store).find_order("# 2026/0042")
        assert found is not None
        assert found["id"] == str(order["id"])
        assert channel_of(store).find_order("2026/004") is None

    def test_fact_13_an_id_that_is_not_the_number_is_not_found_by_it(self, store: SimulatedStore):
        order = placed(store)
        with store.books.change() as state:
            state["orders"][str(order["id"])]["number"] = "A-1"
        assert channel_of(store).find_order(str(order["id"])) is None

    @pytest.mark.parametrize("status", ["checkout-draft", "auto-draft"])
    def test_fact_14_a_draft_is_no_order(self, store: SimulatedStore, status: str):
        """Fact 14: carts that failed stay as drafts."""
        order = placed(store, status=status)
        assert channel_of(store).find_order(order["number"]) is None
        assert channel_of(store).read_order(str(order["id"])) is None

    def test_the_usual_number_costs_two_requests(self, store: SimulatedStore):
        order = placed(store)
        channel_of(store).find_order(order["number"])
        assert len(store.requests("GET")) == 2


class TestRefunds:
    def test_fact_10_lines_and_taxes_are_named_by_their_ids_in_the_store(self, store: SimulatedStore):
        """Fact 10: the line's id, the tax's rate, and the delivery as a line of quantity 0."""
        order = placed(store)
        channel_of(store).refund(payback(order, amount=3467, shipping=751))
        (refund,) = refunds(store, order)
        (line,), (delivery,) = refund["line_items"], refund["shipping_lines"]
        assert (line["quantity"], line["total"], line["taxes"]) == (
            -1, "-24.95", [{"id": 1, "total": "-2.21", "subtotal": "-2.21"}],
        )  # fmt: skip
        assert (delivery["total"], delivery["total_tax"]) == ("-6.90", "-0.61")
        assert refund["amount"] == "34.67"

    def test_fact_3_our_marks_stand_in_the_meta_data_and_in_the_reason(self, store: SimulatedStore):
        """Fact 3: the meta data come back when a refund is finished, an order shows the reason only."""
        order = placed(store)
        receipt = channel_of(store).refund(payback(order))
        (refund,) = refunds(store, order)
        marks = {entry["key"]: entry["value"] for entry in refund["meta_data"]}
        assert (marks["_return_request_id"], marks["_backhaul_key"]) == ("RMA-1", "RMA-1-1-refund-1")
        assert refund["reason"] == "Return RMA-1 (RMA-1-1-refund-1)"
        assert (receipt.reference, receipt.details) == (str(refund["id"]), {"amount": "27.16", "by_gateway": True})

    def test_fact_8_a_refund_moves_no_stock(self, store: SimulatedStore):
        """Fact 8: the store would restock by itself; goods go on sale when they were graded to the shelf."""
        order = placed(store)
        before = stock(store, BLACK_M)
        channel_of(store).refund(payback(order))
        assert stock(store, BLACK_M) == before

    def test_fact_5_the_gateway_gives_the_money(self, store: SimulatedStore):
        order = placed(store)
        channel_of(store).refund(payback(order))
        assert [call["amount"] for call in store.books.read()["gateway_calls"]] == ["27.16"]

    @pytest.mark.parametrize("gateway", ["cod", "bacs", "gone"])
    def test_fact_5_what_no_gateway_can_give_back_is_left_to_a_person(self, store: SimulatedStore, gateway: str):
        """Fact 5: `method_supports` of the gateway says whether it can."""
        order = placed(store, payment_method=gateway)
        with pytest.raises(NotConnected, match="gateway"):
            channel_of(store).refund(payback(order))
        assert refunds(store, order) == []

    def test_fact_4_a_decline_is_a_refusal_and_can_be_tried_again(self, store: SimulatedStore):
        """Fact 4: it comes as HTTP 500 with its own message."""
        order = placed(store)
        ledger = RememberedSendings()
        channel = channel_of(store, ledger)
        with store.books.change() as state:
            state["gateway_declines"] = True
        with pytest.raises(ChannelRefused, match="declined by LabPay"):
            channel.refund(payback(order))
        assert ledger.entries == {}
        with store.books.change() as state:
            state["gateway_declines"] = False
        assert channel.refund(payback(order)).kind == "refund"

    def test_fact_7_units_that_are_not_there_are_not_refunded(self, store: SimulatedStore):
        """Fact 7: the store would take five units of a line that has one."""
        order = placed(store)
        line = RefundedLine(line_id=str(order["line_items"][0]["id"]), quantity=3, amount=100, tax=0)
        with pytest.raises(ChannelRefused, match="only 2 can still be refunded"):
            channel_of(store).refund(payback(order, amount=100, lines=(line,)))

    def test_fact_7_a_line_that_the_order_does_not_have_is_not_refunded(self, store: SimulatedStore):
        order = placed(store)
        line = RefundedLine(line_id="999999", quantity=1, amount=100, tax=0)
        with pytest.raises(ChannelRefused, match="no line 999999"):
            channel_of(store).refund(payback(order, amount=100, lines=(line,)))

    def test_fact_9_what_somebody_refunded_in_the_store_counts(self, store: SimulatedStore):
        """Fact 9: the total stays as it was; what is left is the total less all refunds."""
        order = placed(store)
        with client_of(store) as client:
            client.send("POST", f"/orders/{order['id']}/refunds", {"amount": "50.00", "api_refund": False})
        with pytest.raises(ChannelRefused, match="holds less"):
            channel_of(store).refund(payback(order))

    def test_fact_11_another_number_of_decimals_than_the_order_was_read_with_is_refused(self, store: SimulatedStore):
        """Fact 11: decimals are the store's setting, whatever the currency."""
        order = placed(store)
        with pytest.raises(ChannelRefused, match="2 decimals, not 0"):
            channel_of(store).refund(payback(order, amount=27, digits=0))


class TestNoAnswer:
    """Facts 1 to 3: the store takes the same twice, and a timeout says nothing."""

    def test_fact_3_a_refund_whose_answer_was_lost_is_found_again(self, store: SimulatedStore):
        order, ledger = placed(store), RememberedSendings()
        store.goes_wrong("lost answer", at="POST")
        with pytest.raises(ChannelSlow):
            channel_of(store, ledger).refund(payback(order))
        assert channel_of(store, ledger).refund(payback(order)).kind == "refund"
        assert len(refunds(store, order)) == 1

    def test_fact_1_a_request_that_never_arrived_is_sent_again_once_it_cannot_be_on_its_way(
        self, store: SimulatedStore
    ):
        """Fact 1: nothing but our own looking and waiting keeps the second one from being a second refund."""
        order, ledger = placed(store), RememberedSendings()
        store.goes_wrong("lost request", at="POST")
        with pytest.raises(ChannelSlow):
            channel_of(store, ledger, unseen_seconds=60).refund(payback(order))
        with pytest.raises(ChannelSlow, match="on its way"):
            channel_of(store, ledger, unseen_seconds=60).refund(payback(order))
        assert refunds(store, order) == []
        channel_of(store, ledger, unseen_seconds=0).refund(payback(order))
        assert len(refunds(store, order)) == 1

    def test_a_refund_is_found_in_the_store_even_when_our_own_ledger_is_lost(self, store: SimulatedStore):
        order = placed(store)
        first = channel_of(store).refund(payback(order))
        assert channel_of(store, RememberedSendings()).refund(payback(order)) == first
        assert len(refunds(store, order)) == 1

    def test_fact_3_late_success_is_waited_for_and_adopted(self, store: SimulatedStore):
        """Fact 3: in flight a refund has no meta data, only its reason."""
        order, ledger = placed(store), RememberedSendings()
        hold_gateway(store)
        with pytest.raises(ChannelSlow):
            channel_of(store, ledger, write_seconds=0.4).refund(payback(order))
        wait_until(lambda: store.books.read()["gateway_calls"])
        with pytest.raises(ChannelSlow, match="still at it"):
            channel_of(store, ledger).receipt("RMA-1-1-refund-1")
        let_gateway_go(store)
        receipt = channel_of(store, ledger).receipt("RMA-1-1-refund-1")
        assert receipt is not None
        assert receipt.details["by_gateway"] is True
        assert len(refunds(store, order)) == 1

    def test_fact_3_late_decline_is_a_refusal_and_nothing_is_sent_again(self, store: SimulatedStore):
        """Fact 3: after a decline the refund is gone."""
        order, ledger = placed(store), RememberedSendings()
        hold_gateway(store, gateway_declines=True)
        with pytest.raises(ChannelSlow):
            channel_of(store, ledger, write_seconds=0.4).refund(payback(order))
        wait_until(lambda: store.books.read()["gateway_calls"])
        with pytest.raises(ChannelSlow, match="still at it"):
            channel_of(store, ledger).refund(payback(order))
        let_gateway_go(store)
        with pytest.raises(ChannelRefused, match="declined"):
            channel_of(store, ledger).refund(payback(order))
        assert len(store.books.read()["gateway_calls"]) == 1

    def test_fact_3_money_in_flight_is_not_given_twice(self, store: SimulatedStore):
        order = placed(store)
        hold_gateway(store)
        thread = threading.Thread(target=channel_of(store).refund, args=(payback(order, amount=5000),))
        thread.start()
        wait_until(lambda: store.books.read()["gateway_calls"])
        document = channel_of(store).read_order(str(order["id"]))
        threading.Timer(0.3, let_gateway_go, (store,)).start()
        with pytest.raises(ChannelRefused, match="holds less"):
            channel_of(store).refund(payback(order, "RMA-2-1-refund-1"))
        thread.join()
        assert read_order(document or {}).payments[0].refunded == 5000

    @PLAIN
    def test_fact_2_two_refunds_under_one_key_are_never_taken_for_one(self, store: SimulatedStore):
        """Fact 2: whoever looks and sends at once is taken at his word by the store, so a person must look."""
        order, ledger = placed(store), RememberedSendings()
        store.goes_wrong("lost answer", at="POST")
        with pytest.raises(ChannelSlow):
            channel_of(store, ledger).refund(payback(order, amount=100, lines=()))
        channel_of(store, RememberedSendings()).refund(payback(order, "RMA-9-1-refund-1", amount=100, lines=()))
        with store.books.change() as state:
            for refund in state["refunds"][str(order["id"])]:
                refund["reason"] = "Return RMA-1 (RMA-1-1-refund-1)"
        with pytest.raises(DoneTwice):
            channel_of(store, ledger).receipt("RMA-1-1-refund-1")

    def test_fact_2_the_same_key_from_many_threads_is_one_refund(self, store: SimulatedStore):
        """Fact 2: four at once would be three refunds; the ledger lets one send."""
        order, ledger = placed(store), RememberedSendings()
        with store.books.change() as state:
            state["race_seconds"] = 0.1

        def send() -> None:
            try:
                channel_of(store, ledger, unseen_seconds=60).refund(payback(order))
            except ChannelSlow:
                return

        threads = [threading.Thread(target=send) for _ in range(4)]
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]
        assert len(refunds(store, order)) == 1

    def test_an_exchange_order_whose_answer_was_lost_is_found_again(self, store: SimulatedStore, world: World):
        ledger = RememberedSendings()
        store.goes_wrong("lost answer", at="POST /wp-json/wc/v3/orders")
        before = stock(store, BLACK_L)
        with pytest.raises(ChannelSlow):
            channel_of(store, ledger).replace(world.replacement())
        receipt = channel_of(store, ledger).replace(world.replacement())
        assert receipt.kind == "exchange"
        assert stock(store, BLACK_L) == (before or 0) - 1


@PLAIN
class TestExchanges:
    def test_fact_20_the_store_counts_an_exchange_as_nothing(self, store: SimulatedStore, world: World):
        """Fact 20: lines at 0 make an order of 0.00 that is to be packed."""
        receipt = world.channel.replace(world.replacement())
        made = store.books.read()["orders"][str(receipt.details["order"])]
        assert (made["total"], made["status"], made["billing"]["email"]) == (
            "0.00",
            "processing",
            "bob.buyer@example.com",
        )

    def test_what_was_taken_in_exchange_can_be_given_back_from_the_payment_that_paid_for_it(
        self, store: SimulatedStore, world: World
    ):
        made = world.channel.find_order(world.channel.replace(world.replacement()).reference) or {}
        exchanged = read_order(made)
        asked = world.payback(
            "leg-7", amount=1980, order_id=exchanged.id, payment_id=exchanged.payments[0].id, lines=()
        )
        world.channel.refund(asked)
        assert world.channel.receipt("leg-7").kind == "refund"
        assert world.order(exchanged.id).payments[0].held == 0
        assert world.order().payments[0].refunded == 1980


def status(store: SimulatedStore, order: Document) -> str:
    return str(store.books.read()["orders"][str(order["id"])]["status"])


class TestStatus:
    """The status that the merchant wants an order to take."""

    def test_an_order_takes_it_once_something_of_it_is_settled(self, store: SimulatedStore):
        order = placed(store)
        channel_of(store, settled="returned").refund(payback(order))
        assert status(store, order) == "returned"

    def test_what_the_store_has_ended_itself_stays(self, store: SimulatedStore):
        order = placed(store)
        whole = payback(order, amount=round(float(order["total"]) * 100), lines=())
        channel_of(store, settled="returned").refund(whole)
        assert status(store, order) == "refunded"

    def test_it_is_taken_even_if_nobody_heard_that_the_refund_was_made(self, store: SimulatedStore):
        order, ledger = placed(store), RememberedSendings()
        store.goes_wrong("lost answer", at="POST")
        with pytest.raises(ChannelSlow):
            channel_of(store, ledger, settled="returned").refund(payback(order))
        assert channel_of(store, ledger, settled="returned").receipt("RMA-1-1-refund-1") is not None
        assert status(store, order) == "returned"


@PLAIN
class TestCredit:
    def test_fact_19_credit_is_a_coupon_for_the_orders_own_email_once(self, store: SimulatedStore, world: World):
        """Fact 19: fixed_cart, usage_limit 1, email_restrictions; codes are lower-cased by the store."""
        receipt = world.channel.credit(world.credit())
        (coupon,) = store.books.read()["coupons"].values()
        assert (coupon["discount_type"], coupon["usage_limit"]) == ("fixed_cart", 1)
        assert coupon["email_restrictions"] == ["bob.buyer@example.com"]
        assert (receipt.reference, coupon["code"]) == ("CREDIT-LEG-2", "credit-leg-2")

    def test_fact_19_where_prices_exclude_tax_the_coupon_is_without_the_tax_that_it_lowers(
        self, store: SimulatedStore, world: World
    ):
        """Fact 19: 14.99 also took off 3.00 of tax; so 7.00 here is 6.43 and its tax of 8.875 %."""
        assert world.channel.credit(world.credit()).details["amount"] == "6.43"

    def test_fact_19_a_coupon_has_no_currency_so_other_currencies_are_left_to_a_person(
        self, store: SimulatedStore, world: World
    ):
        with pytest.raises(NotConnected, match="own currency"):
            world.channel.credit(world.credit(currency="EUR"))

    def test_a_coupon_whose_answer_was_lost_is_found_by_its_code(self, store: SimulatedStore, world: World):
        store.goes_wrong("lost answer", at="POST")
        with pytest.raises(ChannelSlow):
            world.channel.credit(world.credit())
        assert world.channel.credit(world.credit()).reference == "CREDIT-LEG-2"
        assert len(store.books.read()["coupons"]) == 1

    def test_an_order_without_an_email_gets_no_credit(self, store: SimulatedStore, world: World):
        order = placed(store, billing={"country": "US", "state": "NY"})
        with pytest.raises(ChannelRefused, match="no e-mail"):
            world.channel.credit(world.credit(order_id=str(order["id"])))


def used(store: SimulatedStore, code: str, *, discount: str, tax: str = "0.00", **changes: object) -> Document:
    """A later order in which store credit was used."""
    order = placed(store, **changes)
    with store.books.change() as state:
        catalogue.use_coupon(state, str(order["id"]), code, discount=discount, tax=tax)
    return order


def coupons(store: SimulatedStore) -> dict[str, str]:
    return {one["code"]: one["amount"] for one in store.books.read()["coupons"].values()}


@PLAIN
class TestWhatIsLeft:
    """Fact 19: what is left of a used coupon is lost, unless it is given anew."""

    def test_fact_19_what_is_left_is_given_anew_and_the_used_one_is_as_small_as_its_use(
        self, store: SimulatedStore, world: World
    ):
        code = world.channel.credit(world.credit()).reference
        later = used(store, code, discount="2.00", tax="0.18")
        for _ in range(2):
            world.channel.reissue(str(later["id"]))
        assert coupons(store) == {code.lower(): "2.00", f"{code.lower()}-rest-{later['id']}": "4.43"}
        newest = list(store.books.read()["coupons"].values())[-1]
        assert (newest["usage_limit"], newest["email_restrictions"]) == (1, ["bob.buyer@example.com"])

    def test_its_code_is_told_to_the_first_orders_customer_alone_and_once(self, store: SimulatedStore, world: World):
        code = world.channel.credit(world.credit()).reference
        later = used(store, code, discount="2.00", billing={"email": "eve@example.com"})
        for _ in range(2):
            world.channel.reissue(str(later["id"]))
        notes = store.books.read()["notes"]
        told = [note["note"] for note in notes[world.order_id] if note["customer_note"]]
        assert len(told) == 2
        assert f"{code}-REST-{later['id']}" in told[0]
        assert str(later["id"]) not in notes

    def test_of_what_is_left_something_may_be_left_again(self, store: SimulatedStore, world: World):
        code = world.channel.credit(world.credit()).reference
        first = used(store, code, discount="2.00")
        (rest,) = world.channel.reissue(str(first["id"]))
        second = used(store, rest.reference, discount="1.00")
        (again,) = world.channel.reissue(str(second["id"]))
        assert again.details["amount"] == "3.43"
        assert sum(map(float, coupons(store).values())) == pytest.approx(6.43)

    @pytest.mark.parametrize(
        ("discount", "changes"),
        [("6.43", {}), ("2.00", {"status": "pending"}), ("2.00", {"status": "cancelled"})],
        ids=["all of it", "not paid yet", "called off"],
    )
    def test_where_nothing_is_left_or_its_use_does_not_stand_nothing_is_given(
        self, store: SimulatedStore, world: World, discount: str, changes: dict[str, str]
    ):
        code = world.channel.credit(world.credit()).reference
        later = used(store, code, discount=discount, **changes)
        assert world.channel.reissue(str(later["id"])) == ()
        assert coupons(store) == {code.lower(): "6.43"}

    def test_a_coupon_of_the_shops_own_is_left_alone(self, store: SimulatedStore, world: World):
        with client_of(store) as client:
            client.send("POST", "/coupons", {"code": "SUMMER", "amount": "10", "discount_type": "fixed_cart"})
        later = used(store, "summer", discount="2.00")
        assert world.channel.reissue(str(later["id"])) == ()

    def test_where_the_answer_was_lost_it_is_given_once(self, store: SimulatedStore, world: World):
        code = world.channel.credit(world.credit()).reference
        later = used(store, code, discount="2.00")
        store.goes_wrong("lost answer", at="POST /wp-json/wc/v3/coupons")
        with pytest.raises(ChannelSlow):
            world.channel.reissue(str(later["id"]))
        world.channel.reissue(str(later["id"]))
        assert len(coupons(store)) == 2


class TestStock:
    @PLAIN
    def test_fact_18_stock_is_raised_where_it_is_kept_and_bears_the_key(self, store: SimulatedStore, world: World):
        """Fact 18: a variation is changed under its product; the store knows absolute numbers only."""
        world.channel.restock(world.restock())
        assert store.requests("PUT") == ["/wp-json/wc/v3/products/14/variations/17"]

    @PLAIN
    def test_a_restock_whose_answer_was_lost_raises_stock_once(self, store: SimulatedStore, world: World):
        before = stock(store, BLACK_M)
        store.goes_wrong("lost answer", at="PUT")
        with pytest.raises(ChannelSlow):
            world.channel.restock(world.restock())
        world.channel.restock(world.restock())
        assert stock(store, BLACK_M) == (before or 0) + 1

    def test_a_product_without_variations_is_its_own_variant(self, store: SimulatedStore, world: World):
        (mug,) = world.channel.variants(MUG)
        assert (mug.id, mug.sku, mug.available) == (MUG, "MUG-001", 50)
        world.channel.restock(world.restock(variant_id=MUG))
        assert stock(store, MUG) == 51

    def test_fact_18_where_stock_is_not_kept_nothing_is_written(self, store: SimulatedStore, world: World):
        """Fact 18: a stock_quantity would be ignored in silence."""
        world.channel.restock(world.restock(variant_id="21"))
        assert store.requests("PUT") == []

    def test_fact_15_a_variation_that_leaves_an_attribute_open_is_not_offered(self, store: SimulatedStore):
        """Fact 15: an empty attribute means "any", and nobody could say which one to pack."""
        assert "21" not in {variant.id for variant in channel_of(store).variants(TEE)}


@PLUGIN
class TestWithThePlugin:
    """What only the plugin can promise: the store itself does once what it is asked twice."""

    def test_who_slept_over_a_refund_and_was_taken_over_refunds_nothing_more(self, store: SimulatedStore):
        order = placed(store)
        first = channel_of(store, RememberedSendings()).refund(payback(order))
        channel = channel_of(store, RememberedSendings())
        body = {"order_id": order["id"], "amount": "27.16"}
        with client_of(store) as client:
            late = client.send("POST", "/wp-json/wc-backhaul/v1/refunds/RMA-1-1-refund-1", body)
        assert late["outcome"]["id"] == int(first.reference)
        assert channel.receipt("RMA-1-1-refund-1") is None
        assert channel.refund(payback(order)) == first
        assert len(refunds(store, order)) == 1

    def test_a_restock_whose_answer_was_lost_is_found_under_its_key(self, store: SimulatedStore, world: World):
        before = stock(store, BLACK_M)
        store.goes_wrong("lost answer", at="POST")
        with pytest.raises(ChannelSlow):
            world.channel.restock(world.restock())
        assert world.channel.restock(world.restock()).kind == "restock"
        assert stock(store, BLACK_M) == (before or 0) + 1

    def test_many_at_once_that_know_nothing_of_each_other_are_one_refund(self, store: SimulatedStore):
        """Facts 1 and 2: without the plugin each of them would send."""
        order = placed(store)
        with store.books.change() as state:
            state["race_seconds"] = 0.2

        def send() -> None:
            with suppress(ChannelSlow):
                channel_of(store, RememberedSendings()).refund(payback(order))

        threads = [threading.Thread(target=send) for _ in range(3)]
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]
        assert len(refunds(store, order)) == 1

    @pytest.mark.parametrize("act", ["refund", "restock"])
    def test_where_the_plugin_is_gone_meanwhile_the_plain_api_is_used(
        self, store: SimulatedStore, world: World, act: str
    ):
        channel = channel_of(store)
        with store.books.change() as state:
            state["plugin"] = False
        asked = {"refund": lambda: channel.refund(world.payback()), "restock": lambda: channel.restock(world.restock())}
        assert asked[act]().kind == act
        assert asked[act]().kind == act
        assert len(world.order().refunds) == (1 if act == "refund" else 0)

    def test_what_was_raised_without_the_plugin_is_not_raised_with_it(self, store: SimulatedStore, world: World):
        before = stock(store, BLACK_M)
        with store.books.change() as state:
            state["plugin"] = False
        world.channel.restock(world.restock())
        with store.books.change() as state:
            state["plugin"] = True
        channel_of(store, RememberedSendings()).restock(world.restock())
        assert stock(store, BLACK_M) == (before or 0) + 1

    def test_money_of_which_nobody_knows_is_left_to_a_person(self, store: SimulatedStore):
        order = placed(store)
        with store.books.change() as state:
            act = {"kind": "refund", "turn": 1, "state": "unknown", "outcome": None, "essence": f"{order['id']}:27.16"}
            state["acts"]["RMA-1-1-refund-1"] = act
        with pytest.raises(GatewayUnheard):
            channel_of(store).refund(payback(order))
        assert refunds(store, order) == []
