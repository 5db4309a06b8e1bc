"""`backhaul import` fills a shop and says what came in, and what was refused and why."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from connector.cli.import_orders import import_orders
from tests.recordings import path_of
from tests.shops import a_shop, order, product

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    with a_shop(tmp_path):
        monkeypatch.setenv("BACKHAUL_FOLDER", str(tmp_path))
        monkeypatch.delenv("DATABASE_URL", raising=False)
        yield lambda *arguments: CliRunner().invoke(import_orders, [str(argument) for argument in arguments])


def written(folder: Path, *records: object) -> Path:
    path = folder / "shop.jsonl"
    path.write_text("\n".join(json.dumps(record) for record in records), encoding="utf-8")
    return path


def test_a_good_file_comes_in(run: Run, tmp_path: Path):
    said = run("--shop", "demo", written(tmp_path, {"kind": "product", **product()}, {"kind": "order", **order()}))
    assert (said.exit_code, said.stdout) == (0, "products: 1; orders: 1; refused: 0\n")


def test_a_bad_line_is_said_with_its_number_and_the_exit_code_is_1(run: Run, tmp_path: Path):
    path = written(tmp_path, {"kind": "order"}, {"kind": "order", **order()})
    said = run("--shop", "demo", path)
    assert (said.exit_code, said.stdout) == (1, f"{path}, line 1: currency is missing\norders: 1; refused: 1\n")


def test_answers_of_woocommerce_come_in(run: Run):
    files = [
        path_of("woocommerce", name) for name in ("orders-list-page1", "orders-get-E-after-refunds", "refunds-list")
    ]
    said = run("--shop", "demo", "--from", "woocommerce", *files)
    assert (said.exit_code, said.stdout) == (0, "orders: 6; lists of refunds: 1; refused: 0\n")


@pytest.mark.parametrize("slug", ["nobody", ""])
def test_a_shop_that_is_not_there_is_a_wrong_use(run: Run, tmp_path: Path, slug: str):
    said = run("--shop", slug, written(tmp_path))
    assert said.exit_code == 2
    assert f"There is no shop '{slug}'" in said.stderr


def test_a_file_that_is_not_there_is_a_wrong_use(run: Run, tmp_path: Path):
    assert run("--shop", "demo", tmp_path / "nothing.jsonl").exit_code == 2
