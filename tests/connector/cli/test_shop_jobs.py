"""`backhaul jobs` and `backhaul webhook`: what needs a person is listed and mended from the command line."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from msgspec.structs import replace

from connector.cli.root import root
from connector.services import take_deliveries
from connector.services.take_deliveries import Arrival
from tests.parcel_platform import platform
from tests.shops import a_shop
from webhooks.delivery import Delivery

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    with a_shop(tmp_path) as demo:
        app = replace(demo.app, platforms=platform)
        take_deliveries.keep(app, [Arrival(demo.shop, "parcel", Delivery("d1", topic="order", body=b"{}"))]).result()
        take_deliveries.drain(app)
    monkeypatch.setenv("BACKHAUL_FOLDER", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return lambda *words: CliRunner().invoke(root, words)


def test_a_delivery_that_needs_a_person_is_listed_and_read_anew(run: Run):
    kind, delivery_id, error = run("jobs", "list", "demo").stdout.rstrip("\n").split("\t")
    assert (kind, error) == ("delivery", "It names no orders.")
    assert run("jobs", "replay", "demo", delivery_id).stdout == "Done.\n"
    assert run("jobs", "list", "demo").stdout == ""


@pytest.mark.parametrize(
    "words", [("retry", "1:settle:x"), ("cancel", "1:settle:x"), ("replay", "x"), ("replay", "1/x")]
)
def test_what_is_not_there_is_refused_in_a_line(run: Run, words: tuple[str, str]):
    act, what = words
    said = run("jobs", act, "demo", what)
    assert said.exit_code == 1
    assert said.output.startswith("Error: ")


def test_an_address_is_told_gets_a_new_secret_and_is_removed(run: Run):
    number, secret = run("webhook", "add", "demo", "https://erp.example.com/").stdout.split()
    assert (number, secret[:6]) == ("1", "whsec_")
    assert run("webhook", "list", "demo").stdout == "1\thttps://erp.example.com/\n"
    assert run("webhook", "rotate", "demo", "1").stdout.strip() != secret
    assert run("webhook", "remove", "demo", "1").stdout == "Removed.\n"
    assert run("webhook", "remove", "demo", "1").exit_code == 1
    assert run("webhook", "add", "demo", "http://10.0.0.1/").exit_code == 1
