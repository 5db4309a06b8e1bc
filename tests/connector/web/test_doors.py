"""Who asks, and what they may send."""

from pathlib import Path

import pytest
from starlette.requests import Request

from connector.settings import read_settings
from connector.web.doors import client_address


@pytest.mark.parametrize(
    ("proxies", "nearest", "claimed", "expected"),
    [
        ("", "9.9.9.9", "1.1.1.1", "9.9.9.9"),
        ("10.0.0.0/8", "10.0.0.1", "1.1.1.1", "1.1.1.1"),
        ("10.0.0.0/8", "10.0.0.1", "6.6.6.6, 1.1.1.1", "1.1.1.1"),
        ("10.0.0.0/8", "10.0.0.1", "6.6.6.6, 1.1.1.1, 10.0.0.2", "1.1.1.1"),
        ("10.0.0.0/8", "9.9.9.9", "1.1.1.1", "9.9.9.9"),
        ("10.0.0.0/8", "10.0.0.1", "", "10.0.0.1"),
    ],
)
def test_only_our_own_proxies_are_believed(tmp_path: Path, proxies: str, nearest: str, claimed: str, expected: str):
    settings = read_settings({"BACKHAUL_FOLDER": str(tmp_path), "BACKHAUL_TRUSTED_PROXIES": proxies})
    headers = [(b"x-forwarded-for", claimed.encode())] if claimed else []
    request = Request({"type": "http", "headers": headers, "client": (nearest, 1)})
    assert client_address(request, settings) == expected
