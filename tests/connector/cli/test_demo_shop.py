"""`backhaul demo` opens a filled shop with one command, and finds it again at the next start."""

import re
import signal
import subprocess
from pathlib import Path

import httpx
import pytest

from tests.connector.cli.processes import Install, an_install, stopped, wait_until_ready


def printed(demo: subprocess.Popen[str]) -> str:
    """What the demo says before it serves."""
    assert demo.stdout is not None
    said = ""
    while "Ctrl-C" not in said:
        line = demo.stdout.readline()
        assert line, f"the demo ended: {said}"
        said += line
    return said


def paths(install: Install, said: str) -> dict[str, str]:
    """The pages that the three links lead to."""
    wait_until_ready(install)
    links = dict(re.findall(r"(Storefront|Counter|Dashboard)\s+(\S+)", said))
    pages = {name: httpx.get(link, follow_redirects=True) for name, link in links.items()}
    assert {page.status_code for page in pages.values()} == {200}
    return {name: page.url.path for name, page in pages.items()}


def test_the_demo_opens_its_three_doors_and_finds_its_shop_again(tmp_path: Path):
    install = an_install(tmp_path / "var")
    doors = {"Storefront": "/shops/demo", "Counter": "/shops/demo/counter", "Dashboard": "/shops/demo/dashboard"}
    with install.running("demo") as first:
        said = printed(first)
        assert "Making the demo shop" in said
        assert "orders: 200; refused: 0" in said
        assert paths(install, said) == doors
        assert stopped(first, signal.SIGINT) == (0, "")
    with install.running("demo") as second:
        again = printed(second)
        assert "Making the demo shop" not in again
        assert "orders: 200" not in again
        assert paths(install, again) == doors
        assert re.findall(r"#\d{4}", again) == re.findall(r"#\d{4}", said)
        assert stopped(second, signal.SIGTERM) == (0, "")


@pytest.mark.parametrize(
    ("channel", "slug", "shown", "count"),
    [("woocommerce", "demo-store", r"^  (\d{4})", 3), ("shopify", "demo-shopify", r"^  (#\d{4})", 4)],
)
def test_the_demo_on_a_simulated_platform_finds_its_orders_again(
    tmp_path: Path, channel: str, slug: str, shown: str, count: int
):
    install = an_install(tmp_path / "var")
    numbers: list[list[str]] = []
    for number in (signal.SIGINT, signal.SIGTERM):
        with install.running("demo", "--channel", channel) as started:
            said = printed(started)
            wait_until_ready(install)
            numbers.append(re.findall(shown, said, re.MULTILINE))
            dashboard = httpx.get(re.findall(r"Dashboard\s+(\S+)", said)[0], follow_redirects=True)
            assert (dashboard.status_code, dashboard.url.path) == (200, f"/shops/{slug}/dashboard")
            assert stopped(started, number) == (0, "")
    assert len(numbers[0]) == count
    assert numbers[0] == numbers[1]
