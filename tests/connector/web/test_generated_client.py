"""A client that openapi-python-client makes of our description opens and settles a return."""

import json
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from connector.services import api_tokens
from connector.services.api_tokens import SCOPES
from connector.services.follow_return import view
from connector.web.app import ROUTES, build
from connector.web.openapi import described
from tests.connector.web import program_of_somebody
from tests.shops import TestShop

GENERATOR = Path(sys.executable).with_name("openapi-python-client")
PATIENCE_SECONDS = 60


def generate(folder: Path) -> None:
    description = folder / "openapi.json"
    description.write_text(json.dumps(described(ROUTES)), encoding="utf-8")
    command = [GENERATOR, "generate", "--path", description, "--meta", "none", "--output-path", "backhaul_client"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=PATIENCE_SECONDS)


@contextmanager
def served(demo: TestShop) -> Iterator[str]:
    """The shop on a port, its jobs carried out as they come."""
    over = threading.Event()

    def work() -> None:
        while not over.wait(0.1):
            demo.work()

    with socket.create_server(("127.0.0.1", 0)) as door:
        server = uvicorn.Server(uvicorn.Config(build(demo.app), log_config=None, access_log=False))
        threads = [threading.Thread(target=server.run, kwargs={"sockets": [door]}), threading.Thread(target=work)]
        for thread in threads:
            thread.start()
        yield f"http://127.0.0.1:{door.getsockname()[1]}"
        over.set()
        server.should_exit = True
        for thread in threads:
            thread.join()


def test_a_generated_client_opens_and_settles_a_return(demo: TestShop, tmp_path: Path):
    generate(tmp_path)
    token = api_tokens.make(demo.app, demo.shop, name="Somebody's", scopes=tuple(SCOPES)).token
    with served(demo) as address:
        command = [sys.executable, str(program_of_somebody.__file__), str(tmp_path), address, token]
        told = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False)
    assert told.returncode == 0, told.stderr
    found = view(demo.app, demo.shop, return_id=told.stdout)
    assert found.found.status == "done"
    assert demo.order()["payments"][0]["refunded"] == "19.80"  # type: ignore[index]
