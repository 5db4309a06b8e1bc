"""A WordPress for the tests of a module, or a skip that says why there is none."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.wordpress.site import Site, absent, built_site, serving


@pytest.fixture(scope="session")
def wordpress(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One site for the whole run; every test makes its own orders there."""
    why = absent()
    if why:
        pytest.skip(f"no real WordPress: {why}")
    folder: Path = tmp_path_factory.mktemp("wordpress") / "site"
    with serving(built_site(folder)) as site:
        yield site
