"""`backhaul plugin woocommerce`."""

import stat
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from connector.cli.root import root
from tests.simulators.woocommerce import SimulatedStore, simulated_store
from tests.simulators.woocommerce.books import KEY, SECRET

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
    return lambda *words, typed="": CliRunner().invoke(root, list(map(str, words)), input=typed)


def known_in(file: Path) -> str:
    with zipfile.ZipFile(file) as archive:
        return archive.read("backhaul-returns/connection.php").decode()


def test_it_is_written_for_the_shop_and_read_by_its_owner_alone(run: Run, store: SimulatedStore, tmp_path: Path):
    run("shop", "connect", "woocommerce", store.address, "--shop", "demo", "--paste-key", typed=f"{KEY}\n{SECRET}\n")
    file = tmp_path / "plugin.zip"
    said = run("plugin", "woocommerce", "--shop", "demo", "-o", file)
    assert said.exit_code == 0, said.output
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "'address' => 'https://returns.example.com'" in known_in(file)
    before = known_in(file)
    run("plugin", "woocommerce", "--shop", "demo", "-o", file)
    assert known_in(file) == before
    run("plugin", "woocommerce", "--shop", "demo", "-o", file, "--new-secret")
    assert known_in(file) != before


def test_a_shop_without_a_store_is_told_to_connect_first(run: Run, tmp_path: Path):
    said = run("plugin", "woocommerce", "--shop", "demo", "-o", tmp_path / "plugin.zip")
    assert (said.exit_code, "Connect it first" in said.output) == (1, True)
    assert not (tmp_path / "plugin.zip").exists()
