import httpx
import pytest

from adapters.woocommerce.addresses import CheckedTransport, PrivateAddress, is_public


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "::1", "fe80::1%eth0", "fd00::1", "::ffff:127.0.0.1", "2002:7f00:1::", "::",
    ],
)  # fmt: skip
def test_addresses_of_a_network_of_ones_own_are_not_public(address: str):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
def test_others_are(address: str):
    assert is_public(address)


class Wire(httpx.BaseTransport):
    """Remembers where requests went, and is deaf at some addresses."""

    def __init__(self, *, deaf: str = "") -> None:
        self.asked: list[httpx.Request] = []
        self._deaf = deaf

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        if request.url.host == self._deaf:
            raise httpx.ConnectError("deaf")
        return httpx.Response(200)


def sent(wire: Wire, *addresses: str) -> httpx.Response:
    transport = CheckedTransport(wire, allows_private=False, resolve=lambda host, port: addresses)
    return transport.handle_request(httpx.Request("GET", "https://shop.example/wp-json"))


def test_the_checked_address_is_the_one_that_is_connected_to():
    wire = Wire()
    sent(wire, "93.184.215.14")
    (request,) = wire.asked
    assert request.url.host == "93.184.215.14"
    assert request.headers["host"] == "shop.example"
    assert request.extensions["sni_hostname"] == "shop.example"


def test_one_private_address_among_others_is_enough_to_refuse():
    wire = Wire()
    with pytest.raises(PrivateAddress):
        sent(wire, "93.184.215.14", "127.0.0.1")
    assert wire.asked == []


def test_the_next_address_is_tried_where_one_is_deaf():
    wire = Wire(deaf="93.184.215.14")
    assert sent(wire, "93.184.215.14", "93.184.215.15").status_code == 200
    with pytest.raises(httpx.ConnectError):
        sent(wire, "93.184.215.14")


def test_a_name_that_nobody_knows_cannot_be_reached():
    def nobody(host: str, port: int) -> list[str]:
        raise OSError("unknown")

    transport = CheckedTransport(Wire(), allows_private=True, resolve=nobody)
    with pytest.raises(httpx.ConnectError, match="not known"):
        transport.handle_request(httpx.Request("GET", "https://nowhere.example"))
