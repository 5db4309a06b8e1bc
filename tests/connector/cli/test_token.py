"""`backhaul token` makes what programs come in with."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from connector.cli.root import root
from connector.services import api_tokens
from tests.shops import a_shop

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    with a_shop(tmp_path):
        pass
    monkeypatch.setenv("BACKHAUL_FOLDER", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return lambda *words: CliRunner().invoke(root, ["token", *words])


def test_a_token_is_made_listed_and_revoked(run: Run, tmp_path: Path):
    made = run("make", "demo", "--name", "The ERP", "--scope", "orders:read", "--scope", "returns:read")
    assert made.exit_code == 0
    with a_shop(tmp_path, is_new=False) as demo:
        assert api_tokens.admitted(demo.app, "demo", token=made.stdout.strip()).token is not None
    assert run("list", "demo").stdout == "1\tThe ERP\tvalid\torders:read returns:read\n"
    assert run("revoke", "demo", "1").stdout == "Revoked.\n"
    assert "revoked" in run("list", "demo").stdout
    assert run("revoke", "demo", "1").exit_code == 1


def test_a_scope_that_there_is_not_and_a_name_too_long_are_refused(run: Run):
    assert run("make", "demo", "--name", "x", "--scope", "everything").exit_code == 2
    assert run("make", "demo", "--name", "x" * 81, "--scope", "orders:read").exit_code == 1
    assert run("make", "nobody", "--name", "x", "--scope", "orders:read").exit_code == 2
