"""Stock and what can be given instead, against the simulated store."""

import pytest

from adapters.errors import ChannelSlow
from tests.adapters.woocommerce.stores import (
    BLACK_M,
    MUG,
    PLAIN,
    TEE,
    channel_of,
    stock,
)
from tests.contracts.channel_contract import World
from tests.simulators.woocommerce import SimulatedStore


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
