"""A shop for every test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.shops import TestShop, a_shop


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[TestShop]:
    with a_shop(tmp_path) as shop:
        yield shop
