"""Only public addresses are called: a merchant who names a store must not reach into the operator's own network.

A name is resolved once, every address that it has is checked, and the checked address is what is connected to, so that
a name which changes its mind in between (DNS rebinding) leads nowhere else.
"""

import ipaddress
import socket
from collections.abc import Callable, Sequence

import httpx

Resolve = Callable[[str, int], Sequence[str]]


class PrivateAddress(httpx.RequestError):
    """The host is, or leads to, an address that is not public."""


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet, also when it is wrapped into an IPv6 one."""
    found: ipaddress.IPv4Address | ipaddress.IPv6Address = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        found = found.ipv4_mapped or found.sixtofour or found
    return found.is_global and not found.is_multicast


def resolved(host: str, port: int) -> Sequence[str]:
    """The addresses of a host as the system knows them, in its order; raises OSError."""
    return list(dict.fromkeys(str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))


class CheckedTransport(httpx.BaseTransport):
    """Sends a request to the address that was checked; certificate and `Host` stay those of the name."""

    def __init__(self, inner: httpx.BaseTransport, *, allows_private: bool, resolve: Resolve = resolved) -> None:
        self._inner = inner
        self._allows_private = allows_private
        self._resolve = resolve

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The answer of the first address that can be reached; raises PrivateAddress, httpx.ConnectError."""
        host = request.url.host
        failure = httpx.ConnectError(f"'{host}' has no address", request=request)
        for address in self._addresses(request):
            sent = httpx.Request(
                request.method,
                request.url.copy_with(host=address),
                headers=request.headers,
                stream=request.stream,
                extensions={**request.extensions, "sni_hostname": host},
            )
            try:
                return self._inner.handle_request(sent)
            except httpx.ConnectError as error:
                failure = error
        raise failure

    def close(self) -> None:
        """Close the connections."""
        self._inner.close()

    def _addresses(self, request: httpx.Request) -> Sequence[str]:
        host = request.url.host
        port = request.url.port or (443 if request.url.scheme == "https" else 80)
        try:
            found = self._resolve(host, port)
        except OSError as error:
            raise httpx.ConnectError(f"'{host}' is not known: {error}", request=request) from error
        if not self._allows_private and not all(map(is_public, found)):
            raise PrivateAddress(f"'{host}' is not a public address", request=request)
        return found
