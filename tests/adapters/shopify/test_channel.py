"""The channel of a shop against the simulated one: the contract of all channels, and what only Shopify does."""

import pytest

from adapters.channel import RefundedLine, ReplacementLine, Restock, RestockedLine
from adapters.errors import ChannelRefused, ChannelSlow, DoneTwice, NotConnected
from adapters.shopify.compose import idempotency_key
from adapters.shopify.faults import Unanswered, Uncertain
from tests.adapters.shopify.shops import (
    TEE_L,
    TEE_M,
    TEE_XL,
    TEE_XXL,
    accounts,
    channel_of,
    credit,
    natives,
    payback,
    placed,
    refunds,
    replacement,
    standing,
)
from tests.adapters.woocommerce.stores import RememberedSendings
from tests.contracts.channel_contract import ChannelContract, World
from tests.simulators.shopify import SimulatedShop, selling


def world_of(shop: SimulatedShop) -> World:
    order = placed(shop, taxes_included=True)
    (paid,) = order["transactions"]
    return World(
        channel=channel_of(shop),
        order_id=order["id"],
        number=order["name"],
        line_id=order["lines"][0]["id"],
        payment_id=paid["id"],
        paid=round(float(paid["amount"]) * 100),
        product_id="1",
        variant_id=TEE_M,
        other_variant_id=TEE_L,
        gone_variant_id=TEE_XL,
        stock=lambda variant_id: shop.books.read()["variants"][variant_id]["stock"],
        exchanges_in_place=True,
    )


class TestTheContract(ChannelContract):
    @pytest.fixture
    def world(self, shop: SimulatedShop) -> World:
        return world_of(shop)


class TestFinding:
    def test_a_number_that_is_a_part_of_others_finds_none_of_them(self, shop: SimulatedShop):
        placed(shop, name="#10011")
        assert channel_of(shop).find_order("1001") is None

    def test_a_number_that_is_a_part_of_many_newer_ones_is_found_all_the_same(self, shop: SimulatedShop):
        order = placed(shop, name="#100")
        for n in range(60):
            placed(shop, name=f"#100{n:02}")
        found = channel_of(shop).find_order("100")
        assert found is not None
        assert found["id"] == order["id"]

    def test_a_number_that_is_a_part_of_too_many_is_not_looked_for_for_ever(self, shop: SimulatedShop):
        with shop.books.change() as state:
            for n in range(600):
                selling.sold(state, name=f"#1{n:03}")
        assert channel_of(shop).find_order("1") is None
        assert len(shop.asked("OrdersByName")) == 10

    def test_quotes_in_a_number_are_no_search_language(self, shop: SimulatedShop):
        placed(shop)
        assert channel_of(shop).find_order('1001" OR name:"') is None

    def test_an_order_older_than_sixty_days_is_not_shown_without_the_scope_for_it(self, shop: SimulatedShop):
        order = placed(shop, created_at="2026-01-01T00:00:00Z")
        assert channel_of(shop).find_order(order["name"]) is None
        with shop.books.change() as state:
            state["scopes"].append("read_all_orders")
        assert channel_of(shop).find_order(order["name"]) is not None

    def test_a_scope_that_is_missing_is_named(self, shop: SimulatedShop):
        order = placed(shop)
        with shop.books.change() as state:
            state["scopes"].remove("read_products")
        with pytest.raises(NotConnected, match="read_products"):
            channel_of(shop).read_order(order["id"])


class TestRefunds:
    def test_goes_back_through_a_native_return_that_is_then_finished(self, shop: SimulatedShop):
        order = placed(shop)
        receipt = channel_of(shop).refund(payback(order, amount=2717))
        (native,), (refund,) = natives(shop), refunds(shop)
        assert (native["status"], native["refunds"], refund["id"]) == ("CLOSED", [receipt.reference], receipt.reference)
        assert receipt.details == {"amount": "27.17", "return": "#1001-R1"}

    def test_a_difference_to_what_shopify_would_give_is_written_down(self, shop: SimulatedShop):
        order = placed(shop)
        receipt = channel_of(shop).refund(payback(order, amount=2000))
        assert (receipt.details["suggested"], receipt.details["decided"]) == ("27.17", "20.00")

    def test_a_line_that_was_shipped_in_parts_comes_back_from_each_of_them(self, shop: SimulatedShop):
        order = placed(shop, (TEE_M, 3), parcels=[[(0, 1)], [(0, 1)], [(0, 1)]])
        line = RefundedLine(order["lines"][0]["id"], quantity=3, amount=5000, tax=0)
        channel_of(shop).refund(payback(order, amount=5000, lines=(line,)))
        (native,) = natives(shop)
        assert [(one["quantity"], one["processed"]) for one in native["lines"]] == [(1, 1), (1, 1), (1, 1)]

    def test_units_that_are_not_there_to_return_are_refused_before_anything_is_opened(self, shop: SimulatedShop):
        order = placed(shop)
        line = RefundedLine(order["lines"][0]["id"], quantity=3, amount=500, tax=0)
        with pytest.raises(ChannelRefused, match="only 2"):
            channel_of(shop).refund(payback(order, lines=(line,)))
        assert natives(shop) == []

    def test_money_for_no_units_goes_by_refund_create_with_its_key(self, shop: SimulatedShop):
        order = placed(shop)
        line = RefundedLine(order["lines"][0]["id"], quantity=0, amount=300, tax=0)
        channel_of(shop).refund(payback(order, amount=300, lines=(line,)))
        (asked,) = shop.asked("RefundCreate")
        assert asked["key"] == idempotency_key("RMA-1-1-refund-1")
        assert natives(shop) == []

    def test_more_than_shopify_could_give_back_stops(self, shop: SimulatedShop):
        """The payment holds it, but part of it went out as store credit."""
        order = placed(shop, paid_with=[("bogus", None)])
        with shop.books.change() as state:
            gone = {
                "id": "1",
                "kind": "REFUND",
                "status": "SUCCESS",
                "gateway": "other",
                "parent": None,
                "amount": "50",
            }
            state["orders"][order["id"]]["transactions"].append(gone)
        with pytest.raises(ChannelRefused, match="at most"):
            channel_of(shop).refund(payback(order, amount=2716))
        assert refunds(shop) == []

    def test_a_payment_by_hand_is_given_back_by_hand(self, shop: SimulatedShop):
        order = placed(shop, paid_with=[("manual", None)])
        with pytest.raises(NotConnected):
            channel_of(shop).refund(payback(order))

    def test_a_return_that_waits_is_approved_first(self, shop: SimulatedShop):
        order = placed(shop)
        channel = channel_of(shop)
        channel.mirror(standing(order, "requested"))
        channel.refund(payback(order))
        (native,) = natives(shop)
        assert native["status"] == "CLOSED"

    def test_returns_that_others_opened_are_left_alone(self, shop: SimulatedShop):
        order = placed(shop)
        channel_of(shop).mirror(standing(order, "open", return_id="RMA-OTHER"))
        channel_of(shop).refund(payback(order))
        assert [native["status"] for native in natives(shop)] == ["OPEN", "CLOSED"]


class TestOnlyOnce:
    """Nothing is sent twice, whatever gets lost: every mutation of a refund loses its answer, and its request."""

    @pytest.mark.parametrize("at", ["ReturnCreate", "ReturnProcess"])
    def test_an_answer_that_was_lost_is_found_in_the_shop(self, shop: SimulatedShop, at: str):
        order, ledger = placed(shop), RememberedSendings()
        shop.goes_wrong("lost answer", at=at)
        with pytest.raises(Unanswered):
            channel_of(shop, ledger).refund(payback(order, amount=2716))
        receipt = channel_of(shop, ledger).refund(payback(order, amount=2716))
        assert [refund["id"] for refund in refunds(shop)] == [receipt.reference]
        assert len(natives(shop)) == 1

    @pytest.mark.parametrize("at", ["ReturnCreate", "ReturnProcess"])
    def test_what_shows_nowhere_is_for_a_person_and_sent_again_only_then(self, shop: SimulatedShop, at: str):
        order, ledger = placed(shop), RememberedSendings()
        shop.goes_wrong("lost request", at=at)
        with pytest.raises(Unanswered):
            channel_of(shop, ledger).refund(payback(order))
        with pytest.raises(Uncertain):
            channel_of(shop, ledger).refund(payback(order))
        assert refunds(shop) == []
        channel_of(shop, ledger).refund(payback(order))
        assert len(refunds(shop)) == 1

    def test_what_may_be_on_its_way_is_waited_for(self, shop: SimulatedShop):
        order, ledger = placed(shop), RememberedSendings()
        shop.goes_wrong("lost request", at="ReturnProcess")
        with pytest.raises(Unanswered):
            channel_of(shop, ledger).refund(payback(order))
        with pytest.raises(ChannelSlow, match="on its way"):
            channel_of(shop, ledger, unseen_seconds=60).refund(payback(order))

    def test_what_bears_a_key_is_sent_again_with_it(self, shop: SimulatedShop):
        order, ledger = placed(shop), RememberedSendings()
        asked = payback(order, amount=300, lines=())
        shop.goes_wrong("lost request", at="RefundCreate")
        with pytest.raises(Unanswered):
            channel_of(shop, ledger).refund(asked)
        channel_of(shop, ledger).refund(asked)
        assert len(refunds(shop)) == 1

    def test_what_was_throttled_is_sent_again_and_done_once(self, shop: SimulatedShop):
        order = placed(shop)
        shop.goes_wrong("throttled", at="ReturnProcess", times=2)
        channel_of(shop).refund(payback(order))
        assert len(refunds(shop)) == 1

    def test_a_refund_without_our_note_is_known_by_its_amount_and_time(self, shop: SimulatedShop):
        """[M] Nobody has seen whether the note of returnProcess stands on the refund."""
        order, ledger = placed(shop), RememberedSendings()
        shop.goes_wrong("lost answer", at="ReturnProcess")
        with pytest.raises(Unanswered):
            channel_of(shop, ledger).refund(payback(order))
        with shop.books.change() as state:
            for refund in state["refunds"].values():
                refund["note"] = None
        receipt = channel_of(shop, ledger).refund(payback(order))
        assert [refund["id"] for refund in refunds(shop)] == [receipt.reference]

    def test_a_bonus_that_was_lost_is_found_by_its_amount(self, shop: SimulatedShop):
        order, ledger = placed(shop), RememberedSendings()
        shop.goes_wrong("lost answer", at="StoreCreditBonus")
        with pytest.raises(Unanswered):
            channel_of(shop, ledger).credit(credit(order, incentive=True))
        channel_of(shop, ledger).credit(credit(order, incentive=True))
        assert [len(account["entries"]) for account in accounts(shop)] == [1]

    def test_a_bonus_that_was_given_twice_is_told(self, shop: SimulatedShop):
        """Who slept before sending and was taken over gives it again; then both are seen."""
        order, ledger = placed(shop), RememberedSendings()
        channel_of(shop, ledger).credit(credit(order, incentive=True))
        assert channel_of(shop, ledger).shown("RMA-1-1-credit") is not None
        with shop.books.change() as state:
            (account,) = state["accounts"].values()
            account["entries"].append({**account["entries"][0], "id": "99"})
        with pytest.raises(DoneTwice):
            channel_of(shop, ledger).shown("RMA-1-1-credit")

    def test_goods_on_the_shelf_are_not_put_there_twice(self, shop: SimulatedShop):
        order, ledger = placed(shop), RememberedSendings()
        asked = Restock("RMA-1-1-restock-1", order["id"], (RestockedLine(TEE_M, 1),), return_id="RMA-1")
        shop.goes_wrong("lost answer", at="Dispose")
        with pytest.raises(Unanswered):
            channel_of(shop, ledger).restock(asked)
        channel_of(shop, ledger).restock(asked)
        assert shop.books.read()["variants"][TEE_M]["stock"] == 11


class TestStoreCredit:
    def test_of_goods_is_a_method_of_their_refund(self, shop: SimulatedShop):
        order = placed(shop)
        channel_of(shop).credit(credit(order))
        (asked,) = shop.asked("ReturnProcess")
        method = {"storeCreditRefund": {"amount": {"amount": "7.00", "currencyCode": "USD"}}}
        transfer = {"orderTransactions": [], "refundMethods": [method], "allowOverRefunding": False}
        assert asked["input"]["financialTransfer"] == {"issueRefund": transfer}
        assert shop.asked("StoreCreditBonus") == []

    def test_on_top_is_a_credit_of_its_own_and_no_refund(self, shop: SimulatedShop):
        order = placed(shop)
        channel_of(shop).credit(credit(order, incentive=True))
        assert [account["entries"][0]["amount"] for account in accounts(shop)] == ["7.00"]
        assert refunds(shop) == []

    def test_goes_to_the_orders_own_customer_or_to_nobody(self, shop: SimulatedShop):
        with pytest.raises(ChannelRefused, match="no customer account"):
            channel_of(shop).credit(credit(placed(shop, customer=None)))

    def test_that_the_shop_does_not_give_is_for_a_person(self, shop: SimulatedShop):
        with shop.books.change() as state:
            state["store_credit"] = False
        with pytest.raises(NotConnected, match="not switched on"):
            channel_of(shop).credit(credit(placed(shop)))


class TestExchanges:
    def test_goods_come_and_go_in_one_native_return(self, shop: SimulatedShop):
        order = placed(shop)
        channel_of(shop).replace(replacement(order))
        (native,) = natives(shop)
        assert (native["status"], native["exchange"][0]["processed"]) == ("CLOSED", 1)
        assert refunds(shop) == []

    def test_a_dearer_replacement_that_costs_no_more_is_discounted(self, shop: SimulatedShop):
        order = placed(shop)
        channel_of(shop).replace(replacement(order, variant=TEE_XXL))
        (asked,) = shop.asked("ReturnCreate")
        off = asked["returnInput"]["exchangeLineItems"][0]["appliedDiscount"]["value"]["amount"]
        assert off == {"amount": "2.79", "currencyCode": "USD"}

    def test_what_is_to_be_paid_besides_shopify_asks_for(self, shop: SimulatedShop):
        order = placed(shop)
        line = ReplacementLine(order["lines"][0]["id"], TEE_XXL, quantity=1, amount=2995, tax=0)
        channel_of(shop).replace(replacement(order, lines=(line,), collected=278))
        assert [invoice["amount"] for invoice in shop.books.read()["invoices"]] == ["2.78"]

    def test_an_invoice_that_shopify_does_not_send_is_told_and_undoes_nothing(self, shop: SimulatedShop):
        order, ledger = placed(shop), RememberedSendings()
        shop.goes_wrong("503", at="InvoiceSend")
        line = ReplacementLine(order["lines"][0]["id"], TEE_XXL, quantity=1, amount=2995, tax=0)
        receipt = channel_of(shop, ledger).replace(replacement(order, lines=(line,), collected=278))
        assert "sent no invoice" in str(receipt.details["invoice"])
        assert shop.books.read()["variants"][TEE_XXL]["stock"] == 4

    def test_one_that_was_made_unheard_says_to_look_for_its_invoice(self, shop: SimulatedShop):
        order, ledger = placed(shop), RememberedSendings()
        shop.goes_wrong("lost answer", at="ReturnProcess")
        line = ReplacementLine(order["lines"][0]["id"], TEE_XXL, quantity=1, amount=2995, tax=0)
        asked = replacement(order, lines=(line,), collected=278)
        with pytest.raises(Unanswered):
            channel_of(shop, ledger).replace(asked)
        assert "not certain" in str(channel_of(shop, ledger).replace(asked).details["invoice"])

    def test_goods_that_were_waited_for_without_an_exchange_are_taken_over(self, shop: SimulatedShop):
        order = placed(shop)
        channel = channel_of(shop)
        channel.mirror(standing(order, "open"))
        channel.replace(replacement(order))
        assert [native["status"] for native in natives(shop)] == ["CANCELED", "CLOSED"]

    def test_the_native_return_that_was_opened_for_it_is_used(self, shop: SimulatedShop):
        order = placed(shop)
        channel = channel_of(shop)
        channel.mirror(standing(order, "open", variant_id=TEE_L, amount=2716))
        channel.replace(replacement(order))
        assert [native["status"] for native in natives(shop)] == ["CLOSED"]

    def test_an_answer_that_was_lost_is_found_in_the_shop(self, shop: SimulatedShop):
        order, ledger = placed(shop), RememberedSendings()
        shop.goes_wrong("lost answer", at="ReturnProcess")
        with pytest.raises(Unanswered):
            channel_of(shop, ledger).replace(replacement(order))
        channel_of(shop, ledger).replace(replacement(order))
        assert shop.books.read()["variants"][TEE_L]["stock"] == 9


class TestShelves:
    def test_goods_go_back_by_disposition_and_never_by_a_number(self, shop: SimulatedShop):
        order = placed(shop)
        channel = channel_of(shop)
        channel.refund(payback(order))
        channel.restock(Restock("RMA-1-1-restock-1", order["id"], (RestockedLine(TEE_M, 1),), return_id="RMA-1"))
        (asked,) = shop.asked("Dispose")
        (disposed,) = asked["dispositionInputs"]
        assert (disposed["dispositionType"], disposed["locationId"]) == ("RESTOCKED", "gid://shopify/Location/1")
        assert shop.books.read()["variants"][TEE_M]["stock"] == 11
        assert len(natives(shop)) == 1


class TestMirroring:
    def test_a_request_waits_in_the_shop_and_the_same_again_changes_nothing(self, shop: SimulatedShop):
        order = placed(shop)
        for _ in range(2):
            channel_of(shop).mirror(standing(order, "requested"))
        (native,) = natives(shop)
        assert (native["status"], native["rfos"]) == ("REQUESTED", [])

    def test_our_reason_becomes_the_shops(self, shop: SimulatedShop):
        channel_of(shop).mirror(standing(placed(shop), "open", reason="size_too_small"))
        assert natives(shop)[0]["lines"][0]["reason"] == "7"

    @pytest.mark.parametrize("first", ["requested", "open"])
    @pytest.mark.parametrize(
        ("then", "expected"),
        [("open", "OPEN"), ("declined", {"requested": "DECLINED", "open": "CANCELED"}), ("withdrawn", "CANCELED")],
    )
    def test_every_later_standing_is_followed(self, shop: SimulatedShop, first: str, then: str, expected: object):
        order = placed(shop)
        channel_of(shop).mirror(standing(order, first))
        channel_of(shop).mirror(standing(order, then, why="Worn."))
        wanted = expected[first] if isinstance(expected, dict) else expected
        assert [native["status"] for native in natives(shop)] == [wanted]

    def test_a_request_that_is_approved_as_an_exchange_is_opened_anew(self, shop: SimulatedShop):
        """[S] A request holds no exchange, and nothing adds one later."""
        order = placed(shop)
        channel_of(shop).mirror(standing(order, "requested", variant_id=TEE_L, amount=2716))
        channel_of(shop).mirror(standing(order, "open", variant_id=TEE_L, amount=2716))
        first, second = natives(shop)
        assert (first["status"], second["status"], len(second["exchange"])) == ("CANCELED", "OPEN", 1)

    def test_fees_are_told(self, shop: SimulatedShop):
        order = placed(shop)
        channel_of(shop).mirror(standing(order, "open", fee_percent=10.0, shipping_fee=495))
        (native,) = natives(shop)
        assert (native["fee"], native["lines"][0]["restocking"]) == ("4.95", 10.0)

    def test_a_parcel_is_told_and_told_again_when_its_number_changes(self, shop: SimulatedShop):
        order = placed(shop)
        for number in ("1Z1", "1Z1", "1Z2"):
            channel_of(shop).mirror(standing(order, "open", tracking=number))
        assert [parcel["number"] for parcel in shop.books.read()["deliveries"].values()] == ["1Z2"]
        assert len(shop.asked("ReverseDeliveryCreate")) == 1
