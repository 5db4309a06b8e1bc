"""`backhaul shop` makes a shop that its staff can sign in to."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from connector.cli.root import root
from connector.cli.shop import staff_link
from connector.services import sign_in
from connector.services.sign_in import Browser, Credentials
from connector.storage import policy_store
from tests.connector.cli.processes import link_in
from tests.shops import a_shop

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("BACKHAUL_FOLDER", str(tmp_path))
    monkeypatch.setenv("BACKHAUL_PUBLIC_URL", "https://returns.example.com")
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return lambda *words: CliRunner().invoke(root, ["shop", *map(str, words)])


def test_a_shop_is_added_on_a_machine_that_had_nothing(run: Run):
    said = run("add", "corner", "--name", "The Corner", "--channel", "store", "--currency", "EUR")
    assert said.exit_code == 0
    assert link_in(said.stdout).startswith("https://returns.example.com/shops/corner/sign-in?link=")
    assert run("list").stdout == "corner\tThe Corner\tstore\tEUR\n"


def test_a_shop_is_added_with_its_policy(run: Run, tmp_path: Path):
    terms = {"days": 45, "restocking_percent": "10"}
    (tmp_path / "policy.json").write_text(json.dumps(terms), encoding="utf-8")
    added = run("add", "demo", "--name", "Demo", "--channel", "store", "--policy", tmp_path / "policy.json")
    assert added.exit_code == 0
    with a_shop(tmp_path, is_new=False) as shop, shop.app.database.read(shop.shop) as unit:
        assert json.loads(policy_store.current_text(unit)) == terms


def test_the_link_that_is_printed_lets_its_holder_set_a_password(run: Run, tmp_path: Path):
    run("add", "demo", "--name", "Demo", "--channel", "store")
    token = link_in(run("link", "demo").stdout).split("link=")[1].split("&")[0]
    with a_shop(tmp_path, is_new=False) as shop:
        shop.clock.now = datetime.now(UTC)
        credentials = Credentials("kim@example.com", "four quiet red foxes")
        browser = Browser("127.0.0.1")
        session = sign_in.choose_password(shop.app, shop.shop, link=token, credentials=credentials, browser=browser)
        staff = sign_in.who(shop.app, shop.shop, session=session)
    assert staff is not None
    assert staff.role == "owner"


def test_a_storefront_may_be_allowed_to_talk_to_the_assistant(run: Run):
    run("add", "demo", "--name", "Demo", "--channel", "store")
    said = run("allow-origin", "demo", "https://shop.example/")
    assert (said.exit_code, said.stdout) == (0, "Pages of https://shop.example may talk to the assistant of Demo.\n")
    assert run("allow-origin", "demo", "shop.example").exit_code != 0


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["add", "x", "--name", "X"], 2, "Missing option '--channel'"),
        (["add", "x", "--name", "X", "--channel", "ebay"], 2, "'ebay' is not"),
        (["add", "x", "--name", "X", "--channel", "store", "--policy", "none.json"], 2, "No such file"),
        (["link", "nobody"], 2, "There is no shop 'nobody'"),
    ],
)
def test_a_wrong_use_is_said(run: Run, words: list[str], code: int, says: str):
    said = run(*words)
    assert (said.exit_code, says in said.stderr) == (code, True)


@pytest.mark.parametrize(("text", "says"), [("{", "is not JSON"), ("[]", "must be a JSON object")])
def test_a_policy_that_cannot_be_read_adds_nothing(run: Run, tmp_path: Path, text: str, says: str):
    (tmp_path / "policy.json").write_text(text, encoding="utf-8")
    said = run("add", "x", "--name", "X", "--channel", "store", "--policy", tmp_path / "policy.json")
    assert (said.exit_code, says in said.stderr) == (2, True)
    assert run("list").stdout == ""


def test_a_link_leads_to_the_page_that_was_asked_for(tmp_path: Path):
    with a_shop(tmp_path) as shop:
        assert staff_link(shop.app, shop.shop, page="counter").endswith("&next=/shops/demo/counter")
