"""A policy is read once, and a new one is another."""

from connector.services.policy_terms import terms_now, terms_of
from connector.services.quote_return import order_of
from connector.storage import policy_store
from tests.shops import NOW, TestShop, policy


def test_a_policy_is_the_same_at_every_turn(demo: TestShop):
    with demo.app.database.read(demo.shop) as unit:
        first = terms_now(unit, digits=2)
    with demo.app.database.read(demo.shop) as unit:
        assert terms_now(unit, digits=2) is first


def test_an_order_keeps_the_policy_that_it_was_placed_under(demo: TestShop):
    demo.app.database.write(demo.shop, lambda unit: policy_store.add_version(unit, policy(days=3), in_force_from=NOW))
    with demo.app.database.read(demo.shop) as unit:
        assert terms_now(unit, digits=2).days == 3
        assert terms_of(unit, order_of(unit, "o1")).days == 30
