"""The programs of a merchant: the tokens by which they come in, and the addresses that are told of returns."""

from starlette.responses import Response
from starlette.routing import Route

from connector.services import api_tokens, tell_programs
from connector.services.errors import InvalidInput, NotFound
from connector.services.roles import Action
from connector.web.doors import Visit, see, staff_page
from connector.web.rendering import render

LONGEST_NUMBER = 9
HOME = "/shops/{shop}/dashboard/programs"


def show(visit: Visit) -> Response:
    """Tokens and addresses."""
    return _page(visit)


def make_token(visit: Visit) -> Response:
    """Make a token and show it, this once."""
    scopes = list(visit.form.get("scope", ()))
    try:
        made = api_tokens.make(visit.app, visit.shop, name=visit.field("name"), scopes=scopes, actor=visit.actor)
    except InvalidInput as problem:
        return _page(visit, problem=problem.message)
    return _page(visit, shown=made.token, about=made.kept.name)


def revoke_token(visit: Visit) -> Response:
    """Let a token open nothing any more."""
    api_tokens.revoke(visit.app, visit.shop, n=_number(visit), actor=visit.actor)
    return _back(visit)


def add_address(visit: Visit) -> Response:
    """Tell an address of returns, and show its secret, this once."""
    try:
        made = tell_programs.add(visit.app, visit.shop, url=visit.field("url"), actor=visit.actor)
    except InvalidInput as problem:
        return _page(visit, problem=problem.message)
    return _page(visit, shown=made.secret, about=made.endpoint.url)


def replace_secret(visit: Visit) -> Response:
    """Give an address a new secret, and show it, this once."""
    made = tell_programs.rotate(visit.app, visit.shop, n=_number(visit), actor=visit.actor)
    return _page(visit, shown=made.secret, about=made.endpoint.url)


def remove_address(visit: Visit) -> Response:
    """Tell an address nothing any more."""
    tell_programs.remove(visit.app, visit.shop, n=_number(visit), actor=visit.actor)
    return _back(visit)


def _page(visit: Visit, *, problem: str = "", shown: str = "", about: str = "") -> Response:
    context = {
        "shop": visit.shop,
        "staff": visit.staff,
        "tokens": api_tokens.list_tokens(visit.app, visit.shop),
        "scopes": api_tokens.SCOPES,
        "endpoints": tell_programs.endpoints(visit.app, visit.shop),
        "name": visit.field("name") if problem else "",
        "url": visit.field("url") if problem else "",
        "problem": problem,
        "shown": shown,
        "about": about,
        "once": visit.app.token(),
    }
    return render(visit.request, "programs.html", context, status=422 if problem else 200)


def _number(visit: Visit) -> int:
    written = visit.path("number")
    if not written.isdecimal() or len(written) > LONGEST_NUMBER:
        raise NotFound("There is nothing of that number in this shop.")
    return int(written)


def _back(visit: Visit) -> Response:
    return see(HOME.format(shop=visit.shop.slug))


ACTS = {
    "tokens": make_token,
    "tokens/{number}/revoke": revoke_token,
    "addresses": add_address,
    "addresses/{number}/secret": replace_secret,
    "addresses/{number}/remove": remove_address,
}
"""What an owner can do, by the last part of the address."""

routes = [
    Route(HOME, staff_page(show, to=Action.SETTINGS), methods=["GET"]),
    *(Route(f"{HOME}/{path}", staff_page(act, to=Action.SETTINGS), methods=["POST"]) for path, act in ACTS.items()),
]
