"""Who types in an address reaches the open internet with it and nothing else."""

import httpx
import pytest

from connector.application import Undeliverable
from connector.postman import Postman, is_public

PUBLIC = "93.184.215.14"


def answering(status: int, seen: list[httpx.Request]) -> httpx.MockTransport:
    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(status, headers={"Location": "https://elsewhere.example/"})

    return httpx.MockTransport(answer)


def postman(*addresses: str, status: int = 200, seen: list[httpx.Request] | None = None, **more: bool) -> Postman:
    calls = seen if seen is not None else []
    return Postman(resolve=lambda _host, _port: addresses, transport=answering(status, calls), **more)


def test_exactly_the_address_that_was_checked_is_called_by_its_name():
    seen: list[httpx.Request] = []
    status = postman(PUBLIC, seen=seen)("https://erp.example.com:8443/in?x=1", b"hello", headers={"webhook-id": "m"})
    (request,) = seen
    assert status == 200
    assert (request.url.host, request.url.port, request.url.raw_path) == (PUBLIC, 8443, b"/in?x=1")
    assert (request.headers["host"], request.headers["webhook-id"]) == ("erp.example.com:8443", "m")
    assert request.extensions["sni_hostname"] == "erp.example.com"


def test_a_redirect_is_an_answer_and_is_not_followed():
    seen: list[httpx.Request] = []
    assert postman(PUBLIC, status=302, seen=seen)("https://erp.example.com/", b"", headers={}) == 302
    assert len(seen) == 1


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "255.255.255.255", "::1", "::", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:10.0.0.1", "64:ff9b::a00:1",
        "64:ff9b:1::a00:1", "2002:a00:1::", "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    ],
)  # fmt: skip
def test_no_address_of_a_private_network_is_called(address: str):
    assert not is_public(address)
    seen: list[httpx.Request] = []
    for addresses in ((address,), (PUBLIC, address)):
        with pytest.raises(Undeliverable, match="private"):
            postman(*addresses, seen=seen)("https://erp.example.com/", b"", headers={})
    assert seen == []


@pytest.mark.parametrize("address", [PUBLIC, "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "::ffff:93.184.215.14"])
def test_addresses_of_the_open_internet_are_public(address: str):
    assert is_public(address)


def test_only_https_is_called_unless_private_addresses_are_allowed():
    with pytest.raises(Undeliverable, match="https"):
        postman(PUBLIC)("http://erp.example.com/", b"", headers={})
    assert postman("10.0.0.1", allows_private=True)("http://erp.internal/", b"", headers={}) == 200


def test_a_name_that_is_not_known_and_a_host_that_is_silent_are_told_apart():
    def unknown(_host: str, _port: int) -> tuple[str, ...]:
        raise OSError

    def silent(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectTimeout("late", request=request)

    with pytest.raises(Undeliverable, match="not known"):
        Postman(resolve=unknown)("https://erp.example.com/", b"", headers={})
    with pytest.raises(Undeliverable, match="No answer"):
        Postman(resolve=lambda *_: (PUBLIC,), transport=httpx.MockTransport(silent))(
            "https://erp.example.com/", b"", headers={}
        )
