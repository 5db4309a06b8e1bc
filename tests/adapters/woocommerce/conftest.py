"""A simulated store for every test that asks for one; clients are closed after every test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.adapters.woocommerce.stores import BLUE_L, TEE, close_all, world_of
from tests.contracts.channel_contract import World
from tests.simulators.woocommerce import SimulatedStore, simulated_store


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    close_all()


@pytest.fixture(params=[False, True], ids=["plain", "plugin"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SimulatedStore]:
    """A store without our plugin and one with it: what moves money or stock is tried with both."""
    with simulated_store(tmp_path, has_plugin=request.param) as store:
        with store.books.change() as state:
            state["variations"][TEE][BLUE_L]["stock_quantity"] = 0
        yield store


@pytest.fixture
def world(store: SimulatedStore) -> World:
    return world_of(store)
