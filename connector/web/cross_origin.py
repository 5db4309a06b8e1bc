"""The assistant on other sites: pages of the origins that a shop allows may talk to it, and no others.

What runs inside Shopify's own pages asks from other sites too, with a session token that is all it needs.
"""

import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from connector.application import Application
from connector.services import shop_settings
from connector.web.pool import Pool

TALK = re.compile(r"/shops/(?P<shop>[^/]+)/chat(/.*)?")
ACCOUNTS = re.compile(r"/shopify/customer/.*")
"""[D] Extensions of customer accounts run at no origin of their own."""
TILLS = re.compile(r"/shopify/till/.*")
TILL_ORIGINS = frozenset({"https://cdn.shopify.com", "https://extensions.shopifycdn.com"})
MAX_AGE_SECONDS = 600
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": "Authorization, Content-Type",
    "Access-Control-Max-Age": str(MAX_AGE_SECONDS),
}
NO_CONTENT = 204


class CrossOrigin:
    """Answers preflights of the chat, and names the allowed origin in its answers; cookies are never allowed."""

    def __init__(self, app: ASGIApp, *, application: Application, pool: Pool) -> None:
        self._app = app
        self._application = application
        self._pool = pool

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        origin = Headers(scope=scope).get("origin") if scope["type"] == "http" else None
        if origin is None or not any(door.fullmatch(scope["path"]) for door in (TALK, ACCOUNTS, TILLS)):
            await self._app(scope, receive, send)
            return
        allowed = await self._allowed(scope["path"], origin)

        async def named(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.add_vary_header("Origin")
                if allowed:
                    headers["Access-Control-Allow-Origin"] = allowed
            await send(message)

        if scope["method"] == "OPTIONS" and allowed:
            await Response(status_code=NO_CONTENT, headers=PREFLIGHT)(scope, receive, named)
            return
        await self._app(scope, receive, named)

    async def _allowed(self, path: str, origin: str) -> str | None:
        """The origin that may read the answers of an address, None where the asking one may not."""
        if ACCOUNTS.fullmatch(path):
            return "*"
        talk = TALK.fullmatch(path)
        is_allowed = await self._is_allowed(talk["shop"], origin) if talk else origin in TILL_ORIGINS
        return origin if is_allowed else None

    async def _is_allowed(self, slug: str, origin: str) -> bool:
        return await self._pool.run(lambda: shop_settings.is_allowed(self._application, slug, origin=origin), shop=slug)
