"""`backhaul doctor`: what does not agree is said with what to do, and the exit code says whether anything does not."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from connector.cli.root import root
from tests.connector.services.test_doctor import settled, torn
from tests.shops import TestShop, a_shop

Run = Callable[..., Result]


def run(folder: Path, monkeypatch: pytest.MonkeyPatch, *words: str, before: Callable[[TestShop], object]) -> Result:
    with a_shop(folder) as demo:
        before(demo)
    monkeypatch.setenv("BACKHAUL_FOLDER", str(folder))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return CliRunner().invoke(root, ("doctor", *words))


def test_a_shop_that_is_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    said = run(tmp_path, monkeypatch, "--shop", "demo", "--days", "3650", before=settled)
    assert (said.exit_code, said.stdout) == (0, "1 order looked at. Everything agrees.\n")


def test_what_does_not_agree_is_told_with_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    said = run(tmp_path, monkeypatch, "--shop", "demo", "--days", "3650", before=torn)
    what, to_do, looked = said.stdout.splitlines()
    assert said.exit_code == 1
    assert "the ledger does not say so" in what
    assert to_do.startswith("    ")
    assert looked == "1 order looked at. 1 found."


def test_programs_read_it_as_json(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    found = json.loads(run(tmp_path, monkeypatch, "--shop", "demo", "--days", "3650", "--json", before=torn).stdout)
    assert found["orders"] == 1
    assert set(found["drifts"][0]) == {"code", "about", "said", "do", "order_id"}


@pytest.mark.parametrize("words", [("--shop", "nowhere"), ("--shop", "demo", "--days", "0"), ()])
def test_what_cannot_be_looked_at_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]):
    assert run(tmp_path, monkeypatch, *words, before=lambda _: None).exit_code == 2
