"""Clients are closed after every test."""

from collections.abc import Iterator

import pytest

from tests.adapters.woocommerce.stores import close_all


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    close_all()
