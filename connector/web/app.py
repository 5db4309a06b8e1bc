"""The web application: all routes, all middleware, the one place where they meet."""

from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles

from connector.application import Application
from connector.web import (
    api_page,
    api_records,
    api_returns,
    app_proxy,
    audit_page,
    back_room_page,
    chat,
    connect,
    counter,
    counter_figures_page,
    counter_orders,
    counter_receipts,
    counter_without_receipt,
    customer_account,
    dashboard,
    health,
    inbox,
    locations_page,
    offline_door,
    offline_page,
    offline_sent_page,
    openapi,
    operations_page,
    people_page,
    photo_fields,
    pictures,
    privacy_page,
    programs_page,
    quotes,
    return_photos,
    sessions,
    shared_device_page,
    shift_page,
    shop_settings_page,
    shopify_admin,
    shopify_grant,
    status_page,
    storefront,
    talk_page,
    talks_page,
    till,
    transfers_page,
    widget,
)
from connector.web.cross_origin import CrossOrigin
from connector.web.errors import Foreseen, exception_handlers
from connector.web.letterbox import Letterbox
from connector.web.meter import Meter
from connector.web.observability import Observed
from connector.web.pool import Pool
from connector.web.security import Secured

STATIC = Path(__file__).parent / "static"

# They are looked through in turn: what shoppers and programs ask stands first.
ROUTES: tuple[BaseRoute, ...] = (
    *chat.routes,
    *api_returns.routes,
    *quotes.routes,
    *api_records.routes,
    *api_page.routes,
    *openapi.routes,
    *health.routes,
    *sessions.routes,
    *people_page.routes,
    *audit_page.routes,
    *privacy_page.routes,
    *shop_settings_page.routes,
    *programs_page.routes,
    *operations_page.routes,
    *widget.routes,
    *talk_page.routes,
    *status_page.routes,
    *photo_fields.routes,
    *offline_door.routes,
    *offline_page.routes,
    *offline_sent_page.routes,
    *counter_without_receipt.routes,
    *counter_orders.routes,
    *counter_receipts.routes,
    *shift_page.routes,
    *shared_device_page.routes,
    *locations_page.routes,
    *back_room_page.routes,
    *transfers_page.routes,
    *counter_figures_page.routes,
    *counter.routes,
    *dashboard.routes,
    *return_photos.routes,
    *connect.routes,
    *inbox.routes,
    *shopify_grant.routes,
    *talks_page.routes,
    *shopify_admin.routes,
    *app_proxy.routes,
    *customer_account.routes,
    *till.routes,
    *pictures.routes,
    *storefront.routes,
    Mount("/static", StaticFiles(directory=STATIC), name="static"),
)


def build(application: Application) -> Starlette:
    """The web application around the use cases."""
    handlers: Any = exception_handlers()
    pool = Pool()
    app = Starlette(
        routes=list(ROUTES),
        middleware=[
            Middleware(Letterbox, application=application),
            Middleware(Observed),
            Middleware(Secured, settings=application.settings),
            Middleware(Foreseen),
            Middleware(CrossOrigin, application=application, pool=pool),
        ],
        exception_handlers=handlers,
    )
    app.state.application = application
    app.state.pool = pool
    app.state.meter = Meter()
    return app
