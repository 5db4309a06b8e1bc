"""The command line: every command explains itself, and none loads more than it needs."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from connector.cli.root import COMMANDS, root

ROOT = Path(__file__).parents[3]
WORDS = [*([name] for name in COMMANDS), *(["shop", name] for name in ("add", "list", "link"))]


@pytest.mark.parametrize("words", WORDS, ids=" ".join)
def test_every_command_explains_itself(words: list[str]):
    said = CliRunner().invoke(root, [*words, "--help"])
    assert said.exit_code == 0
    assert said.stdout.startswith(f"Usage: backhaul {' '.join(words)} ")


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_of_commands_says_what_each_says_of_itself(name: str):
    found = root.get_command(root.make_context("backhaul", ["--help"], resilient_parsing=True), name)  # type: ignore[attr-defined]
    assert found.get_short_help_str(limit=100) == COMMANDS[name][1]


def test_help_lists_every_command():
    said = CliRunner().invoke(root, ["--help"]).stdout
    assert [line.split()[0] for line in said.split("Commands:\n")[1].splitlines()] == list(COMMANDS)


def test_an_unknown_command_is_a_wrong_use():
    said = CliRunner().invoke(root, ["retrun"])
    assert (said.exit_code, "No such command 'retrun'" in said.stderr) == (2, True)


def test_the_version_is_that_of_the_project():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert CliRunner().invoke(root, ["--version"]).stdout == f"backhaul, version {project['version']}\n"


@pytest.mark.parametrize(
    ("words", "needless"),
    [
        (
            ["--help"],
            "{'connector.web', 'connector.services', 'connector.storage', 'domain', 'sqlalchemy', 'pydantic'}",
        ),
        (["quote"], "{'connector.web', 'connector.storage', 'starlette', 'sqlalchemy', 'dbos', 'pydantic', 'uvicorn'}"),
        (
            ["serve", "--help"],
            "{'alembic', 'babel.messages', 'cryptography', 'holidays', 'PIL', 'rapidfuzz', 're2', 'segno', 'zxingcpp'}",
        ),
        (["understand"], "{'connector.web', 'connector.storage', 'starlette', 'sqlalchemy', 'dbos', 'uvicorn'}"),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_a_command_loads_only_what_it_needs(words: list[str], needless: str):
    code = (
        "import sys; from connector.cli.root import root; root.main(sys.argv[1:], standalone_mode=False); "
        f"sys.stderr.write(str({needless} & set(sys.modules)))"
    )
    command = [sys.executable, "-c", code, *words]
    ended = subprocess.run(command, input=b"", capture_output=True, check=True)
    assert ended.stderr == b"set()"
