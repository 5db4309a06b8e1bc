"""What is deployed to Shopify agrees with what answers here: scopes, topics, addresses, sources that can be read."""

import json
import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.routing import Match, Route

from adapters.shopify.auth import SCOPES
from adapters.shopify.client import PATH as GRAPHQL
from connector.services.first_steps import BLOCK
from connector.web.app import ROUTES
from connector.web.letterbox import Letterbox
from webhooks.shopify import READERS

HOME = Path(__file__).parents[3] / "adapters" / "shopify"
EXTENSION = HOME / "extension"
INSTALL = "https://returns.example.com"
COMPLIANCE = {"customers/data_request", "customers/redact", "shop/redact"}
SCHEMA = re.compile(r"{% schema %}(.*){% endschema %}", re.DOTALL)
ASKED = re.compile(r"ask\(\s*`([^`]*)`")
TARGETS = {
    "theme": set(),
    "account": {"customer-account.order.action.menu-item.render", "customer-account.order.action.render"},
    "till": {"pos.home.tile.render", "pos.home.modal.render"},
}
PARTS = {
    "account": {
        "s-banner", "s-button", "s-checkbox", "s-customer-account-action", "s-heading", "s-link", "s-option",
        "s-select", "s-spinner", "s-stack", "s-text",
    },
    "till": {
        "s-banner", "s-button", "s-choice", "s-choice-list", "s-heading", "s-page", "s-scroll-box", "s-stack", "s-text",
        "s-text-field", "s-tile",
    },
}  # fmt: skip
"""Of the parts that the types of @shopify/ui-extensions 2026.7.1 have for each surface, those that we use [S]."""
DOORS = {"account": "/shopify/customer/orders/", "till": "/shopify/till/"}


def app_toml() -> Any:
    return tomllib.loads((HOME / "shopify.app.toml").read_text(encoding="utf-8"))


def scripts() -> list[Path]:
    return sorted(EXTENSION.glob("*/src/*.js"))


def blocks() -> list[Path]:
    return sorted(EXTENSION.glob("theme/blocks/*.liquid"))


def locales(name: str) -> dict[str, Any]:
    return {
        path.name: json.loads(path.read_text(encoding="utf-8")) for path in (EXTENSION / name / "locales").iterdir()
    }


def keys(document: Any, before: str = "") -> Iterator[str]:
    for name, value in document.items():
        yield from keys(value, f"{before}{name}.") if isinstance(value, dict) else [f"{before}{name}"]


class TestTheApp:
    def test_it_asks_for_the_scopes_of_the_code(self):
        assert app_toml()["access_scopes"]["scopes"].split(",") == list(SCOPES)
        assert app_toml()["access_scopes"]["optional_scopes"] == ["read_all_orders"]

    def test_it_asks_for_every_topic_that_is_read_and_for_no_other(self):
        subscriptions = app_toml()["webhooks"]["subscriptions"]
        topics = [topic for one in subscriptions for topic in one.get("topics", [])]
        compliance = [topic for one in subscriptions for topic in one.get("compliance_topics", [])]
        assert topics == sorted(set(READERS) - COMPLIANCE)
        assert set(compliance) == COMPLIANCE

    def test_it_speaks_the_version_of_the_documents(self):
        assert f"/{app_toml()['webhooks']['api_version']}/" in GRAPHQL

    def test_it_stands_in_the_admin_and_is_opened_at_an_address_that_answers(self):
        said = app_toml()
        assert said["embedded"] is True
        assert reached(said["application_url"], "GET")
        assert [address for address in said["auth"]["redirect_urls"] if not reached(address, "GET")] == []

    def test_the_app_proxy_leads_to_its_door(self):
        proxy = app_toml()["app_proxy"]
        assert (proxy["prefix"], proxy["subpath"]) == ("apps", "backhaul")
        assert reached(f"{proxy['url']}/shops/jeans/chat", "POST")

    def test_deliveries_lead_to_the_letterbox(self):
        uris = {one["uri"] for one in app_toml()["webhooks"]["subscriptions"]}
        assert uris == {f"{INSTALL}/webhooks/shopify"}
        assert Letterbox.__doc__

    def test_every_address_is_of_one_install(self):
        text = (HOME / "shopify.app.toml").read_text(encoding="utf-8")
        assert set(re.findall(r'"(https://[^/"]+)', text)) == {INSTALL}
        assert {path.read_text(encoding="utf-8").rpartition('"')[0].rpartition('"')[2] for path in installs()} == {
            INSTALL
        }


def installs() -> list[Path]:
    return [path for path in scripts() if path.name == "install.js"]


def reached(address: str, method: str) -> bool:
    """Whether a route of ours answers an address."""
    scope = {"type": "http", "method": method, "path": address.removeprefix(INSTALL), "headers": []}
    return any(route.matches(scope)[0] is Match.FULL for route in ROUTES if isinstance(route, Route))


class TestTheExtensions:
    @pytest.mark.parametrize("name", TARGETS)
    def test_each_says_what_it_is_and_where_it_stands(self, name: str):
        said = tomllib.loads((EXTENSION / name / "shopify.extension.toml").read_text(encoding="utf-8"))
        (one,) = said.get("extensions", [said])
        assert one["type"] == ("theme" if name == "theme" else "ui_extension")
        assert {target["target"] for target in one.get("targeting", [])} == TARGETS[name]
        modules = [EXTENSION / name / target["module"] for target in one.get("targeting", [])]
        assert [str(module) for module in modules if not module.is_file()] == []

    @pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
    @pytest.mark.parametrize("path", scripts(), ids=lambda path: str(path.relative_to(EXTENSION)))
    def test_every_script_can_be_read(self, path: Path):
        subprocess.run(["node", "--check", str(path)], check=True, capture_output=True)

    @pytest.mark.parametrize("path", scripts(), ids=lambda path: str(path.relative_to(EXTENSION)))
    def test_every_address_that_a_script_asks_for_answers(self, path: Path):
        name = path.parts[-3]
        for asked in ASKED.findall(path.read_text(encoding="utf-8")):
            place = re.sub(r"\$\{[^}]*\}", "x", asked).partition("?")[0]
            assert any(reached(f"{DOORS[name]}{place}", method) for method in ("GET", "POST")), asked

    @pytest.mark.parametrize("name", PARTS)
    def test_every_part_is_one_of_the_surface(self, name: str):
        texts = [path.read_text(encoding="utf-8") for path in (EXTENSION / name / "src").glob("*.js")]
        assert {part for text in texts for part in re.findall(r'"(s-[a-z-]+)"', text)} == PARTS[name]

    @pytest.mark.parametrize("path", scripts(), ids=lambda path: str(path.relative_to(EXTENSION)))
    def test_no_script_is_given_a_secret_or_a_table_of_prices(self, path: Path):
        assert not re.search(r"shpss_|shpat_|client_secret|\$[0-9]", path.read_text(encoding="utf-8"))

    @pytest.mark.parametrize("name", ["account", "till"])
    def test_every_sentence_is_there_in_every_language(self, name: str):
        said = locales(name)
        wanted = set(keys(said["en.default.json"]))
        assert {file: wanted ^ set(keys(words)) for file, words in said.items() if wanted ^ set(keys(words))} == {}
        asked = {
            key
            for path in (EXTENSION / name / "src").glob("*.js")
            for key in re.findall(r'(?:say|translate)\("(\w+)"', path.read_text(encoding="utf-8"))
        }
        assert asked <= wanted

    def test_customers_are_spoken_to_in_the_languages_of_the_assistant(self):
        from bot.voice import SPOKEN

        assert {name.partition(".")[0].partition("-")[0] for name in locales("account")} == set(SPOKEN)

    @pytest.mark.parametrize("path", blocks(), ids=lambda path: path.name)
    def test_every_block_has_a_schema_that_can_be_read_and_words_for_it(self, path: Path):
        text = path.read_text(encoding="utf-8")
        found = SCHEMA.search(text)
        assert found is not None
        schema = json.loads(found[1])
        assert schema["target"] in ("body", "section")
        for said in locales("theme").values():
            if "names" in said:
                names = [key.removeprefix("t:") for key in re.findall(r'"(t:[a-z_.]+)"', found[1])]
                assert set(names) <= set(keys(said)), path.name
                assert len(said["names"][schema["name"].rpartition(".")[2]]) <= 25

    @pytest.mark.parametrize("path", blocks(), ids=lambda path: path.name)
    def test_every_block_talks_through_the_app_proxy_and_escapes_what_it_says(self, path: Path):
        text, proxy = SCHEMA.sub("", path.read_text(encoding="utf-8")), app_toml()["app_proxy"]
        base = f"/{proxy['prefix']}/{proxy['subpath']}"
        assert f'src="{base}/widget.js"' in text
        assert f'data-base="{base}"' in text
        said = re.findall(r"{{(.*?)}}", text)
        assert [one for one in said if "escape" not in one and one != " block.shopify_attributes "] == []
        assert "customer" not in SCHEMA.sub("", text), "who is signed in Shopify says, not the page"

    def test_the_link_of_the_first_steps_names_the_app_embed(self):
        (embed,) = [path for path in blocks() if '"target": "body"' in path.read_text(encoding="utf-8")]
        assert embed.stem == BLOCK
        assert (EXTENSION / "theme" / "blocks" / f"{BLOCK}-inline.liquid").is_file()
