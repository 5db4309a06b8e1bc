"""The API is as it describes itself, whatever is sent: schemathesis makes the requests out of the description."""

import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import schemathesis
import uvicorn
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from starlette.routing import Route

from connector.services.api_tokens import SCOPES, make
from connector.web.app import ROUTES, build
from connector.web.errors import SPOKEN_TO_BY_PROGRAMS
from connector.web.meter import Meter
from connector.web.openapi import OPERATIONS, described, description
from tests.connector.services.test_story import opened
from tests.shops import a_shop

pytestmark = pytest.mark.anyio

EXAMPLES = 30
PROGRAMS = "/api/v1/shops/"
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
OF_A_BODY = [*CHECKS, negative_data_rejection]
"""What an address has besides, is not looked at."""


@dataclass(frozen=True, slots=True)
class Served:
    """A shop on a port, and a conversation that was begun there."""

    address: str
    conversation: str
    token: str
    program: str
    there: dict[str, str]

    def bearer(self, path: str) -> dict[str, str]:
        """The token of a program for its own doors, of the conversation elsewhere."""
        token = self.program if path.startswith(PROGRAMS) else self.token
        return {"Authorization": f"Bearer {token}"}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with a_shop(tmp_path_factory.mktemp("api")) as demo, socket.create_server(("127.0.0.1", 0)) as door:
        app = build(demo.app)
        app.state.meter = Meter(most=10**6)
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [door]})
        thread.start()
        address = f"http://127.0.0.1:{door.getsockname()[1]}"
        begun = httpx.post(f"{address}/shops/demo/chat").json()
        made = make(demo.app, demo.shop, name="The ERP", scopes=list(SCOPES))
        there = {"shop": "demo", "conversation": begun["conversation"], "order": "o1", "rma": opened(demo).id}
        yield Served(address, begun["conversation"], begun["token"], made.token, there)
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def api(served: Served) -> BaseSchema:
    """The API's description of itself, with the shop and the conversation that are there as examples of names."""
    document = httpx.get(f"{served.address}/api/openapi.json").json()
    there = served.there
    for path in document["paths"].values():
        for operation in path.values():
            for parameter in operation.get("parameters", ()):
                known = {"enum": [there[parameter["name"]]]} if parameter["name"] in there else {}
                parameter["schema"] |= known
    return schemathesis.openapi.from_dict(document)


CASES = sorted((Path(__file__).parents[2] / "cases").glob("*.json"))
NAMED = [(path, method) for path, found in described(ROUTES)["paths"].items() for method in found]
MODES = [pytest.param(mode, id=mode.value) for mode in GenerationMode]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("path", "method"), NAMED)
def test_the_api_is_as_it_describes_itself(
    api: BaseSchema, served: Served, path: str, method: str, mode: GenerationMode
):
    operation = api[path][method]
    bearer = served.bearer(path)

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    def answers_as_described(case: Case) -> None:
        case.call_and_validate(base_url=served.address, checks=OF_A_BODY if operation.body else CHECKS, headers=bearer)

    try:
        answers_as_described()
    except Unsatisfiable:
        assert mode is GenerationMode.NEGATIVE, "there is nothing right to send"


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_every_worked_case_is_asked_and_answered_as_described(api: BaseSchema, served: Served, path: Path):
    operation = api["/api/v1/quote"]["post"]
    asked = json.loads(path.read_text(encoding="utf-8"))["case"]
    operation.Case(body=asked, media_type="application/json").call_and_validate(base_url=served.address, checks=CHECKS)


def test_every_route_for_programs_is_described():
    ours = [route for route in ROUTES if isinstance(route, Route) and SPOKEN_TO_BY_PROGRAMS.fullmatch(route.path)]
    assert [route.path for route in ours if route.endpoint not in {*OPERATIONS, description}] == [], (
        "add what these routes take and give to OPERATIONS in connector/web/openapi.py"
    )


async def test_the_description_names_what_is_there(browser: httpx.AsyncClient):
    document = (await browser.get("/api/openapi.json")).json()
    assert document["openapi"] == "3.1.0"
    assert set(document["paths"]["/shops/{shop}/chat/{conversation}"]) == {"get", "post"}
    quote = document["paths"]["/api/v1/quote"]["post"]
    assert quote["responses"]["422"]["content"] == {
        "application/problem+json": {"schema": {"$ref": "#/components/schemas/MalformedCase"}}
    }
    assert [path for path in document["paths"] if path.startswith("/shops/{shop}/dashboard")] == []
