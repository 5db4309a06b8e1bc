"""The assistant on other sites: pages of the origins that a shop allows may talk to it, and no others."""

import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from connector.application import Application
from connector.services import shop_settings
from connector.web.pool import Pool

TALK = re.compile(r"/shops/(?P<shop>[^/]+)/chat(/.*)?")
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
        found = TALK.fullmatch(scope["path"]) if scope["type"] == "http" else None
        origin = Headers(scope=scope).get("origin") if found else None
        if found is None or origin is None:
            await self._app(scope, receive, send)
            return
        allowed = await self._is_allowed(found["shop"], origin)

        async def named(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.add_vary_header("Origin")
                if allowed:
                    headers["Access-Control-Allow-Origin"] = origin
            await send(message)

        if scope["method"] == "OPTIONS" and allowed:
            await Response(status_code=NO_CONTENT, headers=PREFLIGHT)(scope, receive, named)
            return
        await self._app(scope, receive, named)

    async def _is_allowed(self, slug: str, origin: str) -> bool:
        return await self._pool.run(lambda: shop_settings.is_allowed(self._application, slug, origin=origin), shop=slug)
