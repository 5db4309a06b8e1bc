"""`backhaul shop connect` and `disconnect`."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from connector.cli.root import root
from tests.simulators.woocommerce import SimulatedStore, simulated_store
from tests.simulators.woocommerce.books import KEY, READ_KEY, SECRET

Run = Callable[..., Result]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SimulatedStore]:
    with simulated_store(tmp_path) as store:
        yield store


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("BACKHAUL_FOLDER", str(tmp_path))
    monkeypatch.setenv("BACKHAUL_PUBLIC_URL", "https://returns.example.com")
    monkeypatch.setenv("BACKHAUL_PRIVATE_STORES", "true")
    monkeypatch.delenv("DATABASE_URL", raising=False)
    CliRunner().invoke(root, ["shop", "add", "demo", "--name", "Demo", "--channel", "store"])
    return lambda *words, typed="": CliRunner().invoke(root, ["shop", *map(str, words)], input=typed)


def test_the_owner_is_given_the_page_on_which_to_approve(run: Run, store: SimulatedStore):
    said = run("connect", "woocommerce", store.address, "--shop", "demo")
    assert said.exit_code == 0
    assert f"{store.address}/wc-auth/v1/authorize?app_name=Backhaul" in said.stdout
    assert "callback_url=https%3A%2F%2Freturns.example.com%2Fshops%2Fdemo%2Fconnect%2Fwoocommerce%2F" in said.stdout


def test_a_key_is_asked_for_and_its_secret_is_not_shown(run: Run, store: SimulatedStore):
    said = run("connect", "woocommerce", store.address, "--shop", "demo", "--paste-key", typed=f"{KEY}\n{SECRET}\n")
    assert said.exit_code == 0
    assert f"Connected to {store.address} (USD); the store tells us what changes." in said.stdout
    assert SECRET not in said.stdout
    assert run("list").stdout == "demo\tDemo\twoocommerce\tUSD\n"


@pytest.mark.parametrize(
    ("address", "key", "why"),
    [("{store}", READ_KEY, "may read only"), ("ftp://x", KEY, "not the address of a store")],
)
def test_what_fails_is_said_in_a_line(run: Run, store: SimulatedStore, address: str, key: str, why: str):
    words = ("connect", "woocommerce", address.format(store=store.address), "--shop", "demo", "--paste-key")
    said = run(*words, typed=f"{key}\n{SECRET}\n")
    assert said.exit_code == 1
    assert why in said.stderr
    assert "Traceback" not in said.output


def test_what_was_connected_can_be_disconnected(run: Run, store: SimulatedStore):
    run("connect", "woocommerce", store.address, "--shop", "demo", "--paste-key", typed=f"{KEY}\n{SECRET}\n")
    assert "the key is gone from here" in run("disconnect", "woocommerce", "--shop", "demo").stdout
    assert store.books.read()["webhooks"] == {}
    assert run("disconnect", "woocommerce", "--shop", "demo").exit_code == 1
