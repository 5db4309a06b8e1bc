"""The people of a shop: add one, hand over a link, change a role, let somebody in no more."""

from collections.abc import Callable

from starlette.responses import Response
from starlette.routing import Route

from connector.services import people, pins
from connector.services.errors import InvalidInput, NotFound
from connector.services.roles import Action, Role, may
from connector.storage.staff_store import Staff
from connector.web.doors import Visit, see, staff_page
from connector.web.rendering import render

LONGEST_NUMBER = 9
HOME = "/shops/{shop}/dashboard/people"


def show(visit: Visit) -> Response:
    """Everybody."""
    return _page(visit)


def add(visit: Visit) -> Response:
    """Add a person, and show the link to hand over."""
    try:
        link = people.add_person(
            visit.app, visit.shop, by=visit.person, name=visit.field("name"), role=visit.field("role")
        )
    except InvalidInput as problem:
        return _page(visit, problem=problem.message)
    return _page(visit, link=link, name=visit.field("name"))


def invite(visit: Visit) -> Response:
    """A new link for who lost their password."""
    link = people.invite_again(visit.app, visit.shop, by=visit.person, staff_id=_number(visit))
    name = next(one.name for one in people.everybody(visit.app, visit.shop) if one.id == _number(visit))
    return _page(visit, link=link, name=name)


def lend_pin(visit: Visit) -> Response:
    """A PIN for who has none, or forgot theirs; shown once."""
    pin = pins.lend(visit.app, visit.shop, by=visit.person, staff_id=_number(visit))
    name = next(one.name for one in people.everybody(visit.app, visit.shop) if one.id == _number(visit))
    return _page(visit, pin=pin, name=name)


def change_role(visit: Visit) -> Response:
    """Give somebody another role."""
    people.change_role(visit.app, visit.shop, by=visit.person, staff_id=_number(visit), role=visit.field("role"))
    return see(_home(visit))


def _with(service: Callable[..., None]) -> Callable[[Visit], Response]:
    """A page that does to a person what a service does."""

    def act(visit: Visit) -> Response:
        service(visit.app, visit.shop, by=visit.person, staff_id=_number(visit))
        return see(_home(visit))

    return act


def _page(visit: Visit, *, link: str = "", pin: str = "", name: str = "", problem: str = "") -> Response:
    address = f"{visit.app.settings.public_url}/shops/{visit.shop.slug}/sign-in?link={link}"
    context = {
        "shop": visit.shop,
        "staff": visit.staff,
        "people": people.everybody(visit.app, visit.shop),
        "roles": _roles(visit.person),
        "link": address if link else "",
        "pin": pin,
        "name": name,
        "problem": problem,
        "once": visit.app.token(),
    }
    return render(visit.request, "people.html", context, status=422 if problem else 200)


def _roles(staff: Staff) -> list[Role]:
    """The roles that a person may give."""
    return [role for role in Role if role is not Role.OWNER or may(staff, Action.MANAGE_OWNERS)]


def _number(visit: Visit) -> int:
    written = visit.path("person")
    if not written.isdecimal() or len(written) > LONGEST_NUMBER:
        raise NotFound("There is nobody of that number in this shop.")
    return int(written)


def _home(visit: Visit) -> str:
    return HOME.format(shop=visit.shop.slug)


routes = [
    Route(HOME, staff_page(show, to=Action.MANAGE_PEOPLE), methods=["GET"]),
    Route(HOME, staff_page(add, to=Action.MANAGE_PEOPLE), methods=["POST"]),
    Route(f"{HOME}/{{person}}/invite", staff_page(invite, to=Action.MANAGE_PEOPLE), methods=["POST"]),
    Route(f"{HOME}/{{person}}/pin", staff_page(lend_pin, to=Action.MANAGE_PEOPLE), methods=["POST"]),
    Route(f"{HOME}/{{person}}/role", staff_page(change_role, to=Action.MANAGE_PEOPLE), methods=["POST"]),
    Route(f"{HOME}/{{person}}/disable", staff_page(_with(people.disable), to=Action.MANAGE_PEOPLE), methods=["POST"]),
    Route(f"{HOME}/{{person}}/enable", staff_page(_with(people.enable), to=Action.MANAGE_PEOPLE), methods=["POST"]),
]
