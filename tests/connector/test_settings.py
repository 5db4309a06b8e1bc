"""Settings come from the environment and are refused in one line."""

import json
import re
import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from connector.secrets_file import Secrets, UnsafeSecrets, read_or_make
from connector.settings import BadSetting, plain_url, read_settings, variables

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
        ("BACKHAUL_SMTP_URL", "mail.example.com"),
        ("BACKHAUL_MAIL_FROM", "nobody"),
    ],
)
def test_a_bad_value_is_one_line_that_names_the_variable(tmp_path: Path, variable: str, value: str):
    with pytest.raises(BadSetting) as refused:
        read_settings({"BACKHAUL_FOLDER": str(tmp_path), variable: value})
    assert variable in str(refused.value)
    assert value in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_refusal_keeps_the_password_to_itself(tmp_path: Path):
    with pytest.raises(BadSetting) as refused:
        read_settings({"BACKHAUL_FOLDER": str(tmp_path), "DATABASE_URL": "mysql://ann:hidden@db/backhaul"})
    assert "hidden" not in str(refused.value)
    assert "mysql://ann:***@db/backhaul" in str(refused.value)


def test_settings_can_be_printed_without_telling_a_secret(tmp_path: Path):
    url = "postgresql://ann:hidden@db/backhaul"
    settings = read_settings({"BACKHAUL_FOLDER": str(tmp_path), "DATABASE_URL": url})
    assert "hidden" not in repr(settings)
    assert settings.secrets.signing_key.hex() not in repr(settings)
    assert repr(settings.secrets.signing_key) not in repr(settings)


@pytest.mark.parametrize("url", ["https://returns.example.com/", "https://Returns.Example.com"])
def test_the_public_address_is_kept_as_browsers_say_it(tmp_path: Path, url: str):
    settings = read_settings({"BACKHAUL_FOLDER": str(tmp_path), "BACKHAUL_PUBLIC_URL": url})
    assert (settings.public_url, settings.is_https) == ("https://returns.example.com", True)


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", "http://127.0.0.1:80"),
        ("0.0.0.0", "http://127.0.0.1:80"),
        ("::", "http://[::1]:80"),
        ("shop.example", "http://shop.example:80"),
    ],
)
def test_links_lead_somewhere_wherever_the_install_listens(host: str, expected: str):
    assert plain_url(host, 80) == expected


@pytest.mark.parametrize("prefix", ["postgres://", "postgresql://"])
def test_a_postgresql_url_gets_our_driver(tmp_path: Path, prefix: str):
    settings = read_settings({"BACKHAUL_FOLDER": str(tmp_path), "DATABASE_URL": f"{prefix}db/backhaul"})
    assert settings.database_url == "postgresql+psycopg://db/backhaul"


def test_exactly_the_variables_that_are_read_are_documented():
    documented = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `(\w+)` \|", documented, re.MULTILINE) == list(variables())


def test_secrets_are_made_once_and_are_private(tmp_path: Path):
    path = tmp_path / "new" / "secrets.json"
    first = read_or_make(path)
    assert read_or_make(path) == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in path.parent.iterdir()] == ["secrets.json"]


def test_processes_that_start_at_once_agree_on_the_secrets(tmp_path: Path):
    ready = threading.Barrier(8)

    def start(_: int) -> Secrets:
        ready.wait()
        return read_or_make(tmp_path / "secrets.json")

    with ThreadPoolExecutor(8) as starts:
        assert len(set(starts.map(start, range(8)))) == 1


def test_what_is_kept_lies_in_a_folder_of_its_owner(tmp_path: Path):
    read_or_make(tmp_path / "var" / "secrets.json")
    assert stat.S_IMODE((tmp_path / "var").stat().st_mode) == 0o700


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
