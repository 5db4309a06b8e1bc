"""What every answer says to the browser, and who may post with a cookie."""

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from connector.settings import Settings
from connector.web.errors import refused
from connector.web.policies import policy

HEADERS = {
    "Content-Security-Policy": policy(),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
ONE_YEAR = "max-age=31536000"
ASK_AGAIN = "no-cache"
"""A browser keeps our files but asks whether they are still ours, so that an upgrade is seen at once."""
READING = frozenset({"GET", "HEAD", "OPTIONS"})
OURS = frozenset({"same-origin", "none"})


class Secured:
    """Adds the security headers and refuses what another site's page sends with our cookies."""

    def __init__(self, app: ASGIApp, *, settings: Settings) -> None:
        self._app = app
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def secured(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._add_headers(MutableHeaders(scope=message), path=scope["path"])
            await send(message)

        if refusal := self._refusal(scope):
            answer = refused(Request(scope), refusal)
            await answer(scope, receive, secured)
            return
        await self._app(scope, receive, secured)

    def _refusal(self, scope: Scope) -> HTTPException | None:
        """Why a request goes no further; an address with a NUL names nothing, and PostgreSQL would trip over it."""
        if "\0" in scope["path"] or b"%00" in scope["query_string"]:
            return HTTPException(404)
        return HTTPException(403) if self._is_forged(scope) else None

    def _add_headers(self, headers: MutableHeaders, *, path: str) -> None:
        for name, value in HEADERS.items():
            headers.setdefault(name, value)
        if self._settings.is_https:
            headers.setdefault("Strict-Transport-Security", ONE_YEAR)
        headers.setdefault("Cache-Control", ASK_AGAIN if path.startswith("/static/") else "no-store")

    def _is_forged(self, scope: Scope) -> bool:
        """Whether a request that changes something comes with a cookie from a page that is not ours.

        Every browser names its page in one of two ways; one that names it in neither is not believed. What carries a
        token instead of a cookie (the assistant, the API, deliveries of platforms) cannot be sent by a page unasked.
        """
        headers = Headers(scope=scope)
        if scope["method"] in READING or "cookie" not in headers or "authorization" in headers:
            return False
        site = headers.get("sec-fetch-site")
        if site is not None:
            return site not in OURS
        return headers.get("origin") not in (self._settings.public_url, _own_origin(scope, headers))


def _own_origin(scope: Scope, headers: Headers) -> str:
    return f"{scope['scheme']}://{headers.get('host', '')}"
