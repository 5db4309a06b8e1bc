"""Every route, asked by every method with anything, signed in or not, on either database: no fault of ours."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connector.web.app import ROUTES, build
from connector.web.rendering import TEMPLATES
from tests.isolation.route_calls import routes_of
from tests.isolation.two_shops import TwoShops, two_shops

pytestmark = pytest.mark.anyio

EXAMPLES = 300
NAMED = re.compile(r'name="([a-z_-]+)"')
FIELDS = sorted(
    {"once", "grade-1-1", "outcome-1-1", "note-1-1", "find", "before", "status", "key", "link", "next", "after"}
    | {name for path in TEMPLATES.rglob("*.html") for name in NAMED.findall(path.read_text(encoding="utf-8"))}
)
REAL = [tuple(name.split(" ")) for name in routes_of(ROUTES)]
PATHS = sorted({path for _, path in REAL})
METHODS = ["GET", "POST", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"]
ODD = ["", "\0", "\r\n", "../..", "'", '"><i>', "١٢", "😀", "1e999", "-1", "2026-11-20T12:00:00+00:00", "x" * 5000]
WORDS = ["check", "confirm", "change", "received", "rejected", "missing", "A", "D", "confirm:yes", "item:l1", "human"]


def seldom(one: st.SearchStrategy[Any], other: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Every fifth time the one, else the other."""
    return st.integers(0, 4).flatmap(lambda n: one if n == 4 else other)


anything = st.one_of(
    st.sampled_from([*ODD, *WORDS]), st.text(max_size=20), st.binary(max_size=8).map(lambda raw: raw.decode("latin-1"))
)
fields = st.dictionaries(st.sampled_from(FIELDS) | st.text(max_size=5), anything, max_size=8)
headers = st.dictionaries(
    st.sampled_from(
        ["Accept", "Accept-Language", "Content-Type", "Origin", "Sec-Fetch-Site", "X-Forwarded-For", "Host"]
    ),
    st.binary(max_size=12).map(lambda raw: raw.replace(b"\r", b"").replace(b"\n", b"")),
    max_size=2,
)


@dataclass(frozen=True, slots=True)
class Sent:
    """A request as it was drawn; `parts` fill the address, where None stands for the name of what is there."""

    route: tuple[str, str]
    parts: tuple[str | None, ...]
    query: dict[str, str]
    form: dict[str, str] | bytes
    headers: dict[str, bytes]
    is_staff: bool

    def address(self, names: dict[str, str]) -> str:
        """The address with its parts filled in."""
        drawn = iter(self.parts)

        def filled(found: re.Match[str]) -> str:
            part = next(drawn)
            return names.get(found[1], "tee") if part is None else quote(part.encode("utf-8", "replace"), safe="")

        return re.sub(r"\{(\w+)(?::\w+)?\}", filled, self.route[1])


sent = st.builds(
    Sent,
    route=seldom(st.tuples(st.sampled_from(METHODS), st.sampled_from(PATHS)), st.sampled_from(REAL)),
    parts=st.tuples(*[seldom(anything, st.none())] * 4),
    query=fields,
    form=seldom(st.binary(max_size=40), fields),
    headers=seldom(headers, st.just({})),
    is_staff=st.booleans(),
)


@pytest.fixture
def both(tmp_path: Path, each_url: str) -> Iterator[TwoShops]:
    with two_shops(tmp_path, each_url) as shops:
        yield shops


def faults(answer: httpx.Response) -> list[tuple[str, str, int]]:
    return [(answer.request.method, str(answer.url)[:200], answer.status_code)] if answer.status_code >= 500 else []


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(one=sent)
async def test_whatever_is_asked_is_answered(both: TwoShops, one: Sent):
    transport = httpx.ASGITransport(app=build(both.app), raise_app_exceptions=False)
    names = both.theirs.names | {"shop": both.theirs.shop.slug}
    body = one.form if isinstance(one.form, bytes) else urlencode(one.form, errors="replace").encode()
    told: dict[str, Any] = {"Content-Type": "application/x-www-form-urlencoded", **one.headers}
    if one.is_staff:
        session = names["session_to_end" if one.route[1].endswith("/sign-out") else "session"]
        told["Cookie"] = f"backhaul_session={session}; backhaul_talk={names['conversation']}.{names['token']}"
    else:
        token = names["program" if one.route[1].startswith("/api/") else "token"]
        told["Authorization"] = f"Bearer {token}"
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
        address = f"{one.address(names)}?{urlencode(one.query, errors='replace')}"
        answer = await client.request(one.route[0], address, content=body, headers=told)
    assert faults(answer) == []
