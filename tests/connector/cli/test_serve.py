"""`backhaul serve` and `worker` as an operator runs them: they start, they answer, they stop cleanly."""

import json
import signal
from pathlib import Path

import httpx
import pytest

from tests.connector.cli.processes import Install, an_install, link_in, stopped, wait_until_ready


@pytest.fixture
def install(tmp_path: Path) -> Install:
    return an_install(tmp_path / "var")


def events(said: str) -> list[str]:
    return [json.loads(line)["event"] for line in said.splitlines()]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_server_on_a_bare_machine_answers_and_stops_cleanly(install: Install, number: signal.Signals):
    with install.running("serve") as server:
        assert wait_until_ready(install) == {"status": "ready", "jobs": "carried out"}
        code, said = stopped(server, number)
    assert code == 0
    assert events(said) == ["listening", "stopped"]
    with install.running("serve", "--web-only"):
        assert wait_until_ready(install) == {"status": "ready", "jobs": "waiting for a worker"}


def test_what_the_commands_made_is_served(install: Install):
    added = install.run("shop", "add", "corner", "--name", "The Corner", "--channel", "store")
    with install.running("serve", "--web-only"):
        wait_until_ready(install)
        with httpx.Client(follow_redirects=True) as browser:
            link = link_in(added.stdout)
            welcome = browser.get(link)
            form = {"link": link.split("link=")[1], "login": "kim", "password": "four quiet red foxes"}
            dashboard = browser.post(str(welcome.url.copy_with(query=None)) + "/password", data=form)
    assert dashboard.status_code == 200
    assert dashboard.url.path == "/shops/corner/dashboard"
    assert "The Corner" in dashboard.text


def test_a_port_that_is_taken_is_one_line(install: Install):
    with install.running("serve", "--web-only"):
        wait_until_ready(install)
        for words in (["serve"], ["demo"]):
            second = install.run(*words)
            assert second.returncode == 1
            assert second.stderr == f"Error: Cannot listen on 127.0.0.1:{install.port}: Address already in use\n"


def test_a_worker_stops_cleanly_and_says_so(install: Install):
    with install.running("serve", "--web-only") as server, install.running("worker") as worker:
        wait_until_ready(install)
        assert worker.stdout is not None
        assert events(worker.stdout.readline()) == ["carrying out jobs"]
        assert wait_until_ready(install)["jobs"] == "carried out"
        assert stopped(worker, signal.SIGTERM)[0] == 0
        assert wait_until_ready(install)["jobs"] == "waiting for a worker"
        assert stopped(server, signal.SIGINT)[0] == 0


def test_a_shared_database_is_migrated_by_one_command_and_never_in_passing(tmp_path: Path, postgresql_server: str):
    install, bare = an_install(tmp_path), postgresql_server.rsplit("/", 1)[0] + "/template1"
    url = bare.replace("postgresql+psycopg://", "postgresql://")
    refused = [install.run(*words, DATABASE_URL=url) for words in (["serve"], ["worker"], ["shop", "list"])]
    assert {(ended.returncode, ended.stderr) for ended in refused} == {
        (1, "Error: The database must be migrated first: backhaul migrate\n")
    }


def test_a_shared_database_that_was_migrated_is_used(tmp_path: Path, postgresql_url: str):
    install = an_install(tmp_path)
    url = postgresql_url.replace("postgresql+psycopg://", "postgresql://")
    assert install.run("migrate", DATABASE_URL=url).stdout == "The database is up to date.\n"
    assert install.run("shop", "list", DATABASE_URL=url).returncode == 0
