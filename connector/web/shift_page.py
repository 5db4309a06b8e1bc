"""A shared device of a counter: pick yourself, type your PIN, lock it when you go."""

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from connector.services import shift
from connector.services.errors import InvalidInput, NotFound, TooManyAttempts
from connector.services.roles import Action
from connector.storage.shared_device_store import Device
from connector.web.doors import DEVICE_COOKIE, SEE_OTHER, SESSION_COOKIE, Visit, page, see, staff_page
from connector.web.errors import STATUSES, NotSignedIn
from connector.web.rendering import render
from connector.web.sessions import is_ours

HOME = "/shops/{shop}"
SHIFT = f"{HOME}/shift"
LONGEST_NUMBER = 9
A_YEAR_AND_A_MONTH = 400 * 86_400
Mendable = InvalidInput | NotFound | TooManyAttempts


def ask(visit: Visit) -> Response:
    """Who works here now?"""
    return _page(visit, _device(visit))


def begin(visit: Visit) -> Response:
    """Begin a shift with a PIN, or go on with one's own."""
    device = _device(visit)
    try:
        token = shift.begin(
            visit.app,
            visit.shop,
            device=device,
            staff_id=number_of(visit.field("person")),
            pin=visit.typed("pin"),
            new=visit.typed("new"),
            browser=visit.browser,
        )
    except (InvalidInput, NotFound, TooManyAttempts) as problem:
        return _page(visit, device, problem=problem)
    wanted = visit.field("next")
    home = HOME.format(shop=visit.shop.slug)
    answer = RedirectResponse(wanted if is_ours(visit, wanted) else f"{home}/counter", status_code=SEE_OTHER)
    set_cookie(visit, answer, name=SESSION_COOKIE, token=token, lasts=int(shift.SHIFT_LASTS.total_seconds()))
    return answer


def lock(visit: Visit) -> Response:
    """Lock this device."""
    shift.lock(visit.app, visit.shop, device=_device(visit))
    answer = see(SHIFT.format(shop=visit.shop.slug))
    answer.delete_cookie(SESSION_COOKIE, path=HOME.format(shop=visit.shop.slug))
    return answer


def still_here(visit: Visit) -> Response:
    """Somebody types or reads."""
    shift.still_here(visit.app, visit.shop, session=visit.browser.held)
    return Response(status_code=204)


def set_cookie(visit: Visit, answer: Response, *, name: str, token: str, lasts: int) -> None:
    """Let a browser hold a token for this shop's pages."""
    home, secure = HOME.format(shop=visit.shop.slug), visit.app.settings.is_https
    answer.set_cookie(name, token, max_age=lasts, path=home, secure=secure, httponly=True, samesite="lax")


def hold_device(visit: Visit, answer: Response, *, token: str) -> None:
    """Make the browser a shared device; whoever was signed in with it is not any more."""
    set_cookie(visit, answer, name=DEVICE_COOKIE, token=token, lasts=A_YEAR_AND_A_MONTH)
    answer.delete_cookie(SESSION_COOKIE, path=HOME.format(shop=visit.shop.slug))


def number_of(written: str) -> int:
    """A number as it stands in a form; one that is none names nobody."""
    return int(written) if written.isdecimal() and written.isascii() and len(written) <= LONGEST_NUMBER else 0


def _device(visit: Visit) -> Device:
    device = shift.device_of(visit.app, visit.shop, device=visit.device)
    if device is None:
        raise NotSignedIn
    return device


def _page(visit: Visit, device: Device, *, problem: Mendable | None = None) -> Response:
    picked = visit.field("person") or str(device.last_staff_id or "")
    context = {
        "shop": visit.shop,
        "device": device,
        "people": shift.who_may_begin(visit.app, visit.shop),
        "picked": picked,
        "next": visit.field("next") or visit.query("next"),
        "problem": problem.message if problem else None,
        "chooses": isinstance(problem, InvalidInput) and problem.at == "new",
    }
    headers = {"Retry-After": str(problem.retry_after)} if isinstance(problem, TooManyAttempts) else {}
    status = STATUSES[type(problem)] if problem else 200
    return render(visit.request, "shift.html", context, status=status, headers=headers)


routes = [
    Route(SHIFT, page(ask), methods=["GET"]),
    Route(SHIFT, page(begin), methods=["POST"]),
    Route(f"{HOME}/counter/lock", staff_page(lock, to=Action.WORK_SHIFT), methods=["POST"]),
    Route(f"{HOME}/counter/seen", staff_page(still_here, to=Action.WORK_SHIFT), methods=["POST"]),
]
