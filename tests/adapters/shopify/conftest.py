"""A simulated shop for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.adapters.shopify.shops import close_all
from tests.simulators.shopify import SimulatedShop, simulated_shop


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[SimulatedShop]:
    with simulated_shop(tmp_path) as shop:
        yield shop
    close_all()
