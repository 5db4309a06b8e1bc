"""Calls addresses that somebody typed in: never a machine of our own network, unless the operator allows it.

The name is resolved once and exactly that address is called, so that a name cannot point elsewhere in between.
"""

import ipaddress
import socket
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

import httpx
from msgspec import Struct

from connector.application import Undeliverable

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

SECONDS = 15.0
HTTPS_PORT, HTTP_PORT = 443, 80
TRANSLATED = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))
"""Addresses of IPv6 that stand for one of IPv4 (RFC 6052, RFC 8215)."""


def resolved(host: str, port: int) -> tuple[str, ...]:
    """All addresses of a name; raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(str(address[0]) for *_, address in found)


class Postman(Struct, frozen=True):
    """Delivers over https; with `allows_private` also over http and to private addresses."""

    allows_private: bool = False
    resolve: Callable[[str, int], tuple[str, ...]] = resolved
    transport: httpx.BaseTransport | None = None

    def __call__(self, url: str, body: bytes, /, *, headers: Mapping[str, str]) -> int:
        """The status of the answer, redirects not followed; raises Undeliverable."""
        parts = urlsplit(url)
        if parts.scheme != "https" and not self.allows_private:
            raise Undeliverable("Only https is called.")
        host = parts.hostname or ""
        port = parts.port or (HTTPS_PORT if parts.scheme == "https" else HTTP_PORT)
        pinned = httpx.URL(url).copy_with(host=self._address(host, port))
        named = {**headers, "Host": parts.netloc.rpartition("@")[2], "User-Agent": "Backhaul"}
        try:
            with (
                httpx.Client(timeout=SECONDS, trust_env=False, transport=self.transport) as client,
                client.stream("POST", pinned, content=body, headers=named, extensions={"sni_hostname": host}) as answer,
            ):
                return answer.status_code
        except httpx.HTTPError as error:
            raise Undeliverable(f"No answer: {type(error).__name__}.") from error

    def _address(self, host: str, port: int) -> str:
        try:
            addresses = self.resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise Undeliverable("The name of the address is not known.") from error
        if not addresses:
            raise Undeliverable("The name of the address is not known.")
        if not self.allows_private and not all(is_public(one) for one in addresses):
            raise Undeliverable("The address is in a private network.")
        return addresses[0]


def is_public(text: str) -> bool:
    """Whether an address is one of the open internet, also where it stands for another one."""
    address: Address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or _translated(address)
        if inner is not None:
            return is_public(str(inner))
        if address.teredo is not None:
            return False
    return address.is_global and not address.is_multicast


def _translated(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if any(address in network for network in TRANSLATED):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return None
