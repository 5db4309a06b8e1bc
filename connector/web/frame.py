"""The frame in the admin of a shop at Shopify in which a page is shown: who may show it, and what it loads there."""

from msgspec import Struct
from starlette.requests import Request

from adapters.shopify.auth import frame_ancestors
from connector.web.policies import policy

CDN = "https://cdn.shopify.com"
APP_BRIDGE = f"{CDN}/shopifycloud/app-bridge.js"
"""[D] App Store requirement 2.2.3: from Shopify's own address, as the first script of every page."""


class Frame(Struct, frozen=True):
    """The admin of a shop, by its domain; `client_id` is the app that stands there."""

    domain: str
    client_id: str

    @property
    def policy(self) -> str:
        """The content security policy of a page there: App Bridge besides our own, this shop's admin around it."""
        ancestors = frame_ancestors(self.domain).removeprefix("frame-ancestors ")
        return policy(script_src=f"'self' {CDN}", frame_ancestors=ancestors)

    @property
    def app_bridge(self) -> str:
        """The script that is loaded before every other."""
        return APP_BRIDGE


def put_in(request: Request, frame: Frame) -> None:
    """Let every page that answers this request, a refusal too, be shown in this frame."""
    request.state.frame = frame


def frame_of(request: Request) -> Frame | None:
    """The frame that a request comes from."""
    found = getattr(request.state, "frame", None)
    return found if isinstance(found, Frame) else None
