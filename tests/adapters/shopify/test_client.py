"""What the client sends, what it sends again and what never, and who must act on what Shopify says."""

import json
from collections.abc import Iterator

import httpx
import pytest
from pytest_httpx import HTTPXMock

from adapters.errors import ChannelError, ChannelRefused, ChannelSlow, NotConnected, Unreadable
from adapters.shopify import faults
from adapters.shopify.bucket import Cost
from adapters.shopify.client import Reach, ShopClient, TokenClient

SHOP = "https://jeans.myshopify.com"
URL = f"{SHOP}/admin/api/2026-10/graphql.json"
STATUS = {"maximumAvailable": 2000, "currentlyAvailable": 1900, "restoreRate": 100}
CLOSE = {"id": "gid://shopify/Return/1"}


class FixedTokens:
    def __init__(self) -> None:
        self.refused: list[str] = []

    def current(self) -> str:
        return "token-1"

    def renewed(self, refused: str) -> str:
        self.refused.append(refused)
        return "token-2"


class CountedBucket:
    def __init__(self, waits: tuple[float, ...] = ()) -> None:
        self.waits = list(waits)
        self.told: list[tuple[Cost, float]] = []

    def take(self, points: float) -> float:
        return self.waits.pop(0) if self.waits else 0.0

    def tell(self, cost: Cost, *, taken: float) -> None:
        self.told.append((cost, taken))


@pytest.fixture
def tokens() -> FixedTokens:
    return FixedTokens()


@pytest.fixture
def bucket() -> CountedBucket:
    return CountedBucket()


@pytest.fixture
def client(tokens: FixedTokens, bucket: CountedBucket) -> Iterator[ShopClient]:
    with ShopClient(SHOP, tokens, bucket, reach=Reach(sleep=lambda _: None, patience_seconds=1)) as client:
        yield client


def data(**payload: object) -> dict[str, object]:
    cost = {"requestedQueryCost": 20, "actualQueryCost": 12, "throttleStatus": STATUS}
    return {"data": payload, "extensions": {"cost": cost}}


def failing(code: str, message: str = "No.") -> dict[str, object]:
    return {"errors": [{"message": message, "extensions": {"code": code}}], "data": None}


def throttled() -> dict[str, object]:
    cost = {"requestedQueryCost": 20, "actualQueryCost": None, "throttleStatus": {**STATUS, "currentlyAvailable": 3}}
    return {**failing("THROTTLED", "Throttled"), "extensions": {"cost": cost}}


def closed() -> dict[str, object]:
    return data(returnClose={"return": {"id": CLOSE["id"], "status": "CLOSED"}, "userErrors": []})


class TestASending:
    def test_names_version_operation_variables_and_token(self, client: ShopClient, httpx_mock: HTTPXMock):
        httpx_mock.add_response(url=URL, json=closed())
        assert client.change("return_close", CLOSE)["return"] == {"id": CLOSE["id"], "status": "CLOSED"}
        (request,) = httpx_mock.get_requests()
        said = json.loads(request.content)
        assert (said["operationName"], said["variables"]) == ("ReturnClose", CLOSE)
        assert request.headers["X-Shopify-Access-Token"] == "token-1"

    def test_tells_the_bucket_what_it_cost(self, client: ShopClient, bucket: CountedBucket, httpx_mock: HTTPXMock):
        httpx_mock.add_response(json=closed())
        client.change("return_close", CLOSE)
        ((cost, taken),) = bucket.told
        assert (cost.requested, cost.actual, cost.available, taken) == (20, 12, 1900, 100)

    def test_waits_for_points_and_gives_up_when_a_person_would(self, tokens: FixedTokens):
        waited: list[float] = []
        client = ShopClient(SHOP, tokens, CountedBucket((0.2, 60)), reach=Reach(sleep=waited.append))
        with client, pytest.raises(faults.Throttled):
            client.ask("locations")
        assert len(waited) == 1

    def test_a_refused_token_is_renewed_once(self, client: ShopClient, tokens: FixedTokens, httpx_mock: HTTPXMock):
        httpx_mock.add_response(status_code=401, json={"errors": "Invalid API key or access token"})
        httpx_mock.add_response(json=closed(), match_headers={"X-Shopify-Access-Token": "token-2"})
        client.change("return_close", CLOSE)
        assert tokens.refused == ["token-1"]

    def test_a_token_that_stays_refused_is_for_the_merchant(self, client: ShopClient, httpx_mock: HTTPXMock):
        httpx_mock.add_response(status_code=401, is_reusable=True)
        with pytest.raises(faults.TokenRefused, match="Open Backhaul once"):
            client.ask("locations")


class TestRepeating:
    def test_what_was_throttled_did_nothing_and_is_sent_again(self, client: ShopClient, httpx_mock: HTTPXMock):
        httpx_mock.add_response(json=throttled())
        httpx_mock.add_response(status_code=429)
        httpx_mock.add_response(json=closed())
        client.change("return_close", CLOSE)
        assert len(httpx_mock.get_requests()) == 3

    def test_patience_ends(self, tokens: FixedTokens, httpx_mock: HTTPXMock):
        httpx_mock.add_response(json=throttled(), is_reusable=True)
        client = ShopClient(SHOP, tokens, CountedBucket(), reach=Reach(patience_seconds=0))
        with client, pytest.raises(faults.Throttled):
            client.ask("locations")

    @pytest.mark.parametrize(
        "fault", [httpx.ReadTimeout("slow"), httpx.ReadError("gone"), httpx.RemoteProtocolError("x")]
    )
    def test_a_mutation_without_an_answer_is_never_sent_again(
        self, client: ShopClient, httpx_mock: HTTPXMock, fault: Exception
    ):
        httpx_mock.add_exception(fault)
        with pytest.raises(faults.Unanswered):
            client.change("return_close", CLOSE)
        assert len(httpx_mock.get_requests()) == 1

    @pytest.mark.parametrize("status", [500, 502, 520])
    def test_nor_one_that_broke_down(self, client: ShopClient, httpx_mock: HTTPXMock, status: int):
        httpx_mock.add_response(status_code=status)
        with pytest.raises(faults.Unanswered):
            client.change("return_close", CLOSE)

    def test_nor_one_whose_answer_is_cut_short(self, client: ShopClient, httpx_mock: HTTPXMock):
        httpx_mock.add_response(content=b'{"data": {"ret')
        with pytest.raises(faults.Unanswered):
            client.change("return_close", CLOSE)

    def test_what_never_left_was_not_done(self, client: ShopClient, httpx_mock: HTTPXMock):
        httpx_mock.add_exception(httpx.ConnectError("refused"), is_reusable=True)
        with pytest.raises(faults.Throttled):
            client.change("return_close", CLOSE)


class TestWhoMustAct:
    @pytest.mark.parametrize(
        ("answer", "kind"),
        [
            (failing("ACCESS_DENIED", "Access denied for returns field."), NotConnected),
            (failing("SHOP_INACTIVE"), NotConnected),
            (failing("RESOURCE_NOT_FOUND", "Invalid id: gid://shopify/Order/0"), faults.NoSuchThing),
            (failing("INVALID_VARIABLE"), ChannelRefused),
            (failing("BAD_REQUEST"), ChannelRefused),
            (failing("MAX_COST_EXCEEDED"), Unreadable),
            (failing("INTERNAL_SERVER_ERROR"), ChannelSlow),
            (failing("IDEMPOTENCY_CONCURRENT_REQUEST"), ChannelSlow),
            ({"errors": [{"message": "Something else"}]}, ChannelRefused),
        ],
    )
    def test_follows_from_the_code(
        self, client: ShopClient, httpx_mock: HTTPXMock, answer: dict[str, object], kind: type[ChannelError]
    ):
        httpx_mock.add_response(json=answer)
        with pytest.raises(kind):
            client.ask("locations")

    @pytest.mark.parametrize("status", [402, 403, 404, 423])
    def test_a_shop_that_is_shut_is_for_its_owner(self, client: ShopClient, httpx_mock: HTTPXMock, status: int):
        httpx_mock.add_response(status_code=status)
        with pytest.raises(NotConnected):
            client.ask("locations")

    def test_a_page_of_something_else_is_no_answer(self, client: ShopClient, httpx_mock: HTTPXMock):
        httpx_mock.add_response(text="<html>")
        with pytest.raises(Unreadable):
            client.ask("locations")

    def test_user_errors_are_shopifys_own_words(self, client: ShopClient, httpx_mock: HTTPXMock):
        error = {"field": ["id"], "message": "Return status is invalid.", "code": "INVALID_STATE"}
        httpx_mock.add_response(json=data(returnClose={"return": None, "userErrors": [error]}))
        with pytest.raises(faults.ShopRefused, match="Return status is invalid") as refusal:
            client.change("return_close", CLOSE)
        assert (refusal.value.reason, refusal.value.field) == ("INVALID_STATE", ("id",))

    def test_field_and_code_may_be_null(self, client: ShopClient, httpx_mock: HTTPXMock):
        error = {"field": None, "message": "must exist", "code": None}
        httpx_mock.add_response(json=data(returnClose={"return": None, "userErrors": [error]}))
        with pytest.raises(faults.ShopRefused, match="must exist"):
            client.change("return_close", CLOSE)


class TestPages:
    def test_a_list_is_read_to_its_end(self, client: ShopClient, httpx_mock: HTTPXMock):
        for n, more in ((1, True), (2, False)):
            page = {"hasNextPage": more, "endCursor": f"c{n}"}
            httpx_mock.add_response(json=data(orders={"nodes": [{"id": f"{n}"}], "pageInfo": page}))
        found = list(client.pages("orders_changed", {"query": "x"}, of=("orders",)))
        assert [node["id"] for node in found] == ["1", "2"]
        assert json.loads(httpx_mock.get_requests()[1].content)["variables"]["after"] == "c1"


class TestTokens:
    def test_a_refusal_says_why(self, httpx_mock: HTTPXMock):
        httpx_mock.add_response(status_code=400, json={"error": "invalid_subject_token"})
        with pytest.raises(faults.TokenRefused, match="invalid_subject_token"):
            TokenClient(SHOP).post({"grant_type": "x"})

    def test_an_outage_is_no_refusal(self, httpx_mock: HTTPXMock):
        httpx_mock.add_response(status_code=520)
        with pytest.raises(ChannelSlow):
            TokenClient(SHOP).post({"grant_type": "x"})
