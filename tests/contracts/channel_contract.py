"""What every channel must do whatever stands behind it: each act once for its key, and never more than is there.

A channel's own test inherits `ChannelContract` and gives it a `world`.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from msgspec.structs import replace

from adapters.channel import (
    Channel,
    Credit,
    Payback,
    RefundedLine,
    Replacement,
    ReplacementLine,
    Restock,
    RestockedLine,
)
from adapters.errors import ChannelRefused
from domain.orders import Order, read_order

UNKNOWN = "no-such-thing"


@dataclass(frozen=True, slots=True)
class World:
    """A channel with one order that was paid with one payment, of two units of one variant.

    `paid` is in minor units. `variant_id` and `other_variant_id` belong to `product_id`; of `gone_variant_id`
    nothing is in stock. `exchanges_in_place`: what goes out in an exchange becomes a line of the same order.
    """

    channel: Channel
    order_id: str
    number: str
    line_id: str
    payment_id: str
    paid: int
    product_id: str
    variant_id: str
    other_variant_id: str
    gone_variant_id: str
    stock: Callable[[str], int | None]
    exchanges_in_place: bool = False

    def order(self, order_id: str | None = None) -> Order:
        document = self.channel.read_order(order_id or self.order_id)
        assert document is not None
        return read_order(document)

    def payback(self, key: str = "leg-1", *, amount: int = 500, shipping: int = 0, **changes: object) -> Payback:
        line = RefundedLine(line_id=self.line_id, quantity=1, amount=amount - shipping, tax=0)
        asked = Payback(
            key=key,
            order_id=self.order_id,
            return_id="RMA-1",
            payment_id=self.payment_id,
            amount=amount,
            currency="USD",
            digits=2,
            lines=(line,),
            shipping=shipping,
        )
        return replace(asked, **changes)  # type: ignore[arg-type]

    def credit(self, key: str = "leg-2", **changes: object) -> Credit:
        line = RefundedLine(line_id=self.line_id, quantity=1, amount=700, tax=0)
        asked = Credit(
            key=key, order_id=self.order_id, return_id="RMA-1", amount=700, currency="USD", digits=2, lines=(line,)
        )
        return replace(asked, **changes)  # type: ignore[arg-type]

    def replacement(self, key: str = "leg-3", *, variant_id: str | None = None, **changes: object) -> Replacement:
        line = ReplacementLine(
            line_id=self.line_id, variant_id=variant_id or self.other_variant_id, quantity=1, amount=1800, tax=180
        )
        asked = Replacement(key=key, order_id=self.order_id, return_id="RMA-1", currency="USD", digits=2, lines=(line,))
        return replace(asked, **changes)  # type: ignore[arg-type]

    def restock(self, key: str = "leg-4", *, variant_id: str | None = None) -> Restock:
        line = RestockedLine(variant_id=variant_id or self.variant_id, quantity=1)
        return Restock(key=key, order_id=self.order_id, lines=(line,), return_id="RMA-1")


class ChannelContract:
    """Inherit, and override `world`."""

    @pytest.fixture
    def world(self) -> World:
        raise NotImplementedError

    def test_an_order_is_found_however_its_number_is_written(self, world: World):
        plain = world.number.strip("#")
        for written in (plain, f"#{plain}", f" # {plain} "):
            found = world.channel.find_order(written)
            assert found is not None
            assert found["id"] == world.order_id

    def test_a_part_of_a_number_finds_nothing(self, world: World):
        assert world.channel.find_order(world.number[:-1]) is None
        assert world.channel.find_order(UNKNOWN) is None

    def test_an_unknown_order_is_none(self, world: World):
        assert world.channel.read_order(UNKNOWN) is None

    def test_an_order_is_in_the_normal_form(self, world: World):
        assert world.order().id == world.order_id

    def test_variants_are_those_of_the_product_with_their_stock(self, world: World):
        variants = {variant.id: variant for variant in world.channel.variants(world.product_id)}
        assert {world.variant_id, world.other_variant_id, world.gone_variant_id} <= variants.keys()
        assert {variant.product_id for variant in variants.values()} == {world.product_id}
        assert variants[world.variant_id].available == world.stock(world.variant_id)
        assert world.channel.variants(UNKNOWN) == ()

    def test_nothing_was_done_under_a_key_that_was_never_used(self, world: World):
        assert world.channel.receipt(UNKNOWN) is None

    def test_a_refund_shows_in_the_order_under_the_returns_id(self, world: World):
        world.channel.refund(world.payback(amount=500, shipping=100))
        (refund,) = world.order().refunds
        assert (refund.amount, refund.shipping, refund.key) == (500, 100, "RMA-1")
        assert [(line.line_id, line.quantity, line.amount) for line in refund.lines] == [(world.line_id, 1, 400)]
        assert world.order().payments[0].refunded == 500

    def test_two_legs_of_one_return_are_two_refunds(self, world: World):
        for key in ("leg-1", "leg-9"):
            world.channel.refund(world.payback(key))
        assert [refund.key for refund in world.order().refunds] == ["RMA-1", "RMA-1"]
        assert world.order().payments[0].refunded == 1000

    def test_the_same_key_twice_is_one_refund_and_one_receipt(self, world: World):
        first = world.channel.refund(world.payback())
        assert world.channel.refund(world.payback()) == first
        assert world.channel.receipt("leg-1") == first
        assert len(world.order().refunds) == 1

    def test_money_for_no_units_is_a_refund_that_brings_nothing_back(self, world: World):
        """A second tender, a difference, a price cut."""
        line = RefundedLine(line_id=world.line_id, quantity=0, amount=300, tax=0)
        world.channel.refund(world.payback(amount=300, lines=(line,)))
        (refund,) = world.order().refunds
        assert (refund.amount, refund.key, [one.quantity for one in refund.lines if one.quantity]) == (300, "RMA-1", [])

    def test_everything_that_was_paid_can_go_back_and_not_a_cent_more(self, world: World):
        world.channel.refund(world.payback("leg-1", amount=world.paid - 1))
        with pytest.raises(ChannelRefused):
            world.channel.refund(world.payback("leg-2", amount=2))
        world.channel.refund(world.payback("leg-3", amount=1))
        assert world.order().payments[0].held == 0

    def test_what_was_refused_left_nothing_behind(self, world: World):
        before = world.order()
        with pytest.raises(ChannelRefused):
            world.channel.refund(world.payback(amount=world.paid + 1))
        assert world.channel.receipt("leg-1") is None
        assert world.order() == before

    @pytest.mark.parametrize("change", [{"order_id": UNKNOWN}, {"payment_id": UNKNOWN}])
    def test_a_refund_to_nowhere_is_refused(self, world: World, change: dict[str, str]):
        with pytest.raises(ChannelRefused):
            world.channel.refund(world.payback(**change))

    def test_store_credit_is_given_once_for_its_key(self, world: World):
        first = world.channel.credit(world.credit())
        assert first.reference
        assert world.channel.credit(world.credit()) == first
        assert world.channel.receipt("leg-2") == first

    def test_an_incentive_on_top_is_given_once_for_its_key_and_gives_nothing_back(self, world: World):
        asked = world.credit("leg-5", incentive=True, lines=(), amount=70)
        first = world.channel.credit(asked)
        assert world.channel.credit(asked) == first
        assert world.channel.receipt("leg-5") == first
        assert world.order().refunds == ()

    def test_two_credits_have_two_codes(self, world: World):
        codes = {world.channel.credit(world.credit(key)).reference for key in ("leg-2", "leg-9")}
        assert len(codes) == 2

    def test_an_exchange_puts_the_goods_into_the_order_that_it_names_and_takes_them_from_stock_once(self, world: World):
        before = world.stock(world.other_variant_id)
        first = world.channel.replace(world.replacement())
        assert world.channel.replace(world.replacement()) == first
        assert world.stock(world.other_variant_id) == (before or 0) - 1
        made = world.channel.find_order(first.reference)
        assert made is not None
        assert (made["id"] == world.order_id) is world.exchanges_in_place
        old = [world.variant_id] if world.exchanges_in_place else []
        assert [line.variant_id for line in read_order(made).lines] == [*old, world.other_variant_id]

    def test_an_exchange_is_paid_with_what_the_old_goods_counted_for(self, world: World):
        before = world.order()
        receipt = world.channel.replace(world.replacement())
        after = read_order(world.channel.find_order(receipt.reference) or {})
        if world.exchanges_in_place:
            assert after.payments == before.payments
            assert [(one.amount, one.key) for one in after.refunds] == [(0, "RMA-1")]
            return
        (payment,) = after.payments
        assert (payment.kind, payment.amount) == ("exchange", 1980)
        assert payment.of is not None
        assert (payment.of.order_id, payment.of.payment_id) == (world.order_id, world.payment_id)

    @pytest.mark.parametrize("is_refund_first", [True, False])
    def test_one_return_gives_money_for_one_unit_and_goods_for_another(self, world: World, *, is_refund_first: bool):
        before = world.stock(world.other_variant_id)
        refund, swap = world.payback(amount=500), world.replacement()
        if is_refund_first:
            world.channel.refund(refund)
        world.channel.replace(swap)
        first = world.channel.refund(refund)
        assert world.channel.refund(refund) == first
        assert world.stock(world.other_variant_id) == (before or 0) - 1
        assert [one.amount for one in world.order().refunds if one.amount] == [500]

    def test_what_is_out_of_stock_cannot_be_taken(self, world: World):
        with pytest.raises(ChannelRefused):
            world.channel.replace(world.replacement(variant_id=world.gone_variant_id))
        assert world.channel.receipt("leg-3") is None
        assert world.stock(world.gone_variant_id) == 0

    def test_an_exchange_of_several_lines_takes_all_or_nothing(self, world: World):
        before = world.stock(world.other_variant_id)
        (fine,) = world.replacement().lines
        (gone,) = world.replacement(variant_id=world.gone_variant_id).lines
        with pytest.raises(ChannelRefused):
            world.channel.replace(world.replacement(lines=(fine, gone)))
        assert world.stock(world.other_variant_id) == before

    def test_an_unknown_variant_cannot_be_taken(self, world: World):
        with pytest.raises(ChannelRefused):
            world.channel.replace(world.replacement(variant_id=UNKNOWN))

    def test_stock_rises_once_for_its_key(self, world: World):
        before = world.stock(world.variant_id)
        first = world.channel.restock(world.restock())
        assert world.channel.restock(world.restock()) == first
        assert world.stock(world.variant_id) == (before or 0) + 1

    def test_a_variant_that_is_gone_from_the_catalogue_is_restocked_by_nobody(self, world: World):
        assert world.channel.restock(world.restock(variant_id=UNKNOWN)).kind == "restock"
