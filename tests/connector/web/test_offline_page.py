"""The counter as an app that is installed, and its page for the time without a network."""

import json
import re
from pathlib import Path

import httpx
import pytest

import connector.web
from connector.web.offline_page import SHELL
from tests.connector.web.pages import visit

pytestmark = pytest.mark.anyio

HOME = "/shops/demo/counter"
STATIC = Path(connector.web.__file__).parent / "static"


async def test_the_page_without_a_network_names_nobody(staff: httpx.AsyncClient, browser: httpx.AsyncClient):
    page = await visit(browser, f"{HOME}/alone")
    assert page.barriers() == []
    assert "Owner" not in page.html
    assert "needs JavaScript" in page.text


async def test_the_manifest_says_what_can_be_installed(browser: httpx.AsyncClient):
    answer = await browser.get(f"{HOME}/manifest.json")
    assert answer.headers["content-type"] == "application/manifest+json"
    said = answer.json()
    assert (said["start_url"], said["scope"], said["display"]) == (HOME, HOME, "standalone")
    for icon in said["icons"]:
        assert (await browser.get(icon["src"])).status_code == 200


async def test_the_worker_may_keep_the_counter_and_nothing_else(browser: httpx.AsyncClient):
    answer = await browser.get(f"{HOME}/worker.js")
    assert answer.headers["service-worker-allowed"] == HOME
    assert answer.headers["content-type"].startswith("text/javascript")
    shell = json.loads(re.match(r"const SHELL = (.*);", answer.text)[1])  # type: ignore[index]
    assert shell["home"] == HOME
    for path in (shell["alone"], *shell["files"]):
        assert (await browser.get(path)).status_code == 200


def test_all_that_the_page_without_a_network_is_made_of_is_kept():
    wanted = {"counter/offline_page.js"}
    while found := {name for one in wanted for name in imported(one)} - wanted:
        wanted |= found
    assert wanted <= set(SHELL)


def imported(name: str) -> set[str]:
    words = (STATIC / name).read_text(encoding="utf-8")
    folder = STATIC / name
    paths = re.findall(r'from "(\.[^"]+)"', words)
    return {str((folder.parent / path).resolve().relative_to(STATIC.resolve())) for path in paths}
