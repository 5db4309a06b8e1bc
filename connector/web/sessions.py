"""Staff sign in by their link and out by a button."""

import re

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from connector.services import sign_in
from connector.web.doors import SEE_OTHER, SESSION_COOKIE, Visit, client_address, page, see, staff_page
from connector.web.rendering import render

LOCAL = re.compile(r"[A-Za-z0-9/_.?=&%~-]+")
ELSEWHERE = re.compile(r"//|\.\.")


def enter(visit: Visit) -> Response:
    """Sign in by a link and go where it leads; who is signed in already just goes there."""
    target = _local(visit)
    held = visit.request.cookies.get(SESSION_COOKIE, "")
    if sign_in.who(visit.app, visit.shop, session=held) is not None:
        return see(target)
    address = client_address(visit.request, visit.app.settings)
    session = sign_in.sign_in(visit.app, visit.shop, link=visit.query("link"), address=address)
    answer = RedirectResponse(target, status_code=SEE_OTHER)
    answer.set_cookie(
        SESSION_COOKIE,
        session,
        max_age=int(sign_in.SESSION_LASTS.total_seconds()),
        path=f"/shops/{visit.shop.slug}",
        secure=visit.app.settings.is_https,
        httponly=True,
        samesite="lax",
    )
    return answer


def leave(visit: Visit) -> Response:
    """End the session."""
    sign_in.sign_out(visit.app, visit.shop, session=visit.request.cookies.get(SESSION_COOKIE, ""))
    answer = render(visit.request, "signed_out.html", {"shop": visit.shop})
    answer.delete_cookie(SESSION_COOKIE, path=f"/shops/{visit.shop.slug}")
    return answer


def _local(visit: Visit) -> str:
    """Where to go after signing in: a page of this shop and nowhere else."""
    home = f"/shops/{visit.shop.slug}/"
    wanted = visit.query("next")
    is_ours = wanted.startswith(home) and LOCAL.fullmatch(wanted) is not None and not ELSEWHERE.search(wanted)
    return wanted if is_ours else f"{home}dashboard"


routes = [
    Route("/shops/{shop}/sign-in", page(enter)),
    Route("/shops/{shop}/sign-out", staff_page(leave), methods=["POST"]),
]
