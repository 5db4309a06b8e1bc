"""Waiting until something is so, and no longer."""

import time
from collections.abc import Callable

PATIENCE_SECONDS = 120.0


def wait_until(is_so: Callable[[], object]) -> None:
    """Look again and again; fails after two minutes."""
    ends = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < ends, "it did not come to that"
        time.sleep(0.02)
