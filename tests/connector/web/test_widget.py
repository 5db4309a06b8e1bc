"""The widget as it is served to pages of other sites, and what it is told of the shop."""

import gzip
import re

import httpx
import pytest

from bot.signs import SIGNS
from bot.voice import SPOKEN, voice
from connector.services.shop_settings import allow_origin
from connector.web.widget import MODULES, SOURCES, joined, script
from domain.events import Actor
from tests.connector.web.pages import post, visit
from tests.shops import TestShop

pytestmark = pytest.mark.anyio

MOST_BYTES = 15 * 1024
SETTINGS, LOOK, ELSEWHERE = "/shops/demo/dashboard/settings", "/shops/demo/chat", "https://shop.example"


async def test_the_widget_is_served_pressed_to_any_site(browser: httpx.AsyncClient):
    answer = await browser.get("/widget.js", headers={"Origin": ELSEWHERE})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert answer.headers["vary"] == "Accept-Encoding"
    assert "max-age=3600" in answer.headers["cache-control"]
    assert answer.text == joined()


async def test_who_takes_nothing_pressed_gets_it_plain(browser: httpx.AsyncClient):
    answer = await browser.get("/widget.js", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in answer.headers
    assert answer.text == joined()


async def test_who_has_it_already_is_told_so(browser: httpx.AsyncClient):
    first = await browser.get("/widget.js")
    again = await browser.get("/widget.js", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_no_more_than_fifteen_kilobytes_travel():
    assert len(script().pressed) <= MOST_BYTES
    assert gzip.decompress(script().pressed) == script().plain


def test_every_module_is_in_it_once_and_nothing_is_imported():
    assert {path.stem for path in SOURCES.glob("*.js")} == set(MODULES)
    assert re.findall(r"^(?:import|export)\b", joined(), re.MULTILINE) == []
    assert sorted(name for name in top_level() if top_level().count(name) > 1) == []


def top_level() -> list[str]:
    """The names at the top of all modules, which share one scope when they are joined."""
    texts = ((SOURCES / f"{name}.js").read_text(encoding="utf-8") for name in MODULES)
    named = re.compile(r"^(?:export )?(?:async )?(?:const|let|function|class) (\w+)", re.MULTILINE)
    return [name for text in texts for name in named.findall(text)]


@pytest.mark.parametrize(
    "pattern", [r"innerHTML", r"\beval\(", r"\.style\.cssText", r"document\.write", r"new Function"]
)
def test_nothing_is_made_that_a_strict_policy_forbids(pattern: str):
    assert re.search(pattern, joined()) is None


@pytest.mark.parametrize("language", SPOKEN)
async def test_the_widget_is_told_its_words_in_every_language(browser: httpx.AsyncClient, language: str):
    found = (await browser.get(LOOK, params={"language": f"{language}-XX"})).json()
    assert (found["shop"], found["language"], found["colours"], found["side"]) == ("Demo", language, None, "end")
    assert found["words"] == {key: voice(language)(sign) for key, sign in SIGNS.items()}


def test_every_word_that_the_modules_name_is_a_sign():
    named = set(re.findall(r"\bwords(?:\(\))?\.(\w+)", joined()))
    assert named - {"language"} - set(SIGNS) == set()


async def test_looking_begins_nothing_and_is_kept_for_a_moment(demo: TestShop, browser: httpx.AsyncClient):
    allow_origin(demo.app, demo.shop, origin=ELSEWHERE, actor=Actor(kind="staff", name="Owner"))
    answer = await browser.get(LOOK, headers={"Origin": ELSEWHERE})
    assert answer.headers["access-control-allow-origin"] == ELSEWHERE
    assert "max-age=300" in answer.headers["cache-control"]
    assert (await browser.get("/shops/nobody/chat")).status_code == 404


async def test_an_owner_gives_it_the_colour_of_the_brand(staff: httpx.AsyncClient):
    page = await visit(staff, SETTINGS)
    assert page.barriers() == []
    await post(staff, SETTINGS, page.form_with("colour"), own="1", colour="#FFCC00", side="start")
    found = (await staff.get(LOOK)).json()
    assert (found["side"], set(found["colours"])) == ("start", {"light", "dark"})
    assert 'value="#ffcc00"' in (await visit(staff, SETTINGS)).html
    page = await visit(staff, SETTINGS)
    await post(staff, SETTINGS, page.form_with("colour"), own="", colour="#ffcc00", side="end")
    assert (await staff.get(LOOK)).json()["colours"] is None


@pytest.mark.parametrize("wrong", [{"colour": "red"}, {"colour": "#12345"}, {"side": "middle"}])
async def test_what_is_no_colour_and_no_side_is_refused(staff: httpx.AsyncClient, wrong: dict[str, str]):
    page = await visit(staff, SETTINGS)
    fields = {"own": "1", "colour": "#112233", "side": "end", **wrong}
    answer = await post(staff, SETTINGS, page.form_with("colour"), **fields)
    assert answer.answer.status_code == 422
    assert (await staff.get(LOOK)).json()["colours"] is None
