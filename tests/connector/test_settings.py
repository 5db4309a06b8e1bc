"""Settings come from the environment and are refused in one line."""

import json
import stat
from pathlib import Path

import pytest

from connector.secrets_file import UnsafeSecrets, read_or_make
from connector.settings import BadSetting, read_settings, variables

ROOT = Path(__file__).parents[2]


def test_the_defaults_suit_one_machine(tmp_path: Path):
    settings = read_settings({"BACKHAUL_FOLDER": str(tmp_path)})
    assert settings.database_url == f"sqlite:///{tmp_path}/backhaul.db"
    assert (settings.public_url, settings.is_https, settings.metrics) == ("http://127.0.0.1:8000", False, False)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("PORT", "eighty"),
        ("PORT", "0"),
        ("DATABASE_URL", "mysql://x"),
        ("BACKHAUL_PUBLIC_URL", "example.com"),
        ("BACKHAUL_PUBLIC_URL", "https://example.com/path"),
        ("BACKHAUL_TRUSTED_PROXIES", "everybody"),
        ("BACKHAUL_METRICS", "perhaps"),
        ("BACKHAUL_LOG_LEVEL", "loud"),
        ("BACKHAUL_BODY_LIMIT", "1"),
    ],
)
def test_a_bad_value_is_one_line_that_names_the_variable(tmp_path: Path, variable: str, value: str):
    with pytest.raises(BadSetting) as refused:
        read_settings({"BACKHAUL_FOLDER": str(tmp_path), variable: value})
    assert variable in str(refused.value)
    assert value in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("prefix", ["postgres://", "postgresql://"])
def test_a_postgresql_url_gets_our_driver(tmp_path: Path, prefix: str):
    settings = read_settings({"BACKHAUL_FOLDER": str(tmp_path), "DATABASE_URL": f"{prefix}db/backhaul"})
    assert settings.database_url == "postgresql+psycopg://db/backhaul"


def test_every_variable_is_documented():
    documented = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    assert [name for name in variables() if f"`{name}`" not in documented] == []


def test_secrets_are_made_once_and_are_private(tmp_path: Path):
    path = tmp_path / "new" / "secrets.json"
    first = read_or_make(path)
    assert read_or_make(path) == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in path.parent.iterdir()] == ["secrets.json"]


def test_secrets_that_others_can_read_are_refused(tmp_path: Path):
    path = tmp_path / "secrets.json"
    read_or_make(path)
    path.chmod(0o644)
    with pytest.raises(UnsafeSecrets, match="chmod 600"):
        read_or_make(path)


@pytest.mark.parametrize("text", ["", "{}", json.dumps({"signing_key": 5, "sealing_keys": []})])
def test_a_file_that_holds_no_secrets_is_refused(tmp_path: Path, text: str):
    path = tmp_path / "secrets.json"
    path.write_text(text)
    path.chmod(0o600)
    with pytest.raises(UnsafeSecrets, match="backup"):
        read_or_make(path)
