"""What docs/channels/shopify.md says of the App Store's requirements is true: tests are there, rules are kept."""

import ast
import re
from pathlib import Path

import pytest

from adapters.shopify.auth import SCOPES

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "channels" / "shopify.md").read_text(encoding="utf-8")
TABLE = PAGE.partition("## What the App Store asks")[2].partition("\n## ")[0]
NAMED = sorted(set(re.findall(r"`(tests/[\w/.]+\.py(?:::\w+)*)`", TABLE)))
NUMBERS = (
    "1.1.1", "1.1.2", "1.1.4", "1.1.8", "1.1.15", "1.2", "2.2.3", "2.2.4", "2.3.1", "2.3.2", "2.3.3", "2.3.4", "3.1.1",
    "3.2.1", "3.2.5", "5.1.1", "5.1.3", "5.1.5",
)  # fmt: skip
SOURCES = [
    path
    for folder in ("adapters", "connector", "webhooks")
    for path in (ROOT / folder).rglob("*")
    if path.suffix in (".py", ".js", ".graphql", ".toml", ".liquid", ".html")
]


@pytest.mark.parametrize("name", NAMED)
def test_every_test_that_is_named_is_there(name: str):
    path, *inside = name.split("::")
    body = ast.parse((ROOT / path).read_text(encoding="utf-8")).body
    for part in inside:
        found = [one for one in body if getattr(one, "name", "") == part]
        assert found, f"{part} is not in {path}"
        body = getattr(found[0], "body", [])


def test_every_requirement_has_its_line():
    rows = [row for row in TABLE.splitlines() if row.startswith("| ")]
    assert [number for number in NUMBERS if not any(row.startswith(f"| {number} ") for row in rows)] == []
    empty = [row for row in rows if row.count("|") != 4 or not row.rstrip("| ").rpartition("|")[2].strip()]
    assert empty == []


def test_no_address_of_the_rest_api_is_asked():
    rest = re.compile(r"/admin/api/[^/\"'\s]*/(?!graphql\.json)[^\"'\s]*")
    asked = {path.name: rest.findall(path.read_text(encoding="utf-8")) for path in SOURCES}
    assert {name: found for name, found in asked.items() if found} == {}


def test_no_theme_is_written_to():
    assert [scope for scope in SCOPES if "theme" in scope or "script_tag" in scope] == []
    texts = [(path.name, path.read_text(encoding="utf-8")) for path in SOURCES if path.suffix == ".graphql"]
    assert [name for name, text in texts if re.search(r"themeFiles|scriptTag|giftCardCreate|discountCode", text)] == []
