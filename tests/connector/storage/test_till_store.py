"""The shop's own tills over our tables keep the contract of every channel."""

import itertools
from concurrent.futures import ThreadPoolExecutor

import pytest

from adapters.errors import ChannelRefused
from adapters.store.channel import StoreChannel
from connector.storage import credit_store, order_store, product_store
from connector.storage.database import Database
from connector.storage.shop_store import Shop
from connector.storage.till_store import DatabaseTill
from tests.contracts.channel_contract import ChannelContract, World
from tests.databases import make_shop
from tests.shops import Clock, order, product


def stock_of(database: Database, shop: Shop, variant_id: str) -> int | None:
    with database.read(shop) as unit:
        found = product_store.variant(unit, variant_id)
    return found["available"] if found else None


def world_of(database: Database, slug: str = "demo") -> tuple[World, Shop]:
    """A shop with its own tills and one order of two tees."""
    shop, codes = make_shop(database, slug), itertools.count(1)
    database.write(shop, lambda unit: product_store.save(unit, product()))
    database.write(shop, lambda unit: order_store.save(unit, order()))
    till = DatabaseTill(database, shop, clock=Clock())
    world = World(
        channel=StoreChannel(till, clock=Clock(), code=lambda: f"CODE-{next(codes)}"),
        order_id="o1",
        number="#1001",
        line_id="l1",
        payment_id="p1",
        paid=4460,
        product_id="tee",
        variant_id="tee-m",
        other_variant_id="tee-l",
        gone_variant_id="tee-s",
        stock=lambda variant_id: stock_of(database, shop, variant_id),
    )
    return world, shop


class TestOurOwnTills(ChannelContract):
    @pytest.fixture
    def world(self, each_database: Database) -> World:
        return world_of(each_database)[0]

    def test_store_credit_is_bound_to_the_orders_own_e_mail(self, each_database: Database):
        world, shop = world_of(each_database)
        receipt = world.channel.credit(world.credit())
        with each_database.read(shop) as unit:
            kept = credit_store.find(unit, receipt.reference)
        assert kept is not None
        assert (kept.email, kept.amount, kept.balance, kept.return_id) == ("ann@example.com", 700, 700, "RMA-1")

    def test_without_an_e_mail_there_is_nobody_to_give_credit_to(self, each_database: Database):
        world, shop = world_of(each_database)
        each_database.write(shop, lambda unit: order_store.save(unit, order(customer=None)))
        with pytest.raises(ChannelRefused):
            world.channel.credit(world.credit())

    def test_refunds_that_came_with_the_order_count_although_its_payment_does_not_say_so(self, each_database: Database):
        world, shop = world_of(each_database)
        told = order(refunds=[{"id": "r1", "amount": "44.00"}])
        each_database.write(shop, lambda unit: order_store.save(unit, told))
        with pytest.raises(ChannelRefused, match=r"holds 0\.60 USD"):
            world.channel.refund(world.payback(amount=61))
        world.channel.refund(world.payback(amount=60))

    def test_an_order_without_payments_can_be_exchanged(self, each_database: Database):
        world, shop = world_of(each_database)
        each_database.write(shop, lambda unit: order_store.save(unit, order(payments=[])))
        receipt = world.channel.replace(world.replacement())
        assert world.channel.find_order(receipt.reference) is not None

    def test_one_key_from_many_threads_is_one_refund(self, each_database: Database):
        world, _ = world_of(each_database)
        with ThreadPoolExecutor(4) as threads:
            receipts = list(threads.map(lambda _: world.channel.refund(world.payback()), range(4)))
        assert all(receipt == receipts[0] for receipt in receipts)
        assert len(world.order().refunds) == 1

    def test_many_keys_at_once_never_give_more_than_was_paid(self, each_database: Database):
        world, _ = world_of(each_database)

        def try_one(n: int) -> bool:
            try:
                world.channel.refund(world.payback(f"leg-{n}", amount=world.paid))
            except ChannelRefused:
                return False
            return True

        with ThreadPoolExecutor(4) as threads:
            assert sorted(threads.map(try_one, range(4))) == [False, False, False, True]
        assert world.order().payments[0].refunded == world.paid

    def test_one_shops_key_is_not_anothers(self, each_database: Database):
        first, _ = world_of(each_database, "one")
        second, _ = world_of(each_database, "two")
        first.channel.refund(first.payback())
        assert second.channel.receipt("leg-1") is None
        assert second.order().refunds == ()
