"""People of a shop sign in, set their password, see where they are signed in, and sign out."""

import re

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from connector.services import people, pins, sign_in
from connector.services.errors import Conflict, InvalidInput, NotFound, TooManyAttempts
from connector.services.roles import Action, may
from connector.services.sign_in import Credentials
from connector.storage.shop_store import Shop
from connector.storage.staff_store import Staff
from connector.web.doors import SEE_OTHER, SESSION_COOKIE, Visit, application_of, page, see, staff_page
from connector.web.errors import STATUSES
from connector.web.rendering import render

LOCAL = re.compile(r"[A-Za-z0-9/_.?=&%~-]+")
ELSEWHERE = re.compile(r"//|\.\.")
HOME = "/shops/{shop}"
ACCOUNT = f"{HOME}/dashboard/account"
MENDABLE = (InvalidInput, NotFound, Conflict, TooManyAttempts)
"""What a form is shown again for, with what was wrong."""


def ask(visit: Visit) -> Response:
    """Where to sign in; by a link that lets in at once, or to where a password is set."""
    person = sign_in.who(visit.app, visit.shop, session=visit.browser.held)
    if person is not None:
        return see(_target(visit, person))
    link = visit.query("link")
    if not link:
        return _form(visit)
    invited = sign_in.invited(visit.app, visit.shop, link=link)
    if invited is not None:
        context = {"shop": visit.shop, "person": invited, "link": link, "problem": None}
        return render(visit.request, "password.html", context)
    return _welcomed(visit, sign_in.enter(visit.app, visit.shop, link=link, browser=visit.browser))


def enter(visit: Visit) -> Response:
    """Sign in with a name and a password."""
    credentials = Credentials(visit.field("login"), visit.typed("password"))
    try:
        token = sign_in.sign_in(visit.app, visit.shop, credentials=credentials, browser=visit.browser)
    except MENDABLE as problem:
        return _form(visit, problem=problem)
    return _welcomed(visit, token)


def choose(visit: Visit) -> Response:
    """Set a password by the link that was handed out."""
    link = visit.field("link")
    credentials = Credentials(visit.field("login"), visit.typed("password"))
    try:
        token = sign_in.choose_password(
            visit.app, visit.shop, link=link, credentials=credentials, browser=visit.browser
        )
    except (InvalidInput, Conflict) as problem:
        person = sign_in.invited(visit.app, visit.shop, link=link)
        context = {"shop": visit.shop, "person": person, "link": link, "problem": problem.message}
        return render(visit.request, "password.html", context, status=STATUSES[type(problem)])
    return _welcomed(visit, token)


def account(visit: Visit) -> Response:
    """One's own password and sessions; an owner sees everybody's."""
    return _account(visit)


def change(visit: Visit) -> Response:
    """Change one's own password; every other session ends."""
    try:
        token = sign_in.change_password(
            visit.app,
            visit.shop,
            staff=visit.person,
            old=visit.typed("old"),
            new=visit.typed("password"),
            browser=visit.browser,
        )
    except (InvalidInput, TooManyAttempts) as problem:
        return _account(visit, problem=problem)
    return _with_session(visit, see(f"{_home(visit)}/dashboard/account?changed=yes"), token)


def rename(visit: Visit) -> Response:
    """Call oneself something else."""
    try:
        people.rename(visit.app, visit.shop, by=visit.person, name=visit.field("name"))
    except InvalidInput as problem:
        return _account(visit, problem=problem)
    return see(f"{_home(visit)}/dashboard/account")


def set_pin(visit: Visit) -> Response:
    """Set one's own PIN."""
    try:
        pins.change(visit.app, visit.shop, staff=visit.person, old=visit.typed("old"), new=visit.typed("new"))
    except (InvalidInput, TooManyAttempts) as problem:
        return _account(visit, problem=problem)
    return see(f"{_home(visit)}/dashboard/account?pin=set")


def end(visit: Visit) -> Response:
    """End a session."""
    people.end_session(visit.app, visit.shop, by=visit.person, session_id=visit.path("open_session"))
    return see(f"{_home(visit)}/dashboard/account")


def leave(visit: Visit) -> Response:
    """End the session of this browser."""
    sign_in.sign_out(visit.app, visit.shop, staff=visit.person, session=visit.browser.held)
    answer = render(visit.request, "signed_out.html", {"shop": visit.shop})
    answer.delete_cookie(SESSION_COOKIE, path=_home(visit))
    return answer


def _form(visit: Visit, *, problem: InvalidInput | NotFound | Conflict | TooManyAttempts | None = None) -> Response:
    context = {
        "shop": visit.shop,
        "login": visit.field("login"),
        "next": visit.field("next") or visit.query("next"),
        "problem": problem.message if problem else None,
    }
    headers = {"Retry-After": str(problem.retry_after)} if isinstance(problem, TooManyAttempts) else {}
    status = 200 if problem is None else STATUSES[type(problem)]
    return render(visit.request, "sign_in.html", context, status=status, headers=headers)


def _account(visit: Visit, *, problem: InvalidInput | TooManyAttempts | None = None) -> Response:
    held = sign_in.session_of(visit.app, visit.shop, session=visit.browser.held)
    context = {
        "shop": visit.shop,
        "staff": visit.staff,
        "sessions": people.open_sessions(visit.app, visit.shop, by=visit.person),
        "here": held.id if held else "",
        "changed": bool(visit.query("changed")),
        "pin_set": bool(visit.query("pin")),
        "problem": problem.message if problem else None,
        "once": visit.app.token(),
    }
    return render(visit.request, "account.html", context, status=STATUSES[type(problem)] if problem else 200)


def _welcomed(visit: Visit, token: str) -> Response:
    person = sign_in.who(visit.app, visit.shop, session=token)
    return _with_session(visit, RedirectResponse(_target(visit, person), status_code=SEE_OTHER), token)


def with_session(request: Request, answer: Response, *, shop: Shop, token: str) -> Response:
    """The answer with the cookie of a session of a shop.

    In a frame of another site it is a partitioned one, which only that site's frame has; Python's own cookies know that
    word only since 3.14.
    """
    is_https = application_of(request).settings.is_https
    is_framed = is_https and request.headers.get("sec-fetch-dest") == "iframe"
    answer.set_cookie(
        SESSION_COOKIE,
        token,
        max_age=int(sign_in.SESSION_LASTS.total_seconds()),
        path=HOME.format(shop=shop.slug),
        secure=is_https,
        httponly=True,
        samesite="none" if is_framed else "lax",
    )
    if is_framed:
        name, value = answer.raw_headers[-1]
        answer.raw_headers[-1] = (name, value + b"; Partitioned")
    return answer


def _with_session(visit: Visit, answer: Response, token: str) -> Response:
    return with_session(visit.request, answer, shop=visit.shop, token=token)


def _home(visit: Visit) -> str:
    return HOME.format(shop=visit.shop.slug)


def _target(visit: Visit, person: Staff | None) -> str:
    """Where to go after signing in: a page of this shop and nowhere else, by itself the first that the role may see."""
    wanted = visit.field("next") or visit.query("next")
    first = "dashboard" if person is not None and may(person, Action.SEE_FIGURES) else "counter"
    return wanted if is_ours(visit, wanted) else f"{_home(visit)}/{first}"


def is_ours(visit: Visit, wanted: str) -> bool:
    """Whether an address is a page of this shop."""
    is_local = LOCAL.fullmatch(wanted) is not None and not ELSEWHERE.search(wanted)
    return wanted.startswith(f"{_home(visit)}/") and is_local


routes = [
    Route(f"{HOME}/sign-in", page(ask), methods=["GET"]),
    Route(f"{HOME}/sign-in", page(enter), methods=["POST"]),
    Route(f"{HOME}/sign-in/password", page(choose), methods=["POST"]),
    Route(f"{HOME}/sign-out", staff_page(leave, to=Action.SIGN_OUT), methods=["POST"]),
    Route(ACCOUNT, staff_page(account, to=Action.OWN_ACCOUNT), methods=["GET"]),
    Route(f"{ACCOUNT}/name", staff_page(rename, to=Action.OWN_ACCOUNT), methods=["POST"]),
    Route(f"{ACCOUNT}/password", staff_page(change, to=Action.OWN_ACCOUNT), methods=["POST"]),
    Route(f"{ACCOUNT}/pin", staff_page(set_pin, to=Action.OWN_ACCOUNT), methods=["POST"]),
    Route(f"{ACCOUNT}/sessions/{{open_session}}", staff_page(end, to=Action.OWN_ACCOUNT), methods=["POST"]),
]
